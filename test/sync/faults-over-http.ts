import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {CatalogRecord} from '../../source/catalog/types.js';
import type {DemoFault} from '../../source/demo/knobs/faults.js';
import {startDemoServer, type DemoServer, type DemoServerOptions} from '../../source/demo/server.js';
import {createPlexClient} from '../../source/plex/client.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import type {ImportResult, Report, SyncEvent} from '../../source/sync/events.js';
import {importLibraries} from '../../source/sync/sync.js';
import {importableSections} from '../../source/sync/select.js';
import {expectEqual} from '../helpers/expect-equal.js';

type World = {
	server: DemoServer;
	store: CatalogStore;
	importAll: (options?: {titles?: readonly string[]; signal?: AbortSignal; report?: Report}) => Promise<ImportResult>;
};

/**
A demo server over real HTTP, the real client with short waits, and a store.
*/
const withWorld = async (options: DemoServerOptions, body: (world: World) => Promise<void>, givenStore?: CatalogStore) => {
	const server = await startDemoServer({movies: 0, shows: 0, ...options});
	const store = givenStore ?? createMemoryStore();
	await store.load();
	let tell = (_event: SyncEvent) => {/* nobody listens yet */};
	const plex = createPlexClient({
		onRequest(event) {
			tell(event);
		},
		url: server.url,
		token: server.token,
		clientIdentifier: 'test',
		version: '1.0.0',
		retry: {limit: 1, baseMs: 1, maxMs: 5},
		timeouts: {responseMs: 2000, readMs: 500, requestMs: 3000},
	});
	try {
		await body({
			server,
			store,
			async importAll({titles, signal = new AbortController().signal, report = () => {/* nobody listens */}} = {}) {
				tell = report;
				const sections = importableSections(await plex.sections());
				return importLibraries({
					plex,
					server: {...await plex.identity(), name: 'Demo'},
					store,
					normalize,
					targets: sections.filter(({title}) => titles === undefined || titles.includes(title.trim())).map(section => ({section})),
					report,
					signal,
				});
			},
		});
	} finally {
		plex.close();
		await server.close();
	}
};

const isBalanced = (result: ImportResult) => result.libraries.every(({expected, imported, unchanged, failed, skipped}) => expected === imported + unchanged + failed + skipped);

/**
Of the libraries: each import adds the record of its own run.
*/
const recordsOf = async (store: CatalogStore) => {
	const records: CatalogRecord[] = [];
	let after: string | undefined;
	do {
		const page = await store.page({limit: 1000, ...(after !== undefined && {after})});
		records.push(...page.records.filter(({kind}) => kind !== 'run'));
		after = page.cursor;
	} while (after !== undefined);

	// Runs, and when something was seen first, depend on when somebody looked.
	const timeless = records.filter(({kind}) => kind !== 'run').map(record => {
		if (record.kind === 'item') {
			return {...record, firstSeenAt: undefined};
		}

		return record.kind === 'collection' || record.kind === 'playlist' ? {...record, firstSeenAt: '', lastSeenAt: ''} : record;
	});
	return timeless.toSorted((a, b) => a.id.localeCompare(b.id));
};

test('the whole demo library, oddities included, is imported without an error, whole in itself, and unchanged the second time', async t => {
	await withWorld({movies: 200, shows: 20}, async ({store, importAll}) => {
		const first = await importAll();
		t.deepEqual(first.errors, []);
		t.true(isBalanced(first));
		t.deepEqual((await store.check()).problems, []);
		const before = await recordsOf(store);
		const second = await importAll();
		t.true(second.libraries.every(({expected, unchanged}) => expected === unchanged));
		expectEqual(t, await recordsOf(store), before);
	});
});

test('rows without a ratingKey and rows that are no objects become errors, the rest is kept', async t => {
	await withWorld({movies: 100, brokenRows: true}, async ({store, importAll}) => {
		const result = await importAll();
		t.true(result.errors.length > 0);
		t.true(isBalanced(result));
		t.true(result.libraries.some(({imported}) => imported > 50));
		t.deepEqual((await store.check()).problems, []);
	});
});

// Each of these goes wrong for good on one path, and must cost no more than it must.
const lasting: Array<[string, DemoFault, (result: ImportResult) => boolean]> = [
	['a broken item', {kind: 'brokenItem', ratingKey: '1000003'}, ({errors}) => errors.length === 1 && errors[0]!.ratingKey === '1000003' && errors[0]!.title !== undefined],
	['a listing that lies about its total', {kind: 'wrongTotal', delta: 7}, ({errors}) => errors.some(({message}) => message.includes('announced'))],
];

for (const [name, fault, isExpected] of lasting) {
	test(`${name} is told and the rest is kept`, async t => {
		await withWorld({movies: 100, faults: [fault]}, async ({importAll}) => {
			const result = await importAll({titles: ['Films']});
			t.true(isBalanced(result));
			t.true(isExpected(result), JSON.stringify(result.errors));
			t.true(result.libraries[0]!.imported > 50);
		});
	});
}

// Each of these passes, and must leave no trace.
const passing: Array<[string, DemoFault]> = [
	['a count of broken JSON', {kind: 'malformedJson', path: '/all', times: 1}],
	['a page of broken JSON', {
		kind: 'malformedJson', path: '/all', after: 1, times: 1,
	}],
	['a cut page', {
		kind: 'truncatedJson', path: '/all', after: 2, times: 1,
	}],
	['a cut batch of details', {kind: 'truncatedJson', path: '/library/metadata/', times: 1}],
	['a refused batch (503)', {
		kind: 'status', status: 503, path: '/library/metadata/', times: 1,
	}],
	['too many requests (429)', {
		kind: 'status', status: 429, retryAfterSeconds: 0, path: '/library/metadata/', times: 1,
	}],
	['a reset connection', {kind: 'reset', path: '/library/metadata/', times: 1}],
	['a stalled answer', {kind: 'stall', path: '/library/metadata/', times: 1}],
	['short pages', {kind: 'shortPages', rows: 17}],
	['a missing total', {kind: 'noTotal'}],
];

for (const [name, fault] of passing) {
	test(`${name} passes without a trace`, async t => {
		await withWorld({movies: 100, faults: [fault]}, async ({importAll}) => {
			const result = await importAll({titles: ['Films']});
			t.deepEqual(result.errors, []);
			t.true(isBalanced(result));
			t.is(result.libraries[0]!.expected, result.libraries[0]!.imported);
		});
	});
}

test('a token that is revoked in mid-import keeps what it has, and a new one completes it', async t => {
	await withWorld({movies: 600, faults: [{kind: 'tokenRevoked', after: 6}]}, async ({server, store, importAll}) => {
		const cut = await importAll({titles: ['Films']});
		t.true(isBalanced(cut));
		t.true(cut.errors.some(({code}) => code === 'unauthorized'));
		t.deepEqual((await store.check()).problems, []);
		server.setFaults([]);
		const rest = await importAll({titles: ['Films']});
		t.true(rest.ok);
		t.is(rest.libraries[0]!.unchanged, cut.libraries[0]!.imported);
	});
});

test('a section that goes away in mid-import is an error of that library only', async t => {
	await withWorld({movies: 300, faults: [{kind: 'sectionGone', sectionKey: '1', after: 3}]}, async ({store, importAll}) => {
		const result = await importAll({titles: ['Films', 'Classics']});
		t.true(isBalanced(result));
		t.true(result.errors.length > 0 && result.errors.every(({library}) => library.title === 'Films'));
		t.true(result.libraries.find(({title}) => title.trim() === 'Classics')!.complete);
		t.deepEqual((await store.check()).problems, []);
	});
});

test('an import that is cancelled after any request opens whole, and the next one reaches the same records as an undisturbed one', async t => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-cancel-'));
	try {
		let undisturbed: CatalogRecord[] = [];
		let requests = 0;
		await withWorld({shows: 1}, async ({store, importAll}) => {
			({requests} = await importAll());
			undisturbed = await recordsOf(store);
		});

		for (const share of [0.05, 0.2, 0.4, 0.6, 0.75, 0.9]) {
			const stopAfter = Math.ceil(requests * share);
			const data = path.join(folder, String(stopAfter));
			const first = await openCatalog({folder: data});
			await withWorld({shows: 1}, async ({importAll}) => {
				const controller = new AbortController();
				let finished = 0;
				const cut = await importAll({
					signal: controller.signal,
					report(event) {
						if (event.type === 'request-finished' && ++finished === stopAfter) {
							controller.abort();
						}
					},
				});
				t.true(isBalanced(cut));
				t.true(cut.cancelled);
			}, first);
			t.deepEqual((await first.check()).problems, []);
			await first.close();

			const again = await openCatalog({folder: data});
			await withWorld({shows: 1}, async ({importAll}) => {
				t.true((await importAll()).ok);
			}, again);
			expectEqual(t, await recordsOf(again), undisturbed);
			await again.close();
		}
	} finally {
		await rm(folder, {recursive: true});
	}
});
