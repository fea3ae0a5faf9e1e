import {displayWidth} from '../../../base/text/width.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import {shownKey} from '../../key-names.js';
import {scrolling} from '../../parts/scrolling.js';
import {wrapText} from '../../parts/wrap.js';
import {screenModule, type KeyBinding} from '../../screen-module.js';

export type HelpPart = {heading: string; keys: ReadonlyArray<Pick<KeyBinding, 'keys' | 'help'>>};

export type HelpScreen = {name: 'help'; isOverlay: true; parts: readonly HelpPart[]; scroll: number};

export const helpLines = (parts: readonly HelpPart[], columns: number): Line[] => parts.flatMap(({heading, keys}, index) => [
	...index === 0 ? [] : [blank],
	line(heading, 'strong'),
	blank,
	...rows(keys, columns),
]);

const rows = (bindings: HelpPart['keys'], columns: number): Line[] => {
	const shown = bindings.map(({keys, help}) => ({keys: keys.map(key => shownKey(key)).join(' '), help}));
	const width = Math.min(Math.floor(columns / 2), Math.max(...shown.map(({keys}) => displayWidth(keys))));
	return shown.flatMap(({keys, help}) => wrapText(help, columns - width - 4).map((text, index) => [
		span(`  ${(index === 0 ? keys : '').padEnd(width)}  `, 'accent'),
		span(text),
	]));
};

export const helpModule = screenModule<HelpScreen>({
	name: 'help',
	title: 'Help',
	helpTitle: 'Keys of the help',
	spokenName: 'help',
	place: 'in the help',
	groups: ['list'],
	hints: ['down', 'up', 'back'],
	...scrolling((state, screen) => helpLines(screen.parts, state.size.columns)),
});
