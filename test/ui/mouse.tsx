import test from 'ava';
import type {MouseReport} from '../../source/ui/input/mouse-report.js';
import {browseScreen} from '../../source/ui/screens/browse/reduce.js';
import {topScreen} from '../../source/ui/ui-state.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	item,
	library,
	movie,
	row,
} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';

const setUp = (count = 100) => fakeServices({
	items: Array.from({length: count}, (_, number) => movie(number)),
	libraries: async () => [row('movies', {title: 'Movies', isChosen: true})],
	initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}},
});

const browse = async (fake: ReturnType<typeof setUp>, size: Parameters<typeof openApp>[1] = {}) => {
	let nowMs = 0;
	const app = await openApp(fake.services, {...size, now: () => nowMs});
	await app.until(frame => frame.includes('Movies'));
	await app.press('l');
	await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	const point = async (kind: MouseReport['kind'], place: {column: number; row: number}) => {
		nowMs += 50;
		app.controller.point({kind, button: kind.startsWith('wheel') ? undefined : 'left', ...place});
		await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	};

	return {
		...app,
		point,
		async click(place: {column: number; row: number}) {
			await point('press', place);
			await point('release', place);
		},
		// Where a text is on the screen.
		place(text: string) {
			const at = app.lines().findIndex(line => line.includes(text));
			return {row: at, column: app.lines()[at]!.indexOf(text)};
		},
		wait(ms: number) {
			nowMs += ms;
		},
		list: () => browseScreen(app.store.get())!,
	};
};

test('a click moves the cursor to the row that is shown there, also in a list that has scrolled', async t => {
	const app = await browse(setUp());
	await app.click(app.place('Movie 7 '));
	t.is(app.list().list.selectedId, 'm7');
	app.controller.press(['G']);
	await app.until(frame => frame.includes('Movie 90 '));
	await app.click(app.place('Movie 90 '));
	t.is(app.list().list.selectedId, 'm90');
	await app.until(frame => frame.includes('› ● Movie 90 '));
	app.close();
});

test('a second click on a row opens it, a slow one does not', async t => {
	const app = await browse(setUp());
	await app.click(app.place('Movie 7 '));
	app.wait(1000);
	await app.click(app.place('Movie 7 '));
	t.is(topScreen(app.store.get()).name, 'browse');
	await app.click(app.place('Movie 7 '));
	t.is(topScreen(app.store.get()).name, 'detail');
	app.close();
});

test('a click on a heading sorts by it, and another one turns it round', async t => {
	const app = await browse(setUp());
	await app.click(app.place('Year'));
	t.like(app.list().query, {sort: 'year', descending: false});
	app.wait(1000);
	await app.click(app.place('Year'));
	t.like(app.list().query, {sort: 'year', descending: true});
	await app.click(app.place('Title'));
	t.is(app.list().query.sort, 'title');
	app.close();
});

test('each heading belongs to the column beneath it, at any width', async t => {
	const sorts = [['Title', 'title'], ['Year', 'year'], ['Length', 'duration'], ['Rating', 'rating'], ['Added', 'added']] as const;
	const clickAll = async (columns: number) => {
		const app = await browse(setUp(3), {columns});
		const shown = sorts.filter(([heading]) => app.lines().find(line => line.includes('Title'))!.includes(heading));
		t.true(shown.length >= 2);
		for (const [heading, sort] of shown) {
			const {column, row: at} = app.place(heading);
			for (const end of [column, column + heading.length - 1]) {
				await app.click({column: end, row: at});
				t.is(app.list().query.sort, sort, `It is: ${heading} at ${columns} columns`);
			}
		}

		app.close();
	};

	await Promise.all([40, 60, 80, 100, 119, 160].map(async columns => clickAll(columns)));
});

test('the wheel moves the cursor, in a menu as well, and scrolls the pane that it is over', async t => {
	const fake = setUp();
	const services: typeof fake.services = {
		...fake.services,
		async detail(id) {
			return {...(await fake.services.detail(id))!, item: item(id, {summary: 'A long story. '.repeat(100)})};
		},
	};
	const app = await browse({...fake, services}, {columns: 140, rows: 12});
	await app.point('wheel-down', {column: 4, row: 4});
	t.is(app.list().list.cursor, 3);
	await app.point('wheel-up', {column: 4, row: 4});
	t.is(app.list().list.cursor, 0);
	await app.until(frame => frame.includes('A long story.'));
	await app.point('wheel-down', {column: 120, row: 4});
	t.is(app.list().list.cursor, 0);
	t.true(app.list().paneScroll > 0);
	app.controller.press(['?']);
	const before = app.frame();
	await app.point('wheel-down', {column: 4, row: 4});
	t.not(app.frame(), before);
	app.close();
});

test('a click beside everything does nothing, and neither does one where the terminal is too small', async t => {
	const app = await browse(setUp(3));
	const before = app.store.get();
	await app.click({column: 0, row: 0});
	await app.click({column: 3, row: 20});
	await app.click({column: 500, row: 500});
	t.is(app.store.get(), before);
	await app.resize({columns: 20, rows: 5});
	await app.until(frame => frame.includes('too small'));
	await app.click({column: 3, row: 3});
	t.is(app.list().list.cursor, 0);
	app.close();
});

test('Ctrl-T switches the mouse, says so, and is kept', async t => {
	const fake = setUp();
	const app = await browse(fake, {columns: 180, rows: 90});
	app.controller.press(['ctrl-t']);
	t.false(app.store.get().isMouseOn);
	await app.until(frame => frame.includes('The mouse is off'));
	app.controller.press(['ctrl-t']);
	t.true(app.store.get().isMouseOn);
	await app.until(frame => frame.includes('Hold Shift and drag to select text.'));
	t.deepEqual(fake.calls.filter(call => call.startsWith('mouse')), ['mouse off', 'mouse on']);
	app.controller.press(['?']);
	await app.until(frame => /Ctrl-T +Use the mouse or not; while it is used, +│.*\n.*Shift-drag selects text/v.test(frame));
	app.close();
});

test('a click on a tab opens its library, but not through an overlay', async t => {
	const fake = fakeServices({
		items: [movie(1)],
		libraries: async () => [row('movies', {title: 'Movies', isChosen: true})],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie'), library('shows', 'show', {title: 'Series'})]}},
	});
	const app = await browse(fake);
	await app.click({column: app.lines()[1]!.indexOf('Series'), row: 1});
	t.is(app.list().query.libraryId, 'shows');
	t.is(app.store.get().stack.length, 2);
	app.controller.press(['?']);
	await app.click({column: app.lines()[1]!.indexOf('Movies'), row: 1});
	t.is(app.list().query.libraryId, 'shows');
	app.close();
});

test('the scroll bar of the list follows the mouse while its button is held, also beyond its ends', async t => {
	const app = await browse(setUp());
	const column = 79;
	const {row: first} = app.place('Title');
	t.is(app.lines()[first]!.at(-1), '▐');
	await app.point('press', {column, row: first + 10});
	t.is(app.list().list.cursor, 55);
	await app.point('drag', {column: 40, row: first + 19});
	t.is(app.list().list.cursor, 99);
	await app.point('drag', {column, row: 0});
	t.is(app.list().list.cursor, 0);
	await app.point('release', {column, row: 0});
	await app.point('drag', {column, row: first + 10});
	t.is(app.list().list.cursor, 0);
	app.close();
});

test('the tabs and the scroll bar of the detail answer in the pane and on its screen', async t => {
	const fake = setUp();
	const services: typeof fake.services = {
		...fake.services,
		async detail(id) {
			return {...(await fake.services.detail(id))!, item: item(id, {summary: 'A long story. '.repeat(200)})};
		},
	};
	const app = await browse({...fake, services}, {columns: 140, rows: 20});
	await app.until(frame => frame.includes('A long story.'));
	const end = {column: 139, row: 17};
	await app.click(end);
	t.true(app.list().paneScroll > 10);
	await app.until(frame => app.lines()[end.row]!.endsWith('▐') && frame.includes('Title'));
	await app.click(app.place('Files and streams'));
	t.is(app.store.get().detail.tab, 'files');
	t.is(app.list().paneScroll, 0);
	await app.click(app.place('Overview'));
	app.controller.press(['enter']);
	await app.until(frame => frame.includes('› Movie 0') && frame.includes('A long story.'));
	const scroll = () => (topScreen(app.store.get()) as unknown as {scroll: number}).scroll;
	await app.point('press', end);
	t.true(scroll() > 3);
	await app.point('drag', {column: 139, row: 0});
	t.is(scroll(), 0);
	await app.click(app.place('Ids'));
	t.is(app.store.get().detail.tab, 'ids');
	app.close();
});

test('in a menu a click selects, a second one chooses, and one beside it closes it', async t => {
	const app = await browse(setUp());
	app.controller.press(['s']);
	await app.until(frame => frame.includes('Sort by'));
	const {row: at, column} = app.place('│  Rating ');
	await app.click({row: at, column: column + 3});
	t.is(topScreen(app.store.get()).name, 'sort');
	await app.until(frame => frame.includes('› Rating'));
	await app.click({row: at, column: column + 3});
	t.is(topScreen(app.store.get()).name, 'browse');
	t.like(app.list().query, {sort: 'rating', descending: true});
	app.wait(1000);
	app.controller.press(['s']);
	await app.click({column: 1, row: 20});
	t.is(topScreen(app.store.get()).name, 'browse');
	t.is(app.list().list.selectedId, 'm0');
	app.controller.press(['T']);
	await app.until(frame => frame.includes('Warm:'));
	await app.click(app.place('Warm:'));
	t.is(app.store.get().themeName, 'warm');
	await app.click({column: 1, row: 20});
	t.is(app.store.get().themeName, 'terminal');
	app.close();
});

test('a click on a library chooses it, one on its box ticks it, and a second click opens it', async t => {
	const fake = fakeServices({
		items: [movie(1)],
		libraries: async () => [row('movies', {title: 'Movies', isChosen: true, catalogCount: 1}), row('shows', {title: 'Shows', type: 'show'}), row('clips', {title: 'Clips'})],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}},
	});
	const clickIn = async (columns: number, rows: number) => {
		const app = await openApp(fake.services, {columns, rows, now: () => 0});
		await app.until(frame => frame.includes('Clips'));
		const click = (text: string, offset = 0) => {
			const at = app.lines().findIndex(line => line.includes(text));
			const place = {column: app.lines()[at]!.indexOf(text) + offset, row: at};
			app.controller.point({kind: 'press', button: 'left', ...place});
			app.controller.point({kind: 'release', button: 'left', ...place});
			return app.store.get().libraries;
		};

		t.is(click('Clips').list.selectedId, 'clips');
		t.deepEqual(click('[ ] Shows').rows.map(({isChosen}) => isChosen), [true, true, false]);
		t.is(app.store.get().libraries.list.selectedId, 'shows');
		await app.until(frame => frame.includes('› [x] Shows'));
		t.is(click('[x] Movies', 5).list.selectedId, 'movies');
		await app.until(frame => frame.includes('› [x] Movies'));
		click('[x] Movies', 5);
		t.is(topScreen(app.store.get()).name, 'browse');
		app.close();
	};

	for (const [columns, rows] of [[120, 40], [80, 24], [70, 24], [40, 10]] as const) {
		// Each opens an app of its own, so one after the other is clearer than all at once.
		await clickIn(columns, rows);
	}
});

test('in the palette a click selects an action, a second one does it, and one beside it closes it', async t => {
	const app = await browse(setUp());
	app.controller.press([':']);
	await app.until(frame => frame.includes('Actions'));
	const {row: first} = app.place('│› open');
	const {column} = app.place('Actions');
	await app.click({row: first + 2, column: column + 5});
	await app.until(() => app.lines()[first + 2]!.startsWith('│  │› '));
	t.false(app.lines()[first]!.startsWith('│  │› '));
	await app.click({row: first - 2, column: column + 5});
	t.is(topScreen(app.store.get()).name, 'palette');
	await app.click({column: 0, row: 3});
	t.is(topScreen(app.store.get()).name, 'browse');
	app.wait(1000);
	app.controller.press([':']);
	await app.press('sort by');
	await app.until(frame => frame.includes('sort by'));
	await app.click({row: first, column: column + 5});
	await app.click({row: first, column: column + 5});
	t.not(topScreen(app.store.get()).name, 'browse');
	app.close();
});

for (const [columns, rows] of [[120, 40], [80, 24], [40, 10]] as const) {
	test(`at ${columns}×${rows} a click chooses a way to connect, and a second one takes it`, async t => {
		const app = await openApp(fakeServices({initial: {connection: undefined}}).services, {columns, rows});
		await app.until(frame => frame.includes('Plex server address'));
		const at = app.lines().findIndex(line => line.includes('Plex server address'));
		const column = app.lines()[at]!.indexOf('Plex');
		const click = async () => {
			for (const kind of ['press', 'release'] as const) {
				app.controller.point({
					kind, button: 'left', column, row: at,
				});
			}
		};

		await click();
		await app.until(frame => frame.includes('› Plex server'));
		t.is(app.store.get().connect.field, undefined);
		await click();
		t.is(app.store.get().connect.field, 'url');
		app.close();
	});
}
