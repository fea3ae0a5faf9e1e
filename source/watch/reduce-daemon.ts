import {clean} from '../base/text/clean.js';
import type {PushNews} from '../plex/notifications/course.js';
import {
	activeLibraries,
	type DaemonChange,
	type DaemonEvent,
	type DaemonMoment,
	type DaemonState,
} from './daemon-state.js';
import {finishJob} from './finish-job.js';
import {reduceQueue} from './jobs/reduce-queue.js';
import {
	addNote,
	addOnce,
	advanceQueue,
	setState,
	tellCatalog,
	wantAllJobs,
	wantJob,
	withoutKey,
	type Draft,
} from './state-draft.js';
import type {DirtyLibrary} from './touches.js';
import type {JobMode} from './kinds.js';
import type {LibraryName, PushState} from './types.js';

/**
A library that is parked for so long is tried again. The cause may be gone, and nobody looks for months.
*/
const parkedMs = 24 * 3_600_000;

/**
More items of one library than this do not wait to be touched: a comparison finds them for less, and they must not pile up behind a long import.
*/
const maxTouched = 1000;

/**
What a daemon knows after an event, and what it has to do because of it. Pure, apart from the ids that it asks for.
*/
export const reduceDaemon = (state: DaemonState, event: DaemonEvent, moment: DaemonMoment): DaemonChange => {
	const draft: Draft = {
		state, actions: [], jobs: [], ...moment,
	};
	(handlers[event.type] as (draft: Draft, event: DaemonEvent) => void)(draft, event);
	return {state: draft.state, actions: draft.actions, jobs: draft.jobs};
};

const handlers: {[Type in DaemonEvent['type']]: (draft: Draft, event: Extract<DaemonEvent, {type: Type}>) => void} = {
	recovered(draft, event) {
		setState(draft, {queue: reduceQueue(event.queue, {type: 'recover', at: draft.now}), memory: event.memory});
		addOnce(draft, 'keep-queue');
	},
	'settings-read'(draft, event) {
		setState(draft, {settings: event.settings});
	},
	watched(draft, event) {
		setState(draft, {watched: event.watched});
	},
	connected(draft) {
		wantAllJobs(draft, 'incremental', draft.state.hasConnected ? 'catch-up' : 'start');
		setState(draft, {hasConnected: true});
	},
	unreachable(draft, event) {
		addNote(draft, `The server cannot be used: ${event.error.message}`, 'error');
		setPush(draft, {state: 'connecting', reason: event.error.message});
		addOnce(draft, 'look-at-time');
	},
	push(draft, event) {
		changePush(draft, event.news);
	},
	'push-heard'(draft) {
		setState(draft, {push: {...draft.state.push, lastEventAt: draft.now.toISOString()}});
	},
	dirty(draft, event) {
		markDirty(draft, event.dirty);
	},
	wanted(draft, event) {
		for (const library of event.libraries) {
			wantJob(draft, library, event.mode, event.trigger);
		}
	},
	due(draft, event) {
		planDue(draft, event.library, event.mode);
	},
	'clock-jumped'(draft, event) {
		addNote(draft, `The clock jumped by ${Math.round(event.jumpMs / 1000)} seconds, or the machine slept: every library is compared.`, 'warn');
		draft.actions.push({type: 'hurry-to-server'});
		wantAllJobs(draft, 'incremental', 'catch-up');
	},
	woken(draft) {
		advanceQueue(draft, {type: 'wake', now: draft.now});
	},
	begun(draft, event) {
		advanceQueue(draft, {type: 'begin', id: event.id, at: draft.now});
	},
	'touch-taken'(draft, event) {
		setState(draft, {touched: withoutKey(draft.state.touched, event.libraryId)});
	},
	ended(draft, event) {
		finishJob(draft, event);
	},
	act(draft, event) {
		advanceQueue(draft, {
			type: 'act', id: event.id, action: event.action, at: draft.now,
		});
		if (event.action === 'cancel') {
			draft.actions.push({type: 'cancel-running', id: event.id});
		} else if (event.action === 'retry' || event.action === 'run-now') {
			draft.actions.push({type: 'hurry-to-server'});
		}

		addOnce(draft, 'kick');
	},
	accepted(draft, event) {
		for (const {id, title, removed} of event.accepted) {
			addNote(draft, `${clean(title).trim()}: ${removed} held removals were accepted.`);
			tellCatalog(draft, {libraryId: id, revision: event.revision, changes: {removed}});
		}

		draft.actions.push({type: 'judge'}, {type: 'tell-status-soon'});
	},
	disk(draft, event) {
		setState(draft, {disk: event.disk});
		draft.actions.push({type: 'judge'});
	},
	closing(draft) {
		setState(draft, {isClosing: true});
	},
};

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

const changePush = (draft: Draft, news: PushNews) => {
	const {state: before} = draft.state.push;
	setPush(draft, {state: news.type, ...('via' in news && {via: news.via}), ...('reason' in news && {reason: news.reason})});
	if (news.type === 'connected') {
		addNote(draft, `The server tells of its changes (${news.via === 'sse' ? 'event stream' : 'websocket'}).`);
		// The server does not repeat what happened meanwhile.
		wantAllJobs(draft, 'incremental', 'catch-up');
	} else if (before !== 'polling' && news.type === 'polling') {
		addNote(draft, `The server sends no notifications: ${news.reason} Its libraries are asked for changes instead.`, 'warn');
	} else if (before === 'connected' && news.type === 'connecting') {
		addNote(draft, `The notifications of the server have stopped: ${news.reason}`, 'warn');
	}
};

const markDirty = (draft: Draft, {libraryId, ratingKeys, isWhole}: DirtyLibrary) => {
	const library = activeLibraries(draft.state).find(({id}) => id === libraryId);
	if (library === undefined) {
		return;
	}

	if (isWhole) {
		wantJob(draft, library, 'incremental', 'notification');
		return;
	}

	const keys = new Set([...draft.state.touched.get(libraryId) ?? [], ...ratingKeys]);
	const isTooMany = keys.size > maxTouched;
	setState(draft, {touched: isTooMany ? withoutKey(draft.state.touched, libraryId) : new Map(draft.state.touched).set(libraryId, keys)});
	wantJob(draft, library, isTooMany ? 'incremental' : 'touch', 'notification');
};

/**
A job that runs or waits already does what the schedule wants; a parked one is tried again after a day.
*/
const planDue = (draft: Draft, library: LibraryName, mode: JobMode) => {
	const planned = draft.state.queue.jobs.find(job => job.library.id === library.id && job.mode !== 'touch' && job.mode !== 'audit');
	if (planned === undefined) {
		wantJob(draft, library, mode, 'schedule');
	} else if (planned.state === 'parked' && draft.now.getTime() - Date.parse(planned.finishedAt ?? '') >= parkedMs) {
		wantJob(draft, library, mode, 'catch-up');
	}
};
