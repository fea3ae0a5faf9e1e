import {setImmediate} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {createColumns} from '../../source/query/columns.js';
import {createNumberOrders} from '../../source/query/engine/number-orders.js';
import {summarize} from '../../source/query/summary.js';
import {
	answersOf,
	ask,
	fileSize,
	indexOf,
	nameOf,
} from './_asked-library.js';
import {makeItem} from './_items.js';
import {
	randomConditions,
	randomItems,
	randomQueries,
} from './_random-library.js';

test('the index answers as a look at every record does', async t => {
	await fc.assert(fc.asyncProperty(randomItems, fc.array(randomQueries, {minLength: 5, maxLength: 15}), async (items, queries) => {
		const index = indexOf(items);
		const naive = answersOf(items);
		for (const query of queries) {
			t.deepEqual(await ask(index, items, query), await naive(query), query);
		}
	}), {numRuns: 300});
});

test('a saved index answers as before, and so does one that was changed', async t => {
	await fc.assert(fc.asyncProperty(randomItems, randomItems, fc.array(randomQueries, {minLength: 3, maxLength: 6}), async (items, others, queries) => {
		const index = indexOf(others);
		index.remove(others.map(({id}) => id).slice(0, 5));
		const restored = createCatalogIndex();
		const saved = await index.save();
		restored.restore(name => saved.get(name)!);
		const fresh = indexOf(items);
		restored.put(items, fileSize);
		restored.remove(others.slice(items.length).map(({id}) => id));
		for (const id of restored.unnamedIds()) {
			restored.rename(id, nameOf(id));
		}

		for (const query of queries) {
			t.deepEqual(await ask(restored, items, query), await ask(fresh, items, query), query);
		}
	}), {numRuns: 100});
});

test('whatever is put, removed and renamed between queries, they are answered as if nothing had been known before', async t => {
	const change = fc.record({
		removed: fc.nat(6), items: randomItems, queries: fc.array(randomQueries, {minLength: 1, maxLength: 4}), isRenamed: fc.boolean(),
	});
	await fc.assert(fc.asyncProperty(randomItems, fc.array(randomQueries, {minLength: 4, maxLength: 8}), fc.array(change, {minLength: 1, maxLength: 3}), async (first, before, changes) => {
		const index = indexOf(first);
		const items = new Map(first.map(item => [item.id, item]));
		// What is asked often is made ready, so that changes must be followed.
		for (const query of [...before, ...before, ...before]) {
			await ask(index, first, query);
		}

		for (const {removed, items: others, queries, isRenamed} of changes) {
			const gone = items.keys().drop(removed).take(3).toArray();
			index.remove(gone);
			for (const id of gone) {
				items.delete(id);
			}

			index.put(others, fileSize);
			for (const item of others) {
				items.set(item.id, item);
			}

			for (const id of index.unnamedIds()) {
				index.rename(id, nameOf(id));
			}

			index.rename('p0', 'Ferry Night');
			if (isRenamed) {
				await ask(index, first, 'ferry');
			}

			index.rename('p0', nameOf('p0'));
			const all = items.values().toArray();
			const naive = answersOf(all);
			for (const query of [...queries, ...before]) {
				t.deepEqual(await ask(index, all, query), await naive(query), `of ${query}`);
			}
		}
	}), {numRuns: 100});
});

test('a condition and its negation part the library', async t => {
	await fc.assert(fc.asyncProperty(randomItems, randomConditions, async (items, condition) => {
		const index = indexOf(items);
		const both = [...await ask(index, items, condition), ...await ask(index, items, `-${condition}`)];
		t.deepEqual(both.toSorted(), items.map(({id}) => id).toSorted());
	}), {numRuns: 300});
});

test('a..b is >=a and <=b', async t => {
	const values = {
		year: ['1926', '1984', '2024'], res: ['sd', '720p', '1080p', '4K'], size: ['20GB', '0.5GB', '60GB'], len: ['1h30', '90m', '2h'], added: ['2021', '2024-05', '2024-05-01', '30d', '5y'], released: ['2024', '2024-05-31', '3y'], rating: ['5', '7.4'],
	};
	const pair = fc.constantFrom(...Object.entries(values)).chain(([name, known]) => fc.tuple(fc.constant(name), fc.constantFrom(...known), fc.constantFrom(...known)));
	await fc.assert(fc.asyncProperty(randomItems, pair, async (items, [name, from, to]) => {
		const index = indexOf(items);
		t.deepEqual(await ask(index, items, `${name}:${from}..${to}`), await ask(index, items, `${name}:>=${from} ${name}:<=${to}`));
	}), {numRuns: 300});
});

test('an order is total: it does not depend on how the items came', async t => {
	await fc.assert(fc.asyncProperty(randomItems, fc.constantFrom('title', '-year', 'res', '-size,added', 'codec', 'watched'), async (items, sort) => {
		const [one, other] = [indexOf(items), indexOf(items.toReversed())];
		t.deepEqual(await ask(one, items, `sort:${sort}`), await ask(other, items, `sort:${sort}`));
	}), {numRuns: 100});
});

test('the order of a field holds the first rows and those within bounds, whatever has changed since', async t => {
	let certain = 0;
	const years = fc.integer({min: 1990, max: 2005});
	const change = fc.record({number: fc.nat(60), year: fc.option(years, {nil: undefined}), isGone: fc.boolean()});
	const question = fc.record({
		isDescending: fc.boolean(), limit: fc.integer({min: 1, max: 3}), every: fc.integer({min: 1, max: 3}), min: years, max: years,
	});
	await fc.assert(fc.asyncProperty(fc.array(change, {minLength: 30, maxLength: 60}), fc.array(fc.oneof(change, question), {maxLength: 30}), async (before, after) => {
		const columns = createColumns();
		const orders = createNumberOrders(columns);
		const yearAt = (row: number) => columns.named.year.get(row) ?? Infinity;
		const make = ({number, year, isGone}: typeof change extends fc.Arbitrary<infer Change> ? Change : never) => {
			const item = makeItem(`m${number}`, year === undefined ? {} : {year});
			const known = columns.named.id.find(item.id);
			if (known !== undefined) {
				orders.touch(known);
			}

			if (!isGone) {
				orders.touch(columns.fill(summarize(item, () => undefined), item));
			} else if (known !== undefined) {
				columns.empty(item.id);
			}
		};

		const isRight = ({isDescending, limit, every, min, max}: typeof question extends fc.Arbitrary<infer Question> ? Question : never): boolean => {
			const isWanted = (row: number) => row % every === 0;
			const placeOf = (row: number) => yearAt(row) === Infinity ? Infinity : yearAt(row) * (isDescending ? -1 : 1);
			const firstOf = (rows: Int32Array) => rows.filter(row => isWanted(row)).toSorted((one, other) => placeOf(one) === placeOf(other) ? one - other : placeOf(one) - placeOf(other)).slice(0, limit);
			const withinOf = (rows: Int32Array) => rows.filter(row => yearAt(row) >= min && yearAt(row) <= max);
			const all = columns.filledRows();
			const within = orders.within('year', {
				min, max, isMinOpen: false, isMaxOpen: false,
			}, Infinity);
			const first = orders.first({field: 'year', isDescending}, limit * every);
			const isCertain = first?.areEnough(first.rows.filter(row => isWanted(row)), limit);
			certain += isCertain && within ? 1 : 0;
			return (!isCertain || isDeepStrictEqual(firstOf(first!.rows), firstOf(all))) && (!within || isDeepStrictEqual(withinOf(within), withinOf(all)));
		};

		for (const one of before) {
			make(one);
		}

		for (let round = 0; round < 3; round++) {
			orders.first({field: 'year', isDescending: false}, 1);
		}

		await setImmediate();
		return after.every(step => {
			if ('number' in step) {
				make(step);
				return true;
			}

			return isRight(step);
		});
	}), {numRuns: 200});
	t.true(certain > 200, `${certain} questions were answered by the order`);
});
