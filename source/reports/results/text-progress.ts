import {heldWords, sumTotals, totalsEquation} from '../../catalog/library.js';
import type {ImportResult, Problem, SyncEvent} from '../../sync/events.js';
import type {PaceReason} from '../../plex/governor.js';
import {type LibraryProgress, initialProgress, reduceProgress} from '../../sync/progress.js';
import {clean} from '../../base/text/clean.js';
import {
	formatBytes,
	formatCount,
	formatDurationMs,
	formatRate,
	plural,
} from '../../base/text/format.js';
import {truncate} from '../../base/text/width.js';
import {paceWords} from '../../sync/pace-words.js';

const shortestGapMs = 5000;
const longestGapMs = 60_000;
const shareOfStep = 0.05;
const problemsShown = 20;

/**
Makes the function that returns the lines to print for an event of an import or sync. About the progress of a library it tells at most one line in 5 seconds, and only when the library has moved by 5 % or a minute has passed. `nowMs` is the time of any monotonic clock.
*/
export const createTextProgress = (): ((event: SyncEvent, nowMs: number) => string[]) => {
	let state = initialProgress;
	let shown = new Set<Problem>();
	let last = new Map<string, {atMs: number; done: number}>();
	let retryToldAtMs = -Infinity;
	let paceTold: PaceReason = 'free';
	let wasSlowTold = false;

	const libraryStep = (libraryId: string, nowMs: number): string[] => {
		const library = state.libraries.find(({id}) => id === libraryId);
		const before = last.get(libraryId);
		if (library === undefined || before === undefined) {
			return [];
		}

		const gapMs = nowMs - before.atMs;
		const hasMoved = library.done - before.done >= library.expected * shareOfStep;
		if (gapMs < shortestGapMs || (!hasMoved && gapMs < longestGapMs)) {
			return [];
		}

		last.set(libraryId, {atMs: nowMs, done: library.done});
		return [progressLine(library)];
	};

	/**
	Tells when a reason begins and when it ends. Slow answers come and go, so they are told only once in a run.
	*/
	const paceLines = (reason: PaceReason): string[] => {
		if (reason === paceTold || (reason === 'slow' && wasSlowTold)) {
			return [];
		}

		paceTold = reason;
		wasSlowTold ||= reason === 'slow';
		const why = paceWords(reason);
		return [why === undefined ? 'Requests run at full speed again.' : `Slower: ${why}.`];
	};

	const problemLines = (problems: readonly Problem[]): string[] => {
		const lines: string[] = [];
		for (const problem of problems) {
			if (shown.has(problem)) {
				continue;
			}

			shown.add(problem);
			if (shown.size <= problemsShown) {
				lines.push(problemLine(problem));
			} else if (shown.size === problemsShown + 1) {
				lines.push('There are more problems; --json lists all of them.');
			}
		}

		return lines;
	};

	/**
	The other events print nothing.
	*/
	const tell: {readonly [Type in SyncEvent['type']]?: (event: Extract<SyncEvent, {type: Type}>, nowMs: number) => string[]} = {
		'run-started'({libraries}) {
			shown = new Set();
			last = new Map();
			wasSlowTold = false;
			return [libraries.length === 0 ? 'There is nothing to import.' : `Importing ${libraries.map(({title}) => nameOf(title)).join(', ')}.`];
		},
		'library-planned': ({libraryId, reason}) => [`${nameOf(state.libraries.find(({id}) => id === libraryId)?.title ?? 'A library')}: ${clean(reason)}`],
		'library-phase'({libraryId, phase}, nowMs) {
			// The first line of a library follows when something has been done.
			if (phase === 'importing') {
				last.set(libraryId, {atMs: nowMs, done: 0});
			}

			return [];
		},
		'items-compared': ({libraryId}, nowMs) => libraryStep(libraryId, nowMs),
		'items-committed': ({libraryId}, nowMs) => libraryStep(libraryId, nowMs),
		problem: ({problem}, nowMs) => [...problemLines([problem]), ...libraryStep(problem.library.id, nowMs)],
		'request-retried'({label, code, waitMs}, nowMs) {
			if (nowMs - retryToldAtMs < shortestGapMs) {
				return [];
			}

			retryToldAtMs = nowMs;
			return [`The request ${clean(label)} failed (${code}); trying again in ${formatDurationMs(waitMs)}.`];
		},
		'pace-changed': ({reason}) => paceLines(reason),
		'removals-held': ({title, items, reason}) => [[
			`${nameOf(title)}: ${formatCount(items)} items are gone from the server.`,
			heldWords[reason],
			'They are kept until "reelcat accept" or until they come back; "reelcat lost --held" lists them.',
		].join(' ')],
		'library-finished': ({result}) => [`${nameOf(result.title)}: ${totalsEquation(result)} in ${formatDurationMs(result.durationMs)}${result.complete ? '.' : ', incomplete.'}`],
		'run-finished': ({result}) => [...problemLines(result.errors), ...summaryLines(result)],
	};

	return (event, nowMs) => {
		state = reduceProgress(state, {event, nowMs});
		return tell[event.type]?.(event as never, nowMs) ?? [];
	};
};

/**
Shortens a title, which may be of any length.
*/
export const nameOf = (title: string) => truncate(clean(title).trim(), 60);

const progressLine = ({title, done, expected, ratePerSecond, etaMs, failed}: LibraryProgress) => [
	`${nameOf(title)}: ${formatCount(done)} of ${formatCount(expected)}`,
	...(expected > 0 ? [`${Math.min(100, Math.floor(100 * done / expected))} %`] : []),
	formatRate(ratePerSecond),
	...(etaMs === undefined ? [] : [`${formatDurationMs(etaMs)} left`]),
	...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
].join(', ');

const problemLine = ({library, ratingKey, title, message, hint}: Problem) => {
	const item = title ?? (ratingKey === undefined ? undefined : `item ${ratingKey}`);
	const place = [library.title, item].filter(part => part !== undefined).map(part => nameOf(part)).join(', ');
	const key = title === undefined || ratingKey === undefined ? '' : ` (ratingKey ${ratingKey})`;
	return clean(`Problem with ${place}${key}: ${message} ${hint}`);
};

const summaryLines = ({libraries, durationMs, requests, bytes, ok, cancelled, errors}: ImportResult): string[] => [
	`Total: ${totalsEquation(sumTotals(libraries))}, in ${formatDurationMs(durationMs)}, ${plural(requests, 'request')}, ${formatBytes(bytes)}.`,
	...cancelled ? ['Cancelled. What was imported is kept; run the import again to get the rest.'] : [],
	...cancelled || ok ? [] : [`${plural(errors.length, 'problem')}. Run the import again to retry; what is already stored stays.`],
];
