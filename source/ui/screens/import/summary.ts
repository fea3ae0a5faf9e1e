import {
	formatBytes,
	formatClock,
	formatCount,
} from '../../../base/text/format.js';
import {sumTotals} from '../../../catalog/library.js';
import type {ImportTotals} from '../../../catalog/types.js';
import {changesLine} from '../../../history/changes-line.js';
import {sumChanges} from '../../../sync/changes.js';
import type {ImportResult} from '../../../sync/events.js';
import {headlineOf, type RunOutcome} from '../../../sync/outcome.js';
import {
	line,
	span,
	type Line,
	type Tone,
} from '../../line.js';
import {cell, fitLine} from '../../parts/cells.js';
import type {Card} from '../../parts/cards.js';
import type {TableColumn} from '../../parts/ruled-table.js';
import type {Glyphs} from '../../theme.js';
import type {UiState} from '../../ui-state.js';
import {commandOf} from './state.js';

export const failureHint = 'Press r to try again, Esc to go back.';

/**
What a run brought, in numbers. Where there is little room, those that are 0 are left out.
*/
export const summaryCards = ({job: {result, isSync}}: UiState, columns: number): Card[] => {
	if (result === undefined) {
		return [];
	}

	const {expected, imported, unchanged} = sumTotals(result.libraries);
	const {added = 0, removed = 0, ...changes} = sumChanges(result);
	const changed = Object.entries(changes).filter(([kind]) => !unshown.has(kind)).reduce((sum, [, count]) => sum + count, 0);
	const held = result.libraries.reduce((sum, {sync}) => sum + (sync?.held ?? 0), 0);
	const count = (title: string, amount: number, tone: Tone): Card & {isZero: boolean} =>
		({
			title, text: formatCount(amount), tone: amount === 0 ? 'dim' : tone, isZero: amount === 0,
		});
	const cards = [
		count('Items', expected, 'strong'),
		...isSync
			? [count('Added', added, 'added'), count('Removed', removed, 'removed'), count('Changed', changed, 'changed')]
			: [count('Imported', imported, 'added'), count('Unchanged', unchanged, 'strong')],
		{title: 'Received', text: formatBytes(result.bytes), isZero: false},
		{title: 'Time', text: formatClock(result.durationMs), isZero: false},
		count('Problems', result.errors.length, 'bad'),
		count('Held', held, 'held'),
	];
	return cards.filter(({isZero}) => !isZero || columns >= 110).map(({isZero: _, ...card}) => card);
};

// Kept for the past, but not counted as changes.
const unshown = new Set(['refreshed', 'viewer']);

type Summary = {columns: TableColumn[]; rows: string[][]};

/**
The import summary as cells that are as wide as their columns. With more than one library, a sum ends it.
*/
export const importSummary = (result: ImportResult, columns: number): Summary => {
	const isWide = columns >= 72;
	const numbers: TableColumn[] = (isWide
		? [['Expected', 9], ['Imported', 9], ['Unchanged', 9], ['Failed', 6], ['Skipped', 7], ['Time', 5]] as const
		: [['Exp.', 6], ['Imp.', 6], ['Unch.', 6], ['Fail', 5], ['Skip', 5]] as const
	).map(([heading, width]) => ({heading, width, align: 'right'}));
	// The widest form of the table has a rule and a blank on either side of each column.
	const room = columns - 4 - numbers.reduce((sum, {width}) => sum + width + (isWide ? 3 : 1), 0);
	const titleWidth = Math.max(6, Math.min(30, room));
	const all: TableColumn[] = [{heading: 'Library', width: titleWidth, align: 'left'}, ...numbers];
	const sum = {title: 'Sum', durationMs: result.durationMs, ...sumTotals(result.libraries)};
	const libraries = result.libraries.length > 1 ? [...result.libraries, sum] : result.libraries;
	const rows = libraries.map(({title, expected, imported, unchanged, failed, skipped, durationMs}) =>
		[title, ...[expected, imported, unchanged, failed, skipped].map(count => formatCount(count)), formatClock(durationMs)]
			.slice(0, all.length)
			.map((text, index) => cell(text, all[index]!.width, all[index]!.align)));
	return {columns: all, rows};
};

/**
The summary without rules, for terminals where rules do not fit or cannot be drawn. Its last line tells how many rows did not fit.
*/
export const summaryLines = ({columns, rows}: Summary, height: number): Line[] => {
	const heading = line(columns.map(({heading: text, width, align}) => cell(text, width, align)).join(' '), 'strong');
	const lines = rows.map(cells => line(cells.join(' ')));
	const left = rows.length + 1 - height;
	return left <= 0
		? [heading, ...lines]
		: [heading, ...lines.slice(0, Math.max(0, height - 2)), line(`  ${left + 1} more in a taller terminal`, 'dim')];
};

export const verdictLines = ({job}: UiState, {glyphs, columns}: {glyphs: Glyphs; columns: number}): Line[] => {
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
