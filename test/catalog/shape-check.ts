import test from 'ava';
import fc from 'fast-check';
import * as z from 'zod';
import {recordSchema} from '../../source/catalog/schema.js';
import {shapeCheck} from '../../source/catalog/shape-check.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {withDemo} from '../demo/_demo.js';

const isRecord = shapeCheck(recordSchema());
const isAgreed = (value: unknown) => isRecord(value) === recordSchema().safeParse(value).success;

/**
Every place in a value, as the keys that lead to it.
*/
const pathsOf = (value: unknown): string[][] => typeof value === 'object' && value !== null
	? Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map(path => [key, ...path])])
	: [];

const altered = (value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown => {
	if (key === undefined) {
		return put;
	}

	const copy: unknown = Array.isArray(value) ? [...value as unknown[]] : {...value as Record<string, unknown>};
	(copy as Record<string, unknown>)[key] = altered((copy as Record<string, unknown>)[key], rest, put);
	return copy;
};

const anyValue = fc.oneof(
	fc.constantFrom(undefined, null, '', 'x', -1, 0, 0.5, 11, NaN, Infinity, 2 ** 60, true, [], {}, [''], [null]),
	fc.constantFrom('2024-02-30', '2024-02-29', '2024-01-01T00:00:00Z', '2024-01-01', 'item', 'file', 'movie'),
	fc.string({maxLength: 3}),
	fc.double(),
);

test('a record with anything in any place is judged as zod judges it', async t => {
	const {server, ask} = await withDemo(t);
	const records: unknown[] = [];
	for (const [section, type] of [['1', 1], ['2', 2], ['2', 4], ['5', 1]] as const) {
		const keys = server.library.page(section, type, {start: 0, size: 30}).map(row => (row as {ratingKey?: string} | undefined)?.ratingKey).filter(key => key !== undefined);
		const response = await ask(`/library/metadata/${keys.join(',')}?includeChapters=1&includeMarkers=1&includeExtras=1`);
		const {MediaContainer: {Metadata}} = await response.json() as {MediaContainer: {Metadata: unknown[]}};
		records.push(...Metadata.map(row => normalize(row, {serverId: 'server', libraryId: 'films'})).filter(result => result.ok)
			.flatMap(({value: {item, people, tags, files}}) => [item, ...people.slice(0, 1), ...tags.slice(0, 1), ...files]));
	}

	records.push({
		id: 't', kind: 'tombstone', itemId: 'i', serverId: 's', libraryId: 'l', removedAt: '2024-01-01T00:00:00Z', runId: 'r', reason: 'gone', item: records[0], files: [],
	}, {
		id: 'r', kind: 'run', command: 'sync', status: 'done', startedAt: '2024-01-01T00:00:00Z', durationMs: 1, requests: 1, receivedBytes: 1, problems: [], problemCount: 0,
		libraries: [{
			id: 'l', title: 'L', mode: 'full', complete: true, durationMs: 1, changes: {added: 1}, held: 0, notes: [], expected: 1, imported: 1, unchanged: 0, failed: 0, skipped: 0,
		}],
	});
	t.true(records.every(record => isRecord(record)));
	const mutation = fc.constantFrom(...records).chain(record => fc.record({record: fc.constant(record), path: fc.constantFrom(...pathsOf(record)), put: anyValue}));
	let refused = 0;
	fc.assert(fc.property(mutation, ({record, path, put}) => {
		const value = altered(record, path, put);
		refused += isRecord(value) ? 0 : 1;
		t.true(isAgreed(value));
	}), {numRuns: 4000});
	t.true(refused > 1000);
	fc.assert(fc.property(fc.anything(), value => {
		t.true(isAgreed(value));
	}));
});

test('a rule that is not known is left to zod', t => {
	const schemas = [
		z.string().regex(/^a/v),
		z.string().max(2),
		z.email(),
		z.number().multipleOf(2),
		z.record(z.string(), z.number()),
		z.strictObject({a: z.string()}),
		z.union([z.string(), z.number()]),
		z.string().nullable(),
	];
	fc.assert(fc.property(fc.oneof(fc.constantFrom('a', 'aaaa', 'b', 'a@b.example', null, 3, 4, {a: 'x'}, {a: 'x', b: 1}, {a: 1}), fc.anything()), value => {
		for (const schema of schemas) {
			t.is(shapeCheck(schema)(value), schema.safeParse(value).success);
		}
	}));
});
