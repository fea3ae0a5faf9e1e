import {Lines} from '../../parts/lines.js';
import type {ScreenProps} from '../../parts/screen-props.js';
import {topScreen} from '../../stack.js';
import {isReport} from './reduce.js';
import {reportLines} from './lines.js';

/**
Changes, a timeline, runs, a log, what is held: rows to choose from.
*/
export function ReportView({state, theme, layout}: ScreenProps) {
	const screen = topScreen(state);
	const lines = isReport(screen)
		? reportLines(screen, {glyphs: theme.glyphs, columns: state.size.columns, rows: layout.listRows})
		: [];
	return <Lines lines={lines} rows={layout.bodyRows} theme={theme}/>;
}
