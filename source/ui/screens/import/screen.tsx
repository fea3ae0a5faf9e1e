import {Box} from 'ink';
import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {blank} from '../../line.js';
import {SummaryTable} from './summary-table.js';
import {importLayout} from './layout.js';
import {
	barLines,
	problemListLines,
	requestLines,
	verdictLines,
} from './lines.js';
import {summaryLines, summaryOf} from './summary.js';

/**
A bar per library, the requests in flight and the problems; at the end the summary instead of the bars.
*/
export function ImportScreen({state, theme, layout}: ScreenProps) {
	const {columns} = state.size;
	const {glyphs} = theme;
	const {topRows, requestRows, problemRows, isTable} = importLayout(state);
	const at = (rows: number) => ({glyphs, columns, rows});
	const {result} = state.job;
	const problems = <Lines lines={problemListLines(state, at(problemRows))} rows={problemRows + 1} theme={theme}/>;
	if (result === undefined) {
		return (
			<Box flexDirection='column' height={layout.bodyRows}>
				<Lines lines={barLines(state, at(topRows))} rows={topRows} theme={theme}/>
				<Lines lines={requestLines(state, at(requestRows))} rows={requestRows} theme={theme}/>
				{problems}
			</Box>
		);
	}

	const summary = summaryOf(result, columns);
	const verdict = [...verdictLines(state, at(2)), blank];
	if (isTable && !theme.isAscii) {
		return (
			<Box flexDirection='column' height={layout.bodyRows} overflow='hidden'>
				<Lines lines={verdict} rows={3} theme={theme}/>
				<Box height={topRows - 3} flexShrink={0} overflow='hidden'>
					<SummaryTable summary={summary} theme={theme}/>
				</Box>
				{problems}
			</Box>
		);
	}

	return (
		<Box flexDirection='column' height={layout.bodyRows}>
			<Lines lines={[...verdict, ...summaryLines(summary, topRows - 3)]} rows={topRows} theme={theme}/>
			{problems}
		</Box>
	);
}
