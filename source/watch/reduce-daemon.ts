import {AppError, outageCodes} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {changesLine} from '../history/changes-line.js';
import {
	activeLibraries,
	type DaemonChange,
	type DaemonEvent,
	type DaemonMoment,
	type DaemonState,
	type LibraryMemory,
} from './daemon-state.js';
import {addJob} from './jobs/add-job.js';
import {allJobs, type Queue} from './jobs/queue.js';
import {type QueueMessage, reduceQueue} from './jobs/reduce-queue.js';
import type {JobMode, JobTrigger} from './kinds.js';
import type {JobOutcome} from './run-job.js';
import type {
	Fault,
	Job,
	LibraryName,
	PushState,
	WatchEvent,
	WatchNote,
} from './types.js';
import {libraryNameOf} from './watched.js';

/**
A parked library is tried again after this time: the cause may be gone, and nobody may look for months.
*/
const parkedMs = 24 * 3_600_000;

/**
More touched items of one library than this become one comparison, which is cheaper and does not pile up behind a long import.
*/
const maxTouched = 1000;

/**
What a daemon knows after an event, and what it has to do because of it. Pure, except for the new ids.
*/
export const reduceDaemon = (state: DaemonState, event: DaemonEvent, moment: DaemonMoment): DaemonChange => {
	const draft: Draft = {
		state, actions: [], jobs: [], ...moment,
	};
	(handlers[event.type] as (draft: Draft, event: DaemonEvent) => void)(draft, event);
	return {state: draft.state, actions: draft.actions, jobs: draft.jobs};
};

/**
A change in the making, to which the reducer of the daemon adds state and actions.
*/
type Draft = DaemonChange & DaemonMoment;

const setState = (draft: Draft, change: Partial<DaemonState>) => {
	draft.state = {...draft.state, ...change};
};

const addOnce = ({actions}: Draft, type: 'keep-queue' | 'kick' | 'look-at-time') => {
	if (actions.every(action => action.type !== type)) {
		actions.push({type});
	}
};

const addNote = ({actions}: Draft, text: string, level: WatchNote['level'] = 'info') => {
	actions.push({type: 'note', text, level});
};

const tellCatalog = ({actions}: Draft, told: Omit<Extract<WatchEvent, {type: 'catalog'}>, 'type'>) => {
	actions.push({type: 'tell', event: {type: 'catalog', ...told}});
};

const withoutKey = <Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> => {
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

const advanceQueue = (draft: Draft, message: QueueMessage) => {
	setQueue(draft, reduceQueue(draft.state.queue, message));
};

/**
Asks for work. If a job already runs for the same request, that job is the answer.
*/
const wantJob = (draft: Draft, library: LibraryName, mode: JobMode, trigger: JobTrigger) => {
	const running = trigger === 'request'
		? draft.state.queue.jobs.find(job => job.state === 'running' && job.trigger === 'request' && job.library.id === library.id && (job.mode === mode || job.mode === 'full'))
		: undefined;
	if (running !== undefined) {
		draft.jobs.push(running);
		return;
	}

	const {queue, job} = addJob(draft.state.queue, {
		id: draft.newId(), library: libraryNameOf(library), mode, trigger, at: draft.now,
	});
	setQueue(draft, queue);
	setState(draft, {wantedAtMs: new Map(draft.state.wantedAtMs).set(library.id, draft.monotonicMs)});
	addOnce(draft, 'kick');
	draft.jobs.push(job);
};

const wantAllJobs = (draft: Draft, mode: JobMode, trigger: JobTrigger) => {
	for (const library of activeLibraries(draft.state)) {
		wantJob(draft, library, mode, trigger);
	}
};

const wantTouch = (draft: Draft, library: LibraryName, ratingKeys: readonly string[]) => {
	const {touched} = draft.state;
	const keys = new Set([...touched.get(library.id) ?? [], ...ratingKeys]);
	const isTooMany = keys.size > maxTouched;
	setState(draft, {touched: isTooMany ? withoutKey(touched, library.id) : new Map(touched).set(library.id, keys)});
	wantJob(draft, library, isTooMany ? 'incremental' : 'touch', 'notification');
};

const remember = (draft: Draft, libraryId: string, change: Partial<LibraryMemory>) => {
	const {memory} = draft.state;
	setState(draft, {memory: new Map(memory).set(libraryId, {...memory.get(libraryId) ?? {failures: 0}, ...change})});
};

const titleOf = ({title}: LibraryName) => clean(title).trim();

const setPush = (draft: Draft, next: Pick<PushState, 'state' | 'via' | 'reason'>) => {
	const {push} = draft.state;
	const isSame = next.state === push.state && next.via === push.via;
	setState(draft, {push: {...next, since: isSame ? push.since : draft.now.toISOString(), ...(push.lastEventAt !== undefined && {lastEventAt: push.lastEventAt})}});
	if (isSame) {
		return;
	}

	addOnce(draft, 'look-at-time');
	draft.actions.push({type: 'tell-status'});
};

const endDone = (draft: Draft, job: Job, outcome: JobOutcome & {kind: 'done'}, revision: number) => {
	const {id, library, mode} = job;
	const {changes = {}, runId, note, isUnfinished, differences, unavailableFolders} = outcome;
	const at = draft.now.toISOString();
	const hasChanged = Object.values(changes).some(count => count > 0);
	advanceQueue(draft, {
		type: 'succeed', id, at: draft.now, runId, changes: outcome.changes, note,
	});
	const before = draft.state.memory.get(library.id)?.differences ?? 0;
	remember(draft, library.id, {
		failures: 0,
		...(mode !== 'touch' && mode !== 'audit' && {lastRunAt: at, lastMode: mode}),
		...(mode === 'audit' && {differences}),
		...(unavailableFolders !== undefined && {unavailableFolders}),
		...(hasChanged && {lastChangedAt: at, lastChanges: changes}),
	});
	if (hasChanged) {
		addNote(draft, `${titleOf(library)}: ${changesLine(changes)}.`);
		tellCatalog(draft, {revision, changes, libraryId: library.id});
	}

	if (isUnfinished && note !== undefined) {
		addNote(draft, `${titleOf(library)}: ${clean(note)}`, 'warn');
	}

	wantWhatFollows(draft, job, outcome, before);
};

/**
`before` is the number of differences that the audit before this one has found.
*/
const wantWhatFollows = (draft: Draft, {library, mode, trigger}: Job, {isUnfinished, differences = 0, differing = []}: JobOutcome & {kind: 'done'}, before: number) => {
	if (mode === 'touch' && isUnfinished) {
		wantJob(draft, library, 'incremental', 'notification');
	} else if (mode === 'audit' && isUnfinished) {
		wantTouch(draft, library, differing);
		// Another audit follows only while that helps: what the server cannot give differs for ever.
		wantJob(draft, library, 'full', before === 0 || differences < before ? 'schedule' : 'catch-up');
	} else if (mode === 'full' && trigger === 'schedule' && draft.state.settings.isAudited) {
		wantJob(draft, library, 'audit', 'schedule');
	}

	// A comparison that a touch has joined reads only what the list shows as changed.
	if (mode !== 'touch' && mode !== 'audit' && (draft.state.touched.get(library.id)?.size ?? 0) > 0) {
		wantJob(draft, library, 'touch', 'notification');
	}
};

const endFailed = (draft: Draft, {id, library, mode}: Job, fault: Fault, random01: number) => {
	if (outageCodes.has(fault.code)) {
		draft.actions.push({type: 'lose-server', error: new AppError(fault.code, fault.message, fault.hint === undefined ? {} : {hint: fault.hint})});
	}

	if (mode === 'touch') {
		// The server does not repeat its notifications, so the whole library is compared.
		advanceQueue(draft, {
			type: 'succeed', id, at: draft.now, note: `${fault.message} The library is compared instead.`,
		});
		wantJob(draft, library, 'incremental', 'catch-up');
		return;
	}

	remember(draft, library.id, {failures: (draft.state.memory.get(library.id)?.failures ?? 0) + 1});
	advanceQueue(draft, {
		type: 'fail', id, at: draft.now, fault, random01,
	});
	addNote(draft, `${titleOf(library)}: ${clean(fault.message)}`, 'error');
};

const handlers: {[Type in DaemonEvent['type']]: (draft: Draft, event: Extract<DaemonEvent, {type: Type}>) => void} = {
	recovered(draft, {queue, memory}) {
		setState(draft, {queue: reduceQueue(queue, {type: 'recover', at: draft.now}), memory});
		addOnce(draft, 'keep-queue');
	},
	'settings-read'(draft, {settings}) {
		setState(draft, {settings});
	},
	watched(draft, {watched}) {
		setState(draft, {watched});
	},
	connected(draft) {
		wantAllJobs(draft, 'incremental', draft.state.hasConnected ? 'catch-up' : 'start');
		setState(draft, {hasConnected: true});
	},
	unreachable(draft, {error: {message}}) {
		addNote(draft, `The server cannot be used: ${message}`, 'error');
		setPush(draft, {state: 'connecting', reason: message});
		addOnce(draft, 'look-at-time');
	},
	push(draft, {news}) {
		const {state: before} = draft.state.push;
		setPush(draft, {state: news.type, ...('via' in news && {via: news.via}), ...('reason' in news && {reason: news.reason})});
		if (news.type === 'connected') {
			addNote(draft, `The server reports its changes (${news.via === 'sse' ? 'event stream' : 'websocket'}).`);
			// The server does not repeat what happened meanwhile.
			wantAllJobs(draft, 'incremental', 'catch-up');
		} else if (before !== 'polling' && news.type === 'polling') {
			addNote(draft, `The server sends no notifications: ${news.reason} reelcat asks for changes instead.`, 'warn');
		} else if (before === 'connected' && news.type === 'connecting') {
			addNote(draft, `The notifications of the server have stopped: ${news.reason}`, 'warn');
		}
	},
	'push-heard'(draft) {
		setState(draft, {push: {...draft.state.push, lastEventAt: draft.now.toISOString()}});
	},
	dirty(draft, {dirty: {libraryId, ratingKeys, isWhole}}) {
		const library = activeLibraries(draft.state).find(({id}) => id === libraryId);
		if (library === undefined) {
			return;
		}

		if (isWhole) {
			wantJob(draft, library, 'incremental', 'notification');
			return;
		}

		wantTouch(draft, library, ratingKeys);
	},
	wanted(draft, {libraries, mode, trigger}) {
		for (const library of libraries) {
			wantJob(draft, library, mode, trigger);
		}
	},
	due(draft, {library, mode}) {
		// A job that runs or waits already does what the schedule wants.
		const planned = draft.state.queue.jobs.find(job => job.library.id === library.id && job.mode !== 'touch' && job.mode !== 'audit');
		if (planned === undefined) {
			wantJob(draft, library, mode, 'schedule');
		} else if (planned.state === 'parked' && draft.now.getTime() - Date.parse(planned.finishedAt ?? '') >= parkedMs) {
			wantJob(draft, library, mode, 'catch-up');
		}
	},
	'clock-jumped'(draft, {jumpMs}) {
		addNote(draft, `The clock jumped by ${Math.round(jumpMs / 1000)} seconds, or the machine slept: every library is compared.`, 'warn');
		draft.actions.push({type: 'hurry-to-server'});
		wantAllJobs(draft, 'incremental', 'catch-up');
	},
	woken(draft) {
		advanceQueue(draft, {type: 'wake', now: draft.now});
	},
	begun(draft, {id}) {
		advanceQueue(draft, {type: 'begin', id, at: draft.now});
	},
	'touch-taken'(draft, {libraryId}) {
		setState(draft, {touched: withoutKey(draft.state.touched, libraryId)});
	},
	ended(draft, {job, outcome, revision, random01}) {
		const {id, library, mode} = job;
		if (mode === 'incremental' || mode === 'full') {
			const at = draft.now.toISOString();
			remember(draft, library.id, {lastTriedAt: at, ...(mode === 'full' && {lastFullTriedAt: at})});
		}

		if (outcome.kind === 'done') {
			endDone(draft, job, outcome, revision);
		} else if (outcome.kind === 'failed') {
			endFailed(draft, job, outcome.fault, random01);
		} else if (draft.state.isClosing) {
			advanceQueue(draft, {type: 'interrupted', id, at: draft.now});
			return;
		} else {
			advanceQueue(draft, {type: 'cancelled', id, at: draft.now});
		}

		draft.actions.push({type: 'after-job', job, outcome}, {type: 'judge'}, {type: 'tell-status-soon'}, {type: 'back-up'});
	},
	act(draft, {id, action}) {
		advanceQueue(draft, {
			type: 'act', id, action, at: draft.now,
		});
		if (action === 'cancel' || action === 'pause') {
			draft.actions.push({type: 'stop-running', id});
		} else if (action === 'retry' || action === 'run-now') {
			draft.actions.push({type: 'hurry-to-server'});
		}

		addOnce(draft, 'kick');
	},
	accepted(draft, {accepted, revision}) {
		for (const library of accepted) {
			const {id: libraryId, removed} = library;
			addNote(draft, `${titleOf(library)}: ${removed} held removals were accepted.`);
			tellCatalog(draft, {libraryId, revision, changes: {removed}});
		}

		draft.actions.push({type: 'judge'}, {type: 'tell-status-soon'});
	},
	disk(draft, {disk}) {
		setState(draft, {disk});
		draft.actions.push({type: 'judge'});
	},
	closing(draft) {
		setState(draft, {isClosing: true});
	},
};
