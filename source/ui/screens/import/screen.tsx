import {Box} from 'ink';
import {layoutOf} from '../../layout.js';
import {blank, lineText} from '../../line.js';
import {Lines} from '../../parts/lines.js';
import {moveTo, scrollTo} from '../../parts/list.js';
import {
	screenModule,
	type KeyBinding,
	type ScreenProps,
} from '../../screen-module.js';
import {paceWords} from '../../../sync/pace-words.js';
import {createTheme} from '../../theme.js';
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
import {followSync, retryImport, startImport} from './effects.js';
import {
	barLines,
	problemListLines,
	requestLines,
	verdictLines,
} from './lines.js';
import {cannotImport, showJob} from './reduce.js';
import {wasCutShort} from './state.js';
import {importSummary, summaryLines, SummaryTable} from './summary.js';

type ImportLayout = {
	/**
	Rows of the bars, or of the summary.
	*/
	topRows: number;
	requestRows: number;
	problemRows: number;
	/**
	The summary fits as a table with rules.
	*/
	isTable: boolean;
};

/**
Shares the rows of the import screen: the libraries first, then the requests in flight, and the problems get the rest.
*/
const importLayout = (state: UiState): ImportLayout => {
	const {bodyRows} = layoutOf(state);
	// A sync names those that needed nothing in its result only.
	const libraries = Math.max(1, (state.job.result ?? state.job.progress).libraries.length);
	const hasProblems = state.job.problems.ids.length > 0;
	// A heading, and three rows to scroll in; the summary itself says when there were none.
	const kept = hasProblems ? 4 : (state.job.result === undefined ? 1 : 0);
	if (state.job.result !== undefined) {
		const tableRows = (2 * (libraries + (libraries > 1 ? 1 : 0))) + 3;
		const isTable = state.size.columns >= 80 && tableRows + 3 <= bodyRows - kept;
		const wanted = 3 + (isTable ? tableRows : libraries + 1);
		const topRows = Math.min(wanted, Math.max(2, bodyRows - kept));
		return {
			topRows, requestRows: 0, problemRows: Math.max(1, bodyRows - topRows - 1), isTable,
		};
	}

	if (state.job.failure !== undefined) {
		const topRows = Math.max(2, hasProblems ? Math.min(8, bodyRows - kept) : bodyRows - 2);
		return {
			topRows, requestRows: 0, problemRows: Math.max(1, bodyRows - topRows - 1), isTable: false,
		};
	}

	const topRows = Math.min(libraries + 1, Math.max(2, Math.floor(bodyRows / 2)));
	const requestRows = bodyRows >= 18 ? 5 : 1;
	return {
		topRows, requestRows, problemRows: Math.max(1, bodyRows - topRows - requestRows - 1), isTable: false,
	};
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
		id: 'jobs', keys: ['w'], label: 'watch', help: 'Watch the daemon; where none runs, the import that was started here', on: ['view'],
		update: state => state.job.status === 'none' || state.watch.source !== undefined ? showWatch(state) : showJob(state),
	},
];

function ImportView({state, theme, layout}: ScreenProps) {
	const {columns} = state.size;
	const {glyphs} = theme;
	const {topRows, requestRows, problemRows: shownProblems, isTable} = importLayout(state);
	const at = (rows: number) => ({glyphs, columns, rows});
	const {result} = state.job;
	const problems = <Lines lines={problemListLines(state, at(shownProblems))} rows={shownProblems + 1} theme={theme}/>;
	if (result === undefined) {
		return (
			<Box flexDirection='column' height={layout.bodyRows}>
				<Lines lines={barLines(state, at(topRows))} rows={topRows} theme={theme}/>
				<Lines lines={requestLines(state, at(requestRows))} rows={requestRows} theme={theme}/>
				{problems}
			</Box>
		);
	}

	const summary = importSummary(result, columns);
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

const {glyphs} = createTheme({isColor: false, isAscii: true});

const importSentences = (state: UiState): string[] => {
	const {failure, progress, problems, result} = state.job;
	const problem = progress.problems[problems.cursor];
	const slower = paceWords(progress.pace?.reason);
	return [
		...failure === undefined ? [] : [`The import failed. ${failure.message}`, failure.hint ?? '', 'Press r to try again.'],
		...verdictLines(state, {glyphs, columns: 200, rows: 2}).map(spans => lineText(spans).trim()),
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
	back: state => pop({...state, message: isImporting(state) ? {text: 'The import runs on; w shows it again.', tone: 'plain'} : undefined}),
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
	view: ImportView,
	spoken: importSentences,
	start: followSync,
});
