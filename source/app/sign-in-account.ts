import {defined} from '../catalog/values.js';
import {signIn, type SignInOptions} from '../servers/plex-tv/sign-in.js';
import type {PlexTv} from '../servers/plex-tv/plex-tv.js';
import type {PlexUser} from '../servers/plex-tv/account.js';
import {requireAppError} from '../base/errors.js';
import {findAccountServers, type FoundServer} from '../servers/find-servers.js';
import type {Credentials} from '../servers/credentials.js';
import type {Session} from './session.js';

export type SignedIn = {
	user: Pick<PlexUser, 'title' | 'uuid'>;
	servers: FoundServer[];
	// What plex.tv listed and reelcat cannot use, in sentences.
	leftOut: readonly string[];
};

export const withPlexTv = async <Value>(session: Session, ask: (plexTv: PlexTv) => Promise<Value>): Promise<Value> => {
	const plexTv = await session.plexTv();
	try {
		return await ask(plexTv);
	} finally {
		plexTv.close();
	}
};

type AskedAccount = {session: Session; plexTv: PlexTv; credentials: Credentials; token: string; signal: AbortSignal};

/**
Signs in, stores the account, finds its servers and stores those that answer, each with its own token.

@throws AppError
*/
export const signInAccount = async (session: Session, {report, signal, renew, maxRenewals = Infinity}: Omit<SignInOptions, 'plexTv' | 'now' | 'sleep'>): Promise<SignedIn> => withPlexTv(session, async plexTv => {
	// Read them before a person is asked: if that fails now, they could not be stored later.
	const credentials = await session.credentials();
	const token = await signIn({
		plexTv, report, signal, renew, maxRenewals,
	});
	session.hide(token);
	const asked = {
		session, plexTv, credentials, token, signal,
	};
	const user = await keepAccount(asked);
	return {user, ...await findServers(asked)};
});

const keepAccount = async ({plexTv, credentials, token, signal}: AskedAccount) => {
	try {
		const {uuid, title} = await plexTv.user(token, {signal});
		await credentials.setAccount({uuid, title, token});
		return {uuid, title};
	} catch (error) {
		// Nobody would know of this sign-in. If there was one before, it may be the same one, so it stays.
		if (credentials.account() === undefined) {
			await plexTv.signOut(token, {signal}).catch(() => undefined);
		}

		throw error;
	}
};

/**
Returns the servers of the signed-in account as they are now, or undefined where nobody is signed in.

@throws AppError `unauthorized` when the sign-in is no longer valid
*/
export const accountServers = async (session: Session, {signal}: {signal: AbortSignal}): Promise<Omit<SignedIn, 'user'> | undefined> => {
	const credentials = await session.credentials();
	const {token, tokenFault} = credentials.account() ?? {};
	if (tokenFault !== undefined) {
		throw tokenFault;
	}

	if (token === undefined) {
		return undefined;
	}

	return withPlexTv(session, async plexTv => findServers({
		session, plexTv, credentials, token, signal,
	}));
};

const findServers = async ({session, plexTv, credentials, token, signal}: AskedAccount): Promise<Omit<SignedIn, 'user'>> => {
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
				...defined({token: accessToken}),
			});
		}
	}

	// If one server works, nobody should have to name it.
	const [only, ...others] = found.servers.filter(({reached}) => reached !== undefined);
	if (only !== undefined && others.length === 0 && session.settings().server() === undefined) {
		const writer = await session.settings().writer();
		writer.setServer({id: only.id, name: only.name, url: only.reached!.winner.uri});
	}

	return found;
};

type SignedOut = {
	isRevoked: boolean;
	// Why plex.tv does not know of it.
	reason: string | undefined;
	forgotten: string[];
};

/**
Revokes the sign-in at plex.tv, and forgets the account and the tokens of its servers whatever plex.tv says. The catalogue stays.

@returns undefined where nobody is signed in
*/
export const signOutAccount = async (session: Session, {signal}: {signal: AbortSignal}): Promise<SignedOut | undefined> => {
	const credentials = await session.credentials();
	const account = credentials.account();
	if (account === undefined) {
		return undefined;
	}

	const reason = account.token === undefined ? account.tokenFault?.message : await revoke(session, account.token, signal);
	await credentials.setAccount(undefined);
	const own = credentials.servers().filter(({isOfAccount}) => isOfAccount === true);
	for (const {id} of own) {
		await credentials.delete(id);
	}

	const writer = await session.settings().writer();
	for (const {id} of own) {
		writer.forgetServer(id);
	}

	return {isRevoked: reason === undefined, reason, forgotten: own.map(({name, url}) => name ?? url)};
};

// Resolves to the reason why plex.tv does not know of it.
const revoke = async (session: Session, token: string, signal: AbortSignal): Promise<string | undefined> => withPlexTv(session, async plexTv => {
	try {
		await plexTv.signOut(token, {signal});
		return undefined;
	} catch (error) {
		requireAppError(error);

		return error.message;
	}
});
