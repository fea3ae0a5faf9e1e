import {
	formatBytes,
	formatClock,
	formatCount,
	formatDurationMs,
	formatRate,
	formatShortDuration,
	plural,
} from '../../../base/text/format.js';
import {cleanLines} from '../../../base/text/clean.js';
import type {LibraryProgress} from '../../../sync/progress.js';
import {answerTimes, itemsPerSecond} from '../../../sync/pulse.js';
import {paceWords} from '../../../sync/pace-words.js';
import {expectedOfRun, percentOf} from '../../../sync/share.js';
import {remainingWords} from '../../../sync/speed.js';
import type {Problem} from '../../../sync/events.js';
import {
	blank,
	line,
	span,
	type Line,
	type Span,
	type Tone,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {
	cell,
	cells,
	fitLine,
	rowLine,
	short,
} from '../../parts/cells.js';
import {meter, sparkline} from '../../parts/meter.js';
import {sentences, wrapText} from '../../parts/wrap.js';

type Options = {glyphs: Glyphs; columns: number; rows: number};

/**
The bar of the whole run, with what is left. `done` never goes back, so the bar does not either.
*/
export const overallLine = ({job: {progress}}: UiState, {glyphs, columns}: Pick<Options, 'glyphs' | 'columns'>): Line => {
	const {libraries, totals, share} = progress;
	const {items, isEstimate} = expectedOfRun(libraries);
	const percent = `${percentOf(share)} %`.padStart(5);
	const counts = `${formatCount(totals.done)} of ${isEstimate ? 'about ' : ''}${formatCount(items)}`;
	const left = remainingMs(libraries, Math.max(0, items - totals.done));
	const words = [
		...columns < 56 || items <= libraries.length ? [] : [counts],
		...left === undefined || columns < 90 ? [] : [remainingWords(left)],
	].map(text => `  ${text}`).join('');
	const width = Math.max(4, columns - percent.length - words.length - 2);
	return fitLine([span(' '), ...meter(share, width, glyphs), span(percent, 'strong'), span(words, 'dim')], columns);
};

const rateOf = (libraries: readonly LibraryProgress[]): number => libraries.reduce((sum, {ratePerSecond}) => sum + ratePerSecond, 0);

const remainingMs = (libraries: readonly LibraryProgress[], items: number): number | undefined => {
	const known = libraries.filter(({etaMs}) => etaMs !== undefined);
	const perSecond = rateOf(known);
	return perSecond > 0.001 ? items * 1000 / perSecond : undefined;
};

/**
How many items come in each second, and how long the server takes to answer.
*/
export const pulseLine = ({job: {pulse, progress}}: UiState, {glyphs, columns}: Pick<Options, 'glyphs' | 'columns'>): Line => {
	const times = answerTimes(pulse);
	const rate = rateOf(progress.libraries.filter(({finishedAtMs}) => finishedAtMs === undefined));
	const answer = times.at(-1) ?? 0;
	const parts: Array<[string, string, readonly number[]]> = [
		['Items', rate === 0 ? '' : formatRate(rate), itemsPerSecond(pulse)],
		['Answers', answer === 0 ? '' : (answer < 1000 ? `${Math.round(answer)} ms` : formatDurationMs(answer)), times],
	];
	const half = Math.floor((columns - 3) / 2);
	return fitLine(parts.flatMap(([label, amount, amounts]): Span[] => {
		const words = ` ${label} `;
		return [
			span(words, 'dim'),
			span(sparkline(amounts, half - words.length - 10, glyphs), 'sparkline'),
			span(cell(` ${amount}`, 10), 'strong'),
		];
	}), columns);
};

export const libraryBars = ({job}: UiState, {glyphs, columns, rows}: Options): Line[] => {
	const {libraries} = job.progress;
	if (libraries.length === 0) {
		return sentences([`Starting the ${job.isSync ? 'sync' : 'import'} …`], columns, 'dim').slice(0, rows);
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

	const share = Math.max(0, Math.floor((columns - 76) / 2));
	const eta = library.etaMs === undefined ? '' : `ETA ${library.etaMs < hourMs ? formatClock(library.etaMs) : formatShortDuration(library.etaMs)}`;
	// A library from which nothing comes now has no speed worth a number.
	const speed = isRunning && library.ratePerSecond >= 0.05 ? formatRate(library.ratePerSecond) : '';
	return fitLine([
		span(`${mark} `, tone),
		span(cells([[library.title, 14 + share], [phase, 9]], ' '), phase === 'waiting' ? 'dim' : 'plain'),
		span(' '),
		...meter(doneShare, 8 + share, glyphs, tone),
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

/**
Why the server is asked for less, and what it is asked for.
*/
export const slowerSpans = ({job}: UiState): Span[] => {
	const slower = paceWords(job.progress.pace?.reason);
	return slower === undefined ? [] : [span(`Slower: ${slower}`, 'warn')];
};

export const trafficWords = ({job: {progress}}: UiState, {dot}: Glyphs, isShort = false): string => {
	const {requests, requestsSent, bytesReceived} = progress;
	const received = `${formatBytes(bytesReceived)} received`;
	return isShort ? received : `${plural(requests.length, 'request')} in flight ${dot} ${formatCount(requestsSent)} sent ${dot} ${received}`;
};

export const requestLines = ({job}: UiState, {columns, rows}: Pick<Options, 'columns' | 'rows'>): Line[] =>
	job.progress.requests.slice(0, rows).map(({label, attempt, waiting}) => {
		const retry = waiting === undefined ? '' : ` (try ${attempt + 1} after ${waiting.code})`;
		return fitLine([span(` ${short(label, columns - 30)}${retry}`, 'dim')], columns);
	});

/**
The titles that were imported last, newest first, with their libraries.
*/
export const latestLines = ({job: {pulse, progress}}: UiState, {columns, rows}: Pick<Options, 'columns' | 'rows'>): Line[] => {
	const names = new Map(progress.libraries.map(({id, title}) => [id, title]));
	return pulse.latest.length === 0
		? sentences(['Nothing yet.'], columns, 'dim').slice(0, rows)
		: pulse.latest.slice(0, rows).map(({libraryId, title}) => {
			const name = columns < 50 ? 0 : 20;
			const library = short(names.get(libraryId) ?? '', name - 1);
			return fitLine([span(` ${cell(title, columns - 2 - name)}`), span(` ${library}`, 'dim')], columns);
		});
};

const subjectOf = ({title, ratingKey, library}: Problem) => title ?? (ratingKey === undefined ? `Library ${library.title}` : `Item ${ratingKey}`);

const causeIndent = 4;

const problemBlock = (problem: Problem, isSelected: boolean, {glyphs, columns}: Pick<Options, 'glyphs' | 'columns'>): Line[] => {
	const subject = short(subjectOf(problem), columns - causeIndent);
	const causes = wrapText(cleanLines(problem.message), columns - causeIndent - 1);
	return [
		rowLine([span(`${isSelected ? glyphs.pointer : ' '} `), span(`${glyphs.bad} `, 'bad'), span(subject)], columns, isSelected),
		...causes.map(text => fitLine([span(' '.repeat(causeIndent) + text, 'dim')], columns)),
	];
};

/**
The problems with their causes, as far as they fit whole. The selected one is always among them.
*/
export const problemBlocks = ({job: {problems, progress}}: UiState, {glyphs, columns, rows}: Options): Line[] => {
	const blockAt = (index: number) => problemBlock(progress.problems[index]!, index === problems.cursor, {glyphs, columns});
	let shown: Line[] = [];
	for (let index = problems.cursor; index >= Math.min(problems.top, problems.cursor) && index < progress.problems.length; index--) {
		const block = blockAt(index);
		if (shown.length > 0 && shown.length + block.length > rows) {
			break;
		}

		shown = [...block, ...shown];
	}

	for (let index = problems.cursor + 1; index < progress.problems.length; index++) {
		const block = blockAt(index);
		if (shown.length + block.length > rows) {
			break;
		}

		shown.push(...block);
	}

	return shown.slice(0, rows);
};

/**
The problems with one line for each, under a heading: where there are no borders.
*/
export const problemListLines = ({job}: UiState, {glyphs, columns, rows}: Options): Line[] => {
	const {problems, progress} = job;
	if (progress.problems.length === 0) {
		return job.failure === undefined ? [blank, line('  No problems.', 'dim')].slice(0, rows + 1) : [];
	}

	const heading = `Problems: ${formatCount(problems.cursor + 1)}/${formatCount(progress.problems.length)}`;
	return [
		fitLine([span(heading, 'strong')], columns),
		...progress.problems.slice(problems.top, problems.top + rows).map((problem, offset) => {
			const isSelected = problems.top + offset === problems.cursor;
			return problemLine(problem, isSelected, glyphs, columns);
		}),
	];
};

const problemLine = (problem: Problem, isSelected: boolean, glyphs: Glyphs, columns: number): Line => {
	const width = Math.max(12, Math.floor(columns * 0.4));
	const text = `${isSelected ? glyphs.pointer : ' '} ${glyphs.bad} ${cell(subjectOf(problem), width)}  ${problem.message}`;
	return [span(cell(text, columns), isSelected ? 'selected' : 'plain')];
};
