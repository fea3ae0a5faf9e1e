import test from 'ava';
import * as fc from 'fast-check';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {hasWords, searchForm} from '../../source/query/language/text-tests.js';
import {makeItem} from './_items.js';

const world = {now: new Date('2026-03-01T00:00:00Z'), libraries: [], servers: []};

/**
The rank as it is described: the whole title, its beginning, whole words, within words.
*/
const rankOf = (title: string, word: string): number => {
	const text = searchForm(title);
	if (text === word) {
		return 0;
	}

	if (text.startsWith(word)) {
		return 1;
	}

	return text.includes(word) ? (hasWords(text, word) ? 2 : 3) : 4;
};

const part = fc.constantFrom('or', 'for', 'orb', 'Orb', 'o', 'é', 'ör', '東', '東京', 'b', '7', '-', ' ', ' ', '(', '.');
const titles = fc.array(fc.array(part, {minLength: 1, maxLength: 6}).map(parts => parts.join('').trim()).filter(title => title !== ''), {minLength: 1, maxLength: 12});

test('one word ranks titles as it is described, whatever stands around it', async t => {
	await fc.assert(fc.asyncProperty(titles, fc.constantFrom('or', 'orb', 'o', 'b', '東', '7'), async (all, word) => {
		const index = createCatalogIndex();
		index.put(all.map((title, place) => makeItem(`m${place}`, {title})));
		const found = await index.list({plan: await compileQuery(word, world)}, {isExact: true});
		const ranks = found.map(id => rankOf(all[Number(id.slice(1))]!, word));
		t.deepEqual(ranks, ranks.toSorted((left, right) => left - right));
		t.is(ranks.length, all.filter(title => searchForm(title).includes(word)).length);
	}), {numRuns: 400});
});
