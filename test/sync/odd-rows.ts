import test from 'ava';
import type {Item} from '../../source/catalog/types.js';
import {boundRow} from '../../source/plex/bounds.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {itemOfKey} from '../helpers/catalog-content.js';
import {createRowWorld} from '../helpers/row-world.js';
import {movieRow, type AnyRow, type AnySection} from '../helpers/row-server.js';

const films = (rows: ReadonlyArray<AnyRow | string>): AnySection => ({
	key: '1', uuid: 'films', title: 'Films', type: 'movie', rows: {1: rows},
});
const others: AnySection = {
	key: '2', uuid: 'others', title: 'Others', type: 'movie', rows: {1: [movieRow('90')]},
};

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

const withText = (row: AnyRow, name: string, json: string) => `${JSON.stringify(row).slice(0, -1)},${JSON.stringify(name)}:${json}}`;

const depths: ReadonlyArray<readonly [name: string, json: string]> = [
	['5,000 lists', nested('[', ']', 5000)],
	['20,000 objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
	['100,000 lists', nested('[', ']', 100_000)],
	['lists in lists of objects', `${'[{"tag":'.repeat(8000)}1${'}]'.repeat(8000)}`],
];

for (const field of ['Genre', 'Role', 'Media', 'title', 'Guid', 'Rating', 'Image', 'ratingKey', 'surprise']) {
	test(`values nested deeply in ${field} are the fault of their row at most, never of the run`, async t => {
		const rows = depths.map(([name, json], index) => withText({...movieRow(String(10 + index), {title: name}), [field]: undefined}, field, json));
		const world = await createRowWorld(t, [films([movieRow('1'), ...rows, movieRow('2')]), others]);
		for (const run of [world.import, world.sync, world.import]) {
			const {libraries, errors} = await run();
			t.deepEqual(libraries.map(({complete}) => complete), [true, true]);
			t.like(libraries[1], {expected: 1, failed: 0});
			t.true(libraries[0]!.imported + libraries[0]!.unchanged >= 2);
			t.true(errors.length >= libraries[0]!.failed);
			t.true(errors.every(({code}) => code === 'too-large' || code === 'malformed'));
		}

		t.deepEqual(await world.problems(), []);
		await world.store.close();
	});
}

const many = (count: number, of: (index: number) => unknown) => Array.from({length: count}, (_, index) => of(index));

const sizes: Readonly<Record<string, {row: () => AnyRow; kept: (item: Item) => number; limit: number}>> = {
	'50,000 roles of one person': {
		row: () => ({Role: many(50_000, index => ({tag: 'Mira Holt', tagKey: 'mira', role: `Role ${index}`}))}), kept: ({cast}) => cast[0]!.role!.split(' / ').length, limit: 2000,
	},
	'50,000 people': {row: () => ({Role: many(50_000, index => ({tag: `Person ${index}`}))}), kept: ({cast}) => cast.length, limit: 2000},
	'100,000 external ids': {row: () => ({Guid: many(100_000, index => ({id: `imdb://tt${index}`}))}), kept: ({ids}) => ids.imdb.length, limit: 1000},
	'300,000 genres': {row: () => ({Genre: many(300_000, index => ({tag: `Genre ${index}`}))}), kept: ({genres}) => genres.length, limit: 1000},
	'100,000 ratings': {row: () => ({Rating: many(100_000, index => ({image: `a${index}://`, type: 'critic', value: 5}))}), kept: ({ratings}) => ratings.length, limit: 1000},
	'20,000 versions': {row: () => ({Media: many(20_000, id => ({id, Part: [{id, file: `/srv/${id}.mkv`, size: id}]}))}), kept: ({versions}) => versions.length, limit: 200},
	'two million characters': {row: () => ({summary: 'a'.repeat(2_000_000)}), kept: ({summary}) => summary!.length, limit: 1_000_000},
};

for (const [name, {row, kept, limit}] of Object.entries(sizes)) {
	test.serial(`of ${name} an item keeps what fits, which is told, soon, and the same each time`, async t => {
		const big = row();
		const world = await createRowWorld(t, [films([movieRow('1'), {...movieRow('2'), ...big}]), others]);
		const beganMs = performance.now();
		const {libraries, errors} = await world.import();
		t.true(performance.now() - beganMs < 30_000);
		t.like(libraries[0], {
			expected: 2, imported: 2, failed: 0, complete: true,
		});
		t.deepEqual(errors.map(({code, ratingKey}) => [code, ratingKey]), [['too-large', '2']]);
		t.true(errors[0]!.message.includes(Object.keys(big)[0]!));
		t.is(kept((await itemOfKey(world.store, '2'))!), limit);
		t.deepEqual(await world.problems(), []);
		const again = await world.import();
		t.like(again.libraries[0], {imported: 0, unchanged: 2});
		await world.store.close();
	});
}

test('an item at the limits is kept whole, and nothing is told', async t => {
	const row = {...movieRow('2'), Role: many(2000, index => ({tag: `Person ${index}`, role: 'Extra'})), Genre: many(1000, index => ({tag: `Genre ${index}`}))};
	const world = await createRowWorld(t, [films([row])]);
	const {errors} = await world.import();
	t.deepEqual(errors, []);
	t.like(await itemOfKey(world.store, '2'), {cast: {length: 2000}, genres: {length: 1000}});
	await world.store.close();
});

test('past the limits the size of a row does not count', t => {
	const take = (count: number) => {
		const row = boundRow({
			...movieRow('1'),
			Role: many(count, () => ({tag: 'Mira', role: `${Math.random()}`})),
			Guid: many(count, index => ({id: `imdb://tt${index}`})),
			Rating: many(count, index => ({image: `a${index}://`, value: 5})),
		});
		const beganMs = performance.now();
		normalize(row, {serverId: 's', libraryId: 'l'});
		return performance.now() - beganMs;
	};

	take(1000);
	t.true(take(200_000) < 500);
});
