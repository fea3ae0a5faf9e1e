import type {Key} from 'ink';

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/**
The name of each key in what the terminal sent at once, such as `j`, `ctrl-d`, `enter`, `shift-tab`. A slow link may bring several in one piece.
*/
export const keyNames = (input: string, key: Key): string[] => {
	if (key.eventType === 'release') {
		return [];
	}

	if (key.meta) {
		return afterEscape(input, key);
	}

	const name = specialName(key);
	if (name !== undefined) {
		return [name];
	}

	if (key.ctrl) {
		return [`ctrl-${input.toLowerCase()}`];
	}

	// Ink tells of function keys only that there was a key: F1 is the one that people press.
	return input === '' ? ['f1'] : Array.from(segmenter.segment(input), ({segment}) => characterName(segment));
};

/**
A terminal sends Alt-j as Esc and j, which is also what quick fingers or a slow link make of these two. No key here is with Alt, so it means the two, as in vi.
*/
const afterEscape = (input: string, key: Key): string[] => {
	if (key.escape) {
		return ['escape', 'escape'];
	}

	const [name, ...more] = keyNames(input, {...key, meta: false});
	const isPlain = name !== undefined && more.length === 0 && (name === 'enter' || typedText(name) !== undefined);
	return isPlain ? ['escape', name] : [];
};

const characterName = (character: string) => {
	switch (character) {
		case ' ': {
			return 'space';
		}

		case '\r':
		case '\n':
		case '\r\n': {
			return 'enter';
		}

		case '\t': {
			return 'tab';
		}

		case '\u{7F}':
		case '\b': {
			return 'backspace';
		}

		default: {
			// A fast typist or a slow link sends Ctrl-U in one piece with what follows.
			const code = character.codePointAt(0)!;
			return code <= 0x1A ? `ctrl-${String.fromCodePoint(code + 0x60)}` : character;
		}
	}
};

const specialName = (key: Key): string | undefined => {
	const names: Array<[boolean, string]> = [
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
The text that a key types, or undefined for one that types none.
*/
export const typedText = (name: string): string | undefined => {
	if (name === 'space') {
		return ' ';
	}

	const [first, second] = segmenter.segment(name);
	return first !== undefined && second === undefined && !/\p{Control}/v.test(name) ? name : undefined;
};

const shownNames: Record<string, string> = {
	up: 'Up',
	down: 'Down',
	left: 'Left',
	right: 'Right',
	enter: 'Enter',
	escape: 'Esc',
	space: 'Space',
	tab: 'Tab',
	'shift-tab': 'Shift-Tab',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	backspace: 'Backspace',
	delete: 'Del',
	f1: 'F1',
};

/**
A key as it is printed in the footer and the help: `ctrl-d` is `Ctrl-D`, `g g` is `gg`.
*/
export const shownKey = (name: string): string =>
	shownNames[name] ?? (name.startsWith('ctrl-') ? `Ctrl-${name.slice(5).toUpperCase()}` : name.replaceAll(' ', ''));
