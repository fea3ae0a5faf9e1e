import {once} from 'node:events';
import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {createGrowingIndex} from '../../source/app/growing-index.js';
import {fillIndex} from '../../source/app/index-loader.js';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {
	file,
	item,
	put,
	temporaryFolder,
} from '../helpers/store-records.js';

const film = (id: string, ...fileIds: string[]): Item => item(id, {versions: [{id: `v${id}`, parts: fileIds.map(fileId => ({fileId}))}]});
const sized = (id: string, sizeBytes: number): CatalogRecord => ({...file(id), sizeBytes});

test('an index that followed the commits is the one that is made of the records', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t)});
	const growing = createGrowingIndex(store, async () => setImmediate());
	await store.load();
	await put(store, sized('f1', 100), film('i1', 'f1'), item('i9', {type: 'show'}));
	// A file that was committed before, one that comes later, and one that changes.
	await put(store, film('i2', 'f1'), film('i3', 'f3'));
	await put(store, sized('f3', 300), sized('f1', 111));
	await put(store, item('i9', {type: 'show', title: 'Another title'}));
	const transaction = await store.begin();
	await transaction.remove(['i3']);
	await transaction.commit();
	await put(store, film('i4', 'f3', 'f1'));
	const columns = await growing.save();
	const index = createCatalogIndex();
	index.restore(name => columns!.get(name)!);
	const made = createCatalogIndex();
	await fillIndex(store, made);
	t.deepEqual(index.summaries().toArray(), made.summaries().toArray());
	t.is(index.get('i4')!.sizeBytes, 411);
	await store.close();
});

test('an index that could not be filled at once, of many records, is the same', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t)});
	const growing = createGrowingIndex(store);
	await store.load();
	const films = Array.from({length: 10_001}, (_, index) => item(`i${index}`));
	await put(store, ...films);
	await put(store, item('i5', {title: 'Another title'}), sized('f1', 100), film('i6', 'f1'));
	const transaction = await store.begin();
	await transaction.remove(['i7']);
	await transaction.commit();
	const columns = await growing.save();
	const index = createCatalogIndex();
	index.restore(name => columns!.get(name)!);
	t.deepEqual([index.size(), index.get('i5')!.title, index.get('i6')!.sizeBytes, index.get('i7'), index.get('i10000')!.title], [10_000, 'Another title', 100, undefined, films[10_000]!.title]);
	await store.close();
});

test('an index that a quick run left behind is left to the first reader', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t)});
	let isOver = false;
	const growing = createGrowingIndex(store, async signal => {
		// There is never time.
		await once(signal, 'abort');
		isOver = true;
	});
	await store.load();
	await put(store, item('i1'), item('i2'));
	t.is(await growing.save(), undefined);
	await setImmediate();
	t.true(isOver);
	await store.close();
});

test('an index that was made too late says so', async t => {
	const store = await openCatalog({folder: await temporaryFolder(t)});
	await store.load();
	await put(store, item('i1'));
	const growing = createGrowingIndex(store);
	await put(store, item('i2'));
	t.is(await growing.save(), undefined);
	await store.close();
});
