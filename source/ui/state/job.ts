import {initialProgress, reduceProgress} from '../../sync/progress.js';
import {emptyList, replaceIds} from './list.js';
import type {MessageOf} from './messages.js';
import {push} from './stack.js';
import type {Job, UiState} from './types.js';

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

type JobMessage = MessageOf<'import-started' | 'import-cancelling' | 'import-finished' | 'import-failed' | 'sync-event'>;

export const reduceJob = (state: UiState, message: JobMessage): UiState => {
	switch (message.type) {
		case 'import-started': {
			return showJob(withJob(state, {
				status: 'running',
				isRetry: message.isRetry,
				libraryIds: message.libraryIds,
				progress: initialProgress,
				result: undefined,
				failure: undefined,
				problems: emptyList,
			}));
		}

		case 'import-cancelling': {
			return {
				...withJob(state, {status: 'cancelling'}),
				message: {text: 'Cancelling… press Ctrl-C again to quit at once.', tone: 'warn'},
			};
		}

		case 'import-finished': {
			const {result} = message;
			return followProblems({
				...withJob(state, {status: 'finished', result, progress: {...state.job.progress, problems: result.errors, requests: []}}),
				message: undefined,
			});
		}

		case 'import-failed': {
			return {...withJob(state, {status: 'failed', failure: message.failure}), message: undefined};
		}

		case 'sync-event': {
			const {event, nowMs} = message;
			return followProblems(withJob(state, {progress: reduceProgress(state.job.progress, {event, nowMs})}));
		}
	}
};

/**
Put the import on the screen. When it lies deeper already, what is above it is left.
*/
export const showJob = (state: UiState): UiState => {
	const at = state.stack.findIndex(({name}) => name === 'import');
	return at === -1 ? push(state, {name: 'import'}) : {...state, stack: state.stack.slice(0, at + 1)};
};
