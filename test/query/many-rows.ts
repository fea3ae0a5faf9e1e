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

test('a text that is in more words than a call can have arguments is found', async t => {
	for (let round = 0; round < 4; round++) {
		const found = await ask('title:/^ab/');
		t.is(found.length, count);
	}
});
