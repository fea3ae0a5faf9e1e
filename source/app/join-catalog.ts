import type {CatalogStore} from '../catalog/catalog-store.js';
import type {Server} from '../catalog/types.js';
import {AppError, isAppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {
	findTwins,
	identifySections,
	machineIdentifierOf,
	serverIdIn,
	serverIn,
	type Twin,
} from '../sync/identification.js';
import {inTransaction} from '../sync/run-record.js';
import type {Connected} from './session-connections.js';
import type {Session} from './session.js';

/**
A connection whose server and sections have the ids that the catalogue has for them.
*/
export type Joined = Connected & {machineIdentifier: string};

type Catalog = {
	header: CatalogStore['header'];
	/**
	Absent for whoever only reads: then nothing is decided for good.
	*/
	writer?: CatalogStore;
	load: () => Promise<void>;
};

type JoinOptions = {
	catalog: Catalog;
	signal: AbortSignal;
	say: (sentence: string) => void;
	/**
	Whether the catalogue stays as it is, whatever is found out.
	*/
	isDryRun?: boolean;
};

/**
Finds out which server of the catalogue this is, and claims it for whoever writes. A server that calls itself otherwise than before, but has the libraries of a server that is not there any more, is that server: it was installed anew. If that server still answers, this one was set up from a copy of it, and the two are kept apart.

@throws AppError 'usage' when only a person can tell, 'locked' when another process writes for this server, and of the server
*/
export const joinCatalog = async (session: Pick<Session, 'identify' | 'usableCredentials'>, connected: Connected, options: JoinOptions): Promise<Joined> => {
	const {catalog: {header, writer}} = options;
	const machineIdentifier = connected.server.id;
	// What the catalogue has of a server is sure only once nobody else writes for it.
	await writer?.claim?.(serverIdIn(header(), machineIdentifier));
	const twins = serverIn(header(), machineIdentifier) === undefined && header().libraries.length > 0
		? findTwins(header(), await connected.plex.sections({signal: options.signal}))
		: [];
	const same = await sameServer(session, connected, twins, options);
	const serverId = same?.id ?? serverIdIn(header(), machineIdentifier);
	await writer?.claim?.(serverId);
	return withCatalogIds(connected, header, serverId);
};

/**
Does the same, and closes the connection if that fails.

@throws AppError
*/
export const joinOrClose = async (...[session, connected, options]: Parameters<typeof joinCatalog>): Promise<Joined> => {
	try {
		return await joinCatalog(session, connected, options);
	} catch (error) {
		connected.close();
		throw error;
	}
};

const withCatalogIds = (connected: Connected, header: CatalogStore['header'], serverId: string): Joined => {
	const {plex, server, viewer} = connected;
	return {
		...connected,
		machineIdentifier: server.id,
		server: {...server, id: serverId, machineIdentifier: server.id},
		plex: {
			...plex,
			sections: async callOptions => identifySections(await plex.sections(callOptions), header(), {serverId, viewer}),
		},
	};
};

const sameServer = async (session: Pick<Session, 'identify' | 'usableCredentials'>, connected: Connected, twins: readonly Twin[], {catalog, signal, say, isDryRun = false}: JoinOptions): Promise<Server | undefined> => {
	const asked = await Promise.all(twins.map(async twin => ({...twin, presence: await presenceOf(session, twin.server, signal)})));
	const [twin, ...others] = asked.filter(({presence}) => presence !== 'there');
	if (twin === undefined) {
		return undefined;
	}

	const {server, isWhole, presence} = twin;
	const isClear = others.length === 0 && presence === 'not-there' && isWhole;
	const {writer, header, load} = catalog;
	if (writer === undefined) {
		return isClear ? server : undefined;
	}

	await load();
	const [{hasSameContents}, {normalize}] = await Promise.all([import('../sync/same-contents.js'), import('../plex/normalize/normalize.js')]);
	const libraries = header().libraries.filter(({serverId, lastImport}) => serverId === server.id && lastImport !== undefined);
	if (!isClear || !await hasSameContents({
		plex: connected.plex, store: writer, normalize, libraries, signal,
	})) {
		const names = [twin, ...others].map(({server: {name}}) => `"${clean(name).trim()}"`);
		throw new AppError('usage', `The server "${clean(connected.server.name).trim()}" is new to the catalogue, but it has libraries of ${names.join(' and ')}.`, {
			hint: `If it is the same server, installed anew: reelcat servers merge ${names[0]!}. If it is another one: reelcat servers separate ${names[0]!}.`,
		});
	}

	await writer.claim?.(server.id);
	if (!isDryRun) {
		await rekeyServer(writer, server, connected);
	}

	say(`The server "${clean(connected.server.name).trim()}" has another machineIdentifier than before, but its libraries are those of "${clean(server.name).trim()}", which is not there any more. It is the same server for the catalogue: all ids and the history are kept.`);
	return server;
};

/**
From now on the catalogue knows the server by the machineIdentifier of this connection. Its records stay as they are.

@throws AppError of the store
*/
export const rekeyServer = async (store: Pick<CatalogStore, 'begin'>, known: Server, {server, plex}: Pick<Connected, 'server' | 'plex'>): Promise<void> => {
	await inTransaction(store, async transaction => {
		await transaction.putServer({
			...known, machineIdentifier: server.machineIdentifier ?? server.id, name: server.name, url: plex.baseUrl,
		});
	});
};

/**
Whether a server still answers at one of its addresses. If something answers that cannot be asked, such as a server with an unknown certificate, it is unknown.
*/
const presenceOf = async ({identify, usableCredentials}: Pick<Session, 'identify' | 'usableCredentials'>, server: Server, signal: AbortSignal): Promise<'there' | 'not-there' | 'unknown'> => {
	const id = machineIdentifierOf(server);
	const known = await usableCredentials();
	const stored = known.server(id);
	const urls = [...new Set([server.url, stored?.url, ...stored?.others ?? []])].filter(url => url !== undefined);
	const answers = await Promise.all(urls.map(async url => {
		try {
			const identity = await identify(url, signal);
			return identity.id === id ? 'there' : 'not-there';
		} catch (error) {
			if (!isAppError(error) || error.code === 'cancelled') {
				throw error;
			}

			return ['unreachable', 'timeout', 'not-plex'].includes(error.code) ? 'not-there' : 'unknown';
		}
	}));
	return answers.find(answer => answer === 'there') ?? answers.find(answer => answer === 'unknown') ?? 'not-there';
};
