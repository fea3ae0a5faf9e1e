import test from 'ava';
import fc from 'fast-check';
import {exportOrder, type ExportFilter} from '../../source/export/order.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import type {Item} from '../../source/catalog/types.js';
import {
	header,
	makeItem,
	makeLibrary,
	showItems,
} from '../query/_items.js';

const orderOf = async (items: readonly Item[], filter: ExportFilter = {}, libraries = header.libraries) => {
	const index = createCatalogIndex();
	index.put(items);
	let ids: string[] = [];
	for await (const list of exportOrder(index, {libraries}, filter)) {
		ids = [...ids, ...list];
	}

	return ids;
};

const films = [makeItem('m2', {title: 'The Thing', year: 2011}), makeItem('m1', {title: 'The Thing', year: 1982}), makeItem('m3', {title: 'Alien'})];
const showOrder = ['show1', 'season10', 'episode05', 'season11', 'episode11', 'episode13', 'episode14', 'episode110', 'season13', 'episode31'];

test('libraries follow by title, movies by title and year, episodes follow their season', async t => {
	t.deepEqual(await orderOf([...showItems(), ...films]), ['m3', 'm1', 'm2', ...showOrder]);
});

test('the order does not depend on the order of import', async t => {
	const items = [...showItems(), ...films];
	const expected = await orderOf(items);
	const law = fc.asyncProperty(fc.shuffledSubarray(items, {minLength: items.length}), async shuffled =>
		(await orderOf(shuffled)).join(' ') === expected.join(' '));
	await t.notThrowsAsync(async () => fc.assert(law, {numRuns: 30}));
});

test('libraries with the same title follow by id', async t => {
	const libraries = [makeLibrary('b', 'Films'), makeLibrary('a', 'films'), makeLibrary('c', 'A Zoo')];
	const items = ['a', 'b', 'c'].map(libraryId => makeItem(`m-${libraryId}`, {libraryId}));
	t.deepEqual(await orderOf(items, {}, libraries), ['m-a', 'm-b', 'm-c']);
});

test('an export can be limited to libraries and types', async t => {
	t.deepEqual(await orderOf([...showItems(), ...films], {types: ['season']}), ['season10', 'season11', 'season13']);
	t.deepEqual(await orderOf([...showItems(), ...films], {libraryIds: ['films']}), ['m3', 'm1', 'm2']);
});

test('items whose show or season is not there are exported too', async t => {
	const orphans = showItems().filter(({id}) => id !== 'season11');
	t.deepEqual((await orderOf(orphans)).toSorted(), orphans.map(({id}) => id).toSorted());
	const withoutShow = showItems().filter(({id}) => id !== 'show1');
	t.deepEqual((await orderOf(withoutShow)).toSorted(), withoutShow.map(({id}) => id).toSorted());
});
