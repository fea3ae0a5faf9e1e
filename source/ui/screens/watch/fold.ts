import type {
	Alert,
	Job,
	JobProgress,
	WatchedLibrary,
	WatchEvent,
	WatchNote,
	WatchStatus,
} from '../../../watch/types.js';
import {
	historyCap,
	isUrgent,
	placeJob,
	replaceJob,
} from '../../../watch/jobs/queue.js';
import type {WatchKnown} from './state.js';

/**
A viewer that is open for months keeps no more notes than a daemon does.
*/
const keptNotes = 100;

/**
The state after one more event; undefined before the first `status`. An event that changes nothing returns the same object.
*/
export const foldWatch = (known: WatchKnown | undefined, event: WatchEvent): WatchKnown | undefined => {
	if (event.type === 'status') {
		return fromStatus(event.status, known);
	}

	if (known === undefined) {
		return undefined;
	}

	switch (event.type) {
		case 'job': {
			return withJob(known, event.job);
		}

		case 'progress': {
			return withProgress(known, event.progress);
		}

		case 'alert': {
			return withAlert(known, event.alert, event.isRecovered);
		}

		case 'note': {
			return withNote(known, event.note);
		}

		case 'catalog': {
			return withStatus(known, {revision: Math.max(known.status.revision, event.revision)});
		}
	}
};

const withStatus = (known: WatchKnown, change: Partial<WatchStatus>): WatchKnown => ({...known, status: {...known.status, ...change}});

const fromStatus = (status: WatchStatus, known: WatchKnown | undefined): WatchKnown => {
	const {progress} = status;
	return {
		status,
		// A status has the progress of one job, but more may run.
		progress: new Map([
			...runningOnly(known?.progress ?? new Map(), status.jobs),
			...progress === undefined ? [] : [[progress.jobId, progress] as const],
		]),
		recovered: known?.recovered,
	};
};

const runningOnly = (progress: ReadonlyMap<string, JobProgress>, jobs: readonly Job[]) => {
	const running = new Set(jobs.filter(({state}) => state === 'running').map(({id}) => id));
	return new Map([...progress].filter(([id]) => running.has(id)));
};

/**
Late progress of an ended job must not bring its bar back.
*/
const withProgress = (known: WatchKnown, progress: JobProgress): WatchKnown => {
	const job = known.status.jobs.find(({id}) => id === progress.jobId);
	return job?.state === 'running' ? {...known, progress: new Map(known.progress).set(progress.jobId, progress)} : known;
};

export const isEnded = ({state}: Pick<Job, 'state'>): boolean => state === 'done' || state === 'cancelled';

/**
A daemon reports one job at a time, without its place in the queue. A job keeps its place as long as its stage stays the same. Otherwise it goes where the queue would put it, or above the jobs that ended earlier.
*/
const placed = (jobs: readonly Job[], job: Job): Job[] => {
	const before = jobs.find(({id}) => id === job.id);
	if (before !== undefined && stageOf(before) === stageOf(job)) {
		return replaceJob(jobs, job);
	}

	const others = jobs.filter(({id}) => id !== job.id);
	const live = others.filter(other => !isEnded(other));
	const ended = others.filter(other => isEnded(other));
	return isEnded(job) ? [...live, job, ...ended.slice(0, historyCap - 1)] : [...placeJob(live, job), ...ended];
};

const stageOf = (job: Job): string => {
	if (isEnded(job)) {
		return 'ended';
	}

	return job.state === 'running' || job.state === 'parked' ? job.state : `waiting ${job.mode === 'touch'} ${isUrgent(job.trigger)}`;
};

const withJob = (known: WatchKnown, job: Job): WatchKnown => {
	const jobs = placed(known.status.jobs, job);
	const libraries = known.status.libraries.map(library => library.id === job.library.id ? afterJob(library, job, jobs) : library);
	return {
		...withStatus(known, {jobs, libraries}),
		progress: known.progress.has(job.id) && job.state !== 'running' ? runningOnly(known.progress, jobs) : known.progress,
	};
};

const afterJob = (library: WatchedLibrary, job: Job, jobs: readonly Job[]): WatchedLibrary => {
	const {mode, state, finishedAt, changes, attempts, fault} = job;
	const hasEnded = state === 'done' && finishedAt !== undefined;
	const hasChanged = hasEnded && Object.values(changes ?? {}).some(count => count > 0);
	const hasFailed = fault !== undefined && (state === 'waiting' || state === 'parked');
	const next: WatchedLibrary = {
		...library,
		...(hasEnded && mode !== 'touch' && {lastRunAt: finishedAt, lastMode: mode}),
		...(hasChanged && changes !== undefined && {lastChangedAt: finishedAt, lastChanges: changes}),
		failures: hasFailed ? Math.max(library.failures, attempts) : (state === 'done' ? 0 : library.failures),
	};
	return {...next, state: libraryState(next, jobs)};
};

const precedence = [
	['running', 'running'],
	['queued', 'queued'],
	['parked', 'parked'],
	['waiting', 'failing'],
	['paused', 'paused'],
] as const satisfies ReadonlyArray<readonly [Job['state'], WatchedLibrary['state']]>;

const libraryState = ({id, state, failures, held}: WatchedLibrary, jobs: readonly Job[]): WatchedLibrary['state'] => {
	if (state === 'off') {
		return 'off';
	}

	const states = new Set(jobs.filter(({library}) => library.id === id).map(job => job.state));
	const found = precedence.find(([of]) => states.has(of));
	return found?.[1] ?? (failures > 0 ? 'failing' : (held > 0 ? 'held' : 'idle'));
};

const isSame = (left: Alert, right: Alert) => left.kind === right.kind && left.subject === right.subject;

/**
The health follows the alerts until the next status reports it.
*/
const withAlert = (known: WatchKnown, alert: Alert, isRecovered: boolean): WatchKnown => {
	const {alerts, reasons, health} = known.status;
	const before = alerts.find(other => isSame(other, alert));
	const gone = new Set([alert.message, before?.message]);
	const otherReasons = reasons.filter(reason => !gone.has(reason));
	if (isRecovered) {
		return {
			...withStatus(known, {
				alerts: alerts.filter(other => other !== before),
				reasons: otherReasons,
				health: otherReasons.length === 0 ? 'ok' : health,
			}),
			recovered: before?.message ?? alert.message,
		};
	}

	return withStatus(known, {
		alerts: before === undefined ? [alert, ...alerts] : alerts.with(alerts.indexOf(before), alert),
		reasons: [...otherReasons, alert.message],
		health: health === 'ok' ? 'degraded' : health,
	});
};

const withNote = (known: WatchKnown, note: WatchNote): WatchKnown => {
	const {notes} = known.status;
	return notes.some(({id}) => id === note.id) ? known : withStatus(known, {notes: [note, ...notes].slice(0, keptNotes)});
};

/**
Put the jobs in the order that a daemon gave when asked. Only the order is taken from that answer, since events may be newer.
*/
export const orderJobs = (known: WatchKnown, ids: readonly string[]): WatchKnown => {
	const order = new Map(ids.map((id, index) => [id, index]));
	const at = ({id}: Job) => order.get(id) ?? ids.length;
	const live = known.status.jobs.filter(job => !isEnded(job)).toSorted((left, right) => at(left) - at(right));
	return withStatus(known, {jobs: [...live, ...known.status.jobs.filter(job => isEnded(job))]});
};
