import {Buffer} from 'node:buffer';
import test from 'ava';
import fc from 'fast-check';
import {recordSchema} from '../../source/catalog/schema.js';
import type {
	CatalogRecord,
	Item,
	ItemType,
} from '../../source/catalog/types.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {CatalogData} from '../../source/store/catalog-data.js';
import {hasRecordShape, referenceProblems} from '../../source/store/check-catalog.js';
import {createLineCheck} from '../../source/store/line-check.js';
import {recordLine} from '../../source/store/record-line.js';
import {createRecordTable} from '../../source/store/record-table.js';
import {withDemo} from '../demo/_demo.js';
import {
	collection,
	file,
	item,
	library,
	lineOf,
	person,
	server,
	tag,
} from '../helpers/store-records.js';

const catalogOf = (records: readonly CatalogRecord[]): CatalogData => {
	const table = createRecordTable();
	for (const record of records) {
		table.put(lineOf(record));
	}

	return {
		header: {
			format: 'reelcat-catalog', schemaVersion: 1, revision: 1, servers: [server, {id: 'server', name: 'Demo'}], libraries: [library(), {...library('films'), serverId: 'server'}],
		},
		table,
	};
};

/**
What the line says if nothing is wrong with it, found by parsing it.
*/
const parsedLine = (line: Buffer, {header, table}: CatalogData) => { // eslint-disable-line @typescript-eslint/no-restricted-types -- a line
	let value: unknown;
	try {
		value = JSON.parse(line.toString('utf8'));
	} catch {
		return undefined;
	}

	if (!hasRecordShape(value) || !recordSchema().safeParse(value).success) {
		return undefined;
	}

	const record = value as CatalogRecord;
	return referenceProblems(record, header, table.kindOf).length === 0
		? {id: record.id, kind: record.kind, isMissing: record.kind === 'item' && record.missingSince !== undefined}
		: undefined;
};

const demoRecords = async (t: Parameters<typeof withDemo>[0]): Promise<CatalogRecord[]> => {
	const {server: demo, ask} = await withDemo(t);
	const records = new Map<string, CatalogRecord>();
	for (const [section, type] of [['1', 1], ['2', 2], ['2', 3], ['2', 4], ['5', 1]] as const) {
		const keys = demo.library.page(section, type, {start: 0, size: 30}).map(row => (row as {ratingKey?: string} | undefined)?.ratingKey).filter(key => key !== undefined);
		const response = await ask(`/library/metadata/${keys.join(',')}?includeChapters=1&includeMarkers=1&includeExtras=1`);
		const {MediaContainer: {Metadata}} = await response.json() as {MediaContainer: {Metadata: unknown[]}};
		const normalized = Metadata.map(row => normalize(row, {serverId: 'server', libraryId: 'films'})).filter(result => result.ok);
		for (const record of normalized.flatMap(({value: {item: made, people, tags, files}}) => [made, ...people, ...tags, ...files])) {
			records.set(record.id, record);
		}
	}

	return records.values().toArray();
};

// All that the items name is there, except for parents, which may lie on other pages.
const withParents = (records: readonly CatalogRecord[]): CatalogRecord[] => {
	const known = new Map(records.map(record => [record.id, record]));
	const parent = (id: string | undefined, type: ItemType, showId?: string) => id === undefined || known.has(id)
		? []
		: [{...item(id, {type, ...showId !== undefined && {showId}}), serverId: 'server', libraryId: 'films'}];
	const parents = records.filter((record): record is Item => record.kind === 'item').flatMap(({showId, seasonId}) => [...parent(showId, 'show'), ...parent(seasonId, 'season', showId)]);
	return new Map([...parents, ...records].map(record => [record.id, record])).values().toArray();
};

const bytesOrJson = fc.oneof(
	fc.constantFrom('"', '\\', ',', ':', '{', '}', '[', ']', String.raw`\u00e9`, String.raw`\ud83d`, String.raw`\UD83D`, String.raw`\n`, String.raw`\x`, '\n', '\t', '\u{0}', 'é', '東', '-', '0', '1', '.5', 'e3', 'null', 'true', '""', '{}', '[]', ' ', '"kind":"item",', '"later":1,'),
	fc.string({maxLength: 2}),
);

test('what is proved of a line without parsing it is what parsing it shows, whatever was done to the line', async t => {
	const records = withParents(await demoRecords(t));
	const data = catalogOf(records);
	const check = createLineCheck(data);
	const lines = records.map(record => lineOf(record));
	for (const line of lines) {
		t.deepEqual(check(line), parsedLine(line, data), line.toString('utf8', 0, 100));
		t.not(check(line), undefined);
	}

	const mutation = fc.constantFrom(...lines).chain(line => fc.record({
		line: fc.constant(line), start: fc.nat({max: line.length}), removed: fc.constantFrom(0, 0, 1, 1, 2, 5, 17), put: bytesOrJson,
	}));
	let [proved, refused] = [0, 0];
	fc.assert(fc.property(mutation, ({line, start, removed, put}) => {
		const altered = Buffer.concat([line.subarray(0, start), Buffer.from(put), line.subarray(start + removed)]);
		const found = check(altered);
		const parsed = parsedLine(altered, data);
		proved += found === undefined ? 0 : 1;
		refused += parsed === undefined ? 1 : 0;
		t.deepEqual(found, found === undefined ? undefined : parsed);
	}), {numRuns: 6000});
	t.true(proved > 500);
	t.true(refused > 1000);
});

test('a line is not proved when a value, a reference or a place is wrong', t => {
	const good = item('i9', {
		type: 'episode', showId: 'i1', seasonId: 'i2', genres: ['t1'], directors: ['p1'], cast: [{personId: 'p1', role: 'Ann'}], year: 1999, versions: [{id: 'v', parts: [{fileId: 'f1'}]}], missingSince: '2026-01-01T00:00:00Z',
	});
	const data = catalogOf([item('i1', {type: 'show'}), item('i2', {type: 'season', showId: 'i1'}), tag('t1'), person('p1'), file('f1'), good]);
	const check = createLineCheck(data);
	t.deepEqual(check(lineOf(good)), {id: 'i9', kind: 'item', isMissing: true});
	const wrong: Array<Partial<Item>> = [
		{genres: ['p1']},
		{directors: ['t1']},
		{cast: [{personId: 'nobody'}]},
		{versions: [{id: 'v', parts: [{fileId: 't1'}]}]},
		{showId: 'i2'},
		{seasonId: 'i1'},
		{showId: undefined},
		{type: 'movie'},
		{type: 'season'},
		{serverId: 'server'},
		{libraryId: 'nowhere'},
		{year: 1999.5},
		{year: '1999' as unknown as number},
		{addedAt: '2026-02-30T00:00:00Z'},
		{durationMs: -1},
		{ratingKey: null as unknown as string},
		{title: undefined},
		{ratings: [{source: 'imdb', kind: 'audience', value: 11}]},
	];
	for (const fields of wrong) {
		const line = lineOf({...good, ...fields});
		t.is(check(line), undefined, JSON.stringify(fields));
		t.is(parsedLine(line, data), undefined, JSON.stringify(fields));
	}

	// One flipped bit makes a capital letter of the u of an escape, and JSON has no such escape.
	const flipped = Buffer.from(recordLine(good).replace('"Ann"', String.raw`"\U00e9"`));
	t.is(parsedLine(flipped, data), undefined);
	t.is(check(flipped), undefined);

	// An escape in an id, a key that is not known and another order may be right, which only parsing shows.
	for (const text of [recordLine(good).replace('"t1"', String.raw`"\u0074\u0031"`), recordLine(good).replace(/\}$/v, ',"later":1}'), recordLine(good).replace('"year":1999,', '').replace('"title"', '"year":1999,"title"')]) {
		t.is(check(Buffer.from(text)), undefined);
		t.not(parsedLine(Buffer.from(text), data), undefined);
	}

	// A commit changes what the header says.
	data.header = {...data.header, libraries: [{...library(), serverId: 'server'}]};
	t.is(check(lineOf(good)), undefined);
});

test('records of which nothing is proved are left to whoever parses them', t => {
	const check = createLineCheck(catalogOf([item('i1')]));
	t.is(check(lineOf(collection('c1', ['i1']))), undefined);
	t.is(check(Buffer.from('')), undefined);
	t.is(check(Buffer.from('{"id":"i1')), undefined);
	t.is(check(Buffer.from('{"id":"i1","kind":"other"}')), undefined);
});
