import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import type {HistoryEvent} from '../../source/catalog/history.js';
import type {CatalogRecord, Item, Run} from '../../source/catalog/types.js';
import {originalFileIds} from '../../source/catalog/item.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {openPostgresCatalog} from '../../source/store/postgres/postgres-catalog.js';
import type {StoreAddress} from '../../source/store/postgres/address.js';
import {importDemo} from './imported-demo.js';
import {runHere} from './run-here.js';
import {temporaryFolder} from './store-records.js';

/**
A line of `reelcat export`, as far as tests look at it.
*/
export type ExportedLine = {
	id: string;
	type: string;
	title: string;
	library: {id: string; title: string};
	show?: {id: string; title: string};
	year?: number;
	guid?: string;
	ids: {imdb: string[]; tmdb: string[]};
	seasonNumber?: number;
	episodeNumber?: number;
	durationMs?: number;
	summary?: string;
	originalTitle?: string;
	addedAt?: string;
	viewCount?: number;
	genres: string[];
	gaps?: number[];
	cast: Array<{name: string; personId: string}>;
	versions: Array<{id: string; resolution?: string; hdr?: string; videoCodec?: string; optimized?: boolean; proxy?: boolean; fileIds: string[]; audio?: unknown[]; subtitles?: Array<{languageCode?: string}>}>;
	files: Array<{id: string; path?: string; sizeBytes?: number; sharedWith: string[]; optimized?: boolean}>;
};

const hourMs = 3_600_000;
const before = (now: number, hours: number) => new Date(now - (hours * hourMs)).toISOString().replace(/\.\d{3}/v, '');

const syncWithProblems = (now: number, libraryId: string): Run => ({
	id: 'rproblems',
	kind: 'run',
	command: 'sync',
	status: 'partly',
	startedAt: before(now, 3),
	finishedAt: before(now, 2),
	durationMs: hourMs,
	requests: 12,
	receivedBytes: 3456,
	libraries: [{
		id: libraryId, title: 'Films', mode: 'full', complete: false, durationMs: hourMs, expected: 9, imported: 7, unchanged: 0, failed: 2, skipped: 0, changes: {}, held: 0, notes: [],
	}],
	problems: ['The answer was cut short.', 'The answer was no JSON.'].map((message, index) => ({
		libraryId, ratingKey: String(index), title: `Film ${index}`, stage: 'details', code: 'bad-row', message, hint: 'Sync again.',
	})),
	problemCount: 2,
});

/**
The imported demo in which something happened lately: a film was removed, another one was added, and a sync had problems. It lies in a document, from which it is exported, and in tables.
*/
export const demoInPostgres = async (t: Pick<ExecutionContext, 'teardown'>, address: StoreAddress) => {
	const home = await temporaryFolder(t);
	await importDemo(home);
	const now = Date.now();
	const store = await openCatalog({folder: path.join(home, '.local/share/reelcat/demo')});
	await store.load();
	const {records: movies} = await store.page({limit: Infinity, kind: 'item', type: 'movie'});
	const [gone, ...others] = (movies as Item[]).filter(movie => originalFileIds(movie).length > 0);
	const fresh: Item = {...others[0]!, addedAt: before(now, 30)};
	const files = (await store.getMany(originalFileIds(gone!), {kind: 'file'})) as Array<Extract<CatalogRecord, {kind: 'file'}>>;
	const told = {runId: 'rproblems', libraryId: gone!.libraryId, type: 'movie'} as const;
	const transaction = await store.begin();
	await transaction.upsert([
		fresh,
		syncWithProblems(now, gone!.libraryId),
		{
			id: 'tgone', kind: 'tombstone', itemId: gone!.id, serverId: gone!.serverId, libraryId: gone!.libraryId, removedAt: before(now, 2), runId: 'rproblems', reason: 'gone', item: gone!, files,
		},
	]);
	await transaction.remove([gone!.id]);
	const collections = (await store.page({limit: Infinity, kind: 'collection'})).records;
	const playlists = (await store.page({limit: Infinity, kind: 'playlist'})).records;
	await transaction.upsert([...collections, ...playlists].map(list => 'items' in list ? {...list, items: list.items.filter(id => id !== gone!.id)} : list));
	await transaction.record([
		{
			...told, at: before(now, 2), itemId: gone!.id, title: gone!.title, kind: 'removed', before: {item: gone!, files},
		},
		{
			...told, at: before(now, 2), itemId: fresh.id, title: fresh.title, kind: 'added',
		},
		{
			...told, at: before(now, 24 * 50), itemId: fresh.id, title: fresh.title, kind: 'edited', before: {title: 'Before'}, after: {title: fresh.title},
		},
	]);
	await transaction.commit();
	const {records} = await store.page({limit: Infinity});
	const header = store.header();
	const history: HistoryEvent[] = [];
	for await (const events of store.history()) {
		history.push(...events);
	}

	await store.close();
	const {stdout, exitCode, stderr} = await runHere(home, ['export', '--demo', '-o', path.join(home, 'export.ndjson')]);
	if (exitCode !== 0 && exitCode !== undefined) {
		throw new Error(`The demo cannot be exported: ${stderr}${stdout}`);
	}

	const text = await readFile(path.join(home, 'export.ndjson'), 'utf8');
	const tables = await openPostgresCatalog({folder: await temporaryFolder(t), login: {address}});
	t.teardown(async () => tables.close());
	const copy = await tables.begin();
	for (const server of header.servers) {
		await copy.putServer(server);
	}

	for (const library of header.libraries) {
		await copy.putLibrary(library);
	}

	await copy.upsert(records);
	await copy.record(history);
	await copy.commit();
	return {
		lines: text.trim().split('\n').map(line => JSON.parse(line) as ExportedLine), records, history, header, gone: gone!, now, home, tables,
	};
};
