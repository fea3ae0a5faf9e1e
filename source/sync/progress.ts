import {sumTotals} from '../catalog/library.js';
import type {ImportTotals} from '../catalog/types.js';
import type {PaceEvent} from '../plex/types.js';
import {
	noTotals,
	type ImportResult,
	type Problem,
	type SyncEvent,
} from './events.js';
import {
	countMore,
	doneOf,
	enterPhase,
	finish,
	isOver,
	waitingLibrary,
	withEta,
	type LibraryProgress,
} from './library-progress.js';

/**
The state of an import or sync, folded from its events for screens and headless output.
*/
export type ImportProgress = {
	runId: string | undefined;
	/**
	By the clock of the messages, like every `…AtMs` here.
	*/
	startedAtMs: number | undefined;
	isRunning: boolean;
	/**
	In the order in which they are worked on.
	*/
	libraries: readonly LibraryProgress[];
	totals: ImportTotals & {done: number};
	/**
	Requests that are under way, oldest first.
	*/
	requests: readonly RequestProgress[];
	/**
	Includes retries.
	*/
	requestsSent: number;
	bytesReceived: number;
	/**
	How many requests there may be at a time, and why. Absent until that changes for the first time.
	*/
	pace?: Pick<PaceEvent, 'limit' | 'reason'>;
	problems: readonly Problem[];
	/**
	Undefined until the run has ended.
	*/
	result: ImportResult | undefined;
};

export type RequestProgress = {
	requestId: number;
	label: string;
	startedAtMs: number;
	/**
	1 for the first try.
	*/
	attempt: number;
	/**
	Until when a retry is held back, and why.
	*/
	waiting: {untilMs: number; code: string} | undefined;
};

/**
The time comes with the message, so that the fold stays pure. Any monotonic clock will do.
*/
export type ProgressMessage = {event: SyncEvent; nowMs: number};

export const initialProgress: ImportProgress = {
	runId: undefined,
	startedAtMs: undefined,
	isRunning: false,
	libraries: [],
	totals: {...noTotals, done: 0},
	requests: [],
	requestsSent: 0,
	bytesReceived: 0,
	problems: [],
	result: undefined,
};

/**
A new run starts from nothing: screens remember earlier runs themselves.
*/
export const reduceProgress = (state: ImportProgress, {event, nowMs}: ProgressMessage): ImportProgress => {
	switch (event.type) {
		case 'run-started': {
			return {
				...initialProgress,
				runId: event.runId,
				startedAtMs: nowMs,
				isRunning: true,
				// An earlier request, such as the one that named the libraries, may still be under way.
				requests: state.requests,
				// The client is the same one.
				...(state.pace !== undefined && {pace: state.pace}),
				libraries: event.libraries.map(library => waitingLibrary(library)),
			};
		}

		case 'library-phase': {
			return change(state, event.libraryId, library => enterPhase(library, event.phase, nowMs));
		}

		case 'library-counted': {
			return change(state, event.libraryId, library => ({...library, expected: event.expected}));
		}

		case 'items-committed': {
			return change(state, event.libraryId, library => ({
				...countMore(library, event, nowMs),
				lastTitle: event.lastTitle ?? library.lastTitle,
			}));
		}

		case 'items-compared': {
			return change(state, event.libraryId, library => countMore(library, event, nowMs));
		}

		case 'items-skipped': {
			return change(state, event.libraryId, library => countMore(library, {skipped: event.count}, nowMs));
		}

		case 'problem': {
			const {problem, failed} = event;
			return change(
				{...state, problems: [...state.problems, problem]},
				problem.library.id,
				library => countMore(library, {failed}, nowMs),
			);
		}

		case 'library-finished': {
			return change(state, event.result.id, library => finish(library, event.result, nowMs));
		}

		case 'run-finished': {
			return finishRun(state, event.result, nowMs);
		}

		case 'request-started': {
			const {requestId, label} = event;
			return letTimePass({
				...state,
				requestsSent: state.requestsSent + 1,
				requests: [...state.requests, {
					requestId, label, startedAtMs: nowMs, attempt: 1, waiting: undefined,
				}],
			}, nowMs);
		}

		case 'request-retried': {
			const {attempt, code, waitMs} = event;
			return letTimePass({
				...state,
				requestsSent: state.requestsSent + 1,
				requests: state.requests.map(request => request.requestId === event.requestId
					? {...request, attempt, waiting: {untilMs: nowMs + waitMs, code}}
					: request),
			}, nowMs);
		}

		case 'request-finished': {
			return letTimePass({
				...state,
				bytesReceived: state.bytesReceived + event.bytes,
				requests: state.requests.filter(({requestId}) => requestId !== event.requestId),
			}, nowMs);
		}

		case 'library-planned': {
			return change(state, event.libraryId, library => ({...library, reason: event.reason}));
		}

		case 'changes-found': {
			return change(state, event.libraryId, library => ({...library, changes: event.changes}));
		}

		case 'removals-held': {
			return change(state, event.libraryId, library => ({...library, held: event.items}));
		}

		case 'pace-changed': {
			return {...state, pace: {limit: event.limit, reason: event.reason}};
		}

		case 'rows-listed': {
			return letTimePass(state, nowMs);
		}
	}
};

const change = (
	state: ImportProgress,
	libraryId: string,
	update: (library: LibraryProgress) => LibraryProgress,
): ImportProgress => {
	const libraries = state.libraries.map(library => library.id === libraryId ? withEta(update(library)) : library);
	return {...state, libraries, totals: totalsOf(libraries)};
};

const finishRun = (state: ImportProgress, result: ImportResult, nowMs: number): ImportProgress => {
	const libraries = state.libraries.map(library => {
		const own = result.libraries.find(({id}) => id === library.id);
		const ended: LibraryProgress = isOver(library) ? library : {...library, phase: result.cancelled ? 'cancelled' : 'failed'};
		return own === undefined ? {...ended, etaMs: undefined} : finish(ended, own, nowMs);
	});
	return {
		...state,
		isRunning: false,
		libraries,
		totals: totalsOf(libraries),
		requests: [],
		problems: result.errors,
		result,
	};
};

const totalsOf = (libraries: readonly LibraryProgress[]): ImportProgress['totals'] => {
	const totals = sumTotals(libraries);
	return {...totals, done: doneOf(totals)};
};

/**
A server that has stopped answering must not seem to be as quick as it was.
*/
const letTimePass = (state: ImportProgress, nowMs: number): ImportProgress => {
	const isStale = ({phase, rate}: LibraryProgress) =>
		phase === 'importing' && rate !== undefined && rate.average > 0 && nowMs - rate.sampledAtMs >= 1000;
	if (state.libraries.every(library => !isStale(library))) {
		return state;
	}

	return {
		...state,
		libraries: state.libraries.map(library => isStale(library) ? withEta(countMore(library, {}, nowMs)) : library),
	};
};
