import {actionError} from '../../watch/jobs/job-actions.js';
import type {JobAction} from '../../watch/kinds.js';
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

/**
For the key table: what the action would be refused for, on the job that is selected. The daemon has the last word.
*/
export const cannotAct = (action: JobAction) => (state: UiState): string | undefined => {
	const reason = cannotAsk(state);
	const job = selectedJob(state);
	return reason ?? (job === undefined ? 'There is no job here; Tab leads to the jobs.' : actionError(job, action, state.watch.known?.status.jobs));
};

/**
One key does both.
*/
export const pauseAction = (state: UiState): 'pause' | 'resume' => selectedJob(state)?.state === 'paused' ? 'resume' : 'pause';

export const cannotPause = (state: UiState): string | undefined => cannotAct(pauseAction(state))(state);

export const cannotSyncWatched = (state: UiState): string | undefined =>
	cannotAsk(state) ?? (selectedWatched(state) === undefined ? 'No library is selected; Tab leads to the libraries.' : undefined);

export const cannotBrowseWatched = (state: UiState): string | undefined =>
	selectedWatched(state) === undefined ? 'No library is selected; Tab leads to the libraries.' : undefined;

export const nothingWatched = (state: UiState): string | undefined =>
	selectedWatched(state) ?? selectedJob(state) ?? selectedNews(state) ? undefined : 'There is nothing to open here.';

export const noRunOfJob = (state: UiState): string | undefined =>
	selectedJob(state)?.runId === undefined ? 'Only a job that was begun has a log; Tab leads to the jobs.' : undefined;
