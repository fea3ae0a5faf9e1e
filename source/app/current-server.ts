import {
	isCalledAlone,
	isServerCalled,
	splitsAtServer,
	type NamedServer,
} from '../catalog/library-names.js';
import type {CatalogHeader} from '../catalog/types.js';
import {AppError, isAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {parseServerUrl, readServerUrl} from '../plex/url.js';
import type {KnownServer} from '../servers/server-book.js';
import {serverIdIn} from '../sync/identification.js';
import type {Session} from './session.js';

type Asked = Pick<Session, 'serverName' | 'pickServer' | 'servers' | 'givenUrl' | 'isDemo'>;

type KnownHeader = Pick<CatalogHeader, 'servers' | 'libraries'>;

const identifierOf = ({id, machineIdentifier}: NamedServer) => machineIdentifier ?? id;

/**
The id in the catalogue of the server that `--server` names; undefined without that option. The catalogue may know a server that has been forgotten since, so it is searched first.

@throws AppError 'usage' for a name that fits no server, or several
*/
export const namedServerId = async (session: Asked, {servers}: Pick<CatalogHeader, 'servers'>): Promise<string | undefined> => {
	const wanted = session.serverName();
	if (wanted === undefined) {
		return undefined;
	}

	const matches = servers.filter(server => isServerCalled(server, wanted));
	if (matches.length === 1) {
		return matches[0]!.id;
	}

	if (matches.length > 1) {
		throw new AppError('usage', `${matches.length} servers are called "${clean(wanted)}".`, {
			hint: `Name one by the beginning of its id: ${matches.map(server => identifierOf(server).slice(0, 8)).join(', ')}.`,
		});
	}

	const picked = await session.pickServer().catch((error: unknown) => {
		const known = servers.map(server => `"${clean(server.name)}" (${identifierOf(server).slice(0, 8)})`).join(', ');
		throw known !== '' && isAppError(error, 'usage') ? new AppError('usage', error.message, {hint: `${error.hint ?? ''} The catalogue has: ${known}.`.trim(), cause: error}) : error;
	});
	return idOfKnown(picked, servers) ?? picked.id;
};

const idOfKnown = ({id}: Pick<KnownServer, 'id'>, servers: readonly NamedServer[]) => servers.find(server => identifierOf(server) === id)?.id;

const isAt = (url: string, address: string | undefined) => {
	try {
		return address !== undefined && parseServerUrl(url) === parseServerUrl(address);
	} catch {
		return false;
	}
};

/**
The server that is meant if none is named: the one at a given address, else the chosen or only known one.
*/
const chosenAmong = async <Server extends NamedServer & {url?: string | undefined}>(session: Asked, servers: readonly Server[]): Promise<Server | undefined> => {
	const known = await session.servers();
	const url = session.givenUrl();
	const atUrl = url === undefined ? undefined : servers.find(server => isAt(url, server.url));
	const meant = url === undefined ? known.find(({isCurrent}) => isCurrent) : known.find(server => isAt(server.url, url));
	return atUrl ?? servers.find(server => identifierOf(server) === meant?.id);
};

/**
The id in the catalogue of the current server, without asking any server: the one that `--server` or a given address means, else the chosen one. The only server of the catalogue is always it. Undefined if it cannot be told.

@throws AppError 'usage' for a `--server` that fits no server, or several
*/
export const currentServerId = async (session: Asked, header: KnownHeader): Promise<string | undefined> => {
	const named = await namedServerId(session, header);
	if (named !== undefined) {
		return named;
	}

	const own = header.servers.filter(({id}) => header.libraries.some(({serverId}) => serverId === id));
	const current = own.length < 2 ? own[0] : await chosenAmong(session, own);
	return current?.id;
};

/**
The id that the catalogue has or would have for the server to which this session connects, as a list; empty if that cannot be told. Where only an address is known, `ask` says who answers there.
*/
export const connectingServerIds = (session: Asked & Pick<Session, 'identify'>, {ask}: {ask: AbortSignal | undefined}) => async (header: KnownHeader): Promise<string[]> => {
	if (session.isDemo()) {
		return [];
	}

	const url = session.serverName() === undefined ? session.givenUrl() : undefined;
	const picked = async () => {
		const {id} = await session.pickServer();
		return id;
	};

	// Whoever connects is told why that is not possible.
	const id = url === undefined ? await unlessFault(picked) : (await unlessFault(async () => askedId(session, url, ask)) ?? await knownId(session, url, header));
	return id === undefined ? [] : [serverIdIn(header, id)];
};

const unlessFault = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
	try {
		return await work();
	} catch (error) {
		if (!isAppError(error) || error.code === 'cancelled') {
			throw error;
		}

		return undefined;
	}
};

const askedId = async ({identify}: Pick<Session, 'identify'>, url: string, ask: AbortSignal | undefined): Promise<string | undefined> => {
	if (ask === undefined) {
		return undefined;
	}

	const {id} = await identify(readServerUrl(url).url, ask);
	return id;
};

const knownId = async (session: Asked, url: string, {servers}: KnownHeader): Promise<string | undefined> => {
	const known = await unlessFault(session.servers) ?? [];
	const stored = servers.find(server => isAt(url, server.url));
	return known.find(server => isAt(server.url, url))?.id ?? (stored && identifierOf(stored));
};

/**
The machineIdentifier of the server that names such as `Films@Barn` tell, to connect to it instead of the current one. Undefined if they tell none, if it is the current one, or if `--server` is given, which then decides.

@throws AppError 'usage' if they tell several servers, or one to which no way is known
*/
export const toldServer = async (session: Asked, header: KnownHeader, names: readonly string[]): Promise<string | undefined> => {
	if (session.isDemo() || session.serverName() !== undefined || names.every(name => !name.includes('@'))) {
		return undefined;
	}

	const known = await session.servers();
	const servers: Array<NamedServer & {url?: string | undefined}> = [...header.servers, ...known.filter(server => idOfKnown(server, header.servers) === undefined)];
	const current = await chosenAmong(session, servers);
	const isOwnTitle = (name: string) => header.libraries.some(library => library.serverId === current?.id && isCalledAlone(library, name));
	const told = new Map(names
		.flatMap(name => isOwnTitle(name) ? [] : splitsAtServer(name))
		.flatMap(({server: text}) => servers.filter(server => isServerCalled(server, text)))
		.map(server => [server.id, server]));
	if (told.size > 1) {
		throw new AppError('usage', 'The libraries are of several servers, and one server is asked at a time.', {hint: `They are of: ${Array.from(told.values(), ({name}) => clean(name)).join(', ')}.`});
	}

	const [server] = told.values();
	if (server === undefined || server.id === current?.id) {
		return undefined;
	}

	if (known.some(({id}) => identifierOf(server) === id)) {
		return identifierOf(server);
	}

	// It may be the server at the given address; its libraries are then looked for by their names.
	if (session.givenUrl() === undefined) {
		throw new AppError('usage', `No way to ${clean(server.name)} is known.`, {hint: 'Sign in with "reelcat login", or name its address with "reelcat servers add URL".'});
	}

	return undefined;
};
