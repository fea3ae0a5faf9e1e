import {AppError, isAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {CertificatePin} from '../plex/certificate.js';
import type {Identify} from '../plex/identify.js';
import type {PlexClient, ServerIdentity, ServerInfo} from '../plex/types.js';
import type {Settings} from '../store/settings.js';
import type {Credentials} from './credentials.js';
import type {PlexResource} from './plex-tv/resources.js';
import type {KnownServer} from './server-book.js';

export type Way = {url: string; token: string | undefined; pin: CertificatePin | undefined};

export type ReachOptions = {
	createClient: (way: Way) => Promise<PlexClient>;
	identify: Identify;
	nearby: (signal: AbortSignal) => Promise<ReadonlyArray<{id: string; uri: string}>>;
	credentials: () => Promise<Credentials>;
	settings: () => Settings;
	/**
	What plex.tv says about a server of the account. Undefined when nobody is signed in.
	*/
	resource: (serverId: string, signal: AbortSignal) => Promise<PlexResource | undefined>;
	hide: (token: string) => void;
	/**
	From the environment or a file. It wins over the stored token.
	*/
	givenToken: string | undefined;
	signal: AbortSignal;
};

/**
Finds the way to a known server: where it was last, or wherever its machineIdentifier is found, with a token that it accepts.
*/
export const reachServer = async (known: KnownServer, options: ReachOptions): Promise<Way & {server: ServerInfo}> => {
	const {url, identity} = await locate(known, options);
	const {givenToken, signal, hide} = options;
	const way = {url, token: givenToken ?? known.token, pin: known.pin};
	if (way.token === undefined && known.tokenFault !== undefined) {
		throw known.tokenFault;
	}

	try {
		return {...way, server: await check(way, identity, options)};
	} catch (error) {
		if (givenToken !== undefined || known.isOfAccount !== true || !isAppError(error, 'unauthorized')) {
			throw error;
		}

		// Servers are issued new tokens now and then; the account can tell the current one.
		const resource = await options.resource(known.id, signal).catch((error_: unknown) => {
			if (!isAppError(error_) || error_.code === 'unauthorized' || error_.code === 'cancelled') {
				throw error_;
			}

			// The refused token matters more than the failed question.
			throw new AppError('unauthorized', error.message, {hint: `${error_.message} It could have given a new token: try again later, or sign in again with "reelcat login". What is in the catalogue stays.`});
		});
		const token = resource?.accessToken;
		if (token === undefined || token === way.token) {
			throw new AppError('unauthorized', error.message, {hint: 'Sign in again with "reelcat login"; what is in the catalogue stays.'});
		}

		hide(token);
		const fresh = {...way, token};
		const server = await check(fresh, identity, options);
		const credentials = await options.credentials();
		await credentials.put({id: known.id, url, token});
		return {...fresh, server};
	}
};

const check = async (way: Way, known: ServerIdentity, {createClient}: ReachOptions) => {
	const {checkServer} = await import('../plex/identify.js');
	return checkServer(await createClient(way), {known});
};

const locate = async (known: KnownServer, options: ReachOptions): Promise<{url: string; identity: ServerIdentity}> => {
	const {createClient} = options;
	try {
		return {url: known.url, identity: await identityAt(known.url, known, createClient)};
	} catch (error) {
		// A changed pinned certificate must be shown to a person, not bypassed.
		if (known.pin !== undefined || !isAppError(error) || error.code === 'cancelled') {
			throw error;
		}

		const url = await findMoved(known, error, options);
		return {url, identity: await identityAt(url, known, createClient)};
	}
};

const identityAt = async (url: string, {id, name, pin}: KnownServer, createClient: ReachOptions['createClient']) => {
	const client = await createClient({url, token: undefined, pin});
	const identity = await client.identity();
	if (identity.id !== id) {
		throw new AppError('not-plex', `Another server than ${clean(name)} answers at ${new URL(url).host}.`, {hint: '"reelcat servers add URL" names its new address.'});
	}

	return identity;
};

const findMoved = async (known: KnownServer, failure: AppError, {identify, nearby, resource, credentials, settings, signal}: ReachOptions): Promise<string> => {
	const {id, url, others = []} = known;
	const {findAgain} = await import('./find-servers.js');
	const urisNearby = async () => {
		const found = await nearby(signal);
		return found.filter(server => server.id === id).map(({uri}) => uri);
	};

	const {winner, others: rest} = await findAgain({id, others}, failure, {
		identify, signal, resource: resource(id, signal), nearby: urisNearby(),
	});
	const stored = await credentials();
	if (stored.server(id) !== undefined) {
		await stored.put({id, url: winner.uri, others: [...rest.map(({uri}) => uri), url].slice(0, mostOthers)});
	}

	const current = settings().server();
	if (current?.id === id) {
		const writer = await settings().writer();
		writer.setServer({...current, url: winner.uri});
	}

	return winner.uri;
};

const mostOthers = 20;
