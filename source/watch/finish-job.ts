import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {changesLine} from '../history/changes-line.js';
import type {DaemonEvent} from './daemon-state.js';
import type {JobOutcome} from './run-job.js';
import {
	addNote,
	advanceQueue,
	remember,
	setState,
	tellCatalog,
	wantJob,
	type Draft,
} from './state-draft.js';
import type {Job} from './types.js';

/**
Faults of the server as a whole.
*/
const outages: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'starting-up', 'unauthorized', 'tls', 'not-plex']);

type Ended = Extract<DaemonEvent, {type: 'ended'}>;

/**
What follows from the end of a job: what is remembered of its library, what is told, and which job comes next.
*/
export const finishJob = (draft: Draft, {job, outcome, ...rest}: Ended) => {
	const {id, library, mode} = job;
	if (mode === 'incremental' || mode === 'full') {
		const at = draft.now.toISOString();
		setState(draft, {looked: new Set([...draft.state.looked, library.id])});
		remember(draft, library.id, {lastTriedAt: at, ...(mode === 'full' && {lastFullTriedAt: at})});
	}

	if (outcome.kind === 'done') {
		endDone(draft, job, {...rest, outcome});
	} else if (outcome.kind === 'failed') {
		endFailed(draft, job, {...rest, outcome});
	} else if (draft.state.isClosing) {
		advanceQueue(draft, {type: 'interrupted', id, at: draft.now});
		return;
	} else {
		advanceQueue(draft, {type: 'cancelled', id, at: draft.now});
	}

	draft.actions.push({type: 'after-job', job, outcome}, {type: 'judge'}, {type: 'tell-status-soon'}, {type: 'back-up'});
};

const endDone = (draft: Draft, {id, library, mode, trigger}: Job, {outcome, revision}: {outcome: JobOutcome & {kind: 'done'}; revision: number}) => {
	const {changes = {}, runId, note: text, isUnfinished, differences} = outcome;
	const at = draft.now.toISOString();
	const title = clean(library.title).trim();
	const hasChanged = Object.values(changes).some(count => count > 0);
	advanceQueue(draft, {
		type: 'succeed', id, at: draft.now, runId, changes: outcome.changes, note: text,
	});
	remember(draft, library.id, {
		failures: 0,
		...(mode !== 'touch' && mode !== 'audit' && {lastRunAt: at, lastMode: mode}),
		...(mode === 'audit' && {differences}),
		...(hasChanged && {lastChangedAt: at, lastChanges: changes}),
	});
	if (hasChanged) {
		addNote(draft, `${title}: ${changesLine(changes)}.`);
		tellCatalog(draft, {revision, changes, libraryId: library.id});
	}

	if (isUnfinished && text !== undefined) {
		addNote(draft, `${title}: ${clean(text)}`, 'warn');
	}

	if (mode === 'touch' && isUnfinished) {
		wantJob(draft, library, 'incremental', 'notification');
	} else if (mode === 'audit' && isUnfinished) {
		wantJob(draft, library, 'full', 'schedule');
	} else if (mode === 'full' && trigger === 'schedule' && draft.state.settings.isAudited) {
		wantJob(draft, library, 'audit', 'schedule');
	}
};

const endFailed = (draft: Draft, {id, library, mode}: Job, {outcome: {fault}, random01}: {outcome: JobOutcome & {kind: 'failed'}; random01: number}) => {
	if (outages.has(fault.code)) {
		draft.actions.push({type: 'lose-server', error: new AppError(fault.code, fault.message, fault.hint === undefined ? {} : {hint: fault.hint})});
	}

	if (mode === 'touch') {
		// The server will not speak of these items again, so the whole library is compared.
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
	addNote(draft, `${clean(library.title).trim()}: ${clean(fault.message)}`, 'error');
};
