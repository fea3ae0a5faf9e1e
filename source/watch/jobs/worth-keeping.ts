import type {Job} from '../types.js';
import type {Queue} from './queue.js';

const comesByItself: ReadonlySet<Job['trigger']> = new Set(['start', 'schedule', 'catch-up']);

/**
A job that runs for so long is worth a write.
*/
export const longRunMs = 5000;

/**
A queue without what comes again by itself after a restart, unless it changed something or takes long: a daemon that finds nothing to do writes nothing, and yet a job during which the process dies again and again is known.
*/
export const worthKeeping = (queue: Queue, now: Date): Queue => {
	const isKept = ({state, trigger, startedAt, changes = {}}: Job): boolean => {
		const isLong = state === 'running' && startedAt !== undefined && now.getTime() - Date.parse(startedAt) >= longRunMs;
		const hasChanged = Object.values(changes).some(count => (count ?? 0) > 0);
		return !comesByItself.has(trigger) || isLong || hasChanged || !['queued', 'running', 'done'].includes(state);
	};

	return {...queue, jobs: queue.jobs.filter(job => isKept(job)), history: queue.history.filter(job => isKept(job))};
};
