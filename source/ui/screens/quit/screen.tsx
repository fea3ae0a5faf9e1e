import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {isImporting} from '../../stack.js';
import {sentences} from '../../parts/sentences.js';

/**
Asked only while an import or the daemon runs in this process.
*/
export function QuitScreen({state, theme, layout}: ScreenProps) {
	const lines = sentences([
		...isImporting(state)
			? ['An import is running. Quit and cancel it?', 'What was committed is kept, and the next import goes on from there.']
			: ['The daemon runs in this app. Quit and end watching?', 'What was committed is kept, and the jobs are remembered for the next start of reelcat --watch.'],
		'Press y to quit, Esc to go back.',
	], state.size.columns);
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
