import process from 'node:process';
import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {makeItem} from './_items.js';

/**
More rows and different words than a function call can have arguments.
*/
const count = 200_000;
const differentWords = 150_000;

const index = createCatalogIndex();
for (let start = 0; start < count; start += 1000) {
	index.put(Array.from({length: 1000}, (_, offset) => {
		const number = start + offset;
		return makeItem(`m${number}`, {title: `ab${(number % differentWords).toString(36)}`, year: 1900 + (number % 100)});
	}));
}

const ask = async (query: string) => index.list({plan: await compileQuery(query, {now: new Date('2026-06-01T12:00:00Z'), libraries: [], servers: []})});

test.serial('a text that is in more words than a call can have arguments is found', async t => {
	for (let round = 0; round < 4; round++) {
		const found = await ask('title:/^ab/');
		t.is(found.length, count);
	}
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
	// From the third time on, lists of the words are at hand.
	for (let round = 0; round < 4; round++) {
		for (const query of ['title:/^ab/', 'any(type:episode)', 'abx', 'azx']) {
			const ms = await longestTurnMs(async () => ask(query));
			t.true(ms < 50, `${ms} ms for ${query}`);
		}
	}
});
