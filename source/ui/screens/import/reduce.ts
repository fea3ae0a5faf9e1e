import {changesLine} from '../../../history/changes-line.js';
import type {ImportResult} from '../../../sync/events.js';
import {sumChanges} from '../../../sync/sum-changes.js';
import {initialProgress, reduceProgress} from '../../../sync/progress.js';
import {plural} from '../../../base/text/format.js';
import {emptyList, replaceIds} from '../../parts/list.js';
import type {MessageOf} from '../../messages.js';
import {baseScreen, push} from '../../stack.js';
import type {Job, UiState} from '../../ui-state.js';

export const noJob: Job = {
	status: 'none',
	isRetry: false,
	isSync: false,
	libraryIds: [],
	progress: initialProgress,
	result: undefined,
	failure: undefined,
	problems: emptyList,
};

const withJob = (state: UiState, change: Partial<Job>): UiState => ({...state, job: {...state.job, ...change}});

/**
Problems have no id of their own, and their order never changes while a run goes on.
*/
const followProblems = (state: UiState): UiState => {
	const {problems, progress} = state.job;
	return problems.ids.length === progress.problems.length
		? state
		: withJob(state, {problems: replaceIds(problems, progress.problems.map((_, index) => String(index)))});
};

/**
Failed as a whole or cancelled: to try again is to import the same libraries, not only the problems that were met until then.
*/
export const wasCutShort = ({status, result}: Job): boolean => status === 'failed' || result?.cancelled === true;

type JobMessage = MessageOf<'import-started' | 'import-cancelling' | 'import-finished' | 'import-failed' | 'sync-event'>;

export const reduceJob = (state: UiState, message: JobMessage): UiState => {
	switch (message.type) {
		case 'import-started': {
			const {libraryIds, isRetry, isSync} = message;
			return showJob({
				...state, job: {
					...noJob, status: 'running', libraryIds, isRetry, isSync,
				},
			});
		}

		case 'import-cancelling': {
			return {
				...withJob(state, {status: 'cancelling'}),
				message: {text: 'Cancelling… press Ctrl-C again to quit at once.', tone: 'warn'},
			};
		}

		case 'import-finished': {
			const {result} = message;
			return followProblems(ended(
				withJob(state, {status: 'finished', result, progress: {...state.job.progress, problems: result.errors, requests: []}}),
				endOf(result, state.job.isSync),
			));
		}

		case 'import-failed': {
			return ended(
				withJob(state, {status: 'failed', failure: message.failure, progress: {...state.job.progress, requests: []}}),
				{text: `The import failed: ${message.failure.message} Press w for what to do.`, tone: 'bad'},
			);
		}

		case 'sync-event': {
			const {event, nowMs} = message;
			return followProblems(withJob(state, {progress: reduceProgress(state.job.progress, {event, nowMs})}));
		}
	}
};

/**
Whoever looks at something else is told; the question whether to cancel it has answered itself.
*/
const ended = (state: UiState, message: UiState['message']): UiState => ({
	...state,
	stack: state.stack.filter(({name}) => name !== 'quit'),
	message: baseScreen(state).name === 'import' ? undefined : message,
});

const endOf = (result: ImportResult, isSync: boolean): NonNullable<UiState['message']> => {
	const {cancelled, ok, errors} = result;
	if (isSync && ok) {
		return {text: `In step: ${changesLine(sumChanges(result))}; C shows them.`, tone: 'good'};
	}

	if (cancelled) {
		return {text: `The ${isSync ? 'sync' : 'import'} was cancelled; w shows what was kept.`, tone: 'warn'};
	}

	return ok
		? {text: 'The import is done; w shows its summary.', tone: 'good'}
		: {text: `The ${isSync ? 'sync' : 'import'} ended with ${plural(errors.length, 'problem')}; w shows what to do.`, tone: 'bad'};
};

/**
Put the import on the screen. When it lies deeper already, what is above it is left.
*/
export const showJob = (state: UiState): UiState => {
	const at = state.stack.findIndex(({name}) => name === 'import');
	return at === -1 ? push(state, {name: 'import'}) : {...state, stack: state.stack.slice(0, at + 1)};
};
