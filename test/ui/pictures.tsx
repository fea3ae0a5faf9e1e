import test from 'ava';
import type {Picture, PictureWish} from '../../source/ui/graphics/picture.js';
import {noDecoder, type PictureMode} from '../../source/ui/graphics/picture-kind.js';
import {picturesDecided} from '../../source/ui/graphics/reduce.js';
import {browseScreen} from '../../source/ui/screens/browse/reduce.js';
import {topScreen} from '../../source/ui/ui-state.js';
import type {PictureService} from '../../source/ui/services.js';
import {displayWidth} from '../../source/base/text/width.js';
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

const items = Array.from({length: 60}, (_, number) => movie(number));

const mode: PictureMode = {kind: 'blocks', depth: 'true', cell: {width: 10, height: 20}};

type Asked = {itemId: string; signal: AbortSignal; answer: (picture?: Picture) => void; fail: () => void};

/**
Pictures that come when the test says so.
*/
const slowPictures = () => {
	const asked: Asked[] = [];
	const service: PictureService = {
		setting: 'auto',
		canDecode: () => true,
		load: async ({itemId}, {signal}) => new Promise((resolve, reject) => {
			asked.push({
				itemId, signal, answer: resolve, fail() {
					reject(new Error('broken'));
				},
			});
		}),
	};
	return {service, asked};
};

const pictureOf = ({itemId, box}: PictureWish): Picture => ({
	id: Number(itemId.slice(1)) + 1, ...box, lines: Array.from({length: box.rows}, () => `<${itemId}>`.padEnd(box.columns, '▀')),
});

const quickPictures: PictureService = {setting: 'auto', canDecode: () => true, load: async wish => pictureOf(wish)};

const browse = async (pictures: PictureService, {shown = mode, ...options}: {columns?: number; rows?: number; restMs?: number; shown?: PictureMode} = {}) => {
	const fake = fakeServices({
		items,
		pictures,
		libraries: async () => [row('movies', {title: 'Movies'})],
		initial: {connection, catalog: {...emptyHeader, libraries: [library('movies', 'movie')]}},
	});
	const app = await openApp(fake.services, options);
	app.controller.tell(picturesDecided(shown));
	await app.until(frame => frame.includes('Movies'));
	await app.press('l');
	await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	return app;
};

type App = Awaited<ReturnType<typeof browse>>;

const place = ({store}: App) => browseScreen(store.get())!.list.cursor + 1;

test('the wall shows posters with titles under them, at the sizes that people have', async t => {
	for (const [columns, rows, wanted] of [[120, 40, 24], [80, 24, 10], [40, 10, 3]] as const) {
		const app = await browse(quickPictures, {columns, rows});
		await app.press('v');
		await app.until(frame => frame.includes(`<m${wanted - 1}>`));
		t.false(app.frame().includes(`<m${wanted}>`));
		t.regex(app.frame(), /›Movie 0/v);
		t.regex(app.frame(), new RegExp(String.raw` Movie ${wanted - 1}\b`, 'v'));
		t.is(app.lines().length, rows);
		t.true(app.lines().every(text => displayWidth(text) <= columns));
		app.close();
	}
});

test('the cursor of the wall moves in two dimensions', async t => {
	const app = await browse(quickPictures);
	await app.press('v');
	for (const [pressed, expected] of [['l', 2], ['j', 7], ['h', 6], ['k', 1], ['k', 1], ['h', 1], ['2j', 11], ['3l', 14], ['G', 60], ['j', 60], ['gg', 1], ['5G', 5]] as const) {
		await app.press(...pressed);
		t.is(place(app), expected, `after ${pressed}`);
	}

	await app.press(keys.down, keys.right, keys.pageDown);
	t.is(place(app), 15 + 1, 'a page is one row less than the screen');
	t.true(app.frame().includes(`›${browseScreen(app.store.get())!.list.selectedId!.replace('m', 'Movie ')}`));
	app.close();
});

test('the list and the wall are two views of the same rows, with one filter, order and cursor', async t => {
	const app = await browse(quickPictures);
	await app.press('j', 'j', 'v');
	t.is(place(app), 3);
	await app.press('S');
	await app.until(frame => frame.includes('58/60'));
	await app.press('/', ...'"Movie 1"', keys.enter);
	await app.until(frame => frame.includes('/11 (60)'));
	await app.press('v');
	t.true(app.frame().includes('Title') && app.frame().includes('/11 (60)'));
	await app.press('v', keys.enter);
	await app.until(frame => frame.includes('› Movie 1'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('/11 (60)') && !frame.includes('Title'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('/60'));
	app.close();
});

test('the wall is in the panel of the list, which tells the place, the totals and the order', async t => {
	const app = await browse(quickPictures);
	await app.press('v', 'l');
	await app.until(frame => frame.includes('<m9>'));
	t.regex(app.frame(), /^╭─ Movies ─+ 2\/60 ╮$/mv);
	t.regex(app.frame(), /^╰─+ 60 movies, 112 h ╯$/mv);
	await app.press('s', 'j', keys.enter);
	await app.until(frame => /^╭─ Movies {2}by year /mv.test(frame));
	await app.resize({columns: 40, rows: 10});
	await app.until(frame => frame.includes('/60') && !frame.includes('60 movies'));
	app.close();
});

test('a click chooses a poster, a second one on the same poster opens it, and the wheel turns by rows', async t => {
	const app = await browse(quickPictures);
	await app.press('v');
	await app.until(frame => frame.includes('<m9>'));
	const placeOf = (text: string) => {
		const at = app.lines().findIndex(shown => shown.includes(text));
		return {row: at, column: app.lines()[at]!.indexOf(text)};
	};

	const click = (text: string) => {
		for (const kind of ['press', 'release'] as const) {
			app.controller.point({kind, button: 'left', ...placeOf(text)});
		}
	};

	click('<m6>');
	t.is(place(app), 7);
	click('<m7>');
	t.is(place(app), 8);
	click('Movie 3');
	t.is(place(app), 4);
	const wheel = (at: number, kind: 'wheel-up' | 'wheel-down') => {
		app.controller.point({
			kind, button: undefined, row: at, column: 20,
		});
	};

	wheel(8, 'wheel-down');
	t.is(place(app), 4 + 5);
	wheel(8, 'wheel-up');
	t.is(place(app), 4);
	wheel(0, 'wheel-down');
	t.is(place(app), 4 + (3 * 5), 'beside the wall it moves by rows as well');
	await app.press('gg');
	await app.until(frame => frame.includes('<m8>'));
	t.is(topScreen(app.store.get()).name, 'wall');
	click('<m8>');
	click('<m8>');
	t.is(topScreen(app.store.get()).name, 'detail');
	app.close();
});

test('only the overview of the detail has a poster', async t => {
	const app = await browse(quickPictures, {columns: 140, rows: 40});
	await app.until(frame => frame.includes('<m0>'));
	await app.press(']');
	await app.until(frame => !frame.includes('▀'));
	await app.press('[');
	await app.until(frame => frame.includes('<m0>'));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('<m0>') && topScreen(app.store.get()).name === 'detail');
	t.true(app.lines().every(text => displayWidth(text) <= 140));
	app.close();
});

test('nothing is asked for while the cursor moves', async t => {
	const {service, asked} = slowPictures();
	const app = await browse(service, {restMs: 3_600_000});
	await app.press('v', 'j', 'l', 'G');
	t.is(asked.length, 0);
	app.close();
});

test('pictures are asked for with the nearest first, two at a time', async t => {
	const {service, asked} = slowPictures();
	const app = await browse(service);
	await app.press('j', 'j', 'v');
	await app.until(() => asked.length === 2);
	t.deepEqual(asked.map(({itemId}) => itemId), ['m2', 'm1']);
	asked[0]!.answer(pictureOf({itemId: 'm2', box: {columns: 12, rows: 9}}));
	await app.until(frame => frame.includes('<m2>') && asked.length === 3);
	asked[1]!.fail();
	await app.until(() => asked.length === 4);
	t.regex(app.frame(), /╭─+╮/v, 'what has no picture, or none yet, is a card');
	t.deepEqual(app.failures, []);
	app.close();
	t.true(asked[2]!.signal.aborted, 'nothing goes on when the app has ended');
});

test('what has scrolled past is given up', async t => {
	const {service, asked} = slowPictures();
	const app = await browse(service);
	await app.press('v');
	await app.until(() => asked.length === 2);
	await app.press('G');
	t.true(asked.slice(0, 2).every(({signal}) => signal.aborted));
	await app.until(() => asked.length === 4);
	t.is(asked[2]!.itemId, 'm59');
	app.close();
});

test('under a menu there are no pictures, and behind it they come back', async t => {
	const app = await browse(quickPictures);
	await app.press('v');
	await app.until(frame => frame.includes('<m9>'));
	await app.press('s');
	t.false(app.frame().includes('▀'));
	await app.press(keys.escape);
	await app.until(frame => frame.includes('<m9>'));
	app.close();
});

test('without pictures the wall has cards, and it is said why there are none', async t => {
	const {service, asked} = slowPictures();
	const app = await browse(service, {shown: noDecoder});
	await app.press('v');
	t.true(app.frame().includes('Pictures need the optional package sharp, which is not installed.'));
	await app.press('j');
	t.regex(app.frame(), /│ Movie 0 +│/v);
	t.is(asked.length, 0);
	app.close();
});

test('beside the detail there is the poster of the selected row, or the text over the whole width', async t => {
	const {service, asked} = slowPictures();
	const app = await browse(service, {columns: 140, rows: 40});
	await app.until(() => asked.length === 1);
	asked[0]!.answer(pictureOf({itemId: 'm0', box: {columns: 18, rows: 14}}));
	await app.until(frame => frame.includes('<m0>'));
	await app.press('j');
	await app.until(frame => !frame.includes('<m0>'));
	await app.until(() => asked.length === 2);
	asked[1]!.answer();
	await app.until(() => app.store.get().pictures.known.size === 2);
	t.false(app.frame().includes('▀'));
	app.close();
});

test('another size of the cells makes all pictures anew, and the same answer none', async t => {
	const app = await browse(quickPictures);
	await app.press('v');
	await app.until(frame => frame.includes('<m9>'));
	const {known} = app.store.get().pictures;
	app.controller.tell(picturesDecided({...mode}));
	t.is(app.store.get().pictures.known, known);
	app.controller.tell(picturesDecided({...mode, cell: {width: 8, height: 20}}));
	t.is(app.store.get().pictures.known.size, 0);
	app.close();
});
