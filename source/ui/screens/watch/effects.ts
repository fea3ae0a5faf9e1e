import type {JobAction} from '../../../watch/kinds.js';
import type {Job} from '../../../watch/types.js';
import type {RefreshRequest} from '../../../watch/watcher.js';
import {isAppError} from '../../../base/errors.js';
import {plural} from '../../../base/text/format.js';
import {modeWords} from '../../../reports/job-words.js';
import {say} from '../../messages.js';
import {secondPress, type EffectContext} from '../../screen-module.js';
import {
	selectedJob,
	selectedWatched,
	watchEvent,
	watchLink,
	watchOpened,
	watchOrder,
} from './reduce.js';

type Mode = NonNullable<RefreshRequest['mode']>;

/**
Actions that the state of the job does not show at once.
*/
const words: Partial<Record<JobAction, string>> = {
	'run-now': 'runs as soon as it can', 'move-up': 'moved up', 'move-down': 'moved down',
};

const reordering: ReadonlySet<JobAction> = new Set(['run-now', 'move-up', 'move-down', 'retry']);

const named = ({library, mode}: Pick<Job, 'library' | 'mode'>) => `${library.title} (${modeWords[mode]})`;

export const askForJob = async ({services: {watch}, get, dispatch}: EffectContext, action: JobAction, job = selectedJob(get())): Promise<void> => {
	if (watch === undefined || job === undefined) {
		return;
	}

	const after = await watch.watcher.act(job.id, action);
	const isStopping = action === 'pause' && after.state === 'running';
	dispatch(say({text: `${named(after)}: ${isStopping ? 'pauses as soon as it has stopped; what was committed is kept' : words[action] ?? after.state}.`, tone: 'plain'}));
	if (!reordering.has(action)) {
		return;
	}

	// Events tell of one job at a time, not of the order of all.
	const jobs = await watch.watcher.jobs();
	dispatch(watchOrder(jobs.map(({id}) => id)));
};

const cancelPresses = secondPress(8000);

/**
Cancels a running job only when the key is pressed twice. A waiting job is cancelled at once, because `r` brings it back.
*/
export const cancelSelectedJob = async (context: EffectContext): Promise<void> => {
	const job = selectedJob(context.get());
	if (!cancelPresses(context).isSecond(job?.id) && job?.state === 'running') {
		context.dispatch(say({text: `Press x again to cancel ${named(job)}, which runs. What was committed is kept.`, tone: 'warn'}));
		return;
	}

	await askForJob(context, 'cancel', job);
};

/**
Asks the daemon to sync these libraries, or all that it watches when none is named. When a library is refused, the others are still asked for.

@throws AppError the first refusal
*/
export const refreshWatched = async ({services: {watch}, dispatch}: EffectContext, libraryIds: readonly string[] | undefined, mode: Mode): Promise<void> => {
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
		dispatch(watchOpened({jobId: jobs[0]!.id}));
		const text = jobs.length === 1 ? `${named(jobs[0]!)}: ${jobs[0]!.state}.` : `${plural(jobs.length, 'job')} of the daemon: ${modeWords[mode]}.`;
		dispatch(say({text, tone: 'plain'}));
	}

	if (reasons.length > 0) {
		throw reasons.find(reason => !isAppError(reason)) ?? reasons[0];
	}
};

export const refreshSelected = async (context: EffectContext, mode: Mode): Promise<void> => {
	const library = selectedWatched(context.get());
	if (library !== undefined) {
		await refreshWatched(context, [library.id], mode);
	}
};

export const followDaemon = ({services: {watch}, dispatch, safely}: EffectContext): (() => void) | undefined => {
	if (watch === undefined) {
		return undefined;
	}

	const unsubscribe = watch.watcher.subscribe(({event}) => {
		safely(() => {
			dispatch(watchEvent(event));
		});
	});
	const unsubscribeLink = watch.onLink?.(link => {
		safely(() => {
			dispatch(watchLink(link));
		});
	});
	return () => {
		unsubscribe();
		unsubscribeLink?.();
	};
};
