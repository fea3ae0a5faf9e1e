import {sumTotals} from '../../catalog/library.js';
import type {ImportResult, Problem, SyncEvent} from '../../sync/events.js';
import type {PaceReason} from '../../plex/governor.js';
import type {LibraryProgress} from '../../sync/library-progress.js';
import {initialProgress, reduceProgress} from '../../sync/progress.js';
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
import {fullEquation} from '../run/run-report.js';

/**
Turns the events of an import or sync into plain lines for a log: at most one line per library in 5 seconds, and only when the library has moved by 5 % or a minute has passed.

It takes each event with the time of any monotonic clock, and returns the lines to print for it.
*/
export type TextProgress = (event: SyncEvent, nowMs: number) => string[];

const shortestGapMs = 5000;
const longestGapMs = 60_000;
const shareOfStep = 0.05;
const problemsShown = 20;

export const createTextProgress = (): TextProgress => {
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
	Tells each reason once when it begins, and when it ends. That answers are slow comes and goes, so it is told only once in a run.
	*/
	const paceLines = (reason: PaceReason): string[] => {
		if (reason === paceTold || (reason === 'slow' && wasSlowTold)) {
			return [];
		}

		paceTold = reason;
		wasSlowTold ||= reason === 'slow';
		const why = paceWords(reason);
		return [why === undefined ? 'Nothing slows the requests down any more.' : `Slower: ${why}.`];
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
				lines.push('There are more problems; they are counted, and --json lists them all.');
			}
		}

		return lines;
	};

	return (event, nowMs) => {
		state = reduceProgress(state, {event, nowMs});
		switch (event.type) {
			case 'run-started': {
				shown = new Set();
				last = new Map();
				wasSlowTold = false;
				return [event.libraries.length === 0 ? 'There is nothing to import.' : `Importing ${event.libraries.map(({title}) => nameOf(title)).join(', ')}.`];
			}

			case 'library-phase': {
				// The first line comes when something has been done.
				if (event.phase === 'importing') {
					last.set(event.libraryId, {atMs: nowMs, done: 0});
				}

				return [];
			}

			case 'items-compared':
			case 'items-committed': {
				return libraryStep(event.libraryId, nowMs);
			}

			case 'problem': {
				return [...problemLines([event.problem]), ...libraryStep(event.problem.library.id, nowMs)];
			}

			case 'request-retried': {
				if (nowMs - retryToldAtMs < shortestGapMs) {
					return [];
				}

				retryToldAtMs = nowMs;
				return [`No luck with ${clean(event.label)} (${event.code}), trying again in ${formatDurationMs(event.waitMs)}.`];
			}

			case 'pace-changed': {
				return paceLines(event.reason);
			}

			case 'library-finished': {
				const {result} = event;
				return [`${nameOf(result.title)}: ${fullEquation(result)} in ${formatDurationMs(result.durationMs)}${result.complete ? '.' : ', incomplete.'}`];
			}

			case 'run-finished': {
				return [...problemLines(event.result.errors), ...summaryLines(event.result)];
			}

			case 'library-planned': {
				return [`${nameOf(state.libraries.find(({id}) => id === event.libraryId)?.title ?? 'A library')}: ${clean(event.reason)}`];
			}

			case 'removals-held': {
				return [`${nameOf(event.title)}: ${formatCount(event.items)} items are gone from the server. They are kept until "reelcat accept" or until they come back; "reelcat lost --held" lists them.`];
			}

			case 'changes-found':
			case 'library-counted':
			case 'rows-listed':
			case 'items-skipped':
			case 'request-started':
			case 'request-finished': {
				return [];
			}
		}
	};
};

/**
A title, which may be as long as the server likes.
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

const summaryLines = (result: ImportResult): string[] => [
	`Total: ${fullEquation(sumTotals(result.libraries))}, in ${formatDurationMs(result.durationMs)}, ${plural(result.requests, 'request')}, ${formatBytes(result.bytes)}.`,
	...next(result),
];

const next = ({ok, cancelled, errors}: ImportResult): string[] => {
	if (cancelled) {
		return ['Cancelled. What was imported is kept; run the import again to get the rest.'];
	}

	return ok ? [] : [`${plural(errors.length, 'problem')}. Run the import again to retry; what is already stored stays.`];
};
