import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {topScreen} from '../../stack.js';
import {contentLines} from '../../view/content.js';

/**
A screen of text that scrolls: a detail, a problem, the help.
*/
export function TextScreen({state, theme, layout}: ScreenProps) {
	const screen = topScreen(state);
	const from = 'scroll' in screen ? screen.scroll : 0;
	const lines = contentLines(state).slice(from, from + layout.bodyRows);
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
