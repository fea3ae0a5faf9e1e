import {sumTotals} from '../catalog/library.js';
import type {ImportTotals, ItemType} from '../catalog/types.js';
import type {PaceEvent} from '../plex/types.js';
import {
	noTotals,
	type ChangeCounts,
	type ImportResult,
	type LibraryResult,
	type Phase,
	type Problem,
	type SyncEvent,
} from './events.js';
import {shareOfLibrary, shareOfRun} from './share.js';
import {
	addDone,
	paceOfSpeed,
	startSpeed,
	type Speed,
} from './speed.js';

export type LibraryProgress = ImportTotals & {
	id: string;
	title: string;
	type: string;
	phase: Phase;
	reason?: string;
	changes?: ChangeCounts;
	held?: number;
	done: number;
	startedAtMs: number | undefined;
	finishedAtMs: number | undefined;
	/**
	From 0 to 1. It never falls, and is 1 only when the library is done.
	*/
	share: number;
	isCountedFirst: boolean;
	listedType: ItemType | undefined;
	/**
	Over the last half minute or longer; 0 when unknown.
	*/
	ratePerSecond: number;
	/**
	Undefined until there is something to estimate it from.
	*/
	etaMs: number | undefined;
	lastTitle: string | undefined;
	speed: Speed | undefined;
	result: LibraryResult | undefined;
};

export type ImportProgress = {
	runId: string | undefined;
	/**
	By the clock of the messages, like every `…AtMs` here.
	*/
	startedAtMs: number | undefined;
	isRunning: boolean;
	libraries: readonly LibraryProgress[];
	totals: ImportTotals & {done: number};
	/**
	From 0 to 1, over all libraries. It never falls during a run, and is 1 only at its end.
	*/
	share: number;
	requests: ReadonlyArray<{
		requestId: number;
		label: string;
		startedAtMs: number;
		attempt: number;
		/**
		Until when a retry is held back, and why.
		*/
		waiting: {untilMs: number; code: string} | undefined;
	}>;
	/**
	Includes retries.
	*/
	requestsSent: number;
	bytesReceived: number;
	/**
	How many requests there may be at a time, and why. Absent until this changes for the first time.
	*/
	pace?: Pick<PaceEvent, 'limit' | 'reason'>;
	problems: readonly Problem[];
	result: ImportResult | undefined;
};

export const initialProgress: ImportProgress = {
	runId: undefined,
	startedAtMs: undefined,
	isRunning: false,
	libraries: [],
	totals: {...noTotals, done: 0},
	share: 0,
	requests: [],
	requestsSent: 0,
	bytesReceived: 0,
	problems: [],
	result: undefined,
};

/**
The time comes with the message, so that the fold stays pure. Any monotonic clock will do.
*/
export const reduceProgress = (state: ImportProgress, {event, nowMs}: {event: SyncEvent; nowMs: number}): ImportProgress => {
	const reduce = reducers[event.type] as (state: ImportProgress, event: SyncEvent, nowMs: number) => ImportProgress;
	const next = reduce(state, event, nowMs);
	return next.libraries === state.libraries && next.isRunning === state.isRunning ? next : {...next, share: shareOfRun(next.libraries, next)};
};

type Reducers = {
	[Type in SyncEvent['type']]: (state: ImportProgress, event: Extract<SyncEvent, {type: Type}>, nowMs: number) => ImportProgress;
};

const reducers: Reducers = {
	// Screens remember earlier runs themselves. The client stays the same, and an earlier request, such as the one that named the libraries, may still be under way.
	remark: state => state,
	'run-started': ({requests, pace}, {runId, libraries}, nowMs) => ({
		...initialProgress,
		runId,
		startedAtMs: nowMs,
		isRunning: true,
		requests,
		...(pace !== undefined && {pace}),
		libraries: libraries.map(library => waitingLibrary(library)),
	}),
	'library-planned': (state, {libraryId, reason}) => change(state, libraryId, library => ({...library, reason})),
	'library-phase': (state, {libraryId, phase}, nowMs) => change(state, libraryId, library => enterPhase(library, phase, nowMs)),
	'library-counted': (state, {libraryId, expected}) => change(state, libraryId, library => ({...library, expected, isCountedFirst: library.isCountedFirst || library.phase === 'counting'})),
	'rows-listed': (state, {libraryId, itemType}, nowMs) => change(letTimePass(state, nowMs), libraryId, library => ({...library, listedType: itemType})),
	'items-committed': (state, event, nowMs) => change(state, event.libraryId, library => ({
		...countMore(library, event, nowMs),
		lastTitle: event.lastTitle ?? library.lastTitle,
	})),
	'items-compared': (state, event, nowMs) => change(state, event.libraryId, library => countMore(library, event, nowMs, {isCompared: true})),
	'items-skipped': (state, {libraryId, count}, nowMs) => change(state, libraryId, library => countMore(library, {skipped: count}, nowMs)),
	'changes-found': (state, {libraryId, changes}) => change(state, libraryId, library => ({...library, changes})),
	'removals-held': (state, {libraryId, items}) => change(state, libraryId, library => ({...library, held: items})),
	problem: (state, {problem, failed}, nowMs) => change(
		{...state, problems: [...state.problems, problem]},
		problem.library.id,
		library => countMore(library, {failed}, nowMs),
	),
	'library-finished': (state, {result}, nowMs) => change(state, result.id, library => finish(library, result, nowMs)),
	'run-finished': (state, {result}, nowMs) => finishRun(state, result, nowMs),
	'request-started': (state, {requestId, label}, nowMs) => letTimePass({
		...state,
		requestsSent: state.requestsSent + 1,
		requests: [...state.requests, {
			requestId, label, startedAtMs: nowMs, attempt: 1, waiting: undefined,
		}],
	}, nowMs),
	'request-retried': (state, {requestId, attempt, code, waitMs}, nowMs) => letTimePass({
		...state,
		requestsSent: state.requestsSent + 1,
		requests: state.requests.map(request => request.requestId === requestId ? {...request, attempt, waiting: {untilMs: nowMs + waitMs, code}} : request),
	}, nowMs),
	'request-finished': (state, {requestId, bytes}, nowMs) => letTimePass({
		...state,
		bytesReceived: state.bytesReceived + bytes,
		requests: state.requests.filter(request => request.requestId !== requestId),
	}, nowMs),
	'pace-changed': (state, {limit, reason}) => ({...state, pace: {limit, reason}}),
};

const change = (
	state: ImportProgress,
	libraryId: string,
	update: (library: LibraryProgress) => LibraryProgress,
): ImportProgress => {
	const libraries = state.libraries.map(library => library.id === libraryId ? withShare(withEta(update(library))) : library);
	return {...state, libraries, totals: totalsOf(libraries)};
};

const finishRun = (state: ImportProgress, result: ImportResult, nowMs: number): ImportProgress => {
	const libraries = state.libraries.map(library => {
		const own = result.libraries.find(({id}) => id === library.id);
		const ended: LibraryProgress = isOver(library) ? library : {...library, phase: result.cancelled ? 'cancelled' : 'failed'};
		return withShare(own === undefined ? {...ended, etaMs: undefined} : finish(ended, own, nowMs));
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
	const isStale = ({phase, speed, ratePerSecond}: LibraryProgress) =>
		phase === 'importing' && speed !== undefined && ratePerSecond > 0 && nowMs - speed.nowMs >= 1000;
	if (state.libraries.every(library => !isStale(library))) {
		return state;
	}

	return {
		...state,
		libraries: state.libraries.map(library => isStale(library) ? withEta(countMore(library, {}, nowMs)) : library),
	};
};

const waitingLibrary = ({id, title, libraryType}: {id: string; title: string; libraryType: string}): LibraryProgress => ({
	id,
	title,
	type: libraryType,
	phase: 'waiting',
	...noTotals,
	done: 0,
	share: 0,
	isCountedFirst: false,
	listedType: undefined,
	startedAtMs: undefined,
	finishedAtMs: undefined,
	ratePerSecond: 0,
	etaMs: undefined,
	lastTitle: undefined,
	speed: undefined,
	result: undefined,
});

const endPhases: ReadonlySet<Phase> = new Set(['done', 'failed', 'cancelled']);

const isOver = ({phase}: LibraryProgress) => endPhases.has(phase);

const countMore = (library: LibraryProgress, counts: Partial<ImportTotals>, nowMs: number, {isCompared = false}: {isCompared?: boolean} = {}): LibraryProgress => {
	const {imported = 0, unchanged = 0, failed = 0, skipped = 0} = counts;
	const more = {
		expected: 0, imported, unchanged, failed, skipped,
	};
	const done = doneOf(more);
	const speed = addDone(library.speed ?? startSpeed(nowMs), isCompared ? {fetched: 0, compared: done} : {fetched: done, compared: 0}, nowMs);
	return withDone({
		...library,
		...sumTotals([library, more]),
		speed,
		ratePerSecond: paceOfSpeed(speed).perSecond,
	});
};

const doneOf = ({imported, unchanged, failed, skipped}: Omit<ImportTotals, 'expected'>): number => imported + unchanged + failed + skipped;

const withDone = (library: LibraryProgress): LibraryProgress => ({...library, done: doneOf(library)});

const withEta = (library: LibraryProgress): LibraryProgress => {
	const open = Math.max(0, library.expected - library.done);
	const {perSecond, isReliable} = library.speed === undefined ? {perSecond: 0, isReliable: false} : paceOfSpeed(library.speed);
	const isKnown = !isOver(library) && isReliable && perSecond > 0.001;
	return {...library, etaMs: isKnown ? Math.round(open * 1000 / perSecond) : undefined};
};

const withShare = (library: LibraryProgress): LibraryProgress => ({...library, share: shareOfLibrary(library)});

const enterPhase = (library: LibraryProgress, phase: Phase, nowMs: number): LibraryProgress => {
	const entered = {...library, phase, startedAtMs: library.startedAtMs ?? nowMs};
	if (isOver(entered)) {
		return {...entered, finishedAtMs: library.finishedAtMs ?? nowMs, etaMs: undefined};
	}

	// Counting is not part of the speed.
	return phase === 'importing' ? {...entered, speed: startSpeed(nowMs)} : entered;
};

const finish = (library: LibraryProgress, result: LibraryResult, nowMs: number): LibraryProgress => withDone({
	...library,
	...sumTotals([result]),
	result,
	phase: isOver(library) ? library.phase : (result.complete ? 'done' : 'failed'),
	startedAtMs: library.startedAtMs ?? nowMs,
	finishedAtMs: library.finishedAtMs ?? nowMs,
	etaMs: undefined,
});
