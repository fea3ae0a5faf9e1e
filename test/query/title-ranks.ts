import {setImmediate} from 'node:timers/promises';
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
		const plan = await compileQuery(word, world);
		const check = async (titlesNow: readonly string[]) => {
			const found = await index.list({plan}, {isExact: true});
			const ranks = found.map(id => rankOf(titlesNow[Number(id.slice(1))]!, word));
			t.deepEqual(ranks, ranks.toSorted((left, right) => left - right));
			t.is(ranks.length, titlesNow.filter(title => searchForm(title).includes(word)).length);
		};

		await check(all);
		// What is asked often is made ready.
		for (const other of ['orbo', 'boor', '77']) {
			await index.list({plan: await compileQuery(other, world)}, {isExact: true});
			await setImmediate();
		}

		await check(all);
		const others = all.map((title, place) => place % 2 === 0 ? all.at(-1 - place)! : title);
		index.put(others.map((title, place) => makeItem(`m${place}`, {title})).filter((_, place) => place % 2 === 0));
		await check(others);
	}), {numRuns: 400});
});
