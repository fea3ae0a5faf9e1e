import {addJob} from './jobs/add-job.js';
import {allJobs, type Queue} from './jobs/queue.js';
import {type QueueMessage, reduceQueue} from './jobs/reduce-queue.js';
import {
	activeLibraries,
	type DaemonChange,
	type DaemonMoment,
	type DaemonState,
	type LibraryMemory,
} from './daemon-state.js';
import type {JobMode, JobTrigger} from './kinds.js';
import type {LibraryName, WatchEvent, WatchNote} from './types.js';

/**
A change in the making, to which the reducer of the daemon adds state and actions.
*/
export type Draft = DaemonChange & DaemonMoment;

export const setState = (draft: Draft, change: Partial<DaemonState>) => {
	draft.state = {...draft.state, ...change};
};

export const addOnce = ({actions}: Draft, type: 'keep-queue' | 'kick' | 'look-at-time') => {
	if (actions.every(action => action.type !== type)) {
		actions.push({type});
	}
};

export const addNote = ({actions}: Draft, text: string, level: WatchNote['level'] = 'info') => {
	actions.push({type: 'note', text, level});
};

export const tellCatalog = ({actions}: Draft, told: Omit<Extract<WatchEvent, {type: 'catalog'}>, 'type'>) => {
	actions.push({type: 'tell', event: {type: 'catalog', ...told}});
};

export const withoutKey = <Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> => {
	const copy = new Map(map);
	copy.delete(key);
	return copy;
};

const setQueue = (draft: Draft, next: Queue) => {
	const {queue} = draft.state;
	if (next === queue) {
		return;
	}

	const before = new Map(allJobs(queue).map(job => [job.id, job]));
	setState(draft, {queue: next});
	for (const job of allJobs(next)) {
		if (before.get(job.id) !== job) {
			draft.actions.push({type: 'tell', event: {type: 'job', job}});
		}
	}

	addOnce(draft, 'keep-queue');
};

export const advanceQueue = (draft: Draft, message: QueueMessage) => {
	setQueue(draft, reduceQueue(draft.state.queue, message));
};

/**
Asks for work. If a job already runs for the same request, that job is the answer.
*/
export const wantJob = (draft: Draft, library: LibraryName, mode: JobMode, trigger: JobTrigger) => {
	const running = trigger === 'request'
		? draft.state.queue.jobs.find(job => job.state === 'running' && job.trigger === 'request' && job.library.id === library.id && (job.mode === mode || job.mode === 'full'))
		: undefined;
	if (running !== undefined) {
		draft.jobs.push(running);
		return;
	}

	const {queue, job} = addJob(draft.state.queue, {
		id: draft.newId(), library: {id: library.id, title: library.title}, mode, trigger, at: draft.now,
	});
	setQueue(draft, queue);
	setState(draft, {wantedAtMs: new Map(draft.state.wantedAtMs).set(library.id, draft.monotonicMs)});
	addOnce(draft, 'kick');
	draft.jobs.push(job);
};

export const wantAllJobs = (draft: Draft, mode: JobMode, trigger: JobTrigger) => {
	for (const library of activeLibraries(draft.state)) {
		wantJob(draft, library, mode, trigger);
	}
};

export const remember = (draft: Draft, libraryId: string, change: Partial<LibraryMemory>) => {
	const {memory} = draft.state;
	setState(draft, {memory: new Map(memory).set(libraryId, {...memory.get(libraryId) ?? {failures: 0}, ...change})});
};
