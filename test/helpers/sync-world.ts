import type {ExecutionContext} from 'ava';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {ImportResult} from '../../source/sync/events.js';
import type {SyncOptions} from '../../source/sync/sync.js';

/**
For a server in the same process: when many tests run, a connection may wait longer for its turn than anybody would wait for a server.
*/
export const patient = {connectMs: 60_000};

export type SyncWorld = {
	server: DemoServer;
	store: CatalogStore;
	/**
	The libraries with these titles, as the server tells them.
	*/
	sections: (titles: readonly string[]) => ReturnType<ReturnType<typeof createPlexClient>['sections']>;
	/**
	What every import, sync and touch is given. A minute has passed since the last one.
	*/
	options: () => Promise<Pick<SyncOptions, 'plex' | 'server' | 'store' | 'normalize' | 'report' | 'signal'> & {now: () => Date}>;
	later: (ms: number) => void;
	close: () => Promise<void>;
};

/**
The demo over real HTTP and an empty catalogue in memory, with a clock that goes on only when it is told.
*/
export const openSyncWorld = async (demo: DemoServerOptions): Promise<SyncWorld> => {
	const server = await startDemoServer(demo);
	const store = createMemoryStore();
	await store.load();
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, timeouts: patient,
	});
	let nowMs = Date.parse('2026-03-01T12:00:00Z');
	const later = (ms: number) => {
		nowMs += ms;
	};

	return {
		server,
		store,
		async sections(titles) {
			const all = await plex.sections();
			return all.filter(({title}) => titles.includes(title.trim()));
		},
		async options() {
			later(60_000);
			return {
				plex,
				server: {...await plex.identity(), name: 'Demo'},
				store,
				normalize,
				report() {/* nobody listens */},
				signal: new AbortController().signal,
				now: () => new Date(nowMs),
			};
		},
		later,
		async close() {
			plex.close();
			await server.close();
		},
	};
};

/**
Asserts what holds after every import, sync and touch: the catalogue is whole, and each item that was expected is counted once.
*/
export const checkedResult = async (t: ExecutionContext, store: CatalogStore, result: ImportResult): Promise<ImportResult> => {
	t.deepEqual((await store.check()).problems, []);
	for (const {expected, imported, unchanged, failed, skipped} of result.libraries) {
		t.is(expected, imported + unchanged + failed + skipped);
	}

	return result;
};
