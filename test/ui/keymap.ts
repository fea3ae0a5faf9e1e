import test from 'ava';
import type {Key} from 'ink';
import {browseOpened, sortFieldsOf} from '../../source/ui/screens/browse/reduce.js';
import {detailOpened} from '../../source/ui/screens/detail/effects.js';
import {reportOpened} from '../../source/ui/screens/report/reduce.js';
import {prefixTyped, reduceUi} from '../../source/ui/reducer.js';
import {createTheme} from '../../source/ui/theme.js';
import {keyNames, shownKey, splitAlt} from '../../source/ui/key-names.js';
import {
	allKeys,
	helpParts,
	keysOf,
	resolveKey,
} from '../../source/ui/keymap.js';
import {screens} from '../../source/ui/screens/registry.js';
import {lineText} from '../../source/ui/line.js';
import {initialState} from '../../source/ui/initial-state.js';
import type {UiState} from '../../source/ui/ui-state.js';
import {footerLines} from '../../source/ui/footer.js';
import {helpLines} from '../../source/ui/screens/help/screen.js';
import {displayWidth} from '../../source/base/text/width.js';
import {connection, fakeServices} from '../helpers/fake-services.js';
import {action} from '../helpers/press-key.js';

const start = initialState(fakeServices({initial: {connection}}).services, {columns: 80, rows: 24});
const seasons = reduceUi(start, browseOpened({level: 'season', crumb: 'Show', query: {}}));

test('every key does something, and adds itself only to screens that there are', t => {
	const known = new Set(screens.flatMap(({name, groups = []}) => [name, ...groups]));
	for (const {id, update, effect, on = []} of allKeys) {
		t.true(update !== undefined || effect !== undefined, id);
		t.deepEqual(on.filter(name => !known.has(name)), [], id);
	}
});

test('no two screens have the same name, and each is shown only hints of keys that it has', t => {
	t.is(new Set(screens.map(({name}) => name)).size, screens.length);
	for (const {name, hints = []} of screens) {
		const ids = new Set(keysOf(name, false).map(({id}) => id));
		t.deepEqual(hints.filter(id => !ids.has(id)), [], name);
	}
});

for (const {name, keys: own = []} of screens) {
	test(`on ${name}, no key means two things, and the help shows every key`, t => {
		const help = helpParts(name, false).flatMap(part => helpLines([part], 200)).map(line => lineText(line)).join('\n');
		for (const isTyping of [false, true]) {
			const live = keysOf(name, isTyping);
			const keys = live.flatMap(key => key.keys);
			t.is(keys.length, new Set(keys).size, keys.join(' '));
			t.is(live.length, new Set(live.map(({id}) => id)).size);
			const taken = live.filter(({id, help: text}) => own.every(key => !(key.id === id && key.help === text))).flatMap(key => allKeys.find(({id, help: text, isForTyping}) => id === key.id && text === key.help && isForTyping === key.isForTyping)!.keys.filter(pressed => !key.keys.includes(pressed)));
			t.deepEqual(taken, name === 'wall' && !isTyping ? ['h', 'left'] : [], 'Only posters stand side by side, so h is not back there.');
			// Keys that work everywhere are shown once.
			const shown = live.filter(key => !isTyping || key.isForTyping === true);
			for (const key of shown) {
				t.true(help.includes(key.keys.map(pressed => shownKey(pressed)).join(' ')), key.id);
				t.true(help.includes(key.help), key.id);
			}
		}
	});
}

test('the help of the posters has the keys of all screens, also those of which it took a part', t => {
	const parts = helpParts('wall', false);
	t.deepEqual(parts.map(({heading}) => heading), ['Keys of the poster wall', 'Moving', 'Everywhere', 'While filtering']);
	t.true(parts[2]!.keys.some(({keys, help}) => keys.join(' ') === 'escape' && help.startsWith('One step back')));
});

const screensToShow: Array<[string, UiState]> = [
	['libraries', start],
	['browse', seasons],
	['filter', reduceUi(seasons, action('filter'))],
	['sort', reduceUi(seasons, action('sort'))],
	['help', reduceUi(seasons, action('help'))],
	['detail', reduceUi(seasons, detailOpened({id: 'x', title: 'X'}))],
	['changes', reduceUi(start, reportOpened({question: {name: 'changes', days: 7}, crumb: 'Changes of 7 days'}))],
	['runs', reduceUi(start, reportOpened({question: {name: 'runs'}, crumb: 'Runs'}))],
	['watch', reduceUi(start, action('jobs'))],
	['connect', reduceUi(start, action('change-server'))],
];

for (const [name, state] of screensToShow) {
	test(`the footer of ${name} is never wider than the terminal, and always leads to the keys or back`, t => {
		for (const columns of [40, 60, 80, 120]) {
			const [line] = footerLines(state, createTheme({isColor: false, isAscii: false}), columns);
			const text = lineText(line!);
			t.is(displayWidth(text), columns);
			t.regex(text, /all|back|cancel/v);
		}
	});
}

test('a key that is known but does nothing here says why', t => {
	const resolved = resolveKey(seasons, 'a');
	t.is(resolved.kind, 'refused');
	t.regex(resolved.kind === 'refused' ? resolved.reason : '', /not available for seasons/v);
});

test('a key that does nothing here is told as what it does in lists, not as a letter of a menu', t => {
	for (const [key, told] of [['t', /^t \(all that happened to this item\) is not available/v], ['i', /^i \(who made it/v]] as const) {
		const resolved = resolveKey(start, key);
		t.regex(resolved.kind === 'refused' ? resolved.reason : resolved.kind, told);
	}
});

test('an unknown key means nothing', t => {
	t.is(resolveKey(seasons, '%').kind, 'none');
});

test('gg is a sequence, and another key after g means what it always means', t => {
	const pending = resolveKey(seasons, 'g');
	t.deepEqual(pending, {kind: 'prefix', prefix: 'g'});
	const state = reduceUi(seasons, prefixTyped('g'));
	// The rows of this list are not there yet, so a key that moves the cursor waits for them.
	t.deepEqual(resolveKey(state, 'g'), {kind: 'awaited', what: 'the rows'});
	t.deepEqual(resolveKey(state, 'j'), {kind: 'awaited', what: 'the rows'});
	const second = resolveKey(state, 'l');
	t.is(second.kind === 'key' ? second.key.id : '', 'libraries');
});

const key = (change: Partial<Key>): Key => ({
	upArrow: false, downArrow: false, leftArrow: false, rightArrow: false, pageDown: false, pageUp: false, home: false, end: false,
	return: false, escape: false, ctrl: false, shift: false, tab: false, backspace: false, delete: false, meta: false,
	super: false, hyper: false, capsLock: false, numLock: false, ...change,
});

test('keys that arrive in one piece are taken one by one', t => {
	t.deepEqual(keyNames('5j', key({}), ''), ['5', 'j']);
	t.deepEqual(keyNames('ab\r', key({}), ''), ['a', 'b', 'enter']);
});

test('Esc and a key in one piece are the two keys, and a changed arrow is none', t => {
	t.deepEqual(keyNames('q', key({meta: true}), ''), ['alt-q']);
	t.deepEqual(splitAlt('alt-q'), ['escape', 'q']);
	t.deepEqual(keyNames('', key({meta: true, tab: true}), ''), ['alt-tab']);
	t.is(splitAlt('q'), undefined);
	t.deepEqual(keyNames('', key({meta: true, escape: true}), ''), ['escape', 'escape']);
	t.deepEqual(keyNames('', key({escape: true}), ''), ['escape']);
	t.deepEqual(keyNames('', key({meta: true, upArrow: true}), '\u{1B}[1;3A'), []);
	t.deepEqual(keyNames('', key({meta: true, upArrow: true}), '\u{1B}\u{1B}[A'), ['alt-up']);
	t.deepEqual(splitAlt('alt-up'), ['escape', 'up']);
});

test('control keys, arrows and function keys have names', t => {
	t.deepEqual(keyNames('d', key({ctrl: true}), ''), ['ctrl-d']);
	t.deepEqual(keyNames('', key({upArrow: true}), ''), ['up']);
	t.deepEqual(keyNames('', key({tab: true, shift: true}), ''), ['shift-tab']);
	t.deepEqual(keyNames('', key({ctrl: true, leftArrow: true}), ''), ['ctrl-left']);
	for (const [sent, names] of [['\u{1B}OP', ['f1']], ['\u{1B}[11~', ['f1']], ['\u{1B}[[A', ['f1']], ['\u{1B}OQ', []], ['\u{1B}[15~', []], ['\u{1B}[24~', []], ['\u{1B}[2~', []]] as const) {
		t.deepEqual(keyNames('', key({}), sent), [...names]);
	}

	t.deepEqual(['ctrl-d', 'alt-b', 'ctrl-left', 'g g'].map(name => shownKey(name)), ['Ctrl-D', 'Alt-B', 'Ctrl-Left', 'gg']);
});

test('a list can be sorted only by what its rows have', t => {
	const fields = (level: 'movie' | 'show' | 'season' | 'episode') =>
		sortFieldsOf(reduceUi(start, browseOpened({level, crumb: '', query: {}}))).map(({field}) => field);
	t.deepEqual(fields('movie'), ['title', 'year', 'added', 'duration', 'size', 'resolution', 'rating']);
	t.deepEqual(fields('show'), ['title', 'year', 'added', 'rating']);
	t.deepEqual(fields('season'), ['title', 'number', 'year', 'added']);
	t.true(fields('episode').includes('number'));
});
