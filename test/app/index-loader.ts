import {
	appendFile,
	open,
	readFile,
	rm,
	stat,
	utimes,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {crc32} from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import {compareText} from '../../source/base/text/compare.js';
import {fillIndex, keepForNextStart, removeItems} from '../../source/app/index-loader.js';
import {createDice} from '../../source/demo/library/dice.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {summarize} from '../../source/query/summary.js';
import type {CatalogIndex} from '../../source/query/types.js';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {migrations} from '../../source/store/migrations.js';
import {openCatalog} from '../../source/store/open-catalog.js';
import {countTurns} from '../helpers/count-turns.js';
import {damage} from '../helpers/damage.js';
import {expectEqual} from '../helpers/expect-equal.js';
import {temporaryFolder} from '../helpers/store-records.js';
import {makeItem, makeLibrary} from '../query/_items.js';

type Store = Awaited<ReturnType<typeof openCatalog>>;

const film = (number: number, title = `Film ${number}`) => makeItem(`i${number}`, {
	title, year: 1900 + (number % 100), versions: [{id: '1', parts: [{fileId: `f${number}`}]}],
});

const films = Array.from({length: 300}, (_, number) => film(number));

const commit = async (store: Store, puts: readonly CatalogRecord[], removes: readonly string[] = []) => {
	const transaction = await store.begin();
	await transaction.putServer({id: 'server', name: 'Attic'});
	await transaction.putLibrary(makeLibrary('films', 'Films'));
	await transaction.upsert(puts);
	await transaction.remove(removes);
	await transaction.commit();
};

// Also the smallest catalogue has its records in the document.
const openSmall = async (folder: string, options: Partial<Parameters<typeof openCatalog>[0]> = {}) => openCatalog({folder, restBytes: 0, ...options});

const planOf = async (query: string) => compileQuery(query, {now: new Date(), libraries: [], servers: []});

/**
Opens the catalogue for writing, changes it, closes it, and keeps its index.
*/
const write = async (folder: string, change: (store: Store) => Promise<void>, {isQuick = false} = {}) => {
	const store = await openSmall(folder);
	await store.load();
	await change(store);
	await store.close({isQuick});
	await keepForNextStart(folder, store);
	return store;
};

const read = async <Value>(folder: string, use: (parts: {store: Store; index: CatalogIndex}) => Promise<Value>): Promise<Value> => {
	const store = await openSmall(folder, {access: 'read'});
	try {
		const index = createCatalogIndex();
		await fillIndex(store, index);
		await store.load();
		return await use({store, index});
	} finally {
		await store.close();
	}
};

const byId = <Value extends {id: string}>(values: Iterable<Value>) => [...values].toSorted((left, right) => compareText(left.id, right.id));

// Where something was kept, single records are read before all the others.
const readSingles = async (folder: string) => {
	const store = await openSmall(folder, {access: 'read'});
	try {
		if (store.kept() === undefined) {
			await store.load();
		}

		const singles = [await store.get('i3'), await store.get('i7'), await store.get('i8'), await store.get('i39')];
		const together = await store.getMany(['i3', 'i7', 'i8', 'i39', 'nothing']);
		return isDeepStrictEqual(singles.filter(record => record !== undefined), together) ? together : undefined;
	} finally {
		await store.close();
	}
};

const everything = async (folder: string) => read(folder, async ({store, index}) => ({
	singles: await readSingles(folder),
	isKept: store.kept() !== undefined,
	summaries: byId(index.summaries()),
	items: byId((await store.page({kind: 'item', limit: 10_000})).records),
	titles: await index.list({libraryId: 'films', type: 'movie'}),
}));

test('what was kept gives the lists and the records that reading everything gives', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	const {isKept, ...kept} = await everything(folder);
	t.true(isKept);
	expectEqual(t, kept.summaries, byId(films.map(item => summarize(item))));
	expectEqual(t, kept.items, byId(films));
	await writeFile(path.join(folder, 'catalog.index'), '');
	const {isKept: isKeptNow, ...anew} = await everything(folder);
	t.false(isKeptNow);
	expectEqual(t, anew, kept);
});

test('a small catalogue is read quickly enough, so nothing is kept of it', async t => {
	const folder = await temporaryFolder(t);
	const store = await openCatalog({folder});
	await store.load();
	await commit(store, films);
	await store.close();
	await keepForNextStart(folder, store);
	await t.throwsAsync(stat(path.join(folder, 'catalog.index')), {code: 'ENOENT'});
});

test('a small change is read from the journal, and what was kept is still used', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	const index = path.join(folder, 'catalog.index');
	const before = await readFile(index);
	await write(folder, async store => commit(store, [film(7, 'Another'), film(900)], ['i8']), {isQuick: true});
	expectEqual(t, await readFile(index), before);
	const {isKept, titles, items} = await everything(folder);
	t.true(isKept);
	t.is(titles[0], 'i7');
	t.is(items.length, 300);
	t.false(titles.includes('i8'));
	t.true(titles.includes('i900'));
});

test('what was committed since is known before the records are loaded, unless it is much', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	const kept = await openSmall(folder, {access: 'read'});
	const {revision} = kept.header();
	t.deepEqual(await kept.changesSince(revision), []);
	await kept.close();
	await write(folder, async store => {
		await commit(store, [film(7, 'Another'), film(900)], ['i8', 'i9']);
		await commit(store, [film(9, 'Back')]);
	}, {isQuick: true});
	const known = await openSmall(folder, {access: 'read'});
	t.deepEqual((await known.changesSince(revision))?.map(({upserted, removed}) => [...upserted, ...removed]), [['i7', 'i900', 'i8', 'i9'], ['i9']]);
	t.is(await known.changesSince(revision - 1), undefined);
	t.deepEqual((await known.getMany(['i900', 'i7', 'i8', 'i9', 'i3'])).map(record => 'title' in record ? record.title : ''), ['Film 900', 'Another', 'Back', 'Film 3']);
	t.deepEqual(await known.getMany(['i8', 'i7'], {kind: 'file'}), []);
	// Nothing of it has needed them.
	await t.throwsAsync(known.page({limit: 1}), {message: /load\(\) the store/v});
	await known.close();
	const writer = await openSmall(folder);
	await writer.load();
	await commit(writer, [{...film(3), summary: 'x'.repeat((2 ** 24) + 1)}]);
	await writer.close({isQuick: true});
	const much = await openSmall(folder, {access: 'read'});
	t.is(await much.changesSince(revision), undefined);
	const [changed] = await much.getMany(['i7']);
	t.like(changed, {title: 'Another'});
	t.is((await much.changesSince(revision))?.length, 3);
	await much.close();
});

test('a rewritten document makes it worthless until it is kept anew', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	const store = await openSmall(folder);
	await store.load();
	t.not(store.kept(), undefined);
	await commit(store, [film(900)]);
	await store.close();
	t.false((await everything(folder)).isKept);
	await keepForNextStart(folder, store);
	const {isKept, titles} = await everything(folder);
	t.true(isKept);
	t.is(titles.length, 301);
});

test('a change of few items reads no column that nobody asks for, and the people who came with it are found', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	await write(folder, async store => commit(store, [{...film(7, 'Another'), cast: [{personId: 'p1'}]}, {id: 'p1', kind: 'person', name: 'Mira Holt'}]), {isQuick: true});
	const store = await openSmall(folder, {access: 'read'});
	t.teardown(store.close);
	const kept = store.kept()!;
	const opened = new Set<string>();
	const index = createCatalogIndex();
	await fillIndex({
		...store,
		kept: () => ({
			...kept,
			async open(group, isWanted) {
				const cells = (await kept.open(group, isWanted))!;
				return name => {
					opened.add(name.split('.', 1)[0]!);
					return cells(name);
				};
			},
		}),
	}, index);
	t.deepEqual([...opened].toSorted(), ['id', 'rows']);
	t.deepEqual(await index.list({plan: await planOf('actor:"Mira Holt"')}), ['i7']);
	t.deepEqual(await index.list({plan: await planOf('another')}), ['i7']);

	t.true(opened.has('people'));
});

test('a reader that had to read all records keeps them for the next one, also while another process writes', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	await rm(path.join(folder, 'catalog.index'));
	const writer = await openSmall(folder);
	t.teardown(async () => writer.close());
	await keepForNextStart(folder, await read(folder, async ({store}) => store));
	t.true((await everything(folder)).isKept);
	await writer.load();
	await commit(writer, [film(7, 'Another')]);
	const {isKept, items} = await everything(folder);
	t.true(isKept);
	t.is((items.find(({id}) => id === 'i7') as Item).title, 'Another');
});

test('whatever happens to the file, lists and records are those of the document', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	const file = path.join(folder, 'catalog.index');
	const whole = await readFile(file);
	const {isKept: _, ...wanted} = await everything(folder);
	for (let number = 1; number < 80; number++) {
		const {bytes, kind} = damage(whole, createDice(number));
		await writeFile(file, bytes);
		const {isKept: __, ...found} = await everything(folder);
		expectEqual(t, found, wanted, `case ${number}: ${kind}`);
	}
});

test('a commit that was taken back, and another one in its place, is not taken for the one that was kept', async t => {
	const folder = await temporaryFolder(t);
	const journal = path.join(folder, 'catalog.journal');
	await write(folder, async store => commit(store, films));
	const before = await readFile(journal);
	await (await openSmall(folder)).close();
	const store = await openSmall(folder);
	await store.load();
	await commit(store, [film(7, 'Xxxx 1')]);
	await store.close({isQuick: true});
	// Keep it although little has changed.
	await writeFile(path.join(folder, 'catalog.index'), '');
	await keepForNextStart(folder, store);
	t.true((await everything(folder)).isKept);
	await writeFile(journal, before);
	await write(folder, async other => commit(other, [film(7, 'Yyyy 1')]), {isQuick: true});
	const {items} = await everything(folder);
	t.is((items.find(({id}) => id === 'i7') as Item).title, 'Yyyy 1');
});

test('what an older format kept is not used, so that every record is brought up to date', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	t.true((await everything(folder)).isKept);
	const steps = [...migrations, (record: Record<string, unknown>) => record['kind'] === 'item' ? {...record, title: `${String(record['title'])} (2)`} : record];
	const titleOf = async (access: 'read' | 'write') => {
		const store = await openSmall(folder, {steps, access});
		await store.load();
		const record = await store.get('i7');
		t.is(store.kept(), undefined);
		await store.close();
		return record?.kind === 'item' ? record.title : undefined;
	};

	t.is(await titleOf('read'), 'Film 7 (2)');
	t.is(await titleOf('write'), 'Film 7 (2)');
	t.is(await titleOf('read'), 'Film 7 (2)');
});

test('that all records are in order is kept as well, until somebody changes them or another reelcat reads them', async t => {
	const folder = await temporaryFolder(t);
	const isWhole = async (work?: (store: Store) => Promise<unknown>) => {
		const store = await openSmall(folder);
		await store.load();
		try {
			await work?.(store);
		} finally {
			await store.close({isQuick: true});
		}

		return store.seed!()!.isWhole;
	};

	await write(folder, async store => commit(store, [makeItem('i1'), makeItem('i2')]));
	t.true(await isWhole());
	const index = path.join(folder, 'catalog.index');
	const bytes = await readFile(index);
	const [start, end] = [24, 24 + bytes.readUInt32LE(16)];
	const head = bytes.toString('utf8', start, end).replace(/"checkedBy":"\d/v, '"checkedBy":"x');
	t.true(head.includes('"x'));
	bytes.write(head, start);
	bytes.writeUInt32LE(crc32(head), 20);
	await writeFile(index, bytes);
	t.false(await isWhole());
	t.true(await isWhole(async store => store.backup()));
	await write(folder, async store => {
		await commit(store, [makeItem('i3')]);
		await store.backup();
	});
	t.true(await isWhole(async store => commit(store, [makeItem('i4')])));
	t.false(await isWhole());

	// Nobody has this genre.
	await write(folder, async store => commit(store, [makeItem('i5', {genres: ['t9']})]));
	t.false(await isWhole());
	await t.throwsAsync(isWhole(async store => store.backup()), {code: 'damaged'});
});

const flip = async (file: string, at: number) => {
	const handle = await open(file, 'r+');
	const {atime, mtime} = await handle.stat();
	const byte = new Uint8Array(1);
	await handle.read(byte, 0, 1, at);
	byte[0]! ^= 1; // eslint-disable-line no-bitwise -- one bit
	await handle.write(byte, 0, 1, at);
	await handle.close();
	return {atime, mtime};
};

test('a document that somebody wrote to is read from beginning to end, and refused if it is damaged', async t => {
	const folder = await temporaryFolder(t);
	const document = path.join(folder, 'catalog.json');
	await write(folder, async store => commit(store, films));
	const bytes = await readFile(document);
	await flip(document, bytes.indexOf('Film 123'));
	await t.throwsAsync(everything(folder), {code: 'damaged'});
	await flip(document, bytes.indexOf('Film 123'));
	const {isKept, items} = await everything(folder);
	t.false(isKept);
	t.is(items.length, 300);
	await appendFile(document, ' ');
	await t.throwsAsync(everything(folder), {code: 'damaged'});
});

test('a bit that flips on the disk is told by whoever reads this record, by the check, and before it is copied', async t => {
	const folder = await temporaryFolder(t);
	const document = path.join(folder, 'catalog.json');
	// Whole milliseconds can be set again.
	await write(folder, async store => commit(store, films));
	const past = new Date(1_700_000_000_000);
	await utimes(document, past, past);
	const store = await openSmall(folder);
	await store.load();
	await store.close({isQuick: true});
	await keepForNextStart(folder, store);
	const bytes = await readFile(document);
	await flip(document, bytes.indexOf('Film 123'));
	await utimes(document, past, past);
	await read(folder, async ({store: reader, index}) => {
		t.not(reader.kept(), undefined);
		t.is((await index.list({plan: await planOf('film 123')})).length, 1);
		t.is((await reader.get('i122'))?.id, 'i122');
		await t.throwsAsync(reader.get('i123'), {code: 'damaged'});
		await t.throwsAsync(reader.check(), {code: 'damaged'});
	});
	const writer = await openSmall(folder);
	await writer.load();
	await t.throwsAsync(writer.backup(), {code: 'damaged'});
	await commit(writer, [film(1, 'Changed')]);
	await writer.close();
	t.regex(writer.notice ?? '', /could not be rewritten.*is damaged/v);
});

test('who reads only the header holds none of the commits since what was kept, and finds records all the same', async t => {
	const folder = await temporaryFolder(t);
	await write(folder, async store => commit(store, films));
	const writer = await openSmall(folder);
	await writer.load();
	await commit(writer, [film(1, 'Changed')]);
	await writer.close({isQuick: true});
	for (const isForHeader of [false, true]) {
		const reader = await openSmall(folder, {access: 'read', isForHeader});
		t.is(reader.header().revision, 2);
		t.is(await reader.changesSince(1) === undefined, isForHeader);
		t.like(await reader.get('i1'), {title: 'Changed'});
		await reader.close();
	}
});

test('what is wrong in the journal before the place that was kept is told by whoever proves the catalogue', async t => {
	const folder = await temporaryFolder(t);
	const journal = path.join(folder, 'catalog.journal');
	await write(folder, async store => commit(store, films));
	const store = await openSmall(folder);
	await store.load();
	for (let number = 0; number < 300; number++) {
		await commit(store, [film(number, `Changed ${number}`)]);
	}

	await store.close({isQuick: true});
	await writeFile(path.join(folder, 'catalog.index'), '');
	await keepForNextStart(folder, store);
	const bytes = await readFile(journal);
	t.true(bytes.length > 2 ** 17);
	await flip(journal, bytes.indexOf('Changed 3'));
	await read(folder, async ({store: reader, index}) => {
		t.not(reader.kept(), undefined);
		t.is(index.value('i3', 'title'), 'Changed 3');
		await t.throwsAsync(reader.prove(), {code: 'damaged'});
	});
	await t.throwsAsync(openSmall(folder), {code: 'damaged'});
});

test('after any commits, rewrites and keepings a reader finds what a plain model holds', async t => {
	const step = fc.record({
		puts: fc.uniqueArray(fc.tuple(fc.nat(40), fc.constantFrom('Alien', 'Amélie', '東京', 'Zoo')), {selector: ([number]) => number, maxLength: 8}),
		removes: fc.uniqueArray(fc.nat(40), {maxLength: 4}),
		isQuick: fc.boolean(),
		isKept: fc.boolean(),
	});
	await t.notThrowsAsync(async () => fc.assert(fc.asyncProperty(fc.array(step, {minLength: 1, maxLength: 6}), async steps => {
		const folder = await temporaryFolder(t);
		const model = new Map<string, Item>();
		for (const {puts, removes, isQuick, isKept} of steps) {
			const store = await openSmall(folder);
			await store.load();
			const items = puts.filter(([number]) => !removes.includes(number)).map(([number, title]) => film(number, title));
			await commit(store, items, removes.map(number => `i${number}`));
			await store.close({isQuick});
			if (isKept) {
				await keepForNextStart(folder, store);
			}

			for (const item of items) {
				model.set(item.id, item);
			}

			for (const number of removes) {
				model.delete(`i${number}`);
			}

			const found = await everything(folder);
			const isRight = isDeepStrictEqual(found.items, byId(model.values()))
				&& isDeepStrictEqual(found.singles, ['i3', 'i7', 'i8', 'i39'].map(id => model.get(id)).filter(item => item !== undefined))
				&& isDeepStrictEqual(found.summaries, byId(model.values().map(item => summarize(item))));
			if (!isRight) {
				return false;
			}
		}

		return true;
	}), {numRuns: 25}));
});

test('the size of an item follows its file, also where nothing else has changed', async t => {
	const folder = await temporaryFolder(t);
	const sized = async (store: Store, sizeBytes: number) => {
		const transaction = await store.begin();
		await transaction.upsert([{
			kind: 'file', id: 'f1', serverId: 'server', sizeBytes,
		}]);
		await transaction.commit();
	};

	const sizes = async () => read(folder, async ({index}) => [index.get('i1')?.sizeBytes, index.get('i2')?.sizeBytes]);
	await write(folder, async store => {
		await commit(store, films);
		await sized(store, 5_000_000_000);
	});
	t.deepEqual(await sizes(), [5_000_000_000, undefined]);
	await write(folder, async store => sized(store, 6_000_000_000), {isQuick: true});
	t.deepEqual(await sizes(), [6_000_000_000, undefined]);
});

test('others have their turns while many items are removed from an index', async t => {
	const index = createCatalogIndex();
	const ids = Array.from({length: 4000}, (_, number) => `i${number}`);
	index.put(ids.map(id => makeItem(id)));
	const turns = await countTurns(async () => removeItems(index, ids.slice(1)));
	t.true(turns >= 20, `${turns} turns`);
	t.is(index.size(), 1);
});
