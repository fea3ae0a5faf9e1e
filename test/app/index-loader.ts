import {
	mkdtemp,
	readFile,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createDice} from '../../source/demo/library/dice.js';
import {createIndexLoader, keepIndexOf} from '../../source/app/index-loader.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {readSummaryLine, summarize, summaryFormat} from '../../source/query/summary.js';
import type {ItemSummary} from '../../source/query/types.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {openIndexCache} from '../../source/store/index-cache.js';
import type {CatalogStore} from '../../source/catalog/catalog-store.js';
import {damage} from '../helpers/damage.js';
import {makeItem, makeLibrary} from '../query/_items.js';

const items = Array.from({length: 6000}, (_, index) => makeItem(`i${index}`, {
	title: `Movie ${index}`, year: 1900 + (index % 100), versions: [{id: `v${index}`, parts: [{fileId: `f${index}`}]}],
}));

const sizeOf = (fileId: string) => 1_000_000 * (1 + Number(fileId.slice(1)));

const files = items.map(({serverId}, index) => ({
	kind: 'file' as const, id: `f${index}`, serverId, sizeBytes: sizeOf(`f${index}`),
}));

const ignore = () => {/* the bar is not looked at */};

const fill = async (store: CatalogStore, count: number) => {
	const transaction = await store.begin();
	await transaction.putLibrary(makeLibrary('films', 'Films'));
	await transaction.upsert(items.slice(0, count));
	await transaction.upsert(files.slice(0, count));
	await transaction.commit();
};

/**
A run of the app: open, fill the index, change something, close, keep the index.
*/
const visit = async (folder: string, change?: (store: CatalogStore) => Promise<void>) => {
	const store = await openCatalog({folder});
	const index = createCatalogIndex();
	const loader = createIndexLoader(openIndexCache(folder), store, index);
	const isFromCache = await loader.fillFromCache(ignore);
	const early = await index.list({libraryId: 'films'});
	await store.load();
	const isCorrected = await loader.confirm(ignore);
	const late = await index.list({libraryId: 'films'});
	if (change !== undefined) {
		await change(store);
		index.put(items.slice(0, store.header().libraries[0]!.counts.movie), sizeOf);
	}

	await store.close();
	await loader.keep();
	return {
		isFromCache, isCorrected, early, late,
	};
};

const keptSummaries = async (folder: string) => {
	const cache = openIndexCache(folder);
	const summaries: ItemSummary[] = [];
	for await (const line of cache.read(await cache.stamp(), summaryFormat)) {
		summaries.push(...readSummaryLine(line));
	}

	return summaries;
};

const withFolder = test.macro(async (t, body: (t: ExecutionContext, folder: string) => Promise<void>) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-index-'));
	try {
		await body(t, folder);
	} finally {
		await rm(folder, {recursive: true});
	}
});

test('the second start shows its lists before any record is read, and they are the same', withFolder, async (t, folder) => {
	const first = await visit(folder, async store => fill(store, 6000));
	t.false(first.isFromCache);
	const second = await visit(folder);
	t.true(second.isFromCache);
	t.false(second.isCorrected);
	t.is(second.early.length, 6000);
	t.deepEqual(second.early, second.late);
	t.deepEqual(new Set((await keptSummaries(folder)).map(({id, sizeBytes}) => `${id} ${sizeBytes}`)), new Set(items.map(({id}, index) => `${id} ${sizeOf(`f${index}`)}`)));
});

test('what is kept from the records alone is what an index would have kept', withFolder, async (t, folder) => {
	const store = await openCatalog({folder});
	await store.load();
	await fill(store, 6000);
	await store.close();
	await keepIndexOf(openIndexCache(folder), store);
	const kept = await visit(folder);
	t.true(kept.isFromCache);
	t.false(kept.isCorrected);
	const known = new Map(items.map(item => [item.id, item]));
	const summaries = await keptSummaries(folder);
	t.is(summaries.length, 6000);
	for (const summary of summaries) {
		t.deepEqual(summary, summarize(known.get(summary.id)!, sizeOf));
	}
});

test('a small catalogue is read quickly enough, so nothing is kept of it', withFolder, async (t, folder) => {
	const store = await openCatalog({folder});
	await store.load();
	await fill(store, 4999);
	await store.close();
	await keepIndexOf(openIndexCache(folder), store);
	await t.throwsAsync(stat(path.join(folder, 'catalog.index')), {code: 'ENOENT'});
});

test('a commit after the index was kept makes it worthless, and all records are read', withFolder, async (t, folder) => {
	await visit(folder, async store => fill(store, 5500));
	const store = await openCatalog({folder});
	await store.load();
	await fill(store, 6000);
	await store.close();
	const third = await visit(folder);
	t.false(third.isFromCache);
	t.is(third.late.length, 6000);
});

test('a cut or foreign cache is no cache', withFolder, async (t, folder) => {
	await visit(folder, async store => fill(store, 6000));
	const file = path.join(folder, 'catalog.index');
	const whole = await readFile(file, 'utf8');
	for (const damaged of [whole.slice(0, -1000), whole.slice(0, whole.lastIndexOf('\n', whole.length - 2) + 1), `${whole.slice(0, 60)}x${whole.slice(60)}`, '']) {
		await writeFile(file, damaged);
		const {isFromCache, late} = await visit(folder);
		t.false(isFromCache);
		t.is(late.length, 6000);
	}
});

test('whatever happens to the file, the lists that come from it are those of the records, or none', withFolder, async (t, folder) => {
	await visit(folder, async store => fill(store, 6000));
	const file = path.join(folder, 'catalog.index');
	const whole = await readFile(file);
	const store = await openCatalog({folder, access: 'read'});
	const fillAgain = async () => {
		const index = createCatalogIndex();
		const isFromCache = await createIndexLoader(openIndexCache(folder), store, index).fillFromCache(ignore);
		return {isFromCache, summaries: index.summaries().toArray()};
	};

	const {isFromCache, summaries: wanted} = await fillAgain();
	t.true(isFromCache);
	t.is(wanted.length, 6000);
	const seed = 1;
	for (let number = seed; number < seed + 60; number++) {
		const {bytes, kind} = damage(whole, createDice(number));
		await writeFile(file, bytes);
		const {summaries} = await fillAgain();
		t.deepEqual(summaries.length === 0 ? wanted : summaries, wanted, `case ${number}: ${kind}`);
	}

	await store.close();
});

test('a change between the early lists and the records corrects the lists', withFolder, async (t, folder) => {
	await visit(folder, async store => fill(store, 5500));
	const reader = await openCatalog({folder, access: 'read'});
	const index = createCatalogIndex();
	const loader = createIndexLoader(openIndexCache(folder), reader, index);
	t.true(await loader.fillFromCache(ignore));
	const writer = await openCatalog({folder});
	await writer.load();
	await fill(writer, 6000);
	await reader.load();
	t.true(await loader.confirm(ignore));
	t.is(index.size(), 6000);
	await writer.close();
	await reader.close();
});
