import test from 'ava';
import fc from 'fast-check';
import {isText} from '../../source/ui/key-changes.js';
import {keyNamed, shownKey} from '../../source/ui/key-names.js';
import {readKeySettings} from '../../source/ui/key-settings.js';
import {
	allKeys,
	helpParts,
	hintsOf,
	keysOf,
	resolveKey,
} from '../../source/ui/keymap.js';
import {initialState} from '../../source/ui/initial-state.js';
import {prefixTyped, reduceUi} from '../../source/ui/reducer.js';
import {browseOpened} from '../../source/ui/screens/browse/reduce.js';
import {screens} from '../../source/ui/screens/registry.js';
import {connection, fakeServices} from '../helpers/fake-services.js';

const stateWith = (keys: unknown) => reduceUi(
	initialState(fakeServices({initial: {connection, keys}}).services, {columns: 80, rows: 24}),
	browseOpened({level: 'movie', crumb: 'Movies', query: {}}),
);

const idOf = (keys: unknown, ...pressed: string[]) => {
	let state = stateWith(keys);
	for (const key of pressed.slice(0, -1)) {
		const resolved = resolveKey(state, key);
		state = resolved.kind === 'prefix' ? reduceUi(state, prefixTyped(resolved.prefix)) : state;
	}

	const resolved = resolveKey(state, pressed.at(-1)!);
	return resolved.kind === 'key' ? resolved.key.id : resolved.kind;
};

test('a key is understood as the help shows it', t => {
	const single = allKeys.flatMap(({keys}) => keys).filter(name => !name.includes(' '));
	for (const key of single) {
		t.is(keyNamed(shownKey(key)), key);
		t.is(keyNamed(key), key);
	}

	t.deepEqual(['g  X', 'CTRL-r', 'alt-J', 'esc', ' '].map(text => keyNamed(text)), ['g X', 'ctrl-r', 'alt-j', 'escape', 'space']);
	t.deepEqual(['gg', 'ctrl-i', 'ctrl-1', 'f13', '', 'shift-a', '\u{1B}'].map(text => keyNamed(text)), Array.from({length: 7}));
});

test('keys of the settings hold, and those that they replace do nothing', t => {
	const keys = {refresh: ['ctrl-r', 'g r'], runs: 'X', quit: []};
	t.deepEqual(readKeySettings(keys).faults, []);
	t.is(idOf(keys, 'ctrl-r'), 'refresh');
	t.is(idOf(keys, 'g', 'r'), 'refresh');
	t.is(idOf(keys, 'g', 'l'), 'libraries');
	t.is(idOf(keys, 'X'), 'runs');
	for (const old of ['r', 'H', 'Q']) {
		// Another screen may still have it.
		t.regex(idOf(keys, old), /^(?:none|refused)$/v);
	}
});

test('the help and the footer show the keys that hold', t => {
	const state = stateWith({sync: ['ctrl-r'], quit: []});
	const shown = helpParts('libraries', false, state.keyChanges).flatMap(part => part.keys);
	t.deepEqual(shown.filter(({help}) => help.startsWith('Bring the catalogue')).map(({keys}) => keys), [['ctrl-r']]);
	t.false(shown.some(({help}) => help.startsWith('Quit at once')));
	t.deepEqual(hintsOf(state).filter(({id}) => id === 'sync').map(({keys}) => keys), [['ctrl-r']]);
});

const faulty: Array<[string, unknown, RegExp]> = [
	['an action that there is not', {nonsense: ['x']}, /^"nonsense" is not the id of an action\.$/v],
	['an action with the name of what every object has', JSON.parse('{"__proto__": ["x"]}'), /^"__proto__" is not the id/v],
	['a key that there is not', {refresh: ['hyper-x']}, /^"hyper-x" \(refresh\) is not the name of a key\.$/v],
	['a digit', {refresh: ['5']}, /begins a count/v],
	['a letter where text is typed', {'erase-word': ['x']}, /^"x" \(erase-word\) types text/v],
	['the way out', {interrupt: ['x']}, /^The keys of "interrupt" cannot be changed\.$/v],
	['something else than a key', {refresh: [7]}, /not a text/v],
	['a key behind another one of the same action', {refresh: ['ctrl-r', 'ctrl-r x']}, /^Ctrl-R x \(refresh\) cannot be reached, because Ctrl-R alone/v],
	['a key that another action has', {refresh: ['R']}, /^R is "refresh" and so no longer "sync" on /v],
	['a key that another action begins with', {refresh: ['g']}, /gg is "refresh" and so no longer "top" on /v],
	['two actions with one key', {runs: ['X'], changes: ['X']}, /^X is "runs" and so no longer "changes" on /v],
	['something else than an object', ['x'], /must be an object/v],
];

for (const [what, keys, sentence] of faulty) {
	test(`${what} is named, and the other keys hold`, t => {
		const {faults} = readKeySettings(keys);
		t.regex(faults.join(' '), sentence);
		const more = typeof keys === 'object' && !Array.isArray(keys) ? {...keys, jobs: ['%']} : {jobs: ['%']};
		t.is(idOf(more, '%'), 'jobs');
	});
}

test('a fault cannot write to the terminal', t => {
	t.notRegex(readKeySettings({'\u{1B}]0;x\u{7}': ['\u{1B}[2J']}).faults.join(' '), /\p{Control}/v);
});

const id = fc.constantFrom(...new Set(allKeys.map(key => key.id)));
const name = fc.constantFrom('x', 'g', 'G', 'g x', 'R', 'ctrl-c', 'ctrl-r', 'escape', 'f1', 'enter', 'Space', 'j', 'alt-j', 'nonsense');

test('whatever the settings say, a key of a screen means one thing, Ctrl-C leads out, and text can be typed', t => {
	const law = fc.property(fc.array(fc.tuple(id, fc.array(name, {maxLength: 3})), {maxLength: 6}), pairs => {
		const {changes} = readKeySettings(Object.fromEntries(pairs));
		return screens.every(screen => [false, true].every(isTyping => {
			const live = keysOf(screen.name, isTyping, changes);
			const keys = live.flatMap(key => key.keys);
			return keys.every(key => keys.every(other => other === key || !other.startsWith(`${key} `)))
				&& new Set(keys).size === keys.length
				&& live.find(key => key.keys.includes('ctrl-c'))?.id === 'interrupt'
				&& (!isTyping || keys.every(key => !isText(key)));
		}));
	});
	t.notThrows(() => {
		fc.assert(law, {numRuns: 100});
	});
});
