import {changesLine} from '../../../history/changes-line.js';
import type {ImportResult, SyncEvent} from '../../../sync/events.js';
import {sumChanges} from '../../../sync/changes.js';
import {reduceProgress} from '../../../sync/progress.js';
import {reducePulse} from '../../../sync/pulse.js';
import {headlineOf} from '../../../sync/outcome.js';
import {message} from '../../messages.js';
import type {ShownFailure} from '../../parts/failure.js';
import {replaceIds} from '../../parts/list.js';
import {
	baseScreen,
	isImporting,
	show,
	type UiState,
} from '../../ui-state.js';
import {cannotAskDaemon} from '../watch/reduce.js';
import {commandOf, noJob, type ImportJob} from './state.js';

const withJob = (state: UiState, change: Partial<ImportJob>): UiState => ({...state, job: {...state.job, ...change}});

/**
Problems have no id of their own, but their order never changes during a run.
*/
const followProblems = (state: UiState): UiState => {
	const {problems, progress} = state.job;
	return problems.ids.length === progress.problems.length
		? state
		: withJob(state, {problems: replaceIds(problems, progress.problems.map((_, index) => String(index)))});
};

export const showJob = (state: UiState): UiState => show(state, {name: 'import'});

export const importStarted = message((state, job: Pick<ImportJob, 'libraryIds' | 'isRetry' | 'isSync'>) =>
	showJob({...state, job: {...noJob, status: 'running', ...job}}));

export const importCancelling = message<void>(state => ({
	...withJob(state, {status: 'cancelling'}),
	message: {text: 'Cancelling… press Ctrl-C again to quit at once.', tone: 'warn'},
}));

export const importFinished = message((state, result: ImportResult) => followProblems(ended(
	withJob(state, {status: 'finished', result, progress: {...state.job.progress, problems: result.errors, requests: []}}),
	endOf(result, state.job),
)), {mayBringNotice: true});

export const importFailed = message((state, failure: ShownFailure) => ended(
	withJob(state, {status: 'failed', failure, progress: {...state.job.progress, requests: []}}),
	{text: `The ${state.job.isSync ? 'sync' : 'import'} failed: ${failure.message} Press w for what to do.`, tone: 'bad'},
), {mayBringNotice: true});

export const syncEvent = message((state, told: {event: SyncEvent; nowMs: number}) =>
	followProblems(withJob(state, {progress: reduceProgress(state.job.progress, told), pulse: reducePulse(state.job.pulse, told)})), {isNews: true});

/**
A message tells the end to a user who looks at another screen. The question whether to quit is closed, because nothing runs any more.
*/
const ended = (state: UiState, told: UiState['message']): UiState => ({
	...state,
	stack: state.stack.filter(({name}) => name !== 'quit'),
	message: baseScreen(state).name === 'import' ? undefined : told,
});

const endOf = (result: ImportResult, job: ImportJob): NonNullable<UiState['message']> => {
	const {outcome, text} = headlineOf(result, {command: commandOf(job)});
	const name = job.isSync ? 'sync' : 'import';
	switch (outcome) {
		case 'done': {
			return {text: job.isSync ? `${text}: ${changesLine(sumChanges(result))}; C shows them.` : 'The import is done; w shows its summary.', tone: 'good'};
		}

		case 'nothing': {
			return {text: `The ${name} is done: ${text[0]!.toLowerCase()}${text.slice(1)}.`, tone: 'good'};
		}

		case 'held': {
			return {text: `${text}; M lists what is held.`, tone: 'warn'};
		}

		case 'cancelled': {
			return {text: `The ${name} was cancelled; w shows what was kept.`, tone: 'warn'};
		}

		case 'partly':
		case 'failed': {
			return {text: `The ${name} ${text[0]!.toLowerCase()}${text.slice(1)}; w shows what to do.`, tone: 'bad'};
		}
	}
};

export const cannotImport = (state: UiState): string | undefined => {
	if (isImporting(state)) {
		return 'An import is running; w shows it, Ctrl-C cancels it.';
	}

	return state.watch.source === undefined ? state.readOnlyReason ?? (state.connection === undefined ? 'Not connected to a server; press c on Libraries to connect.' : undefined) : cannotAskDaemon(state);
};
