import test from 'ava';
import fc from 'fast-check';
import {createQueryIndex} from '../../source/app/query-index.js';
import {AppError} from '../../source/base/errors.js';
import {createMemoryStore} from '../../source/store/memory-store.js';
import {commit} from '../commands/_past.js';
import {makeItem, makeLibrary} from '../query/_items.js';

const open = async () => {
	const store = createMemoryStore();
	await store.load();
	await commit(store, {libraries: [makeLibrary('films', 'Films')], put: [makeItem('m0', {title: 'Film 0'})]});
	return store;
};

test('the index has what was committed before each question, whatever was put, removed and put again', async t => {
	const step = fc.record({
		id: fc.nat({max: 5}), isRemoval: fc.boolean(), year: fc.integer({min: 1900, max: 2000}), isAsked: fc.boolean(),
	});
	await fc.assert(fc.asyncProperty(fc.array(step, {maxLength: 30}), async steps => {
		const store = await open();
		const {index, close} = createQueryIndex({...store, kept: () => undefined});
		const wrong: string[] = [];
		const expected = new Map<string, number | undefined>([['m0', undefined]]);
		for (const {id: number, isRemoval, year, isAsked} of steps) {
			const id = `m${number}`;
			if (isRemoval) {
				await commit(store, {remove: [id]});
				expected.delete(id);
			} else {
				await commit(store, {put: [makeItem(id, {title: id, year})]});
				expected.set(id, year);
			}

			if (!isAsked) {
				continue;
			}

			const now = await index();
			const isRight = now.size() === expected.size && expected.entries().every(([known, knownYear]) => now.value(known, 'year') === knownYear);
			wrong.push(...isRight ? [] : [`after ${id}`]);
		}

		t.deepEqual(wrong, []);

		const last = await index();
		t.is(last.size(), expected.size);
		close();
	}), {numRuns: 60});
});

test('a commit that comes while the index is filled is in it, and what fails is made anew at the next question', async t => {
	const store = await open();
	let fails = 1;
	const {index, close} = createQueryIndex({
		...store,
		kept: () => undefined,
		async page(query) {
			if (fails-- > 0) {
				throw new AppError('damaged', 'The catalogue cannot be read.');
			}

			const page = await store.page(query);
			if (fails > -2) {
				await commit(store, {put: [makeItem('late', {title: 'Late'})]});
			}

			return page;
		},
	});
	await t.throwsAsync(index(), {code: 'damaged'});
	const [first, second] = await Promise.all([index(), index()]);
	t.is(first, second);
	t.deepEqual(first.summaries().map(({id}) => id).toArray().toSorted(), ['late', 'm0']);
	close();
	await commit(store, {put: [makeItem('later', {title: 'Later'})]});
	t.is((await index()).size(), 2);
});
