import type {Key} from 'ink';
import {graphemes} from './parts/text-field.js';

/**
Names of the keys in one piece of input, such as `j`, `ctrl-d`, `enter`, `shift-tab`. A slow link may bring several keys in one piece. `sent` is what the terminal sent, because Ink does not tell one function key from another.
*/
export const keyNames = (input: string, key: Key, sent: string): string[] => {
	if (key.eventType === 'release') {
		return [];
	}

	if (key.meta) {
		return afterEscape(input, key, sent);
	}

	const name = specialName(key);
	if (name !== undefined) {
		return [name];
	}

	if (key.ctrl) {
		return [`ctrl-${input.toLowerCase()}`];
	}

	if (input === '') {
		return f1.has(sent.slice(1)) ? ['f1'] : [];
	}

	return graphemes(input).map(letter => characterName(letter));
};

/**
As xterm, others and the Linux console send F1, without the Esc before it.
*/
const f1 = new Set(['OP', '[P', '[11~', '[[A']);

const alt = 'alt-';

/**
A terminal sends Alt-j as Esc and j, and so do quick fingers or a slow link. Where no key needs Alt these are two keys, as in vi; `splitAlt` gives them. An arrow begins with an Esc of its own, so Esc and an arrow begin with two. Alt and an arrow begin with one in xterm and others, and are no key here.
*/
const afterEscape = (input: string, key: Key, sent: string): string[] => {
	if (key.escape) {
		return ['escape', 'escape'];
	}

	const [name, ...more] = keyNames(input, {...key, meta: false}, sent);
	const isPlain = name !== undefined && more.length === 0 && (name === 'enter' || name === 'tab' || typedText(name) !== undefined || sent.startsWith('\u{1B}\u{1B}'));
	return isPlain ? [`${alt}${name}`] : [];
};

/**
@example
```
splitAlt('alt-j'); //=> ['escape', 'j']
```
*/
export const splitAlt = (name: string): string[] | undefined => name.startsWith(alt) ? ['escape', name.slice(alt.length)] : undefined;

const characterNames = new Map([
	[' ', 'space'], ['\r', 'enter'], ['\n', 'enter'], ['\r\n', 'enter'], ['\t', 'tab'], ['\u{7F}', 'backspace'], ['\b', 'backspace'],
]);

const characterName = (character: string) => {
	// Ctrl-U may arrive in one piece with what follows it.
	const code = character.codePointAt(0)!;
	return characterNames.get(character) ?? (code <= 0x1A ? `ctrl-${String.fromCodePoint(code + 0x60)}` : character);
};

const specialName = (key: Key): string | undefined => {
	const names: Array<[boolean, string]> = [
		[key.ctrl && key.leftArrow, 'ctrl-left'],
		[key.ctrl && key.rightArrow, 'ctrl-right'],
		[key.upArrow, 'up'],
		[key.downArrow, 'down'],
		[key.leftArrow, 'left'],
		[key.rightArrow, 'right'],
		[key.pageUp, 'pageup'],
		[key.pageDown, 'pagedown'],
		[key.home, 'home'],
		[key.end, 'end'],
		[key.return, 'enter'],
		[key.escape, 'escape'],
		[key.tab, key.shift ? 'shift-tab' : 'tab'],
		[key.backspace, 'backspace'],
		[key.delete, 'delete'],
	];
	return names.find(([isPressed]) => isPressed)?.[1];
};

/**
The text that a key types; undefined when it types none.
*/
export const typedText = (name: string): string | undefined => {
	if (name === 'space') {
		return ' ';
	}

	return graphemes(name).length === 1 && !/\p{Control}/v.test(name) ? name : undefined;
};

const shownNames = new Map([
	['up', 'Up'],
	['down', 'Down'],
	['left', 'Left'],
	['right', 'Right'],
	['enter', 'Enter'],
	['escape', 'Esc'],
	['space', 'Space'],
	['tab', 'Tab'],
	['shift-tab', 'Shift-Tab'],
	['pageup', 'PgUp'],
	['pagedown', 'PgDn'],
	['home', 'Home'],
	['end', 'End'],
	['backspace', 'Backspace'],
	['delete', 'Del'],
	['f1', 'F1'],
	['ctrl-left', 'Ctrl-Left'],
	['ctrl-right', 'Ctrl-Right'],
]);

const namesByWord = new Map([
	...shownNames.entries().flatMap(([name, shown]) => [[name, name], [shown.toLowerCase(), name]] as const),
	['return', 'enter'],
]);

/**
The key or the sequence that a person means, who may write it as the help shows it; undefined when there is none.

@example
```
keyNamed('Ctrl-R'); //=> 'ctrl-r'
keyNamed('g x'); //=> 'g x'
```
*/
export const keyNamed = (text: string): string | undefined => {
	const names = text === ' ' ? ['space'] : text.trim().split(/\s+/v).map(word => oneKeyNamed(word));
	return names.includes(undefined) ? undefined : names.join(' ');
};

const oneKeyNamed = (word: string) => {
	if (typedText(word) !== undefined) {
		return word;
	}

	const {modifier, letter = ''} = /^(?<modifier>ctrl|alt)-(?<letter>.+)$/iv.exec(word)?.groups ?? {};
	if (modifier?.toLowerCase() === 'alt' && typedText(letter) !== undefined) {
		return `alt-${letter.toLowerCase()}`;
	}

	// Terminals send Tab for Ctrl-I, and Enter for Ctrl-J and Ctrl-M.
	return modifier?.toLowerCase() === 'ctrl' && /^[a-hkln-z]$/iv.test(letter)
		? `ctrl-${letter.toLowerCase()}`
		: namesByWord.get(word.toLowerCase());
};

/**
The name of a key in the footer and the help: `ctrl-d` is `Ctrl-D`, `g g` is `gg`.
*/
export const shownKey = (name: string): string => {
	const parts = name.split(' ').map(part => shownPart(part));
	return parts.join(parts.every(part => part.length === 1) ? '' : ' ');
};

const shownPart = (name: string) => {
	const {modifier, letter} = /^(?<modifier>ctrl|alt)-(?<letter>.+)$/v.exec(name)?.groups ?? {};
	return shownNames.get(name) ?? (modifier === undefined || letter === undefined
		? name
		: `${modifier === 'ctrl' ? 'Ctrl' : 'Alt'}-${letter.toUpperCase()}`);
};
