import type {ImportResult} from '../../../sync/events.js';
import {initialProgress, type ImportProgress} from '../../../sync/progress.js';
import {noPulse, type Pulse} from '../../../sync/pulse.js';
import type {ShownFailure} from '../../parts/failure.js';
import {emptyList, type ListState} from '../../parts/list.js';

export type ImportJob = {
	status: 'none' | 'running' | 'cancelling' | 'finished' | 'failed';
	/**
	A retry covers some items only, so its totals do not count a whole library.
	*/
	isRetry: boolean;
	isSync: boolean;
	libraryIds: readonly string[];
	progress: ImportProgress;
	pulse: Pulse;
	result: ImportResult | undefined;
	failure: ShownFailure | undefined;
	problems: ListState;
};

export const noJob: ImportJob = {
	status: 'none',
	isRetry: false,
	isSync: false,
	libraryIds: [],
	progress: initialProgress,
	pulse: noPulse,
	result: undefined,
	failure: undefined,
	problems: emptyList,
};

/**
The run failed as a whole or was cancelled. A retry then imports the same libraries, not only the problems so far.
*/
export const wasCutShort = ({status, result}: ImportJob): boolean => status === 'failed' || result?.cancelled === true;

/**
The command whose words tell how the job ended.
*/
export const commandOf = ({isSync, isRetry}: Pick<ImportJob, 'isSync' | 'isRetry'>): 'import' | 'retry' | 'sync' => isSync ? 'sync' : (isRetry ? 'retry' : 'import');
