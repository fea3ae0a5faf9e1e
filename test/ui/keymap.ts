import test from 'ava';
import type {Key} from 'ink';
import {createTheme} from '../../source/ui/theme.js';
import {keyNames, shownKey} from '../../source/ui/key-names.js';
import {
	actions,
	actionsOf,
	resolveKey,
	sortFieldsOf,
} from '../../source/ui/keymap.js';
import {lineText} from '../../source/ui/line.js';
import {handlers} from '../../source/ui/state/actions.js';
import {initialState} from '../../source/ui/initial-state.js';
import {reduceUi} from '../../source/ui/reducer.js';
import type {ScreenName, UiState} from '../../source/ui/ui-state.js';
import {footerLines} from '../../source/ui/footer.js';
import {helpLines} from '../../source/ui/screens/help/lines.js';
import {displayWidth} from '../../source/base/text/width.js';
import {connection, fakeServices} from '../helpers/fake-services.js';

const names: ScreenName[] = ['connect', 'libraries', 'import', 'problem', 'browse', 'detail', 'changes', 'timeline', 'runs', 'run', 'log', 'held', 'watch', 'text', 'help', 'sort', 'quit'];
const start = initialState(fakeServices({initial: {connection}}).services, {columns: 80, rows: 24});
const seasons = reduceUi(start, {type: 'browse-opened', screen: {level: 'season', crumb: 'Show', query: {}}});

test('every action has a handler and every handler an action', t => {
	const ids: string[] = actions.map(({id}) => id);
	t.deepEqual([...new Set(ids)].toSorted(), Object.keys(handlers).toSorted());
});

for (const name of names) {
	test(`on ${name}, no key means two things, and the help shows every key`, t => {
		const help = helpLines(name, 200).map(line => lineText(line)).join('\n');
		for (const isTyping of [false, true]) {
			const live = actionsOf(name, isTyping);
			const keys = live.flatMap(action => action.keys);
			t.is(keys.length, new Set(keys).size, keys.join(' '));
			// Keys that work everywhere are shown once.
			const shown = live.filter(action => !isTyping || action.isForTyping === true);
			for (const action of shown) {
				t.true(help.includes(action.keys.map(key => shownKey(key)).join(' ')), action.id);
				t.true(help.includes(action.help), action.id);
			}
		}
	});
}

const screensToShow: Array<[string, UiState]> = [
	['libraries', start],
	['browse', seasons],
	['filter', reduceUi(seasons, {type: 'action', id: 'filter', count: undefined})],
	['sort', reduceUi(seasons, {type: 'action', id: 'sort', count: undefined})],
	['help', reduceUi(seasons, {type: 'action', id: 'help', count: undefined})],
	['detail', reduceUi(seasons, {type: 'detail-opened', id: 'x'})],
	['changes', reduceUi(start, {type: 'report-opened', question: {name: 'changes', days: 7}, crumb: 'Changes of 7 days'})],
	['runs', reduceUi(start, {type: 'report-opened', question: {name: 'runs'}, crumb: 'Runs'})],
	['watch', reduceUi(start, {type: 'action', id: 'jobs', count: undefined})],
	['connect', reduceUi(start, {type: 'action', id: 'change-server', count: undefined})],
];

for (const [name, state] of screensToShow) {
	test(`the footer of ${name} is never wider than the terminal, and always leads to the keys or back`, t => {
		for (const columns of [40, 60, 80, 120]) {
			const [line] = footerLines(state, createTheme({isColor: false, isAscii: false}), columns);
			const text = lineText(line!);
			t.is(displayWidth(text), columns);
			t.regex(text, /help|back|cancel/v);
		}
	});
}

test('a key that is known but does nothing here says why', t => {
	const resolved = resolveKey(seasons, 'space');
	t.is(resolved.kind, 'refused');
	t.regex(resolved.kind === 'refused' ? resolved.reason : '', /not available for seasons/v);
});

test('an unknown key means nothing', t => {
	t.is(resolveKey(seasons, '%').kind, 'none');
});

test('gg is a sequence, and another key after g means what it always means', t => {
	const pending = resolveKey(seasons, 'g');
	t.deepEqual(pending, {kind: 'prefix', prefix: 'g'});
	const state = reduceUi(seasons, {type: 'prefix', prefix: 'g'});
	const second = resolveKey(state, 'g');
	t.is(second.kind === 'action' ? second.action.id : '', 'top');
	const other = resolveKey(state, 'j');
	t.is(other.kind === 'action' ? other.action.id : '', 'down');
});

const key = (change: Partial<Key>): Key => ({
	upArrow: false, downArrow: false, leftArrow: false, rightArrow: false, pageDown: false, pageUp: false, home: false, end: false,
	return: false, escape: false, ctrl: false, shift: false, tab: false, backspace: false, delete: false, meta: false,
	super: false, hyper: false, capsLock: false, numLock: false, ...change,
});

test('keys that arrive in one piece are taken one by one', t => {
	t.deepEqual(keyNames('5j', key({})), ['5', 'j']);
	t.deepEqual(keyNames('ab\r', key({})), ['a', 'b', 'enter']);
});

test('Esc and a key in one piece are the two keys, and a changed arrow is none', t => {
	t.deepEqual(keyNames('q', key({meta: true})), ['escape', 'q']);
	t.deepEqual(keyNames('', key({meta: true, escape: true})), ['escape', 'escape']);
	t.deepEqual(keyNames('', key({escape: true})), ['escape']);
	t.deepEqual(keyNames('', key({meta: true, upArrow: true})), []);
});

test('control keys, arrows and function keys have names', t => {
	t.deepEqual(keyNames('d', key({ctrl: true})), ['ctrl-d']);
	t.deepEqual(keyNames('', key({upArrow: true})), ['up']);
	t.deepEqual(keyNames('', key({tab: true, shift: true})), ['shift-tab']);
	t.deepEqual(keyNames('', key({})), ['f1']);
});

test('a list can be sorted only by what its rows have', t => {
	const fields = (level: 'movie' | 'show' | 'season' | 'episode') =>
		sortFieldsOf(reduceUi(start, {type: 'browse-opened', screen: {level, crumb: '', query: {}}})).map(({field}) => field);
	t.deepEqual(fields('movie'), ['title', 'year', 'added', 'duration', 'resolution', 'rating']);
	t.deepEqual(fields('show'), ['title', 'year', 'added', 'rating']);
	t.deepEqual(fields('season'), ['title', 'number', 'year', 'added']);
	t.true(fields('episode').includes('number'));
});
