import type {JobAction} from '../../watch/kinds.js';
import type {Job} from '../../watch/types.js';
import type {RefreshRequest} from '../../watch/watcher.js';
import {isAppError} from '../../base/errors.js';
import {plural} from '../../base/text/format.js';
import {selectedJob, selectedWatched} from '../state/watch.js';
import {pauseAction} from '../state/watch-actions.js';
import {baseScreen} from '../state/stack.js';
import type {UiState} from '../state/types.js';
import {modeWords} from '../../reports/job-words.js';
import type {ServerOptions} from './servers.js';

export type WatchingOptions = ServerOptions & {
	/**
	A monotonic clock, in milliseconds.
	*/
	now: () => number;
	/**
	How often times are told anew while the watch is looked at; undefined never.
	*/
	tickMs: number | undefined;
	/**
	Runs what a daemon or a timer begins.
	*/
	safely: (task: () => void) => void;
};

const secondCancelMs = 8000;

/**
Follows a daemon, and asks it for what the person wants. What comes of that is told by its events.
*/
export const createWatching = ({services, get, dispatch, now, tickMs, safely}: WatchingOptions) => {
	const {watch} = services;
	let cancelled = {id: '', atMs: -Infinity};
	let unsubscribes: Array<() => void> = [];
	let tick: NodeJS.Timeout | undefined;

	const say = (text: string, tone: 'plain' | 'good' | 'warn' = 'plain') => {
		dispatch({type: 'say', text, tone});
	};

	const act = async (action: JobAction, job = selectedJob(get())) => {
		if (watch === undefined || job === undefined) {
			return;
		}

		const after = await watch.watcher.act(job.id, action);
		say(`${named(after)}: ${words[action] ?? after.state}.`);
		if (!reordering.has(action)) {
			return;
		}

		// Events tell of one job at a time, not of the order of all.
		const jobs = await watch.watcher.jobs();
		dispatch({type: 'watch-order', ids: jobs.map(({id}) => id)});
	};

	/**
	What runs is not stopped by a slip of the finger; what only waits comes back with `r`.
	*/
	const cancel = async () => {
		const job = selectedJob(get());
		const isSecond = job?.id === cancelled.id && now() - cancelled.atMs <= secondCancelMs;
		cancelled = {id: job?.id ?? '', atMs: now()};
		if (!isSecond && job?.state === 'running') {
			say(`Press x again to cancel ${named(job)}, which runs. What was committed is kept.`, 'warn');
			return;
		}

		await act('cancel', job);
	};

	/**
	All libraries that are watched when none is named. One that is refused does not keep the others back.

	@throws AppError the first refusal
	*/
	const refresh = async (libraryIds: readonly string[] | undefined, mode: NonNullable<RefreshRequest['mode']>) => {
		if (watch === undefined) {
			return;
		}

		const {watcher} = watch;
		const answers = await Promise.allSettled(libraryIds === undefined
			? [watcher.refresh({mode})]
			: libraryIds.map(async library => watcher.refresh({library, mode})));
		const jobs = answers.flatMap(answer => answer.status === 'fulfilled' ? answer.value : []);
		const reasons = answers.filter(answer => answer.status === 'rejected').map(({reason}): unknown => reason);
		if (jobs.length > 0) {
			dispatch({type: 'watch-opened', jobId: jobs[0]!.id});
			say(jobs.length === 1 ? `${named(jobs[0]!)}: ${jobs[0]!.state}.` : `${plural(jobs.length, 'job')} of the daemon: ${modeWords[mode]}.`);
		}

		if (reasons.length > 0) {
			throw reasons.find(reason => !isAppError(reason)) ?? reasons[0];
		}
	};

	return {
		/**
		Another process or this one syncs by itself, so that nothing else may.
		*/
		isThere: watch !== undefined,
		refresh,
		cancel,
		act,
		togglePause: async (before: UiState) => act(pauseAction(before)),
		async refreshSelected(mode: NonNullable<RefreshRequest['mode']>) {
			const library = selectedWatched(get());
			if (library !== undefined) {
				await refresh([library.id], mode);
			}
		},
		start() {
			if (watch === undefined) {
				return;
			}

			unsubscribes = [
				watch.watcher.subscribe(({event}) => {
					safely(() => {
						dispatch({type: 'watch-event', event});
					});
				}),
				...watch.onLink === undefined
					? []
					: [watch.onLink(link => {
						safely(() => {
							dispatch({type: 'watch-link', link});
						});
					})],
			];
			if (tickMs !== undefined) {
				tick = setInterval(() => {
					if (baseScreen(get()).name === 'watch') {
						dispatch({type: 'watch-tick'});
					}
				}, tickMs);
			}
		},
		stop() {
			clearInterval(tick);
			for (const unsubscribe of unsubscribes) {
				unsubscribe();
			}
		},
	};
};

/**
Where the state of the job is not yet what was asked for.
*/
const words: Partial<Record<JobAction, string>> = {
	'run-now': 'runs as soon as it can', 'move-up': 'moved up', 'move-down': 'moved down',
};

const reordering: ReadonlySet<JobAction> = new Set(['run-now', 'move-up', 'move-down', 'retry']);

const named = ({library, mode}: Pick<Job, 'library' | 'mode'>) => `${library.title} (${modeWords[mode]})`;
