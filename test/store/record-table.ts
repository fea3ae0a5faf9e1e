import {Buffer} from 'node:buffer';
import {writeFile} from 'node:fs/promises';
import process from 'node:process';
import test from 'ava';
import fc from 'fast-check';
import type {Item} from '../../source/catalog/types.js';
import {openLineFile} from '../../source/store/line-file.js';
import {recordLine} from '../../source/store/record-line.js';
import {createRecordTable} from '../../source/store/record-table.js';
import {
	item,
	lineOf,
	temporaryFolder,
	textsOf,
} from '../helpers/store-records.js';

const steps = fc.array(fc.record({
	id: fc.integer({min: 0, max: 40}).map(String),
	isRemoval: fc.boolean(),
	type: fc.constantFrom('movie' as const, 'show' as const),
	// Long enough that blocks of the arena are filled, emptied and moved.
	summary: fc.integer({min: 0, max: 30_000}),
}), {maxLength: 120});

test('after any puts and removals the table holds what a Map would hold, and counts it', t => {
	fc.assert(fc.property(steps, list => {
		const table = createRecordTable();
		const model = new Map<string, string>();
		for (const {id, isRemoval, type, summary} of list) {
			if (isRemoval) {
				table.remove(id);
				model.delete(id);
				continue;
			}

			const line = recordLine(item(id, {type, summary: 's'.repeat(summary)}));
			model.set(id, line);
			table.put(Buffer.from(line));
		}

		t.is(table.size(), model.size);
		for (const [id, line] of model) {
			t.is(table.line(id)?.toString(), line);
		}

		const lines = textsOf(table);
		t.deepEqual(lines.toSorted(), model.values().toArray().toSorted());
		t.is(table.usedBytes(), lines.join('').length);
		const shows = lines.filter(line => line.includes('"type":"show"')).length;
		t.deepEqual(table.counts('lib'), {
			movie: model.size - shows, show: shows, season: 0, episode: 0,
		});
	}), {numRuns: 60});
});

test('a page of what contains a text has all records that have it as a value, and goes on where it ended', t => {
	const title = fc.constantFrom('Heron', 'Heron 2', 'A "Heron"', 'Hérôn', '\\', '":"');
	fc.assert(fc.property(fc.array(title, {maxLength: 60}), fc.array(title, {minLength: 1, maxLength: 3}), fc.integer({min: 1, max: 5}), (titles, texts, limit) => {
		const table = createRecordTable();
		for (const [index, text] of titles.entries()) {
			table.put(Buffer.from(recordLine(item(`i${index}`, {title: text}))));
		}

		const found: string[] = [];
		let after: string | undefined;
		do {
			const page = table.page({
				kind: 'item', containing: texts, limit, ...after !== undefined && {after},
			});
			t.true(page.records.length <= limit);
			found.push(...page.records.map(({id}) => id));
			after = page.cursor;
		} while (after !== undefined);

		t.is(new Set(found).size, found.length);
		const wanted = titles.flatMap((text, index) => texts.includes(text) ? [`i${index}`] : []);
		// `":"` stands between a key and its value in any line.
		t.deepEqual(texts.includes('":"') ? wanted.filter(id => !found.includes(id)) : found, texts.includes('":"') ? [] : wanted);
	}), {numRuns: 100});
});

test('a record that is changed ten thousand times does not keep its old lines in memory', t => {
	const table = createRecordTable();
	const before = process.memoryUsage().arrayBuffers;
	for (let index = 0; index < 10_000; index++) {
		const summary = `${index}`.padEnd(20_000, 's');
		table.put(lineOf(item('i1', {summary})));
	}

	t.is(table.size(), 1);
	// 200 MB went through it.
	t.true(process.memoryUsage().arrayBuffers - before < 100 * (2 ** 20));
});

test('a line longer than a block of memory is kept whole', t => {
	const table = createRecordTable();
	const line = recordLine(item('i1', {summary: '文'.repeat(2_000_000)}));
	table.put(lineOf(item('i0')));
	table.put(Buffer.from(line));
	table.put(lineOf(item('i2')));
	t.is(table.line('i1')?.toString(), line);
	t.is(table.get('i2')?.id, 'i2');
});

test('what is kept of a table is made a few thousand records at a time', t => {
	const table = createRecordTable();
	for (let number = 0; number < 10_000; number++) {
		table.put(Buffer.from(recordLine(item(`i${number}`))));
	}

	// The ids, their places in a table, the kinds and the lines.
	t.true([...table.save()].length >= 4 * 4);
});

test('a line that somebody holds stays as it was, however many others are read from the file', async t => {
	const table = createRecordTable();
	const lines = Array.from({length: 1000}, (_, number) => lineOf(item(`i${number}`, {summary: String(number % 10).repeat(12_000)})));
	const path = `${await temporaryFolder(t)}/lines`;
	await writeFile(path, Buffer.concat(lines));
	const file = openLineFile(path)!;
	let offset = 0;
	for (const line of lines) {
		table.put(line, {file, offset});
		offset += line.length;
	}

	// Twice, so that each is read from blocks whose memory others had before.
	for (let round = 0; round < 2; round++) {
		const held = lines.map((_, number) => table.line(`i${number}`)!);
		t.true(held.every((line, number) => line.equals(lines[number]!)));
		t.is((table.get(`i${round}`) as Item).summary, String(round).repeat(12_000));
	}
});
