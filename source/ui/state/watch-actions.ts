import type {Job, JobAction} from '../../watch/types.js';
import {selectedJob, selectedNews, selectedWatched} from './watch.js';
import type {UiState} from './types.js';

const noDaemon = 'No daemon runs. Start one with: reelcat --watch';

/**
Why nothing can be asked of a daemon now.
*/
export const cannotAsk = ({watch: {source, link, known}}: UiState): string | undefined => {
	if (source === undefined) {
		return noDaemon;
	}

	if (link?.isUp === false) {
		return 'The daemon does not answer; this works again as soon as it does.';
	}

	return known === undefined ? 'The daemon has not told yet what it does.' : undefined;
};

const states: Readonly<Record<JobAction, ReadonlySet<Job['state']>>> = {
	pause: new Set(['queued', 'running', 'waiting']),
	resume: new Set(['paused']),
	cancel: new Set(['queued', 'running', 'paused', 'waiting', 'parked']),
	retry: new Set(['waiting', 'parked', 'cancelled']),
	'run-now': new Set(['queued', 'waiting', 'paused', 'parked']),
	'move-up': new Set(['queued', 'waiting', 'paused']),
	'move-down': new Set(['queued', 'waiting', 'paused']),
};

const refusals: Readonly<Record<JobAction, string>> = {
	pause: 'Only what runs, or is going to, can be paused.',
	resume: 'It is not paused.',
	cancel: 'It has ended already.',
	retry: 'Nothing failed here, so there is nothing to retry; R syncs the library again.',
	'run-now': 'It runs, or has ended; R syncs the library again.',
	'move-up': 'Only what waits for its turn can be moved.',
	'move-down': 'Only what waits for its turn can be moved.',
};

/**
Why a job in this state does not take an action, as far as can be told from here; the daemon has the last word.
*/
export const whyNotAct = ({state}: Pick<Job, 'state'>, action: JobAction): string | undefined => states[action].has(state) ? undefined : refusals[action];

/**
For the key table: what the action would be refused for, on the job that is selected.
*/
export const cannotAct = (action: JobAction) => (state: UiState): string | undefined => {
	const reason = cannotAsk(state);
	const job = selectedJob(state);
	return reason ?? (job === undefined ? 'There is no job here; Tab leads to the jobs.' : whyNotAct(job, action));
};

/**
One key does both.
*/
export const pauseAction = (state: UiState): 'pause' | 'resume' => selectedJob(state)?.state === 'paused' ? 'resume' : 'pause';

export const cannotPause = (state: UiState): string | undefined => cannotAct(pauseAction(state))(state);

export const cannotMove = (action: 'move-up' | 'move-down') => (state: UiState): string | undefined => {
	const reason = cannotAct(action)(state);
	if (reason !== undefined) {
		return reason;
	}

	const {jobs = []} = state.watch.known?.status ?? {};
	const movable = jobs.filter(job => whyNotAct(job, action) === undefined);
	const end = action === 'move-up' ? movable[0] : movable.at(-1);
	return end?.id === selectedJob(state)?.id ? `It is the ${action === 'move-up' ? 'first' : 'last'} already.` : undefined;
};

export const cannotSyncWatched = (state: UiState): string | undefined =>
	cannotAsk(state) ?? (selectedWatched(state) === undefined ? 'No library is selected; Tab leads to the libraries.' : undefined);

export const cannotBrowseWatched = (state: UiState): string | undefined =>
	selectedWatched(state) === undefined ? 'No library is selected; Tab leads to the libraries.' : undefined;

export const nothingWatched = (state: UiState): string | undefined =>
	selectedWatched(state) ?? selectedJob(state) ?? selectedNews(state) ? undefined : 'There is nothing to open here.';

export const noRunOfJob = (state: UiState): string | undefined =>
	selectedJob(state)?.runId === undefined ? 'Only a job that was begun has a log; Tab leads to the jobs.' : undefined;
