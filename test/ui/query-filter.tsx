import test from 'ava';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import type {ItemDetail} from '../../source/query/types.js';
import type {SavedQuery} from '../../source/catalog/saved-query.js';
import {savedWorld} from '../../source/query/language/query-source.js';
import {checkSavedQuery} from '../../source/query/language/saved.js';
import {browseOpened, browseScreen} from '../../source/ui/screens/browse/reduce.js';
import {topScreen} from '../../source/ui/ui-state.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';
import {makeItem, showItems} from '../query/_items.js';

type Size = {columns: number; rows: number};

const usual: Size = {columns: 100, rows: 24};

const names = new Map([['drama', 'Drama'], ['comedy', 'Comedy'], ['crime', 'Crime Drama']]);

const film = (number: number, genre: string, resolution: string, year: number) => makeItem(`m${number}`, {
	title: `Film ${number}`, libraryId: 'movies', year, genres: [genre], versions: [{id: 'v', resolution, parts: []}],
});

const films = [film(1, 'drama', '4k', 1984), film(2, 'drama', '1080', 1986), film(3, 'comedy', '4k', 1991), film(4, 'crime', 'sd', 1926)];

const emptyDetail: Omit<ItemDetail, 'item' | 'tags'> = {
	server: undefined, library: undefined, show: undefined, season: undefined, people: new Map(), files: new Map(), sharedWith: new Map(), gaps: [],
};

/**
A list of four films in an index as it is in use.
*/
const open = async ({columns, rows}: Size = usual) => {
	const index = createCatalogIndex();
	index.put(films);
	for (const id of index.unnamedIds()) {
		index.rename(id, names.get(id)!);
	}

	const saved: SavedQuery[] = [{name: 'old', query: 'year:<1985'}];
	const world = () => ({
		now: new Date(), libraries: [library('movies', 'movie')], servers: [], ...savedWorld(() => saved),
	});
	const fake = fakeServices({
		index,
		async detail(id) {
			const item = films.find(one => one.id === id)!;
			return {
				...emptyDetail, item, tags: new Map(item.genres.map(genre => [genre, {
					id: genre, kind: 'tag', tagKind: 'genre', name: names.get(genre)!,
				}])),
			};
		},
		queryWorld: world,
		async saveQuery(query) {
			await checkSavedQuery(query, world());
			saved.push(query);
		},
		libraries: async () => [row('movies', {title: 'Movies', isChosen: true})],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}},
	});
	const app = await openApp(fake.services, {columns, rows});
	await app.until(frame => frame.includes('Movies'));
	await app.press('l');
	await app.until(frame => frame.includes('1/4'));
	return {
		...app,
		saved,
		text: () => browseScreen(app.store.get())!.filter.text,
		ids: () => [...browseScreen(app.store.get())!.list.ids],
		async type(text: string, isSeen: (frame: string) => boolean) {
			await app.press(text);
			await app.until(isSeen);
		},
	};
};

test('a filter is a query: it narrows as one types, tells how many it finds, and says what orders them', async t => {
	const app = await open();
	await app.type('/', frame => frame.startsWith('/'));
	await app.type('genre:drama', frame => frame.includes('1/3 (4)'));
	t.deepEqual(app.ids(), ['m1', 'm2', 'm4']);
	t.true(app.frame().includes('Title↑'));
	await app.type(' -res:sd sort:-year', frame => frame.includes('2/2 (4)'));
	t.deepEqual(app.ids(), ['m2', 'm1']);
	t.true(app.frame().includes('in the order asked for'));
	await app.press(keys.enter, 's');
	await app.until(frame => frame.includes('Sort by'));
	await app.press(keys.escape, keys.escape);
	await app.until(frame => frame.includes('1/4'));
	await app.type('/film', frame => frame.includes('best matches first'));
	app.close();
});

test('what is wrong with a query is said, its place is marked, and the rows stay', async t => {
	const app = await open();
	await app.type('/', frame => frame.startsWith('/'));
	await app.type('res:4k', frame => frame.includes('1/2 (4)') && frame.includes('2 movies'));
	await app.type(' gener:x', frame => frame.includes('There is no field gener; did you mean genre?'));
	t.notRegex(app.frame(), /2 movies/v);
	t.deepEqual(app.ids(), ['m1', 'm3']);
	t.deepEqual(browseScreen(app.store.get())!.filterFault, {start: 7, end: 12});
	await app.press('\u{17}');
	await app.until(() => browseScreen(app.store.get())!.filterFault === undefined);
	t.is(app.text(), 'res:4k ');
	app.close();
});

test('Tab completes fields and values with their counts, and again takes the next one', async t => {
	const app = await open();
	await app.type('/', frame => frame.startsWith('/'));
	await app.type('res:4k gen', frame => frame.includes('gen'));
	await app.press(keys.tab);
	await app.until(() => app.text() === 'res:4k genre:');
	await app.press(keys.tab);
	await app.until(() => app.text() === 'res:4k genre:Drama');
	t.regex(app.frame(), /\[Drama \(2\)\] {2}Comedy \(1\)/v);
	await app.press(keys.tab);
	await app.until(() => app.text() === 'res:4k genre:Comedy');
	await app.press(keys.shiftTab);
	await app.until(() => app.text() === 'res:4k genre:Drama');
	await app.press(',cri', keys.tab);
	await app.until(() => app.text() === 'res:4k genre:Drama,"Crime Drama"');
	await app.press('\u{15}zzz', keys.tab);
	await app.until(frame => frame.includes('No field and no value begins like this.'));
	t.is(app.text(), 'zzz');
	app.close();
});

test('Tab completes a query on the Changes screen, with the values of the whole catalogue', async t => {
	const app = await open();
	const typed = () => topScreen(app.store.get()).filter?.text;
	await app.press('C');
	await app.until(frame => frame.includes('Nosferatu'));
	await app.press('/', ...'gen', keys.tab);
	await app.until(() => typed() === 'genre:');
	await app.press(keys.tab);
	await app.until(() => typed() === 'genre:Drama');
	t.regex(app.frame(), /\[Drama \(2\)\] {2}Comedy \(1\)/v);
	await app.press(keys.tab);
	await app.until(() => typed() === 'genre:Comedy');
	await app.press(keys.shiftTab);
	await app.until(() => typed() === 'genre:Drama');
	app.close();
});

test('Ctrl-S saves the filter under a name, while it is typed and afterwards, and @ with Tab brings it back', async t => {
	const app = await open();
	await app.press('\u{13}');
	await app.until(frame => frame.includes('There is no filter to save'));
	await app.type('/', frame => frame.startsWith('/'));
	await app.type('res:4k', frame => frame.includes('1/2 (4)'));
	await app.press('\u{13}');
	await app.until(frame => frame.includes('Save this filter') && frame.includes('Name:'));
	await app.press(keys.escape);
	await app.until(frame => !frame.includes('Save this filter'));
	t.is(app.text(), 'res:4k');
	await app.press('\u{13}', 'sharp');
	await app.until(frame => frame.includes('Name: sharp'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('Saved as @sharp.'));
	t.deepEqual(app.saved.at(-1), {name: 'sharp', query: 'res:4k'});
	await app.press('\u{15}', '@', keys.tab);
	await app.until(() => app.text() === '@old');
	await app.press(keys.tab);
	await app.until(() => app.text() === '@sharp');
	await app.press(' @ol', keys.tab);
	await app.until(() => app.text() === '@sharp @old');
	await app.until(() => app.ids().length === 1);
	t.deepEqual(app.ids(), ['m1']);
	await app.press(keys.enter, '\u{13}', 'Not A Name', keys.enter);
	await app.until(frame => frame.includes('cannot be the name of a query'));
	t.is(app.saved.length, 2);
	await app.type('/', frame => frame.startsWith('/'));
	await app.type(' @shap', frame => frame.includes('There is no saved query @shap; did you mean @sharp?'));
	app.close();
});

test('up and down go through the filters that were kept, and back to what was typed', async t => {
	const app = await open();
	for (const text of ['res:4k', 'genre:comedy']) {
		await app.press('/', '\u{15}', text, keys.enter);
	}

	await app.press('/', '\u{15}', 'fil');
	await app.until(() => app.text() === 'fil');
	await app.press(keys.up);
	await app.until(() => app.text() === 'genre:comedy');
	await app.press(keys.up);
	await app.until(() => app.text() === 'res:4k');
	await app.press(keys.down);
	await app.until(() => app.text() === 'genre:comedy');
	await app.press(keys.down);
	await app.until(() => app.text() === 'fil');
	t.true(browseScreen(app.store.get())!.isFiltering);
	app.close();
});

for (const [columns, rows] of [[120, 40], [80, 24], [40, 10]] as const) {
	test(`at ${columns}×${rows} facets tell what there is, and what is picked is written into the filter`, async t => {
		const app = await open({columns, rows});
		await app.type('f', frame => /Drama +2/v.test(frame) && /Crime Drama +1/v.test(frame));
		await app.press(' ');
		await app.until(() => app.text() === 'genre:="Drama"');
		await app.until(frame => /\[x\] Drama +2/v.test(frame));
		// The counts of the facets may come before the rows.
		await app.until(() => app.ids().length === 2);
		t.deepEqual(app.ids(), ['m1', 'm2']);
		await app.press('j', ' ');
		await app.until(() => app.ids().length === 3);
		await app.type(keys.tab, frame => /1980–1989 +2/v.test(frame));
		await app.press('G', ' ');
		await app.until(() => app.ids().length === 2);
		t.is(topScreen(app.store.get()).name, 'facets');
		await app.press(keys.escape);
		await app.until(() => topScreen(app.store.get()).name === 'browse');
		t.true(app.text().includes('year:1'));
		app.close();
	});
}

test('a genre is a place: it shows everything that has it, a filter narrows that, and Esc leads back', async t => {
	const app = await open();
	await app.press('j', 'i');
	await app.until(frame => frame.includes('People and tags of Film 2') && /Genre +Drama/v.test(frame));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('› Movies › Drama') && frame.includes('1/2'));
	t.deepEqual(app.ids(), ['m1', 'm2']);
	t.true(app.frame().includes('2 items'));
	await app.press('/', 'res:4k');
	await app.until(frame => frame.includes('/1 (2)'));
	t.deepEqual(app.ids(), ['m1']);
	await app.press(keys.escape);
	await app.until(frame => frame.includes('/2') && !frame.includes('(2)'));
	await app.press('f');
	await app.until(frame => /Drama +2/v.test(frame) && !frame.includes('Comedy'));
	await app.press(keys.escape, keys.escape);
	await app.until(frame => frame.includes('2/4'));
	app.close();
});

test('an episode that is looked for among shows can be listed, with its show and its server', async t => {
	const index = createCatalogIndex();
	const showId = 'i0123456789abcdef';
	index.put(showItems().map(item => item.type === 'show' ? {...item, id: showId} : {...item, showId}));
	const libraries = [library('shows', 'show'), {...library('movies', 'movie'), serverId: 'barn'}];
	const servers = [{id: libraries[0]!.serverId, name: 'Attic'}, {id: 'barn', name: 'Barn'}];
	const {services} = fakeServices({
		index,
		queryWorld: () => ({now: new Date(), libraries, servers}),
		libraries: async () => [row('shows', {title: 'Shows', type: 'show'})],
		initial: {connection, catalog: {...emptyHeader, libraries, servers}},
	});
	const app = await openApp(services, usual);
	await app.until(frame => frame.includes('Shows'));
	await app.press('l');
	await app.until(frame => frame.includes('1/1'));
	await app.press('/', 's01e04');
	await app.until(frame => frame.includes('No show matches the filter, but 1 episode does.') && frame.includes('Press Enter twice to list it'));
	await app.press(keys.enter, keys.enter);
	await app.until(frame => frame.includes('The Show – S01E04 Episode 4') && frame.includes('1/1 (6)'));
	t.is(browseScreen(app.store.get())?.filter.text, 's01e04');
	await app.press(keys.escape, keys.escape, keys.escape, 'l');
	await app.until(frame => frame.includes('› Shows › The Show') && frame.includes('1/3'));
	await app.press('/', 's01e04', keys.enter, keys.enter);
	await app.until(frame => frame.includes('› Shows › The Show › Episodes') && frame.includes('1/1 (6)') && !frame.includes('The Show – S01E04'));
	app.store.dispatch(browseOpened({
		level: 'movie', crumb: 'All', query: {}, asks: 'type:show,episode',
	}));
	await app.press('j');
	await app.until(frame => frame.startsWith('reelcat Attic › Shows') && /Title↑ +Server/v.test(frame) && /The Show – S01E01 Episode 1 +Attic/v.test(frame));

	// The chooser says that the list has this column, and that it stays.
	await app.press('c');
	t.regex(app.frame(), /› \[x\] Server +server +auto 6 .*\n.* \[x\] Year /v);
	await app.press(' ');
	t.regex(app.frame(), /A list of items of seve/v);
	await app.press('j', ' ', 'J', 'K', 'K');
	t.regex(app.frame(), / \[x\] Server .*\n.*› \[ \] Year /v);
	await app.press(keys.escape);
	await app.until(frame => /Title↑ +Server/v.test(frame) && !/Server +Year/v.test(frame));
	app.close();
});
