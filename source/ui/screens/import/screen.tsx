import {Box} from 'ink';
import {asciiGlyphs} from '../../theme.js';
import {layoutOf} from '../../layout.js';
import {
	blank,
	lineText,
	line,
	type Line,
} from '../../line.js';
import {filled, Lines} from '../../parts/lines.js';
import {moveTo, scrollTo} from '../../parts/list.js';
import {RuledTable, type TableColumn} from '../../parts/ruled-table.js';
import {screenModule, type KeyBinding, type ScreenProps} from '../../screen-module.js';
import {paceWords} from '../../../sync/pace-words.js';
import {
	baseScreen,
	isImporting,
	pop,
	topScreen,
	type UiState,
} from '../../ui-state.js';
import {browseScreen, libraryOpened} from '../browse/reduce.js';
import {noLibraryHere, selectedLibrary} from '../libraries/reduce.js';
import {openProblem} from '../problem/screen.js';
import {openReport} from '../report/effects.js';
import {showWatch} from '../watch/reduce.js';
import {formatClock, formatCount} from '../../../base/text/format.js';
import {sumTotals} from '../../../catalog/library.js';
import type {ImportResult} from '../../../sync/events.js';
import {cell} from '../../parts/cells.js';
import {followSync, retryImport, startImport} from './effects.js';
import {
	barLines,
	problemListLines,
	requestLines,
	verdictLines,
} from './lines.js';
import {cannotImport, showJob} from './reduce.js';
import {wasCutShort} from './state.js';

type Summary = {columns: TableColumn[]; rows: string[][]};

/**
The import summary as cells that are as wide as their columns. With more than one library, a sum ends it.
*/
const importSummary = (result: ImportResult, columns: number): Summary => {
	const isWide = columns >= 72;
	const numbers: TableColumn[] = (isWide
		? [['Expected', 9], ['Imported', 9], ['Unchanged', 9], ['Failed', 6], ['Skipped', 7], ['Time', 5]] as const
		: [['Exp.', 6], ['Imp.', 6], ['Unch.', 6], ['Fail', 5], ['Skip', 5]] as const
	).map(([heading, width]) => ({heading, width, align: 'right'}));
	// The widest form of the table has a rule and a blank on either side of each column.
	const room = columns - 4 - numbers.reduce((sum, {width}) => sum + width + (isWide ? 3 : 1), 0);
	const titleWidth = Math.max(6, Math.min(30, room));
	const all: TableColumn[] = [{heading: 'Library', width: titleWidth, align: 'left'}, ...numbers];
	const sum = {title: 'Sum', durationMs: result.durationMs, ...sumTotals(result.libraries)};
	const libraries = result.libraries.length > 1 ? [...result.libraries, sum] : result.libraries;
	const rows = libraries.map(({title, expected, imported, unchanged, failed, skipped, durationMs}) =>
		[title, ...[expected, imported, unchanged, failed, skipped].map(count => formatCount(count)), formatClock(durationMs)]
			.slice(0, all.length)
			.map((text, index) => cell(text, all[index]!.width, all[index]!.align)));
	return {columns: all, rows};
};

/**
The summary without rules, for terminals where rules do not fit or cannot be drawn. Its last line tells how many rows did not fit.
*/
const summaryLines = ({columns, rows}: Summary, height: number): Line[] => {
	const heading = line(columns.map(({heading: text, width, align}) => cell(text, width, align)).join(' '), 'strong');
	const lines = rows.map(cells => line(cells.join(' ')));
	const left = rows.length + 1 - height;
	return left <= 0
		? [heading, ...lines]
		: [heading, ...lines.slice(0, Math.max(0, height - 2)), line(`  ${left + 1} more in a taller terminal`, 'dim')];
};

const importLayout = (state: UiState) => {
	const {bodyRows} = layoutOf(state);
	// A sync names those that needed nothing in its result only.
	const libraries = Math.max(1, (state.job.result ?? state.job.progress).libraries.length);
	const hasProblems = state.job.problems.ids.length > 0;
	// A heading, and three rows to scroll in; the summary itself says when there were none.
	const kept = hasProblems ? 4 : (state.job.result === undefined ? 1 : 0);
	const share = (topRows: number, requestRows: number, isTable = false) => ({
		topRows, requestRows, problemRows: Math.max(1, bodyRows - topRows - requestRows - 1), isTable,
	});
	if (state.job.result !== undefined) {
		const tableRows = (2 * (libraries + (libraries > 1 ? 1 : 0))) + 3;
		const isTable = state.size.columns >= 80 && tableRows + 3 <= bodyRows - kept;
		const wanted = 3 + (isTable ? tableRows : libraries + 1);
		return share(Math.min(wanted, Math.max(2, bodyRows - kept)), 0, isTable);
	}

	const half = Math.floor(bodyRows / 2);
	return state.job.failure === undefined
		? share(Math.min(libraries + 1, Math.max(2, half)), bodyRows >= 18 ? 5 : 1)
		: share(Math.max(2, hasProblems ? Math.min(8, bodyRows - kept) : bodyRows - 2), 0);
};

const problemRows = (state: UiState): number => importLayout(state).problemRows;

const noProblem = ({job: {isSync, result, problems}}: UiState) => {
	const hasFindings = isSync && result !== undefined;
	return hasFindings || problems.ids.length > 0 ? undefined : 'There is no problem to open.';
};

const cannotRetry = (state: UiState) =>
	cannotImport(state) ?? (state.job.progress.problems.length > 0 || wasCutShort(state.job) ? undefined : 'Nothing failed, so there is nothing to retry.');

const keys: readonly KeyBinding[] = [
	{
		id: 'open', keys: ['enter', 'l', 'right'], label: 'open', help: 'Open what is selected', isHint: true,
		disabledReason: noProblem,
		update(state) {
			const problem = state.job.progress.problems[state.job.problems.cursor];
			return problem === undefined ? state : openProblem(state, problem);
		},
		async effect(context, {job: {problems, result}}) {
			if (result !== undefined && problems.ids.length === 0) {
				await openReport(context, {name: 'changes', runId: result.runId}, 'Changes of this sync');
			}
		},
	},
	{
		id: 'retry', keys: ['r'], label: 'retry', help: 'Try what failed again', isHint: true,
		disabledReason: cannotRetry,
		effect: retryImport,
	},
];

const keysElsewhere: readonly KeyBinding[] = [
	{
		id: 'import-library', keys: ['I'], label: 'import', help: 'Import this library again', on: ['catalog'],
		disabledReason: state => cannotImport(state) ?? (baseScreen(state).name === 'libraries' ? noLibraryHere(state) : undefined),
		async effect(context) {
			const state = context.get();
			const id = browseScreen(state)?.query.libraryId ?? selectedLibrary(state)?.id;
			if (id !== undefined) {
				await startImport(context, [id]);
			}
		},
	},
	{
		id: 'jobs', keys: ['w'], label: 'watch', help: 'The daemon; if none is running, the import that was started here', on: ['view'],
		update: state => state.job.status === 'none' || state.watch.source !== undefined ? showWatch(state) : showJob(state),
	},
];

const importView = ({state, theme, theme: {glyphs}, layout}: ScreenProps): Line[] | React.JSX.Element => {
	const {columns} = state.size;
	const {topRows, requestRows, problemRows: shownProblems, isTable} = importLayout(state);
	const at = (rows: number) => ({glyphs, columns, rows});
	const {result} = state.job;
	const problems = filled(problemListLines(state, at(shownProblems)), shownProblems + 1);
	if (result === undefined) {
		return [...filled(barLines(state, at(topRows)), topRows), ...filled(requestLines(state, at(requestRows)), requestRows), ...problems];
	}

	const summary = importSummary(result, columns);
	const verdict = [...verdictLines(state, at(2)), blank];
	if (isTable && !theme.isAscii) {
		return (
			<Box flexDirection='column' height={layout.bodyRows} overflow='hidden'>
				<Lines lines={verdict} rows={3} theme={theme}/>
				<Box height={topRows - 3} flexShrink={0} overflow='hidden'>
					<RuledTable {...summary} theme={theme}/>
				</Box>
				<Lines lines={problems} rows={problems.length} theme={theme}/>
			</Box>
		);
	}

	return [...filled([...verdict, ...summaryLines(summary, topRows - 3)], topRows), ...problems];
};

const importSentences = (state: UiState): string[] => {
	const {failure, progress, problems, result, isSync} = state.job;
	const problem = progress.problems[problems.cursor];
	const slower = paceWords(progress.pace?.reason);
	return [
		...failure === undefined ? [] : [`The ${isSync ? 'sync' : 'import'} failed. ${failure.message}`, failure.hint ?? '', 'Press r to try again.'],
		...verdictLines(state, {glyphs: asciiGlyphs, columns: 200, rows: 2}).map(spans => lineText(spans).trim()),
		...slower === undefined || result !== undefined ? [] : [`Slower: ${slower}.`],
		...problem === undefined ? [] : [`Problem ${problems.cursor + 1} of ${problems.ids.length}: ${problem.title ?? problem.library.title}. ${problem.message}`],
	];
};

export const importModule = screenModule({
	name: 'import',
	title: 'Import',
	helpTitle: 'Keys of the import',
	spokenName: 'import',
	place: 'on the import screen',
	groups: ['place', 'list'],
	hints: ['changes', 'back', 'close'],
	keys,
	keysElsewhere,
	crumb: ({job}) => job.isSync ? 'Sync' : 'Import',
	cursor: {
		position: state => ({at: state.job.problems.cursor, length: state.job.problems.ids.length, rows: problemRows(state)}),
		moveTo: (state, _, at) => ({...state, job: {...state.job, problems: moveTo(state.job.problems, at)}}),
	},
	back: state => pop({...state, message: isImporting(state) ? {text: 'The import continues; press w to see it.', tone: 'plain'} : undefined}),
	// Esc on a running import leads to what it brings, even when it was started from Libraries.
	onBack({get, dispatch}, before) {
		const row = before.libraries.rows.find(({id}) => id === before.job.libraryIds[0]);
		if (row !== undefined && isImporting(before) && topScreen(get()).name === 'libraries') {
			dispatch(libraryOpened(row));
		}
	},
	keepVisible(state) {
		const problems = scrollTo(state.job.problems, problemRows(state));
		return problems === state.job.problems ? state : {...state, job: {...state.job, problems}};
	},
	view: importView,
	spoken: importSentences,
	start: followSync,
});
