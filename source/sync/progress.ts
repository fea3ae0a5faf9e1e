import {sumTotals} from '../catalog/library.js';
import type {ImportTotals} from '../catalog/types.js';
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
	Smoothed over some seconds; 0 when unknown.
	*/
	ratePerSecond: number;
	etaMs: number | undefined;
	lastTitle: string | undefined;
	rate: Rate | undefined;
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
	return reduce(state, event, nowMs);
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
	'library-counted': (state, {libraryId, expected}) => change(state, libraryId, library => ({...library, expected})),
	'rows-listed': (state, _event, nowMs) => letTimePass(state, nowMs),
	'items-committed': (state, event, nowMs) => change(state, event.libraryId, library => ({
		...countMore(library, event, nowMs),
		lastTitle: event.lastTitle ?? library.lastTitle,
	})),
	'items-compared': (state, event, nowMs) => change(state, event.libraryId, library => countMore(library, event, nowMs)),
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

const waitingLibrary = ({id, title, libraryType}: {id: string; title: string; libraryType: string}): LibraryProgress => ({
	id,
	title,
	type: libraryType,
	phase: 'waiting',
	...noTotals,
	done: 0,
	startedAtMs: undefined,
	finishedAtMs: undefined,
	ratePerSecond: 0,
	etaMs: undefined,
	lastTitle: undefined,
	rate: undefined,
	result: undefined,
});

const endPhases: ReadonlySet<Phase> = new Set(['done', 'failed', 'cancelled']);

const isOver = ({phase}: LibraryProgress) => endPhases.has(phase);

const countMore = (library: LibraryProgress, counts: Partial<ImportTotals>, nowMs: number): LibraryProgress => {
	const {imported = 0, unchanged = 0, failed = 0, skipped = 0} = counts;
	const more = {
		expected: 0, imported, unchanged, failed, skipped,
	};
	const rate = sampleRate(library.rate ?? startRate(nowMs), doneOf(more), nowMs);
	return withDone({
		...library,
		...sumTotals([library, more]),
		rate,
		ratePerSecond: perSecond(rate),
	});
};

const doneOf = ({imported, unchanged, failed, skipped}: Omit<ImportTotals, 'expected'>): number => imported + unchanged + failed + skipped;

const withDone = (library: LibraryProgress): LibraryProgress => ({...library, done: doneOf(library)});

const withEta = (library: LibraryProgress): LibraryProgress => {
	const open = Math.max(0, library.expected - library.done);
	const isKnown = !isOver(library) && library.ratePerSecond > 0.001;
	return {...library, etaMs: isKnown ? Math.round(open * 1000 / library.ratePerSecond) : undefined};
};

const enterPhase = (library: LibraryProgress, phase: Phase, nowMs: number): LibraryProgress => {
	const entered = {...library, phase, startedAtMs: library.startedAtMs ?? nowMs};
	if (isOver(entered)) {
		return {...entered, finishedAtMs: library.finishedAtMs ?? nowMs, etaMs: undefined};
	}

	// Counting is not part of the speed.
	return phase === 'importing' ? {...entered, rate: startRate(nowMs)} : entered;
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

type Rate = {
	startedAtMs: number;
	sampledAtMs: number;
	average: number;
};

const timeConstantMs = 5000;

const memory = (durationMs: number) => Math.exp(-Math.max(0, durationMs) / timeConstantMs);

const startRate = (nowMs: number): Rate => ({startedAtMs: nowMs, sampledAtMs: nowMs, average: 0});

/**
Adds what was done since the last sample. A count of 0 lets the speed sink while nothing happens.
*/
const sampleRate = (rate: Rate, count: number, nowMs: number): Rate => {
	const kept = memory(nowMs - rate.sampledAtMs);
	return {
		...rate,
		sampledAtMs: Math.max(nowMs, rate.sampledAtMs),
		average: (rate.average * kept) + (count * 1000 / timeConstantMs),
	};
};

/**
Without the correction a run would seem to start slowly, since the time before it counts as standing still.
*/
const perSecond = ({startedAtMs, sampledAtMs, average}: Rate): number => {
	const elapsedMs = sampledAtMs - startedAtMs;
	return elapsedMs <= 0 ? 0 : average / (1 - memory(elapsedMs));
};
