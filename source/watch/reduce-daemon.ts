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
import {reduceQueue} from './jobs/queue.js';
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
import type {JobMode, LibraryName, PushState} from './types.js';

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
	handle(draft, event);
	return {state: draft.state, actions: draft.actions, jobs: draft.jobs};
};

const handle = (draft: Draft, event: DaemonEvent): void => {
	switch (event.type) {
		case 'recovered': {
			setState(draft, {queue: reduceQueue(event.queue, {type: 'recover', at: draft.now}), memory: event.memory});
			addOnce(draft, 'keep-queue');
			break;
		}

		case 'settings-read': {
			setState(draft, {settings: event.settings});
			break;
		}

		case 'watched': {
			setState(draft, {watched: event.watched});
			break;
		}

		case 'connected': {
			wantAllJobs(draft, 'incremental', draft.state.hasConnected ? 'catch-up' : 'start');
			setState(draft, {hasConnected: true});
			break;
		}

		case 'unreachable': {
			addNote(draft, `The server cannot be used: ${event.error.message}`, 'error');
			setPush(draft, {state: 'connecting', reason: event.error.message});
			addOnce(draft, 'look-at-time');
			break;
		}

		case 'push': {
			changePush(draft, event.news);
			break;
		}

		case 'push-heard': {
			setState(draft, {push: {...draft.state.push, lastEventAt: draft.now.toISOString()}});
			break;
		}

		case 'dirty': {
			markDirty(draft, event.dirty);
			break;
		}

		case 'wanted': {
			for (const library of event.libraries) {
				wantJob(draft, library, event.mode, event.trigger);
			}

			break;
		}

		case 'due': {
			planDue(draft, event.library, event.mode);
			break;
		}

		case 'clock-jumped': {
			addNote(draft, `The clock jumped by ${Math.round(event.jumpMs / 1000)} seconds, or the machine slept: every library is compared.`, 'warn');
			draft.actions.push({type: 'hurry-to-server'});
			wantAllJobs(draft, 'incremental', 'catch-up');
			break;
		}

		case 'woken': {
			advanceQueue(draft, {type: 'wake', now: draft.now});
			break;
		}

		case 'begun': {
			advanceQueue(draft, {type: 'begin', id: event.id, at: draft.now});
			break;
		}

		case 'touch-taken': {
			setState(draft, {touched: withoutKey(draft.state.touched, event.libraryId)});
			break;
		}

		case 'ended': {
			finishJob(draft, event);
			break;
		}

		case 'act': {
			advanceQueue(draft, {
				type: 'act', id: event.id, action: event.action, at: draft.now,
			});
			if (event.action === 'cancel') {
				draft.actions.push({type: 'cancel-running', id: event.id});
			} else if (event.action === 'retry' || event.action === 'run-now') {
				draft.actions.push({type: 'hurry-to-server'});
			}

			addOnce(draft, 'kick');
			break;
		}

		case 'accepted': {
			for (const {id, title, removed} of event.accepted) {
				addNote(draft, `${clean(title).trim()}: ${removed} held removals were accepted.`);
				tellCatalog(draft, {libraryId: id, revision: event.revision, changes: {removed}});
			}

			draft.actions.push({type: 'judge'}, {type: 'tell-status-soon'});
			break;
		}

		case 'disk': {
			setState(draft, {disk: event.disk});
			draft.actions.push({type: 'judge'});
			break;
		}

		case 'closing': {
			setState(draft, {isClosing: true});
			break;
		}
	}
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
