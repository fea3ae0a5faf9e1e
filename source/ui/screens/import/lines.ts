import {
	formatBytes,
	formatClock,
	formatCount,
	formatRate,
	formatShortDuration,
	plural,
} from '../../../base/text/format.js';
import {sumTotals} from '../../../catalog/library.js';
import type {ImportTotals} from '../../../catalog/types.js';
import type {LibraryProgress} from '../../../sync/progress.js';
import {paceWords} from '../../../sync/pace-words.js';
import {percentOf} from '../../../sync/share.js';
import {headlineOf, type RunOutcome} from '../../../sync/outcome.js';
import {changesLine} from '../../../history/changes-line.js';
import type {ImportResult, Problem} from '../../../sync/events.js';
import {sumChanges} from '../../../sync/changes.js';
import {
	blank,
	line,
	span,
	type Line,
	type Tone,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {bar} from '../../parts/format.js';
import {
	cell,
	cells,
	fitLine,
	short,
} from '../../parts/cells.js';
import {failureLines} from '../../parts/failure.js';
import {sentences} from '../../parts/wrap.js';
import {commandOf} from './state.js';

type Options = {glyphs: Glyphs; columns: number; rows: number};

export const barLines = ({job}: UiState, {glyphs, columns, rows}: Options): Line[] => {
	if (job.failure !== undefined) {
		return failureLines(job.failure, columns, 'Press r to try again, Esc to go back.');
	}

	const {libraries} = job.progress;
	if (libraries.length === 0) {
		return sentences([`Starting the ${job.isSync ? 'sync' : 'import'} …`], columns, 'dim');
	}

	const active = libraries.findIndex(({finishedAtMs}) => finishedAtMs === undefined);
	const from = Math.max(0, Math.min(active === -1 ? 0 : active, libraries.length - rows));
	return libraries.slice(from, from + rows).map(library => barLine(library, glyphs, columns));
};

const hourMs = 3_600_000;

const barLine = (library: LibraryProgress, glyphs: Glyphs, columns: number): Line => {
	const {phase, done, expected, failed, share: doneShare} = library;
	const numbers = expected === 0 ? '' : `${formatCount(done)}/${formatCount(expected)}`;
	const isRunning = phase === 'importing' || phase === 'finishing';
	const [mark, tone] = phaseMark(library, glyphs);
	const errors = failed === 0 ? '' : `${glyphs.bad} ${formatCount(failed)}`;
	const counted = formatCount(done);
	if (columns < 72) {
		const share = expected === 0 ? phase : `${percentOf(doneShare)} %`;
		const text = cells([[library.title, columns - 24], [share, 9, 'right'], [numbers === '' ? '' : counted, 7, 'right']], ' ');
		return fitLine([span(`${mark} `, tone), span(text), span(` ${errors}`, 'bad')], columns);
	}

	const share = Math.floor((columns - 72) / 3);
	const eta = library.etaMs === undefined ? '' : `ETA ${library.etaMs < hourMs ? formatClock(library.etaMs) : formatShortDuration(library.etaMs)}`;
	// A library from which nothing comes now has no speed worth a number.
	const speed = isRunning && library.ratePerSecond >= 0.05 ? formatRate(library.ratePerSecond) : '';
	return fitLine([
		span(`${mark} `, tone),
		span(cells([[library.title, 14 + share], [phase, 9]], ' ')),
		span(` ${bar(doneShare, 1, 8 + share, glyphs)}`, tone),
		span(cells([[numbers, 14, 'right'], [speed, 8, 'right'], [eta, 11, 'right']], '')),
		span(`  ${errors}`, 'bad'),
	], columns);
};

const phaseMark = ({phase, failed}: LibraryProgress, glyphs: Glyphs): [string, Tone] => {
	if (phase === 'failed') {
		return [glyphs.bad, 'bad'];
	}

	if (phase === 'cancelled' || (phase === 'done' && failed > 0)) {
		return [glyphs.warn, 'warn'];
	}

	return phase === 'done' ? [glyphs.good, 'good'] : [' ', 'accent'];
};

export const requestLines = ({job: {progress}}: UiState, {glyphs, columns, rows}: Options): Line[] => {
	const {requests, requestsSent, bytesReceived, pace} = progress;
	const slower = paceWords(pace?.reason);
	const sum = `${plural(requests.length, 'request')} in flight ${glyphs.dot} ${formatCount(requestsSent)} sent ${glyphs.dot} ${formatBytes(bytesReceived)} received`;
	return [
		fitLine([...slower === undefined ? [] : [span(`Slower: ${slower}`, 'warn'), span(` ${glyphs.dot} `, 'dim')], span(sum, 'dim')], columns),
		...requests.slice(0, rows - 1).map(({label, attempt, waiting}) => {
			const retry = waiting === undefined ? '' : ` (try ${attempt + 1} after ${waiting.code})`;
			return fitLine([span(`  ${short(label, columns - 30)}${retry}`, 'dim')], columns);
		}),
	];
};

export const problemListLines = ({job}: UiState, {glyphs, columns, rows}: Options): Line[] => {
	const {problems, progress} = job;
	if (progress.problems.length === 0) {
		return job.failure === undefined ? [blank, line('  No problems.', 'dim')].slice(0, rows + 1) : [];
	}

	const heading = `Problems: ${formatCount(problems.cursor + 1)} of ${formatCount(progress.problems.length)}`;
	return [
		fitLine([span(heading, 'strong')], columns),
		...progress.problems.slice(problems.top, problems.top + rows).map((problem, offset) => {
			const isSelected = problems.top + offset === problems.cursor;
			return problemLine(problem, isSelected, glyphs, columns);
		}),
	];
};

const problemLine = (problem: Problem, isSelected: boolean, glyphs: Glyphs, columns: number): Line => {
	const subject = subjectOf(problem);
	const width = Math.max(12, Math.floor(columns * 0.4));
	const text = `${isSelected ? glyphs.pointer : ' '} ${glyphs.bad} ${cell(subject, width)}  ${problem.message}`;
	return [span(cell(text, columns), isSelected ? 'selected' : 'plain')];
};

const subjectOf = ({title, ratingKey, library}: Problem) => title ?? (ratingKey === undefined ? `Library ${library.title}` : `Item ${ratingKey}`);

export const verdictLines = ({job}: UiState, {glyphs, columns}: Options): Line[] => {
	const {result} = job;
	if (result === undefined) {
		return [];
	}

	const sum = sumTotals(result.libraries);
	const {outcome, text} = headlineOf(result, {command: commandOf(job)});
	const [mark, tone] = outcomeMarks(glyphs)[outcome];
	return [
		fitLine([span(`${mark} ${text}${endWords(job, result, outcome)}`, tone)], columns),
		fitLine([span(equation(sum, columns))], columns),
	];
};

const outcomeMarks = (glyphs: Glyphs): Record<RunOutcome, [string, Tone]> => ({
	done: [glyphs.good, 'good'],
	nothing: [glyphs.good, 'good'],
	held: [glyphs.warn, 'warn'],
	partly: [glyphs.bad, 'bad'],
	failed: [glyphs.bad, 'bad'],
	cancelled: [glyphs.warn, 'warn'],
});

/**
What follows the headline: what was found, or which key leads on.
*/
const endWords = ({isSync}: UiState['job'], result: ImportResult, outcome: RunOutcome): string => {
	switch (outcome) {
		case 'done': {
			return isSync ? `: ${changesLine(sumChanges(result))}.` : ` in ${formatClock(result.durationMs)}.`;
		}

		case 'held': {
			return `: ${changesLine(sumChanges(result))}. M lists what is held.`;
		}

		case 'nothing': {
			return '.';
		}

		case 'partly':
		case 'failed': {
			return '; r tries what failed again.';
		}

		case 'cancelled': {
			return '; r goes on.';
		}
	}
};

const equation = ({expected, ...parts}: ImportTotals, columns: number) => {
	const sum = Object.entries(parts).map(([name, count]) => columns < 72 ? formatCount(count) : `${formatCount(count)} ${name}`);
	return `${formatCount(expected)}${columns < 72 ? '' : ' expected'} = ${sum.join(' + ')}`;
};
