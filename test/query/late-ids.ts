import test from 'ava';
import fc from 'fast-check';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {compileQuery} from '../../source/query/language/compile.js';
import type {CatalogIndex} from '../../source/query/types.js';
import {makeItem} from './_items.js';

const world = {now: new Date('2026-03-01T00:00:00Z'), libraries: [], servers: []};
const itemsOf = (numbers: readonly number[], title: string) => numbers.map(number => makeItem(`m${number}`, {title: `${title} ${number}`}));

const numbers = fc.uniqueArray(fc.nat(30), {maxLength: 20});
const change = fc.oneof(
	fc.tuple(numbers, fc.constantFrom('Ferry', 'Amélie')).map(([some, title]) => (index: CatalogIndex) => {
		index.put(itemsOf(some, title));
	}),
	numbers.map(some => (index: CatalogIndex) => {
		index.remove(some.map(number => `m${number}`));
	}),
	fc.constant((index: CatalogIndex) => {
		index.clear();
	}),
);

test('a glance has the ids of the list, and keeps them whatever is put and removed later', async t => {
	await fc.assert(fc.asyncProperty(numbers, fc.array(change, {maxLength: 6}), fc.constantFrom('', 'ferry', 'e sort:-title limit:7'), fc.integer({min: -25, max: 25}), async (first, changes, query, at) => {
		const index = createCatalogIndex();
		index.put(itemsOf(first, 'Ferry'));
		const plan = await compileQuery(query, world);
		const glances: Array<{ids: readonly string[]; glance: Awaited<ReturnType<typeof index.glance>>}> = [];
		const check = () => {
			for (const {ids, glance} of glances) {
				t.deepEqual([...glance], ids);
				t.is(glance.length, ids.length);
				t.is(glance.at(at), ids.at(at));
				t.deepEqual(glance.slice(at, 20), ids.slice(at, 20));
				for (let number = 0; number <= 31; number++) {
					t.is(glance.indexOf(`m${number}`), ids.indexOf(`m${number}`));
				}
			}
		};

		for (const made of [...changes, undefined]) {
			glances.push({ids: await index.list({plan}), glance: await index.glance({plan})});
			check();
			made?.(index);
			check();
		}
	}), {numRuns: 200});
});

test('what is removed while a glance is made is not in it', async t => {
	const plan = await compileQuery('ferry', world);
	const lengths = new Set<number>();
	for (let turns = 0; turns < 60; turns++) {
		const index = createCatalogIndex();
		index.put(itemsOf([1, 2, 3], 'Ferry'));
		const asked = index.glance({plan});
		for (let turn = 0; turn < turns; turn++) {
			await Promise.resolve();
		}

		index.remove(['m2']);
		const ids = [...await asked];
		// It may have been made before.
		t.deepEqual(ids, ids.length === 3 ? ['m1', 'm2', 'm3'] : ['m1', 'm3'], `${turns}`);
		lengths.add(ids.length);
	}

	t.is(lengths.size, 2);
});
