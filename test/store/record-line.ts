import {Buffer} from 'node:buffer';
import test from 'ava';
import fc from 'fast-check';
import * as z from 'zod';
import {itemSchema} from '../../source/catalog/schema.js';
import type {CatalogRecord, ComparedItem, Item} from '../../source/catalog/types.js';
import {
	canonicalJson,
	comparedItem,
	lineFacts,
	recordKeys,
	recordLine,
} from '../../source/store/record-line.js';
import {sharedNames} from '../../source/sync/knowledge.js';
import {createKnownLibrary} from '../../source/sync/known-library.js';
import {
	file,
	item,
	lineOf,
	person,
} from '../helpers/store-records.js';

const json = fc.jsonValue({maxDepth: 3});

const records = fc.record({
	id: fc.oneof(fc.string({minLength: 1}), fc.uuid()),
	title: fc.string({unit: 'binary'}),
	libraryId: fc.string({minLength: 1, unit: 'binary'}),
	type: fc.constantFrom('movie' as const, 'episode' as const),
	viewState: fc.record({viewCount: fc.nat(), userRating: fc.float({min: 0, max: 10, noNaN: true})}, {requiredKeys: []}),
	extra: fc.dictionary(fc.string(), json, {noNullPrototype: true}),
}).map(({extra, ...fields}): CatalogRecord => Object.assign(item(fields.id, fields), {later: extra}));

/**
The same value with the keys of every object in another order.
*/
const reordered = (value: unknown): unknown => {
	if (typeof value !== 'object' || value === null) {
		return value;
	}

	return Array.isArray(value)
		? value.map(element => reordered(element))
		: Object.fromEntries(Object.entries(value).toReversed().map(([key, inner]) => [key, reordered(inner)]));
};

test('a record has one line, whatever the order of its keys, and the line gives the record back', t => {
	fc.assert(fc.property(records, record => {
		const line = recordLine(record);
		t.false(line.includes('\n'));
		t.is(recordLine(reordered(record) as CatalogRecord), line);
		t.is(Buffer.from(line).toString('utf8'), line);
		t.is(recordLine(JSON.parse(line) as CatalogRecord), line);
		const read: unknown = JSON.parse(line);
		const plain: unknown = JSON.parse(JSON.stringify(record)); // eslint-disable-line unicorn/prefer-structured-clone -- the difference is what is tested
		t.is(canonicalJson(read), canonicalJson(plain));
	}), {numRuns: 200});
});

test('a record that is nested too deep is an error, whose hint says what helps', t => {
	const nested = (levels: number) => Object.assign(item('i1'), {later: JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown});
	t.notThrows(() => recordLine(nested(999)));
	for (const levels of [1001, 20_000]) {
		const error = t.throws(() => recordLine(nested(levels)));
		t.like(error, {code: 'damaged', hint: '"reelcat repair" takes out the record that has it, and keeps it in a file.'});
	}
});

test('keys that are out of order far below are put in order in a moment', t => {
	const wrapped = (text: string) => `${'[{"a":'.repeat(200)}${text}${'}]'.repeat(200)}`;
	t.is(canonicalJson(JSON.parse(wrapped('{"b":1,"a":[2,{"d":null,"c":3}]}'))), wrapped('{"a":[2,{"c":3,"d":null}],"b":1}'));
});

test('what is read from a line without parsing it is what parsing gives', t => {
	fc.assert(fc.property(records, record => {
		const {id, kind, type, libraryId} = JSON.parse(recordLine(record)) as ReturnType<typeof item>;
		t.deepEqual(lineFacts(lineOf(record)), {
			id, kind, type, libraryId,
		});
		const shuffled = JSON.stringify(reordered(record));
		t.deepEqual(lineFacts(Buffer.from(shuffled)), {
			id, kind, type, libraryId,
		});
	}), {numRuns: 200});
});

test('id, kind, type, server and library come first in a line, and absent fields are left out', t => {
	t.true(recordLine(item('i1', {year: undefined})).startsWith('{"id":"i1","kind":"item","type":"movie","serverId":"srv","libraryId":"lib",'));
	t.is(recordLine(person('p1')), '{"id":"p1","kind":"person","name":"Name of p1"}');
	t.is(recordLine({...person('p1'), thumb: undefined}), recordLine(person('p1')));
	const facts = lineFacts(lineOf(file('f1')));
	t.deepEqual(facts, {
		id: 'f1', kind: 'file', type: undefined, libraryId: undefined,
	});
});

for (const text of ['', '{', '[]', 'null', '{"id":7,"kind":"item"}', '{"id":"a","kind":"alien"}', '{"id":"a","kind":"item","type":"movie"}']) {
	test(`${JSON.stringify(text)} is not a record`, t => {
		t.is(lineFacts(Buffer.from(text)), undefined);
	});
}

const boundKeys = ['ids', 'collections', 'labels', 'addedAt', 'versions', 'fileId'];

const marks = ['"unavailable":true', '"fileId":"'];

// Whatever looks like a place at which a line is cut, or like what a sync asks for, as a text or as the name of a field.
const hostile = fc.oneof(
	fc.string({unit: 'binary'}),
	fc.array(fc.constantFrom('"', '\\', ',', ':', '{', '}', '[]', 'é', '🎬', ...marks, ...boundKeys.flatMap(key => [key, `,"${key}":`, String.raw`\",\"${key}\":`])), {maxLength: 8})
		.map(pieces => pieces.join('')),
);
const hostiles = fc.array(hostile, {maxLength: 2});
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, {nil: undefined});
const fieldsOf = (names: readonly string[], value: fc.Arbitrary<unknown>) => Object.fromEntries(names.map(name => [name, value]));

const hostileItems = fc.record({
	...fieldsOf(['id', 'serverId', 'libraryId', 'title'], hostile),
	...fieldsOf(['ratingKey', 'showId', 'seasonId', 'guid', 'summary', 'slug', 'addedAt', 'updatedAt', 'trashedAt', 'firstSeenAt', 'missingSince'], maybe(hostile)),
	...fieldsOf(['genres', 'collections', 'folders', 'lockedFields'], hostiles),
	labels: maybe(hostiles),
	type: fc.constantFrom('movie', 'show', 'season', 'episode'),
	cast: fc.array(fc.record({personId: hostile, role: maybe(hostile)}), {maxLength: 2}),
	fingerprints: maybe(fc.record({slim: hostile, full: maybe(hostile)})),
	viewState: maybe(fc.record({viewCount: maybe(fc.nat()), lastViewedAt: maybe(hostile)})),
	versions: fc.array(fc.record({optimized: maybe(fc.boolean()), parts: fc.array(fc.record({fileId: hostile, unavailable: maybe(fc.boolean())}), {maxLength: 2})}), {maxLength: 2}),
	// Of a later reelcat.
	unknown: fc.dictionary(
		// Another field of this name would count as a file.
		fc.oneof(hostile.filter(key => key !== 'fileId'), fc.constantFrom(...recordKeys('item'))),
		fc.oneof(fc.jsonValue({maxDepth: 2}), fc.constantFrom<unknown>([], {a: 1, addedAt: 'x', versions: []})),
		{noNullPrototype: true},
	),
}).map(fields => Object.assign(item('i1'), fields) as unknown as Item);

const knownOf = (compared: ComparedItem) => {
	const known = createKnownLibrary();
	known.put(compared);
	return [...known.passing().map(one => ({...one})), ...known.unkeyed()];
};

test('what a sync knows of an item is what parsing its line gives, whatever its texts hold', t => {
	let cut = 0;
	fc.assert(fc.property(hostileItems, record => {
		const line = recordLine(record);
		const compared = comparedItem(Buffer.from(line), {hasFiles: true});
		cut += Object.hasOwn(compared, 'title') ? 0 : 1;
		const parsed = JSON.parse(line) as Item;
		t.deepEqual(knownOf(compared), knownOf(parsed));
		t.deepEqual(knownOf(comparedItem(Buffer.from(line))), knownOf(parsed));
		t.is(compared.libraryId, parsed.libraryId);
		t.deepEqual(new Set(sharedNames(compared)), new Set(sharedNames(parsed)));
	}), {numRuns: 2000});
	t.true(cut > 500, `of 2000 lines, ${cut} were cut`);
});

test('no field within another is named like one at which a line is cut', t => {
	const schema = JSON.stringify(z.toJSONSchema(itemSchema()));
	for (const key of boundKeys) {
		t.is(schema.split(`"${key}":`).length, 2, key);
	}
});
