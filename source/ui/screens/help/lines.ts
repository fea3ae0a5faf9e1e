import {displayWidth} from '../../../base/text/width.js';
import {actionsOf} from '../../keymap.js';
import {shownKey} from '../../key-names.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import type {ScreenName} from '../../ui-state.js';
import {wrapText} from '../../parts/wrap.js';

const titles: Record<ScreenName, string> = {
	connect: 'Keys while connecting',
	libraries: 'Keys of the libraries',
	import: 'Keys of the import',
	problem: 'Keys of a problem',
	browse: 'Keys of the list',
	detail: 'Keys of the detail',
	changes: 'Keys of the changes',
	'sign-in': 'Sign in',
	runs: 'Runs',
	run: 'Run',
	log: 'Log',
	held: 'Missing and held',
	watch: 'Keys of the watch',
	text: 'Text',
	timeline: 'Keys of a timeline',
	help: 'Keys of the help',
	sort: 'Keys of the sort menu',
	quit: 'Keys of the question',
};

/**
All keys of a screen, from the same table that makes them work; first those that work now, in text or not.
*/
export const helpLines = (of: ScreenName, columns: number, isTyping = false): Line[] => {
	const typing = actionsOf(of, true).filter(({isForTyping}) => isForTyping === true);
	const parts = [
		[line(titles[of], 'strong'), blank, ...rows(of, false, columns)],
		...typing.length === 0 ? [] : [[line(of === 'connect' ? 'In the form' : 'While filtering', 'strong'), blank, ...rows(of, true, columns)]],
	];
	return (isTyping ? parts.toReversed() : parts).flatMap((part, index) => index === 0 ? part : [blank, ...part]);
};

const rows = (of: ScreenName, isTyping: boolean, columns: number): Line[] => {
	const actions = actionsOf(of, isTyping).filter(action => !isTyping || action.isForTyping === true);
	const shown = actions.map(({keys, help}) => ({keys: keys.map(key => shownKey(key)).join(' '), help}));
	const width = Math.min(Math.floor(columns / 2), Math.max(...shown.map(({keys}) => displayWidth(keys))));
	return shown.flatMap(({keys, help}) => wrapText(help, columns - width - 4).map((text, index) => [
		span(`  ${(index === 0 ? keys : '').padEnd(width)}  `, 'accent'),
		span(text),
	]));
};
