import {heldWords, sumTotals, totalsEquation} from '../../catalog/library.js';
import type {
	ImportResult,
	Problem,
	SyncedLibrary,
	SyncEvent,
} from '../../sync/events.js';
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
import {headlineOf, type RunOutcome} from '../../sync/outcome.js';
import {paceWords} from '../../sync/pace-words.js';
import {percentOf} from '../../sync/share.js';
import {remainingWords} from '../../sync/speed.js';

const shortestGapMs = 5000;
const longestGapMs = 60_000;
const shareOfStep = 0.05;
const problemsShown = 20;

/**
Makes the function that returns the lines to print for an event of an import or sync. About the progress of a library it tells at most one line in 5 seconds, and only when the library has moved by 5 % or a minute has passed. Beside bars (`hasBars`) it tells nothing about that. `nowMs` is the time of any monotonic clock.
*/
export const createTextProgress = ({hasBars = false}: {hasBars?: boolean} = {}): ((event: SyncEvent, nowMs: number) => string[]) => {
	let state = initialProgress;
	let shown = new Set<Problem>();
	let last = new Map<string, {atMs: number; done: number}>();
	let retryToldAtMs = -Infinity;
	let paceTold: PaceReason = 'free';
	let wasSlowTold = false;
	let wasMendedTold = false;

	const libraryStep = (libraryId: string, nowMs: number): string[] => {
		const library = state.libraries.find(({id}) => id === libraryId);
		const before = last.get(libraryId);
		if (hasBars || library === undefined || before === undefined || library.done === 0) {
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
		remark: ({text}) => [clean(text)],
		'request-finished'({isMended}) {
			if (isMended !== true || wasMendedTold) {
				return [];
			}

			wasMendedTold = true;
			return ['The server sends text that is not UTF-8; it is read as Latin-1.'];
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
			return [`The request ${clean(label)} failed (${code}); trying again ${waitMs < 500 ? 'at once' : `in ${formatDurationMs(waitMs)}`}.`];
		},
		'pace-changed': ({reason}) => paceLines(reason),
		'removals-held': ({title, items, reason}) => [[
			`${nameOf(title)}: ${plural(items, 'item is', 'items are')} gone from the server.`,
			heldWords[reason],
			'What is gone is kept until "reelcat accept" or until it comes back; "reelcat lost --held" lists it.',
		].join(' ')],
		'library-finished': ({result}) => [
			`${nameOf(result.title)}: ${totalsEquation(result)} in ${formatDurationMs(result.durationMs)}${result.complete ? '.' : ', incomplete.'}`,
			...result.sync === undefined ? [] : remarkLines(result.sync),
		],
		'run-finished': ({result}) => [...problemLines(result.errors), ...summaryLines(result)],
	};

	return (event, nowMs) => {
		state = reduceProgress(state, {event, nowMs});
		return tell[event.type]?.(event as never, nowMs) ?? [];
	};
};

/**
What a person should know of a library besides its counts, as indented lines.
*/
export const remarkLines = ({isMadeAnew, notes}: SyncedLibrary): string[] => [
	...isMadeAnew === true ? ['It was made anew on the server; ids, history and first-seen dates are kept.'] : [],
	...notes,
].map(line => `  ${clean(line)}`);

/**
Shortens a title, which may be of any length.
*/
export const nameOf = (title: string) => truncate(clean(title).trim(), 60);

const progressLine = ({title, done, expected, share, ratePerSecond, etaMs, failed}: LibraryProgress) => [
	`${nameOf(title)}: ${formatCount(done)} of ${formatCount(expected)}`,
	...(expected > 0 ? [`${percentOf(share)} %`] : []),
	formatRate(ratePerSecond),
	...(etaMs === undefined || etaMs === 0 ? [] : [remainingWords(etaMs)]),
	...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
].join(', ');

const problemLine = ({library, ratingKey, title, message, hint}: Problem) => {
	const item = title ?? (ratingKey === undefined ? undefined : `item ${ratingKey}`);
	const place = [library.title, item].filter(part => part !== undefined).map(part => nameOf(part)).join(', ');
	const key = title === undefined || ratingKey === undefined ? '' : ` (ratingKey ${ratingKey})`;
	return clean(`Problem with ${place}${key}: ${message} ${hint}`);
};

const summaryLines = (result: ImportResult): string[] => {
	const {libraries, durationMs, requests, bytes} = result;
	const {outcome, text} = headlineOf(result, {command: 'import'});
	const hint = endHints[outcome];
	return [
		`Total: ${totalsEquation(sumTotals(libraries))}, in ${formatDurationMs(durationMs)}, ${plural(requests, 'request')}, ${formatBytes(bytes)}.`,
		// The equation tells a success, and the first line that there is nothing.
		...outcome === 'done' || outcome === 'nothing' ? [] : [`${text}.${hint === undefined ? '' : ` ${hint}`}`],
	];
};

const endHints: Readonly<Partial<Record<RunOutcome, string>>> = {
	cancelled: 'Run the import again to get the rest.',
	partly: 'Run the import again to retry; what is already stored stays.',
	failed: 'Run the import again to retry.',
	held: '"reelcat lost --held" lists what is held.',
};
