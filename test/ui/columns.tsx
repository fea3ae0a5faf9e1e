import test from 'ava';
import type {Tag} from '../../source/catalog/types.js';
import {defined} from '../../source/catalog/values.js';
import type {ColumnChoices} from '../../source/query/column-choices.js';
import {browseScreen} from '../../source/ui/screens/browse/reduce.js';
import {topScreen} from '../../source/ui/ui-state.js';
import {AppError} from '../../source/base/errors.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const counts = {
	movie: 2, show: 0, season: 0, episode: 0,
};

const genre = (id: string, name: string): Tag => ({
	kind: 'tag', id, tagKind: 'genre', name,
});

type Home = {columns?: number; rows?: number; chosen?: ColumnChoices; count?: number; title?: string; detail?: (id: string) => void; relistMs?: number; genreOf?: (number: string) => string};

const browse = async ({columns = 80, rows = 24, chosen, count = 2, title, detail: onDetail, relistMs = 0, genreOf = number => `Genre ${number}`}: Home = {}) => {
	const kept: ColumnChoices[] = [];
	const read: string[] = [];
	const {services, changeCatalog} = fakeServices({
		items: [
			movie(1, {sizeBytes: 20_512_000_000, sound: 'DD+ 5.1', ...title !== undefined && {title}}),
			movie(2, {sizeBytes: 700_000_000}),
			...Array.from({length: count - 2}, (_, index) => movie(index + 3)),
		],
		libraries: async () => [row('movies', {title: 'Movies', isChosen: true})],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie', {counts})]}, ...chosen && {columns: chosen}},
		async keepColumns(choices) {
			kept.push(defined(choices));
		},
	});
	const {detail} = services;
	services.detail = async id => {
		read.push(id);
		onDetail?.(id);
		const made = (await detail(id))!;
		const number = id.replaceAll(/\D/gv, '');
		return {
			...made,
			item: {
				...made.item, genres: ['g2', 'g1'], ids: {...made.item.ids, imdb: [`tt000${number}`]}, guid: `plex://movie/${number}`,
			},
			tags: new Map([['g1', genre('g1', 'Drama')], ['g2', genre('g2', genreOf(number))]]),
		};
	};

	const app = await openApp(services, {columns, rows, relistMs});
	await app.until(frame => frame.includes('Movies'));
	await app.press('l');
	await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	// Puts the cursor of the chooser on a column.
	const choose = async (text: string) => {
		await app.press('g');
		for (let step = 0; step < 80 && !new RegExp(String.raw`› \[[ x]\] ${text} `, 'v').test(app.frame()); step++) {
			await app.press('j');
		}
	};

	return {
		...app, kept, read, choose, changeCatalog, heading: () => app.lines().find(line => line.includes('Title'))!,
	};
};

test('a list has the size of each item, and the totals of all of them in its border and in the header', async t => {
	const app = await browse({columns: 100});
	await app.until(frame => /^╰─+ 2 movies, 4 h, 21\.2 GB ╯$/mv.test(frame));
	await app.until(() => /2 items {2}4 h {2}21\.2 GB$/v.test(app.lines()[1]!));
	t.regex(app.frame(), /Movie 1 .* 20\.5 GB /v);
	t.regex(app.frame(), /Movie 2 .* 700\.0 MB /v);
	await app.press('s');
	t.true(app.frame().includes('Size'));
	app.close();
});

test('c chooses the columns: one that is hidden makes room for others, at once, and the choice is kept', async t => {
	const app = await browse({columns: 72});
	t.true(app.heading().includes('Size'));
	t.false(app.heading().includes('Sound'));
	await app.press('c');
	t.is(topScreen(app.store.get()).name, 'columns');
	t.regex(app.frame(), /› \[x\] Year +year +auto 4 /v);
	t.regex(app.frame(), /\[x\] Sound +sound +no room now/v);
	await app.choose('Size');
	await app.press(' ');
	const without = ['year', 'len', 'res', 'hdr', 'rating', 'sound', 'added', 'versions'].map(name => ({name}));
	t.deepEqual(app.kept, [{movies: without}]);
	t.regex(app.frame(), /› \[ \] Size/v);
	t.regex(app.frame(), /\[x\] Rating +rating +auto 6/v);
	await app.press(keys.escape);
	await app.until(() => app.heading().includes('Rating'));
	t.false(app.heading().includes('Size'));
	app.close();
});

test('what is shown again where it was is the standard again, and nothing is kept of it', async t => {
	const app = await browse();
	await app.press('c', ' ', ' ');
	t.is(app.kept.length, 2);
	t.deepEqual(app.kept[1], {});
	app.close();
});

test('J and K move a column, < and > make it narrower and wider, and = lets it follow its content again', async t => {
	const app = await browse();
	t.regex(app.heading(), /Title\S? +Year +Length/v);
	await app.press('c', 'J');
	await app.until(frame => /\[x\] Length[\s\S]+› \[x\] Year/v.test(frame));
	await app.press('3', '>');
	t.deepEqual(app.kept.at(-1)!.movies!.slice(0, 2), [{name: 'len'}, {name: 'year', width: 7}]);
	t.regex(app.frame(), /› \[x\] Year +year +7 /v);
	await app.press('<');
	t.is(app.kept.at(-1)!.movies![1]!.width, 6);
	await app.press('=');
	t.deepEqual(app.kept.at(-1)!.movies![1], {name: 'year'});
	await app.press('K', keys.escape);
	await app.until(() => /Title\S? +Year +Length/v.test(app.heading()));
	t.deepEqual(app.kept.at(-1), {});
	app.close();
});

test('a key that can change nothing of a column says why, and nothing is kept', async t => {
	const app = await browse({chosen: {movies: [{name: 'year', width: 60}, {name: 'len', width: 3}, {name: 'size'}]}});
	await app.press('c', '>');
	t.true(app.frame().includes('No column can be wider than 60 cells.'), app.frame());
	await app.press('j', '<');
	t.true(app.frame().includes('No column can be narrower than 3 cells.'), app.frame());
	await app.press('j', '=');
	t.true(app.frame().includes('This column has its automatic width already.'), app.frame());
	await app.choose('Genres');
	for (const key of ['>', '<', '=']) {
		await app.press('j', 'k', key);
		t.true(app.frame().includes('This column is hidden; Space shows it.'), app.frame());
	}

	await app.press('g', 'g', 'K', 'p', '\r');
	t.is(app.kept.length, 1);
	await app.press('p', '\r');
	t.is(app.kept.length, 1);
	app.close();
});

test('the first column cannot go up and the last one not down, which is said, and nothing is kept', async t => {
	const app = await browse();
	await app.press('c', 'K');
	t.true(app.frame().includes('This column is the first one already.'), app.frame());
	await app.press('G', 'J');
	t.true(app.frame().includes('This column is the last one already.'), app.frame());
	t.deepEqual(app.kept, []);
	app.close();
});

test('a width that the settings have beyond the limits does not change in the wrong direction', async t => {
	const chosen = {movies: [{name: 'year', width: 70}, {name: 'len', width: 2}]};
	const app = await browse({chosen});
	await app.press('c', '>');
	t.true(app.frame().includes('No column can be wider than 60 cells.'), app.frame());
	await app.press('j', '<');
	t.true(app.frame().includes('No column can be narrower than 3 cells.'), app.frame());
	t.deepEqual(app.kept, []);
	app.close();
});

test('every field can be a column; what no summary holds is read for the rows on the screen, that of the cursor first', async t => {
	const app = await browse({rows: 14, count: 40});
	await app.press('3', 'j');
	app.read.length = 0;
	await app.press('c');
	await app.choose('Genres');
	t.regex(app.frame(), /› \[ \] Genres +genre/v);
	await app.press(' ', '9', '9', 'K', keys.escape);
	await app.until(frame => /Movie 2 .*Genre 2\b/v.test(frame));
	t.regex(app.frame(), /Movie 1 .*Genre 1\b/v);
	const rows = browseScreen(app.store.get())!.cells!.size;
	t.true(rows < 12, `${rows} rows were read`);
	const {ids} = browseScreen(app.store.get())!.list;
	t.deepEqual(app.read, [...ids.slice(3, rows), ...ids.slice(0, 3)]);
	await app.press('G');
	await app.until(frame => /Movie 40 .*Genre 40\b/v.test(frame));
	t.true(browseScreen(app.store.get())!.cells!.size < 24);
	app.close();
});

test('rows that come on the screen are read at once, though others only wait to be read again since the catalogue has changed', async t => {
	const app = await browse({
		rows: 14, count: 40, chosen: {movies: [{name: 'genre'}]}, relistMs: 30_000,
	});
	await app.until(frame => /Movie 2 .*Genre 2\b/v.test(frame));
	app.changeCatalog();
	const read = app.read.length;
	await app.press('G');
	await app.until(frame => /Movie 40 .*Genre 40\b/v.test(frame) && /Movie 36 .*Genre 36\b/v.test(frame));
	// What was read before is not read again with them.
	await app.press('g', 'g');
	await app.until(frame => /Movie 2 .*Genre 2\b/v.test(frame));
	t.false(app.read.slice(read).includes('m2'), app.read.join(' '));
	app.close();
});

test('what a hidden column showed is read again when it is shown after the catalogue has changed', async t => {
	let genres = 'Old';
	const app = await browse({chosen: {movies: [{name: 'genre'}, {name: 'imdb'}]}, genreOf: () => genres});
	await app.until(frame => /Movie 2 .*Old/v.test(frame));
	await app.press('c', ' ', keys.escape);
	await app.until(() => !app.heading().includes('Genres'));
	genres = 'New';
	app.changeCatalog();
	const {revision} = app.store.get();
	await app.until(() => browseScreen(app.store.get())!.cells!.values().every(read => read.revision === revision));
	await app.press('c');
	await app.choose('Genres');
	await app.press(' ', keys.escape);
	await app.until(() => app.heading().includes('Genres'));
	await app.until(frame => /Movie 2 .*(?:Old|New)/v.test(frame));
	t.regex(app.frame(), /Movie 2 .*New/v);
	app.close();
});

test('a record that cannot be read is said, and the other rows are read', async t => {
	const app = await browse({
		chosen: {movies: [{name: 'genre'}]},
		detail(id) {
			if (id === 'm1') {
				throw new AppError('damaged', 'The record is damaged.');
			}
		},
	});
	await app.until(frame => /Movie 2 .*Genre 2\b/v.test(frame) && /Movie 1 +\?/v.test(frame));
	t.regex(app.frame(), /The record is damaged\./v);
	app.close();
});

test('at 80 columns the title has 24 cells, and ids go before it gets narrow', async t => {
	const app = await browse({
		title: 'A film with a title that is as long as it can be, and longer',
		chosen: {movies: [{name: 'imdb'}, {name: 'guid'}, {name: 'director'}, {name: 'genre', width: 36}]},
	});
	await app.until(frame => /A film with a title .*Genre 1, Drama/v.test(frame));
	t.notRegex(app.heading(), /IMDb|guid/v);
	const title = app.lines().find(line => line.includes('A film with'))!;
	t.true(/A film [^…]*…/v.exec(title)![0].length >= 24);
	await app.resize({columns: 200, rows: 24});
	await app.until(() => app.heading().includes('IMDb'));
	app.close();
});

test('what a list is sorted by is said in its title where its column is hidden, and shown in its heading else', async t => {
	const app = await browse({columns: 120, rows: 14, chosen: {movies: [{name: 'len'}, {name: 'size'}]}});
	t.notRegex(app.heading(), /Year|HDR/v);
	t.regex(app.heading(), /Length .*Size/v);
	await app.press('s', 'j', '\r');
	t.like(browseScreen(app.store.get())!.query, {sort: 'year'});
	await app.until(frame => frame.includes('Movies  by year'));
	await app.press('s', 'j', 'j', 'j', '\r');
	await app.until(() => /Size[↑↓]/v.test(app.heading()));
	t.false(app.frame().includes('Movies  by'));
	app.close();
});

test('a preset brings its columns and its order, and the standard ones come back', async t => {
	const app = await browse({columns: 110, rows: 24});
	await app.press('c', 'p');
	t.is(topScreen(app.store.get()).name, 'column-presets');
	t.regex(app.frame(), /› standard +the standard columns[\s\S]+space +what takes room, the largest first/v);
	await app.press('j', 'j', 'j', '\r');
	t.is(topScreen(app.store.get()).name, 'columns');
	t.deepEqual(app.kept, [{movies: ['year', 'size', 'gbph', 'len', 'res', 'codec', 'versions', 'copies'].map(name => ({name}))}]);
	t.like(browseScreen(app.store.get())!.query, {sort: 'size', descending: true});
	await app.press('p', 'j', 'j', 'j', 'j', '\r');
	t.regex(app.frame(), /The list has the columns of "watching", but it cannot be sorted by "Last played"/v);
	// What only episodes have stays out of a list of films.
	t.deepEqual(app.kept.at(-1), {movies: ['watched', 'plays', 'viewed'].map(name => ({name}))});
	await app.press('p', '\r');
	t.deepEqual(app.kept.at(-1), {});
	t.regex(app.frame(), /› \[x\] Year/v);
	app.close();
});
