import {Box, Text} from 'ink';
import {smallest} from './layout.js';
import {isImporting} from './stack.js';
import {willEndWatch} from './screens/watch/reduce.js';
import type {UiState} from './ui-state.js';
import {percent} from './parts/bar.js';

/**
What a terminal shows that is too small for anything else. Jobs run on.
*/
export function TooSmallScreen({state}: {readonly state: UiState}) {
	const {columns, rows} = state.size;
	const {totals} = state.job.progress;
	const texts = [
		'Terminal too small',
		`Needed ${smallest.columns}x${smallest.rows}`,
		`Actual ${columns}x${rows}`,
		...isImporting(state) ? [`Importing ${percent(totals.done, totals.expected)} %`] : [],
		willEndWatch(state) ? (state.message === undefined ? 'q ends watching' : 'q again to quit') : 'q quits',
	].slice(0, Math.max(1, rows));
	return (
		<Box flexDirection='column'>
			{texts.map(text => <Text key={text} wrap='truncate'>{text}</Text>)}
		</Box>
	);
}
