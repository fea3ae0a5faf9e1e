import test from 'ava';
import {displayWidth} from '../../source/base/text/width.js';
import {followUps} from '../../source/ui/keymap.js';
import {initialState} from '../../source/ui/initial-state.js';
import {
	digitTyped,
	prefixTyped,
	reduceUi,
	rested,
	waitShown,
} from '../../source/ui/reducer.js';
import {browseOpened} from '../../source/ui/screens/browse/reduce.js';
import {spokenSentences} from '../../source/ui/spoken.js';
import {connection, fakeServices, movie} from '../helpers/fake-services.js';
import {openApp} from '../helpers/open-app.js';
import {keys} from '../helpers/render-screen.js';

const setUp = (extra = {}) => fakeServices({items: [movie(1)], initial: {connection, ...extra}});

const listWith = (extra = {}) => reduceUi(
	initialState(setUp(extra).services, {columns: 80, rows: 24}),
	browseOpened({level: 'movie', crumb: 'Movies', query: {}}),
);

test('after g there follows what begins with g, also by the keys of the settings', t => {
	const state = reduceUi(listWith({keys: {runs: ['g r'], sync: ['g s y']}}), prefixTyped('g'));
	t.deepEqual(new Map(followUps(state).map(({keys: next, help}) => [next, help])), new Map([
		['sy', 'Bring the catalogue in step with the server; in a list, this library'],
		['r', 'Every import and sync, with its changes, problems and log'],
		['c', 'The collections of all libraries, also smart ones'],
		['p', 'The video playlists of the server'],
		['l', 'Go to the list of libraries'],
		['g', 'First row'],
	]));
});

test('after a number there follows what takes a number', t => {
	const next = followUps(reduceUi(listWith(), digitTyped('5'))).map(({keys: pressed}) => pressed);
	t.true(next.includes('j Down'));
	t.false(next.some(pressed => pressed.includes('s')));
	t.deepEqual(followUps(listWith()), []);
});

test('what may follow is spoken, and is gone with the keys', t => {
	const {index} = setUp().services;
	const state = reduceUi(reduceUi(listWith(), prefixTyped('g')), waitShown());
	t.true(spokenSentences(state, index).some(sentence => /^Next: .*g First row/v.test(sentence)));
	t.false(spokenSentences(reduceUi(state, rested()), index).some(sentence => sentence.startsWith('Next:')));
	t.false(reduceUi(listWith(), waitShown()).isWaitShown);
});

for (const size of [{columns: 80, rows: 24}, {columns: 40, rows: 10}]) {
	test(`at ${size.columns}×${size.rows} a key that waits shows what may follow, until the next key`, async t => {
		const app = await openApp(setUp().services, {...size, tabMs: 0});
		await app.press('H');
		await app.until(frame => frame.includes('Runs'));
		await app.press('g');
		await app.until(frame => frame.includes('Go to the list of'));
		t.true(app.frame().includes('g …'));
		t.is(app.lines().length, size.rows);
		t.true(app.lines().every(line => displayWidth(line) <= size.columns));
		await app.press(keys.escape);
		t.false(app.frame().includes('Go to the list of'));
		await app.press('20');
		await app.until(frame => frame.includes('20 …'));
		await app.press('j');
		t.false(app.frame().includes('20 …'));
		app.close();
	});
}

test('a quick hand sees nothing of it', async t => {
	const app = await openApp(setUp().services, {tabMs: 60_000});
	await app.press('H', 'g');
	t.false(app.frame().includes('g …'));
	app.close();
});
