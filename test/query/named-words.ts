import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import {createItemLists} from '../../source/query/lists.js';
import {makeItem} from './_items.js';

const world = {now: new Date('2026-03-01T00:00:00Z'), libraries: [], servers: []};

test('a word finds genres and collections, but no studio, country or label, also once lists of them are made', async t => {
	const index = createCatalogIndex();
	index.put([
		makeItem('m1', {title: 'One', genres: ['g1']}),
		makeItem('m2', {title: 'Two', studios: ['g1']}),
		makeItem('m3', {title: 'Three', labels: ['t1']}),
		makeItem('m4', {title: 'Four', collections: ['t2'], countries: ['t3']}),
		makeItem('m5', {title: 'Five', countries: ['t2']}),
		makeItem('m6', {title: 'Six', countries: ['t3']}),
	]);
	for (const id of ['g1', 't1', 't2', 't3']) {
		index.rename(id, `Harbour ${id}`);
	}

	const asked = async (text: string) => index.list({plan: await compileQuery(text, world)}, {isExact: true});
	// What is asked often is made ready.
	for (const word of ['harbour', 'harbou', 'harbo', 'harb', 'har', 'ha', 'arb', 'bour']) {
		t.deepEqual((await asked(word)).toSorted(), ['m1', 'm4'], `of ${word}`);
		await setImmediate();
	}

	t.deepEqual(await asked('g1'), ['m1']);
	t.deepEqual(await asked('t2'), ['m4']);
	t.deepEqual(await asked('t3'), []);
});

test('a name that is given again is no news, so what was made of the names stays', t => {
	const lists = createItemLists();
	lists.set(0, makeItem('m1', {directors: ['p1']}));
	t.false(lists.rename('p2', 'Mira Holt'));
	t.true(lists.rename('p1', 'Mira Holt'));
	t.false(lists.rename('p1', 'Mira Holt'));
	t.true(lists.rename('p1', 'Mira Holt-Lind'));
	t.is(lists.nameOf('p1'), 'Mira Holt-Lind');
});
