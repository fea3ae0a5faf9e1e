import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {PlexResource} from '../../source/servers/plex-tv/resources.js';
import type {PlexClient} from '../../source/plex/types.js';
import {reachServer, type ReachOptions, type Way} from '../../source/servers/reach-server.js';
import type {KnownServer} from '../../source/servers/server-book.js';
import type {Credentials, ServerCredentials} from '../../source/servers/credentials.js';

type World = {
	/**
	Which server answers at which address, and the token that it takes.
	*/
	servers: Record<string, {id: string; token: string}>;
	resource?: PlexResource | undefined;
};

const resourceAt = (url: string, accessToken: string): PlexResource => ({
	id: 'attic', name: 'Attic', version: undefined, isOwned: true, ownerName: undefined, isPresent: true, lastSeenAtMs: undefined, isHttpsRequired: false, publicAddressMatches: true, accessToken, connections: [{
		uri: url, address: '127.0.0.1', port: 1, protocol: 'http', isLocal: true, isRelay: false, isIPv6: false,
	}],
});

/**
Fakes of everything that is asked on the way, and what was asked and stored.
*/
const createWorld = ({servers, resource}: World) => {
	const asked: Way[] = [];
	const stored: Array<Partial<ServerCredentials>> = [];
	const hidden: string[] = [];
	let resources = 0;
	let current: {id: string; name: string; url: string} | undefined = {id: 'attic', name: 'Attic', url: 'http://127.0.0.1:1'};
	const gone = (url: string) => new AppError('unreachable', `${new URL(url).host} refuses the connection.`);
	const options: ReachOptions = {
		async createClient(way) {
			asked.push(way);
			const server = servers[way.url];
			const client: Partial<PlexClient> = {
				baseUrl: way.url,
				async identity() {
					if (server === undefined) {
						throw gone(way.url);
					}

					return {id: server.id, version: '1', isClaimed: true};
				},
				async server() {
					if (server?.token !== way.token) {
						throw new AppError('unauthorized', 'The server does not accept the token.');
					}

					return {
						id: server!.id, name: 'Attic', version: '1', isClaimed: true,
					};
				},
			};
			return client as PlexClient;
		},
		async identify(uri) {
			const server = servers[uri];
			if (server === undefined) {
				throw gone(uri);
			}

			return {id: server.id, version: '1', isClaimed: true};
		},
		nearby: async () => [],
		credentials: async () => ({
			server: () => ({id: 'attic', url: ''}),
			async put(server: Partial<ServerCredentials>) {
				stored.push(server);
			},
		}) as unknown as Credentials,
		settings: () => ({
			server: () => current,
			writer: async () => ({
				setServer(server: typeof current) {
					current = server;
				},
			}),
		}) as unknown as ReturnType<ReachOptions['settings']>,
		async resource() {
			resources++;
			return resource;
		},
		hide(token) {
			hidden.push(token);
		},
		givenToken: undefined,
		signal: new AbortController().signal,
	};
	return {
		options, asked, stored, hidden, resources: () => resources, current: () => current,
	};
};

const attic: KnownServer = {
	id: 'attic', name: 'Attic', url: 'http://127.0.0.1:1', token: 'own', isCurrent: true, isOfAccount: true,
};

test('where the server answers as ever, nobody else is asked and nothing is written', async t => {
	const world = createWorld({servers: {[attic.url]: {id: 'attic', token: 'own'}}});
	const {url, token, server} = await reachServer(attic, world.options);
	t.deepEqual([url, token, server.name], [attic.url, 'own', 'Attic']);
	t.deepEqual([world.asked.length, world.resources(), world.stored], [2, 0, []]);
});

test('a server that has moved is found at the addresses that plex.tv names, and the new one is kept', async t => {
	const moved = 'http://127.0.0.1:2';
	const world = createWorld({servers: {[moved]: {id: 'attic', token: 'own'}}, resource: resourceAt(moved, 'own')});
	const {url} = await reachServer(attic, world.options);
	t.is(url, moved);
	t.is(world.stored[0]!.url, moved);
	t.true(world.stored[0]!.others!.includes(attic.url));
	t.is(world.current()!.url, moved);
});

test('with plex.tv away it is found at an address that was kept', async t => {
	const kept = 'http://127.0.0.1:3';
	const world = createWorld({servers: {[kept]: {id: 'attic', token: 'own'}}});
	const {url} = await reachServer({...attic, others: [kept]}, {
		...world.options,
		async resource() {
			throw new AppError('unreachable', 'plex.tv cannot be reached.');
		},
	});
	t.is(url, kept);
});

test('without an account it is found by its answer in the network', async t => {
	const near = 'http://127.0.0.1:4';
	const world = createWorld({servers: {[near]: {id: 'attic', token: 'own'}}});
	const {url} = await reachServer({...attic, isOfAccount: false}, {...world.options, nearby: async () => [{id: 'other', uri: 'http://127.0.0.1:5'}, {id: 'attic', uri: near}]});
	t.is(url, near);
});

test('another server at the old address is never shown a token', async t => {
	const world = createWorld({servers: {[attic.url]: {id: 'stranger', token: 'own'}}});
	const error = await t.throwsAsync(reachServer(attic, world.options), {instanceOf: AppError});
	t.is((error).code, 'not-plex');
	t.deepEqual(world.asked.map(({token}) => token), [undefined]);
});

test('a server with a pinned certificate is not looked for anywhere else', async t => {
	const pin = {fingerprint: 'AA', certificate: ''};
	const world = createWorld({servers: {'http://127.0.0.1:2': {id: 'attic', token: 'own'}}, resource: resourceAt('http://127.0.0.1:2', 'own')});
	await t.throwsAsync(reachServer({...attic, pin, others: ['http://127.0.0.1:2']}, world.options), {code: 'unreachable'});
	t.is(world.resources(), 0);
	t.deepEqual(world.asked.map(way => way.pin), [pin]);
});

test('where the token is refused, the one that plex.tv gives now is taken, kept, and hidden from reports', async t => {
	const world = createWorld({servers: {[attic.url]: {id: 'attic', token: 'fresh'}}, resource: resourceAt(attic.url, 'fresh')});
	const {token} = await reachServer(attic, world.options);
	t.is(token, 'fresh');
	t.deepEqual(world.stored, [{id: 'attic', url: attic.url, token: 'fresh'}]);
	t.deepEqual(world.hidden, ['fresh']);
});

test('where plex.tv has no other token, or the token was given by hand, the refusal is told with what to do', async t => {
	const world = createWorld({servers: {[attic.url]: {id: 'attic', token: 'other'}}, resource: resourceAt(attic.url, 'own')});
	const error = await t.throwsAsync(reachServer(attic, world.options), {instanceOf: AppError});
	t.regex((error).hint!, /reelcat login/v);
	t.deepEqual(world.stored, []);
	const given = createWorld({servers: {[attic.url]: {id: 'attic', token: 'other'}}, resource: resourceAt(attic.url, 'fresh')});
	await t.throwsAsync(reachServer(attic, {...given.options, givenToken: 'mine'}), {code: 'unauthorized'});
	t.is(given.resources(), 0);
});
