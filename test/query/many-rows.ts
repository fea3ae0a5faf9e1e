import process from 'node:process';
import {setImmediate, setTimeout} from 'node:timers/promises';
import test from 'ava';
import {numbersBelow} from '../../source/base/columns/cells.js';
import {createColumns} from '../../source/query/columns.js';
import {createInvertedRows} from '../../source/query/engine/inverted-rows.js';
import {narrow} from '../../source/query/engine/narrow.js';
import {createWordRows} from '../../source/query/engine/word-rows.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {createSlices} from '../../source/query/slices.js';
import {summarize} from '../../source/query/summary.js';
import {makeItem} from './_items.js';

/**
More rows and different words than a function call can have arguments.
*/
const count = 200_000;
const differentWords = 150_000;

const made = (word: number) => `ab${word.toString(36)}`;

const columns = createColumns();
for (let number = 0; number < count; number++) {
	const item = makeItem(`m${number}`, {title: made(number % differentWords), year: 1900 + (number % 100)});
	columns.fill(summarize(item, () => undefined), item);
}

const rows = numbersBelow(count);

const createAsking = () => {
	const inverted = createInvertedRows(columns);
	const words = createWordRows(columns, inverted);
	const ask = async (query: string) => {
		const {where} = await compileQuery(query, {now: new Date('2026-06-01T12:00:00Z'), libraries: [], servers: []});
		return narrow(where, rows, {
			columns, words, inverted, slices: createSlices(), readValues: undefined,
		});
	};

	return {inverted, words, ask};
};

test.serial('a text that is in more words than a call can have arguments is found', async t => {
	const {inverted, ask} = createAsking();
	for (let round = 0; round < 3; round++) {
		t.deepEqual(await ask('title:/^ab/'), rows);
	}

	while (!inverted.texts.isMade()) {
		await setTimeout(5);
	}

	t.deepEqual(await ask('title:/^ab/'), rows);
});

test.serial('no question waits until lists of the words are made, and all are answered alike meanwhile', async t => {
	const {inverted, words, ask} = createAsking();
	let slow = 0;
	for (let round = 0; !inverted.texts.isMade(); round++) {
		const word = made(round);
		t.is((await ask(`title:${word}`)).length, 2);
		t.true((await ask(word)).includes(round));
		slow++;
		await setImmediate();
		words.drop();
	}

	t.true(slow > 2, `${slow} rounds before they were made`);
	t.is((await ask(`title:${made(7)}`)).length, 2);
});

/**
For how long the thread worked at most between two turns of the event loop. How busy the machine is does not count.
*/
const longestTurnMs = async (work: () => Promise<unknown>): Promise<number> => {
	const cpuMs = () => {
		const {user, system} = process.threadCpuUsage();
		return (user + system) / 1000;
	};

	let longest = 0;
	const working = new AbortController();
	const turns = async () => {
		for (let before = cpuMs(); !working.signal.aborted;) {
			await setImmediate();
			const now = cpuMs();
			longest = Math.max(longest, now - before);
			before = now;
		}
	};

	const turning = turns();
	await setImmediate();
	await work();
	working.abort();
	await turning;
	return longest;
};

test.serial('the event loop has its turns while words are looked for in all rows', async t => {
	const {inverted, words, ask} = createAsking();
	const askAll = async () => {
		for (const query of ['title:/^ab/', 'any(type:episode)', 'abx', 'azx']) {
			const ms = await longestTurnMs(async () => ask(query));
			t.true(ms < 50, `${ms} ms for ${query}`);
			words.drop();
		}
	};

	while (!inverted.texts.isMade()) {
		await askAll();
	}

	await askAll();
});
