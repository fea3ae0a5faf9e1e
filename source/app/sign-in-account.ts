import {signIn, type SignInEvent} from '../servers/plex-tv/sign-in.js';
import type {PlexTv} from '../servers/plex-tv/plex-tv.js';
import type {PlexUser} from '../servers/plex-tv/account.js';
import {isAppError} from '../base/errors.js';
import {findAccountServers, type FoundServer} from '../servers/find-servers.js';
import type {Credentials} from '../servers/credentials.js';
import type {Session} from './session.js';

export type SignedIn = {
	user: Pick<PlexUser, 'title' | 'uuid'>;
	servers: FoundServer[];
	/**
	What plex.tv listed and could not be used, in sentences.
	*/
	leftOut: readonly string[];
};

export type SignInAccountOptions = {
	report: (event: SignInEvent) => void;
	signal: AbortSignal;
	/**
	Resolves when there should be a new code.
	*/
	renew: () => Promise<void>;
	maxRenewals?: number;
};

/**
Signs in, keeps the account, finds its servers and keeps those that answer, each with its own token.

@throws AppError
*/
export const signInAccount = async (session: Session, {report, signal, renew, maxRenewals = Infinity}: SignInAccountOptions): Promise<SignedIn> => {
	const plexTv = await session.plexTv();
	try {
		// Before a person is asked: what cannot be read now could not be kept later.
		const credentials = await session.credentials();
		const token = await signIn({
			plexTv, report, signal, renew, maxRenewals,
		});
		session.hide(token);
		const user = await keepAccount({
			plexTv, credentials, token, signal,
		});
		return {
			user, ...await findServers({
				session, plexTv, credentials, token, signal,
			}),
		};
	} finally {
		plexTv.close();
	}
};

const keepAccount = async ({plexTv, credentials, token, signal}: {plexTv: PlexTv; credentials: Credentials; token: string; signal: AbortSignal}) => {
	try {
		const {uuid, title} = await plexTv.user(token, {signal});
		await credentials.setAccount({uuid, title, token});
		return {uuid, title};
	} catch (error) {
		// Nobody would know of this sign-in. Where there was one before it may be the same one, and is kept.
		if (credentials.account() === undefined) {
			await plexTv.signOut(token, {signal}).catch(() => undefined);
		}

		throw error;
	}
};

/**
The servers of the account that is signed in, as they are now; undefined where nobody is signed in.

@throws AppError `unauthorized` when the sign-in is dead.
*/
export const accountServers = async (session: Session, {signal}: {signal: AbortSignal}): Promise<Omit<SignedIn, 'user'> | undefined> => {
	const credentials = await session.credentials();
	const token = credentials.account()?.token;
	if (token === undefined) {
		return undefined;
	}

	const plexTv = await session.plexTv();
	try {
		return await findServers({
			session, plexTv, credentials, token, signal,
		});
	} finally {
		plexTv.close();
	}
};

type Finding = {session: Session; plexTv: PlexTv; credentials: Credentials; token: string; signal: AbortSignal};

const findServers = async ({session, plexTv, credentials, token, signal}: Finding): Promise<Omit<SignedIn, 'user'>> => {
	const found = await findAccountServers(plexTv, token, {identify: session.identify, signal});
	for (const {id, name, accessToken, reached} of found.servers) {
		if (accessToken !== undefined) {
			session.hide(accessToken);
		}

		if (reached !== undefined) {
			await credentials.put({
				id,
				name,
				url: reached.winner.uri,
				others: reached.others.map(({uri}) => uri),
				isOfAccount: true,
				...(accessToken !== undefined && {token: accessToken}),
			});
		}
	}

	chooseOnly(session, found.servers);
	return found;
};

/**
Where one server works, nobody should have to name it.
*/
const chooseOnly = (session: Session, servers: readonly FoundServer[]) => {
	const working = servers.filter(({reached}) => reached !== undefined);
	const [only] = working;
	if (only !== undefined && working.length === 1 && session.settings().server() === undefined) {
		session.settings().setServer({id: only.id, name: only.name, url: only.reached!.winner.uri});
	}
};

export type SignedOut = {
	/**
	plex.tv knows of it; otherwise why not.
	*/
	isRevoked: boolean;
	reason: string | undefined;
	forgotten: string[];
};

/**
Takes the sign-in back at plex.tv, and forgets the account and its servers' tokens whatever plex.tv says. The catalogue stays.

@returns undefined where nobody is signed in
*/
export const signOutAccount = async (session: Session, {signal}: {signal: AbortSignal}): Promise<SignedOut | undefined> => {
	const credentials = await session.credentials();
	const account = credentials.account();
	if (account === undefined) {
		return undefined;
	}

	const reason = account.token === undefined ? undefined : await revoke(session, account.token, signal);
	await credentials.setAccount(undefined);
	const own = credentials.servers().filter(({isOfAccount}) => isOfAccount === true);
	for (const {id} of own) {
		await credentials.delete(id);
	}

	if (own.some(({id}) => id === session.settings().server()?.id)) {
		session.settings().forgetServer();
	}

	return {isRevoked: reason === undefined, reason, forgotten: own.map(({name, url}) => name ?? url)};
};

const revoke = async (session: Session, token: string, signal: AbortSignal): Promise<string | undefined> => {
	const plexTv = await session.plexTv();
	try {
		await plexTv.signOut(token, {signal});
		return undefined;
	} catch (error) {
		if (!isAppError(error)) {
			throw error;
		}

		return error.message;
	} finally {
		plexTv.close();
	}
};
