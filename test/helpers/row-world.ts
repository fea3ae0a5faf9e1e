import type {ExecutionContext} from 'ava';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import type {OpenedCatalog} from '../../source/store/catalog-context.js';
import {compareWithServer} from '../../source/sync/compare-server.js';
import type {ImportResult} from '../../source/sync/events.js';
import {importableSections} from '../../source/sync/select.js';
import {importLibraries, syncLibraries} from '../../source/sync/sync.js';
import {contentOf} from './catalog-content.js';
import {serveRows, type AnySection} from './row-server.js';
import {temporaryFolder} from './store-records.js';

export type RowWorld = {
	store: OpenedCatalog;
	import: () => Promise<ImportResult>;
	sync: () => Promise<ImportResult>;
	/**
	Problems that `verify` would name.
	*/
	problems: () => Promise<string[]>;
	/**
	Number of items that differ from what the server says.
	*/
	differences: () => Promise<number>;
	/**
	Makes a backup, closes the catalogue, restores the backup and returns what is in it.
	*/
	restored: () => Promise<unknown>;
};

/**
A catalogue on the disk, and a server that sends the given rows over real HTTP.
*/
export const createRowWorld = async (t: Pick<ExecutionContext, 'teardown'>, sections: AnySection[]): Promise<RowWorld> => {
	const folder = await temporaryFolder(t);
	const {url, env} = await serveRows(t, sections);
	const plex = createPlexClient({
		url, token: env['PLEX_TOKEN']!, clientIdentifier: 'test', version: '1.0.0', retry: {limit: 0}, concurrency: 4,
	});
	t.teardown(plex.close);
	const store = await openCatalog({folder});
	await store.load();
	const common = async () => ({
		plex,
		server: {...await plex.identity(), name: 'Rows'},
		store,
		normalize,
		report() {/* nobody listens */},
		signal: new AbortController().signal,
	});
	const listed = async () => importableSections(await plex.sections());
	return {
		store,
		import: async () => importLibraries({...await common(), targets: (await listed()).map(section => ({section}))}),
		sync: async () => syncLibraries({
			...await common(), sections: await listed(), isEverything: true, isFull: true, async load() {/* loaded */},
		}),
		async problems() {
			const {problems} = await store.check();
			return problems;
		},
		async differences() {
			const differences = await compareWithServer(await common());
			return differences.length;
		},
		async restored() {
			const {file} = await store.backup();
			await store.close();
			const again = await openCatalog({folder, restoreFrom: file});
			await again.load();
			const content = await contentOf(again);
			await again.close();
			return content;
		},
	};
};
