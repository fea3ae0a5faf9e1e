import {Lines} from '../components/lines.js';
import type {ScreenProps} from '../components/screen-props.js';
import {sentences} from '../view/empty.js';

/**
Asked only while an import runs in this process.
*/
export function QuitScreen({state, theme, layout}: ScreenProps) {
	const lines = sentences([
		'An import is running. Quit and cancel it?',
		'What was committed is kept, and the next import goes on from there.',
		'Press y to quit, Esc to go back.',
	], state.size.columns);
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
