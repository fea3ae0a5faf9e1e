import type {ImportTotals} from '../catalog/types.js';
import type {PaceEvent} from '../plex/types.js';
import type {
	ChangeCounts,
	ImportResult,
	LibraryResult,
	Phase,
	Problem,
	SyncEvent,
} from './events.js';
import {
	perSecond,
	sampleRate,
	startRate,
	type Rate,
} from './rate.js';

/**
How an import stands. Folded from events, for screens and headless output alike.
*/
export type ImportProgress = {
	runId: string | undefined;
	/**
	The clock of the messages, like every `…AtMs` here.
	*/
	startedAtMs: number | undefined;
	isRunning: boolean;
	/**
	In the order in which they are imported.
	*/
	libraries: readonly LibraryProgress[];
	totals: ImportTotals & {done: number};
	/**
	Under way, oldest first.
	*/
	requests: readonly RequestProgress[];
	/**
	Retries included.
	*/
	requestsSent: number;
	bytesReceived: number;
	/**
	How many requests there may be at a time, and why; absent until that changes for the first time.
	*/
	pace?: Pick<PaceEvent, 'limit' | 'reason'>;
	problems: readonly Problem[];
	/**
	Once the run has ended.
	*/
	result: ImportResult | undefined;
};

export type LibraryProgress = ImportTotals & {
	id: string;
	title: string;
	/**
	Of the library: movie or show.
	*/
	type: string;
	phase: Phase;
	/**
	Of a sync: why it does what it does, what it found, and what it held back.
	*/
	reason?: string;
	changes?: ChangeCounts;
	held?: number;
	/**
	`imported + unchanged + failed + skipped`
	*/
	done: number;
	startedAtMs: number | undefined;
	finishedAtMs: number | undefined;
	/**
	Smoothed over some seconds; 0 when nothing is known.
	*/
	ratePerSecond: number;
	/**
	Absent before there is a speed, and after the end.
	*/
	etaMs: number | undefined;
	lastTitle: string | undefined;
	rate: Rate | undefined;
	result: LibraryResult | undefined;
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
	While a retry is held back: until when, and why.
	*/
	waiting: {untilMs: number; code: string} | undefined;
};

/**
The clock comes with the message, so that the fold stays pure. Any monotonic clock will do.
*/
export type ProgressMessage = {event: SyncEvent; nowMs: number};

export const initialProgress: ImportProgress = {
	runId: undefined,
	startedAtMs: undefined,
	isRunning: false,
	libraries: [],
	totals: {
		expected: 0, imported: 0, unchanged: 0, failed: 0, skipped: 0, done: 0,
	},
	requests: [],
	requestsSent: 0,
	bytesReceived: 0,
	problems: [],
	result: undefined,
};

/**
A new run starts from nothing; what earlier runs left is for the screen to remember.
*/
export const reduceProgress = (state: ImportProgress, {event, nowMs}: ProgressMessage): ImportProgress => {
	switch (event.type) {
		case 'run-started': {
			return {
				...initialProgress,
				runId: event.runId,
				startedAtMs: nowMs,
				isRunning: true,
				// A request of before, such as the one that named the libraries, is still under way.
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
			const {imported, unchanged, lastTitle} = event;
			return change(state, event.libraryId, library => ({
				...add(library, {imported, unchanged}, nowMs),
				lastTitle: lastTitle ?? library.lastTitle,
			}));
		}

		case 'items-compared': {
			const {imported, unchanged} = event;
			return change(state, event.libraryId, library => add(library, {imported, unchanged}, nowMs));
		}

		case 'items-skipped': {
			return change(state, event.libraryId, library => add(library, {skipped: event.count}, nowMs));
		}

		case 'problem': {
			const {problem, failed} = event;
			return change(
				{...state, problems: [...state.problems, problem]},
				problem.library.id,
				library => add(library, {failed}, nowMs),
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

const waitingLibrary = ({id, title, libraryType}: {id: string; title: string; libraryType: string}): LibraryProgress => ({
	id,
	title,
	type: libraryType,
	phase: 'waiting',
	expected: 0,
	imported: 0,
	unchanged: 0,
	failed: 0,
	skipped: 0,
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

const hasEnded = ({phase}: LibraryProgress) => endPhases.has(phase);

const change = (
	state: ImportProgress,
	libraryId: string,
	update: (library: LibraryProgress) => LibraryProgress,
): ImportProgress => {
	const libraries = state.libraries.map(library => library.id === libraryId ? withEta(update(library)) : library);
	return {...state, libraries, totals: sumTotals(libraries)};
};

const add = (library: LibraryProgress, counts: Partial<ImportTotals>, nowMs: number): LibraryProgress => {
	const {imported = 0, unchanged = 0, failed = 0, skipped = 0} = counts;
	const rate = sampleRate(library.rate ?? startRate(nowMs), imported + unchanged + failed + skipped, nowMs);
	return withDone({
		...library,
		imported: library.imported + imported,
		unchanged: library.unchanged + unchanged,
		failed: library.failed + failed,
		skipped: library.skipped + skipped,
		rate,
		ratePerSecond: perSecond(rate),
	});
};

const withDone = (library: LibraryProgress): LibraryProgress => ({
	...library,
	done: library.imported + library.unchanged + library.failed + library.skipped,
});

const withEta = (library: LibraryProgress): LibraryProgress => {
	const open = Math.max(0, library.expected - library.done);
	const isKnown = !hasEnded(library) && library.ratePerSecond > 0.001;
	return {...library, etaMs: isKnown ? Math.round(open * 1000 / library.ratePerSecond) : undefined};
};

const enterPhase = (library: LibraryProgress, phase: Phase, nowMs: number): LibraryProgress => {
	const entered = {...library, phase, startedAtMs: library.startedAtMs ?? nowMs};
	if (hasEnded(entered)) {
		return {...entered, finishedAtMs: library.finishedAtMs ?? nowMs, etaMs: undefined};
	}

	// Counting is not part of the speed.
	return phase === 'importing' ? {...entered, rate: startRate(nowMs)} : entered;
};

const finish = (library: LibraryProgress, result: LibraryResult, nowMs: number): LibraryProgress => {
	const {expected, imported, unchanged, failed, skipped} = result;
	return withDone({
		...library,
		expected,
		imported,
		unchanged,
		failed,
		skipped,
		result,
		phase: hasEnded(library) ? library.phase : (result.complete ? 'done' : 'failed'),
		startedAtMs: library.startedAtMs ?? nowMs,
		finishedAtMs: library.finishedAtMs ?? nowMs,
		etaMs: undefined,
	});
};

const finishRun = (state: ImportProgress, result: ImportResult, nowMs: number): ImportProgress => {
	const libraries = state.libraries.map(library => {
		const own = result.libraries.find(({id}) => id === library.id);
		const ended: LibraryProgress = hasEnded(library) ? library : {...library, phase: result.cancelled ? 'cancelled' : 'failed'};
		return own === undefined ? {...ended, etaMs: undefined} : finish(ended, own, nowMs);
	});
	return {
		...state,
		isRunning: false,
		libraries,
		totals: sumTotals(libraries),
		requests: [],
		problems: result.errors,
		result,
	};
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
		libraries: state.libraries.map(library => isStale(library) ? withEta(add(library, {}, nowMs)) : library),
	};
};

const sumTotals = (libraries: readonly LibraryProgress[]): ImportProgress['totals'] => {
	const sum = (key: keyof ImportProgress['totals']) => {
		let total = 0;
		for (const library of libraries) {
			total += library[key];
		}

		return total;
	};

	return {
		expected: sum('expected'),
		imported: sum('imported'),
		unchanged: sum('unchanged'),
		failed: sum('failed'),
		skipped: sum('skipped'),
		done: sum('done'),
	};
};
