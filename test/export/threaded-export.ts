import {Buffer} from 'node:buffer';
import {availableParallelism} from 'node:os';
import process from 'node:process';
import {setImmediate} from 'node:timers/promises';
import {inflateRawSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {AppError} from '../../source/base/errors.js';
import type {CatalogRecord} from '../../source/catalog/types.js';
import {chosenColumns, referencesOf, type ExportRow} from '../../source/export/export-columns.js';
import type {ExportFormat} from '../../source/export/format.js';
import {csvFormat} from '../../source/export/formats/csv.js';
import {htmlFormat} from '../../source/export/formats/html.js';
import {exportLines, inThread, quickestLines} from '../../source/export/lines.js';
import type {PageLists} from '../../source/export/page/page-columns.js';
import {blockSize, type PageDetails} from '../../source/export/page/page-data.js';
import {exportRows} from '../../source/export/rows.js';
import {rowLevels, type RowLevel} from '../../source/export/levels.js';
import {threadedExport} from '../../source/export/threaded-export.js';
import {createLibraryNames} from '../../source/catalog/library-names.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {recordLine} from '../../source/store/record-line.js';
import {header, makeItem, showItems} from '../query/_items.js';

const people = Array.from({length: 40}, (_, number): CatalogRecord => ({
	id: `p${number}`, kind: 'person', name: `Ann 東京 ${number}`, plexKey: String(number),
}));
const files = Array.from({length: 100}, (_, number): CatalogRecord => ({
	id: `f${number}`, kind: 'file', serverId: 'server', path: `/films/${number}.mkv`,
}));
// Each file is played by several films, and one of them has a person whom nobody knows.
const films = Array.from({length: 700}, (_, number) => makeItem(`film${number}`, {
	title: `Über ${number}`, versions: [{id: 'm', parts: [{fileId: `f${number % 101}`}]}], directors: [`p${number % 43}`], cast: [{personId: `p${(number * 7) % 40}`, role: 'Narrator'}],
}));
const items = [...films.slice(0, 350), ...showItems(), ...films.slice(350)];
const ids = [...items.map(({id}) => id), 'nothing'];
const records = new Map([...people, ...files, ...items].map(record => [record.id, record]));
const index = createCatalogIndex();
index.put(items);

const get = (wanted: readonly string[]) => wanted.map(id => records.get(id)).filter(record => record !== undefined);
const store = {
	header: () => header,
	getMany: async (wanted: readonly string[]) => get(wanted),
	getLines: async (wanted: readonly string[]) => Uint8Array.from(Buffer.from(get(wanted).map(record => `${recordLine(record)}\n`).join(''))),
};
const nothingElse = {
	async * lines() {/* no lines */},
	async * rowsByLibrary() {/* no rows */},
	areColumnsChosen: true,
	header,
	level: 'file',
	separator: '; ',
	isExcel: false,
	hasPaths: true,
	say() {/* nothing is said */},
	signal: new AbortController().signal,
} as const;
const nobodyCounts = () => {/* nobody counts */};

const textOf = async (lines: AsyncIterable<Uint8Array>) => {
	let text = '';
	for await (const batch of lines) {
		text += new TextDecoder().decode(batch);
	}

	return text;
};

const messagePorts = () => process.getActiveResourcesInfo().filter(name => name === 'MessagePort').length;

/**
AVA itself has ports, so only what came in addition counts.
*/
const isThreadGone = async (before: number): Promise<boolean> => {
	for (let turn = 0; turn < 10_000; turn++) {
		if (messagePorts() <= before) {
			return true;
		}

		await setImmediate();
	}

	return false;
};

test.serial('a thread makes the same lines, in the same order', async t => {
	const before = messagePorts();
	let counted = 0;
	const count = () => {
		counted++;
	};

	const text = await textOf(threadedExport([ids.slice(0, 3), [], ids.slice(3)], {store, index, onItem: count}));
	t.is(text.split('\n').length, items.length + 1);
	t.is(text, await textOf(exportLines([ids], {store, index, onItem: nobodyCounts})));
	t.regex(text, /"gaps":\[2\]/v);
	t.regex(text, /"sharedWith":\["film/v);
	t.is(counted, ids.length);
	t.true(await isThreadGone(before));
});

test.serial('whoever stops in the middle leaves no thread behind', async t => {
	const before = messagePorts();
	const lines = threadedExport([ids], {store, index, onItem: nobodyCounts});
	await lines.next();
	t.true(messagePorts() > before);
	await lines.return(undefined);
	t.true(await isThreadGone(before));
	let counted = 0;
	const stopLater = () => {
		counted++;
		if (counted === 300) {
			throw new AppError('cancelled', 'The export was cut short.');
		}
	};

	await t.throwsAsync(textOf(threadedExport([ids], {store, index, onItem: stopLater})), {code: 'cancelled'});
	t.true(await isThreadGone(before));
});

test.serial('a thread is begun for many items and where the store gives lines', async t => {
	const hasThread = async (given: Parameters<typeof quickestLines>[1], total: number) => {
		const before = messagePorts();
		const lines = quickestLines([ids], given, total);
		await lines.next();
		const isThere = messagePorts() > before;
		await lines.return(undefined);
		t.true(await isThreadGone(before));
		return isThere;
	};

	const source = {store, index, onItem: nobodyCounts};
	t.is(await hasThread(source, 4000), availableParallelism() > 1);
	t.false(await hasThread(source, 3999));
	const {getLines: _, ...withoutLines} = store;
	t.false(await hasThread({...source, store: withoutLines}, 4000));
});

test.serial('what goes wrong in the store or in the thread ends the export', async t => {
	const before = messagePorts();
	const damaged = new AppError('damaged', 'catalog.json is damaged.');
	const brokenStore = {
		...store,
		async getLines(wanted: readonly string[]) {
			// Only the thread asks for these.
			if (wanted.includes('f3')) {
				throw damaged;
			}

			return store.getLines(wanted);
		},
	};
	const error = await t.throwsAsync(textOf(threadedExport([ids], {store: brokenStore, index, onItem: nobodyCounts})));
	t.is(error, damaged);
	const noJson = {...store, getLines: async () => Uint8Array.from(Buffer.from('{"id":\n'))};
	await t.throwsAsync(textOf(threadedExport([ids], {store: noJson, index, onItem: nobodyCounts})), {name: 'SyntaxError'});
	t.true(await isThreadGone(before));
});

const chunksOf = (t: ExecutionContext, format: ExportFormat, {isThreaded, names, level = 'file', isExcel = false}: {isThreaded: boolean; names?: string[]; level?: RowLevel; isExcel?: boolean}): AsyncIterable<string | Uint8Array> => {
	const source = {
		store, index, names: createLibraryNames(header), onItem: nobodyCounts,
	};
	if (!('chunks' in format)) {
		throw new TypeError('The format gives no chunks.');
	}

	const columns = names === undefined ? [] : chosenColumns(names, level);
	return format.chunks({
		...nothingElse,
		columns,
		columnNames: names,
		level,
		isExcel,
		rows: (wanted = level) => exportRows([ids], wanted, source, referencesOf(columns)),
		threaded(job, onRow) {
			const made = isThreaded ? inThread([ids.slice(0, 3), [], ids.slice(3)], source, {total: 4000, job, onRow}) : undefined;
			t.is(made === undefined, !isThreaded || availableParallelism() === 1);
			return made;
		},
	});
};

const bytesOf = async (chunks: AsyncIterable<string | Uint8Array>) => {
	const all: Uint8Array[] = [];
	for await (const chunk of chunks) {
		all.push(typeof chunk === 'string' ? Buffer.from(chunk) : Uint8Array.from(chunk));
	}

	return Buffer.concat(all).toString();
};

test.serial('a thread makes the same page and the same rows', async t => {
	const page = await bytesOf(chunksOf(t, htmlFormat, {isThreaded: true}));
	t.regex(page, /Über 699/v);
	t.is(page, await bytesOf(chunksOf(t, htmlFormat, {isThreaded: false})));
	for (const level of rowLevels) {
		const options = {names: ['all'], level, isExcel: level === 'item'};
		const rows = await bytesOf(chunksOf(t, csvFormat, {isThreaded: true, ...options}));
		t.regex(rows, /"Ann 東京 7"/v);
		t.is(rows, await bytesOf(chunksOf(t, csvFormat, {isThreaded: false, ...options})));
	}
});

test.serial('an item that is removed while rows are made has none, and those that were made stay', async t => {
	const leaving = createCatalogIndex();
	leaving.put(items);
	const source = {
		store: {
			...store,
			async getMany(wanted: readonly string[]) {
				leaving.remove(['film3']);
				return store.getMany(wanted);
			},
		},
		index: leaving,
		names: createLibraryNames(header),
		onItem: nobodyCounts,
	};
	const rows: ExportRow[] = [];
	for await (const row of exportRows([ids], 'item', source)) {
		leaving.remove(['film5']);
		rows.push(row);
	}

	t.deepEqual(['film3', 'film5'].map(id => rows.some(({item}) => item.id === id)), [false, false]);
	t.is(rows.length, items.length - 2);
});

test.serial('an item whose record is gone leaves its place in a page', async t => {
	const holes = {...store, getLines: async (wanted: readonly string[]) => store.getLines(wanted.filter(id => id !== 'film1'))};
	const source = {store: holes, index, onItem: nobodyCounts};
	const made = threadedExport([ids], source, {kind: 'page', hasPaths: false});
	const first = await made.next();
	let last = new Uint8Array();
	for await (const chunk of made) {
		last = Uint8Array.from(chunk);
	}

	const details = JSON.parse(inflateRawSync(first.value as Uint8Array).toString()) as PageDetails;
	const lists = JSON.parse(Buffer.from(last).toString()) as PageLists;
	t.is(lists.people.codes.length, items.length);
	t.deepEqual([details.items.length, details.items[1], lists.people.codes[1]], [blockSize, [0, 0, []], []]);
});
