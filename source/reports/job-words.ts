import {formatCount} from '../base/text/format.js';
import type {JobMode, JobTrigger} from '../watch/kinds.js';
import type {Job, PushState} from '../watch/types.js';

export const modeWords: Readonly<Record<JobMode, string>> = {
	touch: 'items', incremental: 'sync', full: 'full sync', audit: 'audit',
};

export const triggerWords: Readonly<Record<JobTrigger, string>> = {
	start: 'at the start',
	schedule: 'by schedule',
	notification: 'the server told of a change',
	'catch-up': 'to catch up',
	request: 'asked for',
	hook: 'by a webhook',
};

const pushStates: Readonly<Record<Exclude<PushState['state'], 'connected'>, string>> = {
	connecting: 'connecting for notifications', polling: 'polling', off: 'notifications are off',
};

export const pushWords = ({state, via}: Pick<PushState, 'state' | 'via'>): string =>
	state === 'connected' ? `notifications by ${via === 'sse' ? 'event stream' : 'websocket'}` : pushStates[state];

/**
Counts the jobs that have not ended, for instance `1 running, 2 queued`.
*/
export const jobCounts = (jobs: readonly Job[]): string => {
	const counts = new Map<Job['state'], number>();
	for (const {state} of jobs) {
		counts.set(state, (counts.get(state) ?? 0) + 1);
	}

	const shown = (['running', 'queued', 'waiting', 'paused', 'parked'] as const).filter(state => counts.has(state));
	return shown.length === 0 ? 'nothing to do' : shown.map(state => `${formatCount(counts.get(state)!)} ${state}`).join(', ');
};
