/**
Somebody who looks at a catalogue all the time: a page, then a search, then a moment to read. It prints a line with the titles of what has changed whenever it is told of a commit, and what it has measured when it is ended by a line on stdin.

Usage: tsx benchmark/viewer.ts PREFIX, with REELCAT_STORE and HOME in the environment. Titles that do not begin with the prefix are not told.
*/
import {once} from 'node:events';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {openSessionQueries} from '../source/app/daemon-queries.js';
import {createSession} from '../source/app/session.js';
import {errorMessage} from '../source/base/errors.js';
import type {Change} from '../source/catalog/catalog-store.js';
import type {CatalogRecord} from '../source/catalog/types.js';

const prefix = process.argv[2]!;
const readingMs = 250;
const session = createSession({
	env: process.env, homeFolder: process.env['HOME']!, isDemo: false, version: 'viewer',
});
const store = await session.openStore({access: 'read'});
await store.load();
const {queries, close} = openSessionQueries(session, {store, loaded: Promise.resolve(), index: undefined});

const tell = (value: unknown) => {
	process.stdout.write(`${JSON.stringify(value)}\n`);
};

const errors: string[] = [];
const titlesOf = (records: readonly CatalogRecord[]) => records.flatMap(record => record.kind === 'item' && record.title.startsWith(prefix) ? [record.title] : []);

const look = async ({upserted, isReload}: Change) => {
	try {
		const records = isReload === true ? (await store.page({kind: 'item', limit: Infinity})).records : await store.getMany(upserted, {kind: 'item'});
		tell({titles: titlesOf(records)});
	} catch (error) {
		errors.push(errorMessage(error));
	}
};

store.subscribe(change => {
	void look(change);
});

const pageMs: number[] = [];
const searchMs: number[] = [];
const ask = async (times: number[], question: Parameters<typeof queries.items>[0]): Promise<number> => {
	const startedMs = performance.now();
	try {
		const {total} = await queries.items(question);
		return total;
	} catch (error) {
		errors.push(errorMessage(error));
		return 0;
	} finally {
		times.push(performance.now() - startedMs);
	}
};

// The first question makes what later ones use.
let total = await ask([], {text: 'type:movie sort:title', limit: 50, offset: 0});
tell({isReady: true});
const ending = new AbortController();
void once(process.stdin, 'data').then(() => {
	ending.abort();
});
while (!ending.signal.aborted) {
	total = await ask(pageMs, {text: 'type:movie sort:title', limit: 50, offset: Math.floor(Math.random() * Math.max(1, total - 50))});
	await ask(searchMs, {text: `${prefix} ${Math.floor(Math.random() * 100)} sort:-added`, limit: 50, offset: 0});
	await delay(readingMs);
}

tell({pageMs, searchMs, errors});
close();
await store.close();
await session.close();
process.stdin.destroy();
