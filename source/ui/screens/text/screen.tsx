import {cleanLines} from '../../../base/text/clean.js';
import {line} from '../../line.js';
import {message} from '../../messages.js';
import {scrolling} from '../../parts/scrolling.js';
import {wrapText} from '../../parts/wrap.js';
import {screenModule} from '../../screen-module.js';
import {push} from '../../ui-state.js';

type TextScreen = {name: 'text'; crumb: string; text: string; scroll: number};

export const textOpened = message((state, {crumb, text}: {crumb: string; text: string}) => push<TextScreen>(state, {
	name: 'text', crumb, text, scroll: 0,
}));

export const textModule = screenModule<TextScreen>({
	name: 'text',
	title: 'A text',
	helpTitle: 'Text',
	spokenName: 'text',
	place: 'in a text',
	groups: ['list'],
	hints: ['back'],
	...scrolling((state, screen) => wrapText(cleanLines(screen.text), state.size.columns - 1).map(part => line(part))),
});
