import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {CatalogRecord} from '../../source/catalog/types.js';
import type {PlexRow} from '../../source/demo/library/row.js';
import {startDemoServer, type DemoServer} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {importLibraries, syncLibraries} from '../../source/sync/sync.js';
import {importableSections} from '../../source/sync/select.js';
import {expectSame, expectWhole} from './catalog-content.js';
import {startReelcat} from './run-reelcat.js';

export type KillPhase = 'first import' | 'sync' | 'rewrite' | 'migration';

export type KillWorld = {
	/**
	@returns whether the process was killed while it worked
	@throws when the catalogue does not open, is not whole, or the next sync does not give the result of an undisturbed one
	*/
	killOnce: (phase: KillPhase) => Promise<boolean>;
	close: () => Promise<void>;
};

/**
Runs the real binary against a demo server and kills it at a random instant, again and again.
*/
export const createKillWorld = async (random: () => number): Promise<KillWorld> => {
	const server = await startDemoServer({movies: 0, shows: 0});
	// The whole catalogue is read and compared before and after each kill, so keep it small.
	for (const {ratingKey} of server.library.page('4', 2, {start: 0, size: 100}) as PlexRow[]) {
		if (server.library.children(ratingKey).episodes.length > 50) {
			server.library.removeItem(ratingKey);
		}
	}

	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-kill-'));
	const plex = createPlexClient({
		url: server.url, token: server.token, clientIdentifier: 'kill', version: '1.0.0',
	});
	let homes = 0;
	let home = '';
	let edits = 0;

	const folderOf = () => path.join(home, '.local', 'share', 'reelcat');
	const sectionsOf = async () => importableSections(await plex.sections());
	const common = async () => ({
		plex,
		server: {...await plex.identity(), name: 'Demo Theatre'},
		normalize,
		report() {/* nobody listens */},
		signal: new AbortController().signal,
	});

	// The server does not change until `change` is called.
	let known: {edits: number; store: CatalogStore} | undefined;
	const undisturbed = async (): Promise<CatalogStore> => {
		if (known?.edits === edits) {
			return known.store;
		}

		const store = createMemoryStore();
		await store.load();
		const sections = await sectionsOf();
		await importLibraries({...await common(), store, targets: sections.map(section => ({section}))});
		known = {edits, store};
		return store;
	};

	const expectGood = async () => {
		const store = await openCatalog({folder: folderOf()});
		try {
			await store.load();
			await expectWhole(store);
			await syncLibraries({
				...await common(), store, sections: await sectionsOf(), isEverything: true, async load() {/* loaded */},
			});
			await expectWhole(store);
			await expectSame(store, await undisturbed());
		} finally {
			await store.close({isQuick: true});
		}
	};

	const change = () => {
		edits++;
		const total = server.library.total('1', 1);
		const rows = server.library.page('1', 1, {start: 0, size: total}) as PlexRow[];
		for (let count = 0; count < 8; count++) {
			const {ratingKey} = rows[Math.floor(random() * total)]!;
			const number = edits;
			server.library.changeItem(ratingKey, row => {
				row.title = `Edit ${number} of ${ratingKey}`;
				row.updatedAt = 1_750_000_000 + number;
			});
		}

		// Remove one item and add one, so that the library never becomes empty.
		const gone = rows[Math.floor(random() * total)]!;
		server.library.removeItem(gone.ratingKey);
		const ratingKey = String(800_000 + edits);
		server.library.addItem('1', 1, {
			...structuredClone(gone), ratingKey, key: `/library/metadata/${ratingKey}`, title: `Newcomer ${edits}`, guid: `plex://movie/new${edits}`, Guid: [{id: `imdb://tt${800_000 + edits}`}],
		});
	};

	const commandOf = (phase: KillPhase) => phase === 'sync' ? ['sync', '--full', '--json'] : ['import', '--all', '--json'];

	return {
		async killOnce(phase) {
			const isNew = phase === 'first import' || home === '';
			if (isNew) {
				home = path.join(folder, String(++homes));
				await mkdir(home, {recursive: true});
			}

			if (phase !== 'first import') {
				if (isNew) {
					await expectGood();
				}

				change();
			}

			if (phase === 'migration') {
				await goBackToFirstVersion(folderOf());
			}

			const wasBusy = await wasKilledAtWork(server, home, {
				args: commandOf(phase), isLate: phase === 'rewrite', wantsRequests: phase !== 'migration', random,
			});
			await expectGood();
			return wasBusy;
		},
		async close() {
			plex.close();
			await server.close();
			await rm(folder, {recursive: true});
		},
	};
};

/**
Rewrites the catalogue in the format of the first release.
*/
const goBackToFirstVersion = async (folder: string) => {
	const store = await openCatalog({folder});
	await store.load();
	const header = store.header();
	const records: CatalogRecord[] = [];
	let after: string | undefined;
	do {
		const page = await store.page({limit: 1000, after});
		records.push(...page.records);
		after = page.cursor;
	} while (after !== undefined);

	await store.close();
	// A document that is missing beside any of these is refused.
	for (const name of ['catalog.json', 'catalog.journal', 'catalog.json.bak', 'history', 'backups']) {
		await rm(path.join(folder, name), {recursive: true, force: true});
	}

	const old = await openCatalog({folder, steps: []});
	await old.load();
	const transaction = await old.begin();
	for (const server of header.servers) {
		await transaction.putServer(server);
	}

	for (const library of header.libraries) {
		await transaction.putLibrary(library);
	}

	await transaction.upsert(records);
	await transaction.commit();
	await old.close();
};

/**
Kills the process some time after one of its requests. A late kill hits the end of the work, when everything is committed and the document is rewritten.
*/
const wasKilledAtWork = async (server: DemoServer, home: string, {args, isLate, wantsRequests, random}: {args: readonly string[]; isLate: boolean; wantsRequests: boolean; random: () => number}): Promise<boolean> => {
	server.requests.reset();
	const {child, finished} = startReelcat(home, args, {env: {PLEX_URL: server.url, PLEX_TOKEN: server.token}});
	const wanted = isLate ? 17 : 3 + Math.floor(random() * 18);
	if (wantsRequests) {
		while (child.exitCode === null && server.requests.total() < wanted) {
			await sleep(1);
		}

		await sleep(random() * 40);
	} else {
		// The process migrates before its first request.
		await sleep(200 + (random() * 150));
	}

	child.kill('SIGKILL');
	const {signal} = await finished;
	return signal === 'SIGKILL';
};
