import type {ImportTotals} from '../catalog/types.js';
import {
	noTotals,
	type ChangeCounts,
	type LibraryResult,
	type Phase,
} from './events.js';

export type LibraryProgress = ImportTotals & {
	id: string;
	title: string;
	/**
	Type of the section: movie or show.
	*/
	type: string;
	phase: Phase;
	/**
	Of a sync: why it has this mode. A sentence.
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
	Smoothed over some seconds; 0 when it is not known.
	*/
	ratePerSecond: number;
	/**
	Undefined before there is a speed, and after the end.
	*/
	etaMs: number | undefined;
	lastTitle: string | undefined;
	rate: Rate | undefined;
	result: LibraryResult | undefined;
};

export const waitingLibrary = ({id, title, libraryType}: {id: string; title: string; libraryType: string}): LibraryProgress => ({
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

export const isOver = ({phase}: LibraryProgress) => endPhases.has(phase);

export const countMore = (library: LibraryProgress, counts: Partial<ImportTotals>, nowMs: number): LibraryProgress => {
	const {imported = 0, unchanged = 0, failed = 0, skipped = 0} = counts;
	const rate = sampleRate(library.rate ?? startRate(nowMs), doneOf({
		imported, unchanged, failed, skipped,
	}), nowMs);
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

export const doneOf = ({imported, unchanged, failed, skipped}: Omit<ImportTotals, 'expected'>): number => imported + unchanged + failed + skipped;

const withDone = (library: LibraryProgress): LibraryProgress => ({...library, done: doneOf(library)});

export const withEta = (library: LibraryProgress): LibraryProgress => {
	const open = Math.max(0, library.expected - library.done);
	const isKnown = !isOver(library) && library.ratePerSecond > 0.001;
	return {...library, etaMs: isKnown ? Math.round(open * 1000 / library.ratePerSecond) : undefined};
};

export const enterPhase = (library: LibraryProgress, phase: Phase, nowMs: number): LibraryProgress => {
	const entered = {...library, phase, startedAtMs: library.startedAtMs ?? nowMs};
	if (isOver(entered)) {
		return {...entered, finishedAtMs: library.finishedAtMs ?? nowMs, etaMs: undefined};
	}

	// Counting is not part of the speed.
	return phase === 'importing' ? {...entered, rate: startRate(nowMs)} : entered;
};

export const finish = (library: LibraryProgress, result: LibraryResult, nowMs: number): LibraryProgress => {
	const {expected, imported, unchanged, failed, skipped} = result;
	return withDone({
		...library,
		expected,
		imported,
		unchanged,
		failed,
		skipped,
		result,
		phase: isOver(library) ? library.phase : (result.complete ? 'done' : 'failed'),
		startedAtMs: library.startedAtMs ?? nowMs,
		finishedAtMs: library.finishedAtMs ?? nowMs,
		etaMs: undefined,
	});
};

/**
A smoothed speed, in which the last seconds count most.
*/
type Rate = {
	startedAtMs: number;
	sampledAtMs: number;
	/**
	Too low at the start, see `perSecond`.
	*/
	average: number;
};

const timeConstantMs = 5000;

const memory = (durationMs: number) => Math.exp(-Math.max(0, durationMs) / timeConstantMs);

const startRate = (nowMs: number): Rate => ({startedAtMs: nowMs, sampledAtMs: nowMs, average: 0});

/**
`count` things are done since the last sample. A count of 0 lets the speed sink while nothing happens.
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
