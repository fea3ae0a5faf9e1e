import {asciiGlyphs} from '../../theme.js';
import {lineText, type Line} from '../../line.js';
import {moveTo, scrollTo} from '../../parts/list.js';
import {
	screenModule,
	type EffectContext,
	type KeyBinding,
	type ScreenProps,
} from '../../screen-module.js';
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
import {followSync, retryImport, startImport} from './effects.js';
import {importLayout} from './layout.js';
import {cannotImport, showJob} from './reduce.js';
import {wasCutShort} from './state.js';
import {verdictLines} from './summary.js';
import {importParts} from './view.js';

/**
How many problems are on the screen. In a panel, each has its subject and at least one line of its cause.
*/
const problemRows = (state: UiState): number => {
	const {isFramed, problems: {rows}} = importLayout(state);
	return Math.max(1, isFramed ? Math.floor(rows / 2) : rows);
};

const nothingToOpen = ({job: {result, problems}}: UiState) =>
	result !== undefined || problems.ids.length > 0 ? undefined : 'There is no problem to open.';

const noResult = ({job: {result, status}}: UiState) => {
	if (result !== undefined && result.libraries.length > 0) {
		return undefined;
	}

	return status === 'running' ? 'The libraries can be browsed when the run has ended; Esc leads to them now.' : 'There is no library to browse.';
};

const openFirstLibrary = ({dispatch}: EffectContext, {job: {result}, libraries, header}: UiState) => {
	const id = result?.libraries[0]?.id;
	const row = libraries.rows.find(library => library.id === id) ?? header.libraries.find(library => library.id === id);
	if (row !== undefined) {
		dispatch(libraryOpened(row));
	}
};

const cannotRetry = (state: UiState) =>
	cannotImport(state) ?? (state.job.progress.problems.length > 0 || wasCutShort(state.job) ? undefined : 'Nothing failed, so there is nothing to retry.');

const keys: readonly KeyBinding[] = [
	{
		id: 'open', keys: ['enter', 'l', 'right'], help: 'Open the selected problem; without problems, what was imported or changed', isHint: true,
		label: ({job: {isSync, result, problems}}) => result === undefined || problems.ids.length > 0 ? 'open' : (isSync ? 'changes' : 'browse'),
		disabledReason: nothingToOpen,
		update(state) {
			const problem = state.job.progress.problems[state.job.problems.cursor];
			return problem === undefined ? state : openProblem(state, problem);
		},
		async effect(context, before) {
			const {isSync, problems, result} = before.job;
			if (result === undefined || problems.ids.length > 0) {
				return;
			}

			if (isSync) {
				await openReport(context, {name: 'changes', runId: result.runId}, 'Changes of this sync');
			} else {
				openFirstLibrary(context, before);
			}
		},
	},
	{
		id: 'browse', keys: ['b'], label: 'browse', help: 'When the run has ended, browse the first of its libraries',
		disabledReason: noResult,
		effect: openFirstLibrary,
	},
	{
		id: 'retry', keys: ['r'], label: 'retry', help: 'Try what failed again', isHint: true,
		disabledReason: cannotRetry,
		effect: retryImport,
	},
];

const keysElsewhere: readonly KeyBinding[] = [
	{
		id: 'import-library', keys: ['I'], label: 'import', help: 'Import this library again', on: ['catalog'], needsRows: 'first',
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

const importView = ({state, theme}: ScreenProps): Line[] | undefined => {
	const {top, bottom, isTable} = importParts(state, theme);
	return isTable && state.job.result !== undefined ? undefined : [...top, ...bottom];
};

const importSentences = (state: UiState): string[] => {
	const {failure, progress, problems, result, isSync} = state.job;
	const problem = progress.problems[problems.cursor];
	const slower = paceWords(progress.pace?.reason);
	return [
		...failure === undefined ? [] : [`The ${isSync ? 'sync' : 'import'} failed. ${failure.message}`, failure.hint ?? '', 'Press r to try again.'],
		...verdictLines(state, {glyphs: asciiGlyphs, columns: 200}).map(spans => lineText(spans).trim()),
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
