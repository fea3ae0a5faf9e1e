import test from 'ava';
import {wrongParents, type ParentFacts} from '../../source/catalog/parentage.js';
import {storedItems} from '../../source/catalog/catalog-store.js';
import {contentOf} from '../helpers/catalog-content.js';
import {createRowWorld, type RowWorld} from '../helpers/row-world.js';
import {
	episodeRow,
	movieRow,
	seasonRow,
	showRow,
	type AnyRow,
	type AnySection,
} from '../helpers/row-server.js';

const shows = (rows: AnySection['rows']): AnySection[] => [
	{
		key: '1', uuid: 'shows', title: 'Shows', type: 'show', rows: {...rows, 2: [showRow('1'), ...rows['2'] ?? []]},
	},
	{
		key: '2', uuid: 'others', title: 'Others', type: 'show', rows: {2: [showRow('80', {librarySectionID: 2})], 3: [seasonRow('81', '80', {librarySectionID: 2})]},
	},
	{
		key: '3', uuid: 'films', title: 'Films', type: 'movie', rows: {1: [movieRow('90', {librarySectionID: 3})]},
	},
];

const nobody = {parentRatingKey: undefined, parentKey: undefined};

/**
A season and an episode that name wrong parents, in a library with a whole show: each shape on its own.
*/
const shapes: Readonly<Record<string, {seasons: AnyRow[]; episodes: AnyRow[]}>> = {
	'a season without a show': {seasons: [seasonRow('11', '1', nobody)], episodes: []},
	'a season that is its own show': {seasons: [seasonRow('11', '11')], episodes: []},
	'a season of a film': {seasons: [seasonRow('11', '90')], episodes: []},
	'a season of a season': {seasons: [seasonRow('11', '1'), seasonRow('12', '11')], episodes: []},
	'seasons in a circle': {seasons: [seasonRow('11', '12'), seasonRow('12', '11')], episodes: []},
	'a season of a show of another library': {seasons: [seasonRow('11', '80')], episodes: []},
	'a season of an episode': {seasons: [seasonRow('11', '1'), seasonRow('12', '21')], episodes: [episodeRow('21', '11', '1')]},
	'an episode without a show': {seasons: [seasonRow('11', '1')], episodes: [episodeRow('21', '11', '1', {grandparentRatingKey: undefined})]},
	'an episode without anything': {seasons: [], episodes: [episodeRow('21', '11', '1', {...nobody, grandparentRatingKey: undefined})]},
	'an episode that is its own season': {seasons: [], episodes: [episodeRow('21', '21', '1')]},
	'an episode that is its own show': {seasons: [seasonRow('11', '1')], episodes: [episodeRow('21', '11', '21')]},
	'an episode in an episode': {seasons: [seasonRow('11', '1')], episodes: [episodeRow('21', '11', '1'), episodeRow('22', '21', '1', {index: 2})]},
	'episodes in each other': {seasons: [], episodes: [episodeRow('21', '22', '1'), episodeRow('22', '21', '1', {index: 2})]},
	'an episode of a season as show': {seasons: [seasonRow('11', '1')], episodes: [episodeRow('21', '11', '11')]},
	'an episode in a film': {seasons: [], episodes: [episodeRow('21', '90', '90')]},
	'an episode in a show of another library': {seasons: [], episodes: [episodeRow('21', '81', '80')]},
	'an episode in a season of another show': {seasons: [seasonRow('11', '1'), seasonRow('12', '2')], episodes: [episodeRow('21', '12', '1')]},
	'a key that is a show to one and a season to another, and that the server does not know': {
		seasons: [seasonRow('11', '77')], episodes: [episodeRow('21', '77', '1'), episodeRow('22', '78', '77')],
	},
};

const itemsOf = async ({store}: RowWorld) => {
	const items = [];
	for await (const batch of storedItems(store)) {
		items.push(...batch);
	}

	return items;
};

const shapeTest = test.macro(async (t, {seasons, episodes}: {seasons: AnyRow[]; episodes: AnyRow[]}) => {
	const world = await createRowWorld(t, shows({2: [showRow('2')], 3: seasons, 4: episodes}));
	const first = await world.import();
	t.deepEqual(await world.problems(), []);
	for (const {expected, imported, failed, complete} of first.libraries) {
		t.true(complete);
		t.deepEqual({imported, failed}, {imported: expected, failed: 0}, 'a wrong parent costs no item');
	}

	t.true(first.errors.length > 0, 'it is told');
	const items = await itemsOf(world);
	const byId = new Map(items.map((item): [string, ParentFacts] => [item.id, item]));
	for (const item of items) {
		t.deepEqual(wrongParents(item, id => byId.get(id), {isExact: true}), [], item.title);
	}

	t.is(await world.differences(), 0, 'what was put right is no difference');
	const {libraries} = await world.import();
	t.deepEqual(libraries.map(({imported}) => imported), libraries.map(() => 0), 'a second import changes nothing');
	const synced = await world.sync();
	t.deepEqual(synced.libraries.map(({imported, sync}) => [imported, sync?.changes]), synced.libraries.map(() => [0, {}]));
	t.deepEqual(await world.problems(), []);
	const content = await contentOf(world.store);
	t.deepEqual(await world.restored(), content);
});

for (const [name, shape] of Object.entries(shapes)) {
	test(name, shapeTest, shape);
}

test('an episode below a placeholder goes to its show once the server names it, and the placeholder goes', async t => {
	const sections = shows({3: [seasonRow('11', '1')], 4: [episodeRow('21', '21', '90')]});
	const world = await createRowWorld(t, sections);
	await world.import();
	t.is((await itemsOf(world)).filter(({placeholder}) => placeholder).length, 2);
	sections[0] = {...sections[0]!, contentChangedAt: 2, rows: {...sections[0]!.rows, 4: [episodeRow('21', '11', '1', {updatedAt: 1_760_000_000})]}};
	const {errors} = await world.sync();
	t.deepEqual(errors, []);
	const items = await itemsOf(world);
	t.deepEqual(items.filter(({placeholder}) => placeholder), []);
	t.like(items.find(({type}) => type === 'episode'), {showId: items.find(({ratingKey}) => ratingKey === '1')!.id, seasonId: items.find(({ratingKey}) => ratingKey === '11')!.id});
	t.deepEqual(await world.problems(), []);
	await world.store.close();
});

test('no backup is made of a catalogue that a restore would refuse', async t => {
	const world = await createRowWorld(t, shows({}));
	await world.import();
	const item = (await itemsOf(world)).find(({type}) => type === 'show');
	const transaction = await world.store.begin();
	await transaction.upsert([{
		...item!, id: 'orphan', type: 'season', showId: 'nobody',
	}]);
	await transaction.commit();
	await t.throwsAsync(world.store.backup(), {message: /not whole.*orphan/v});
	await world.store.close();
});
