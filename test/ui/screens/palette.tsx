import {setImmediate} from 'node:timers/promises';
import test from 'ava';
import {displayWidth} from '../../../source/base/text/width.js';
import {initialState} from '../../../source/ui/initial-state.js';
import {paletteActions} from '../../../source/ui/keymap.js';
import {reduceUi} from '../../../source/ui/reducer.js';
import {browseOpened, browseScreen} from '../../../source/ui/screens/browse/reduce.js';
import {
	isPalette,
	paletteRows,
	type PaletteScreen,
} from '../../../source/ui/screens/palette/reduce.js';
import {screens} from '../../../source/ui/screens/registry.js';
import {textOpened} from '../../../source/ui/screens/text/screen.js';
import {topScreen, type UiState} from '../../../source/ui/ui-state.js';
import {
	connection,
	emptyHeader,
	fakeServices,
	library,
	movie,
} from '../../helpers/fake-services.js';
import {openApp} from '../../helpers/open-app.js';
import {action} from '../../helpers/press-key.js';
import {keys} from '../../helpers/render-screen.js';

const catalog = {
	...emptyHeader, libraries: [
		library('films', 'movie', {
			title: 'Films', counts: {
				movie: 3, show: 0, season: 0, episode: 0,
			},
		}),
		library('anime', 'show', {
			title: 'アニメ', counts: {
				movie: 0, show: 2, season: 0, episode: 0,
			},
		}),
	],
};

const setUp = () => fakeServices({
	items: [1, 2, 3].map(number => movie(number, {libraryId: 'films'})), initial: {connection, catalog},
});

const start = initialState(setUp().services, {columns: 80, rows: 24});
const list = reduceUi(start, browseOpened({level: 'movie', crumb: 'Films', query: {libraryId: 'films'}}));

const paletteIn = (state: UiState): PaletteScreen => {
	const top = topScreen(state);
	if (!isPalette(top)) {
		throw new Error(`On top is ${top.name}.`);
	}

	return top;
};

test('every key of every screen is in the palette, with the reason where it cannot be done', t => {
	for (const {name, keys: own = []} of screens) {
		const found = paletteActions({...start, stack: [{name: 'libraries'}]});
		const ids = found.map(({key}) => key.id);
		t.is(new Set(ids).size, ids.length, name);
		t.deepEqual(own.filter(({isForTyping}) => isForTyping !== true).map(({id}) => id).filter(id => !ids.includes(id)), [], name);
	}

	const problems = paletteActions(list).find(({key}) => key.id === 'pause-job');
	t.is(problems?.reason, 'Only on Watch.');
});

test('what needs no screen can be done from anywhere, and a reason of its own is told', t => {
	const text = reduceUi(list, textOpened({crumb: 'Line', text: 'x'}));
	const actions = new Map(paletteActions(text).map(found => [found.key.id, found]));
	t.like(actions.get('runs'), {isElsewhere: true, reason: undefined});
	t.like(actions.get('libraries'), {isElsewhere: true, reason: undefined});
	t.like(new Map(paletteActions({...list, readOnlyReason: 'Another one writes.'}).map(found => [found.key.id, found])).get('sync'), {reason: 'Another one writes.'});
});

test('the last used actions come first, and those that cannot be done last', t => {
	const state: UiState = {...list, recentActions: ['runs', 'pause-job', 'sort']};
	const actions = paletteActions(state);
	t.deepEqual(actions.slice(0, 3).map(({key}) => key.id), ['runs', 'sort', 'filter']);
	const firstWithReason = actions.findIndex(({reason}) => reason !== undefined);
	t.true(actions.slice(firstWithReason).every(({reason}) => reason !== undefined));
});

test('typing finds the best first and starts at the top; the cursor stays within the rows', t => {
	let state = reduceUi(reduceUi(list, action('palette')), action('next-field'));
	t.is(paletteIn(state).cursor, 1);
	state = reduceUi(state, {apply: before => screens.find(({name}) => name === 'palette')!.typing!.insert(before, 'SÓRT')});
	t.is(paletteIn(state).cursor, 0);
	const [first] = paletteRows(paletteIn(state));
	t.like(first, {kind: 'action', action: {label: 'sort'}, match: {at: [0, 1, 2, 3]}});
	for (let press = 0; press < 200; press++) {
		state = reduceUi(state, action('next-field'));
	}

	t.is(paletteIn(state).cursor, paletteRows(paletteIn(state)).length - 1);
	t.is(topScreen(reduceUi(state, action('cancel'))).name, 'browse');
});

test('an action is found by what others call it, and one that can be done comes before one that cannot', t => {
	const firstFor = (typed: string) => {
		const state = reduceUi(reduceUi(list, action('palette')), {apply: before => screens.find(({name}) => name === 'palette')!.typing!.insert(before, typed)});
		const [first] = paletteRows(paletteIn(state));
		return first?.kind === 'action' ? first.action.key.id : undefined;
	};

	t.deepEqual(['exit', 'search', 'find', 'reload', 'diff', 'dark', 'shortcuts'].map(typed => firstFor(typed)), ['quit', 'filter', 'filter', 'refresh', 'changes', 'theme', 'help']);
	// What matches by stray letters alone is no better for it.
	t.is(firstFor('pause'), 'pause-job');
});

const open = async (size = {}) => {
	const fake = setUp();
	const app = await openApp(fake.services, size);
	await app.until(frame => frame.includes('Films'));
	await app.press('l');
	await app.until(() => browseScreen(app.store.get())?.answered !== undefined);
	await setImmediate();
	return {...app, calls: fake.calls};
};

test('the palette lies over the list, shows keys and lit letters, and does what Enter chooses', async t => {
	const app = await open();
	await app.press(':');
	await app.until(frame => frame.includes('Actions'));
	t.regex(app.lines()[3]!, /Title↑ .*Size/v);
	await app.press('runs');
	await app.until(frame => /› runs {2}Every import and sync.* H/v.test(frame));
	await app.press(keys.enter);
	await app.until(frame => frame.includes('› Runs'));
	t.deepEqual(app.calls.filter(call => call.startsWith('report')), ['report runs']);
	await app.press('\u{10}');
	await app.until(frame => frame.includes('› runs'));
	await app.press('\u{10}');
	await app.until(frame => !frame.includes('Actions'));
	app.close();
});

test('an action that cannot be done tells its reason and leaves the palette open', async t => {
	const app = await open();
	await app.press(':', 'pause');
	await app.until(frame => frame.includes('Only on Watch.'));
	await app.press(keys.enter);
	t.true(app.frame().includes('Actions'));
	t.is(app.store.get().message?.text, 'Only on Watch.');
	app.close();
});

test('what an action needs is asked for in its line: a library, an order, a filter', async t => {
	const app = await open();
	await app.press(':', 'library', keys.enter);
	await app.until(frame => frame.includes('Library: '));
	await app.press('ア');
	await app.until(frame => frame.includes('› アニメ'));
	await app.press(keys.enter);
	await app.until(() => browseScreen(app.store.get())?.query.libraryId === 'anime');
	t.deepEqual(app.store.get().stack.map(({name}) => name), ['libraries', 'browse']);
	await app.press(':', 'sort', keys.enter, 'year', keys.enter);
	t.is(browseScreen(app.store.get())?.query.sort, 'year');
	await app.press(':', 'filter', keys.enter, 'Movie 2', keys.enter);
	t.like(browseScreen(app.store.get()), {filter: {text: 'Movie 2'}, isFiltering: false});
	await app.press(':', 'theme', keys.enter, 'contrast', keys.enter);
	t.is(app.store.get().themeName, 'contrast');
	t.deepEqual(app.store.get().recentActions, ['theme', 'filter', 'sort', 'tab']);
	app.close();
});

test('Esc goes back from an argument to the actions, and then closes', async t => {
	const app = await open();
	await app.press(':', 'theme', keys.enter);
	await app.until(frame => frame.includes('Theme: '));
	await app.press(keys.escape);
	t.true(app.frame().includes('Actions'));
	await app.press(keys.escape);
	t.is(topScreen(app.store.get()).name, 'browse');
	app.close();
});

for (const size of [{columns: 40, rows: 10}, {columns: 120, rows: 40}]) {
	test(`the palette fits ${size.columns}×${size.rows}`, async t => {
		const app = await open(size);
		await app.press(':', 'sort');
		await app.until(frame => frame.includes('› sort'));
		t.is(app.lines().length, size.rows);
		t.true(app.lines().every(line => displayWidth(line) <= size.columns));
		app.close();
	});
}
