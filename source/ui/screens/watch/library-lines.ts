import type {WatchedLibrary} from '../../../watch/types.js';
import {changesLine} from '../../../history/changes-line.js';
import {formatCount} from '../../../base/text/format.js';
import {
	line,
	span,
	type Line,
	type Span,
} from '../../line.js';
import {modeWords} from '../../../reports/job-words.js';
import {cell, cells, rowLine} from '../../parts/cells.js';
import {
	factLines,
	stateMark,
	libraryNotes,
	libraryWords,
	type PaneOptions,
} from './words.js';

type Widths = {title: number; state: number; items: number; last: number; next: number; notes: number};

const gap = 2;
const fewestNotes = 16;

/**
Width of each column; 0 leaves it out. The notes get the rest; when that is too little, the title gets it.
*/
const widthsOf = (columns: number): Widths => {
	if (columns < 60) {
		return {
			title: columns - 28, state: 11, items: 0, last: 0, next: 9, notes: 0,
		};
	}

	const widths = columns >= 100
		? {
			title: 24, state: 11, items: 7, last: 20, next: 9,
		}
		: {
			title: 16, state: 11, items: 0, last: 10, next: 9,
		};
	// The pointer is before the title, and a mark before the state.
	let left = columns - 4;
	for (const width of Object.values(widths)) {
		left -= width === 0 ? 0 : width + gap;
	}

	return left < fewestNotes ? {...widths, title: widths.title + left + gap, notes: 0} : {...widths, notes: left};
};

export const libraryHeading = ({columns}: Pick<PaneOptions, 'columns'>, name = 'Libraries'): Line => {
	const {title, state, items, last, next, notes} = widthsOf(columns);
	const text = cells([
		[name, title + 2],
		['State', state + 2],
		['Items', items, 'right'],
		['Last run', last],
		['Next', next],
		['Last changes', notes],
	]);
	return line(cell(text, columns), 'strong');
};

export const watchedLine = (library: WatchedLibrary, {columns, glyphs, moments, isSelected}: PaneOptions): Line => {
	const {title, state, items, last, next, notes} = widthsOf(columns);
	const [mark, tone] = stateMark(library.state, glyphs);
	const {lastRunAt, lastMode, nextRunAt} = library;
	const ran = lastRunAt === undefined ? 'never' : moments.past(lastRunAt);
	const spans: Span[] = [
		span(`${isSelected ? glyphs.pointer : ' '} ${cell(library.title, title)}  `),
		span(`${mark} ${cell(libraryWords(library), state)}  `, tone),
		span(cells([
			[formatCount(library.items), items, 'right'],
			[lastMode === undefined || last < 20 ? ran : `${modeWords[lastMode]} ${ran}`, last],
			[nextRunAt === undefined ? '' : moments.future(nextRunAt), next],
			[libraryNotes(library), notes],
		])),
	];
	return rowLine(spans, columns, isSelected);
};

export const watchedText = (library: WatchedLibrary, clock: (instant: string) => string): string => {
	const {
		title, state, items, lastRunAt, lastMode, lastChangedAt, lastChanges, nextRunAt, nextMode, failures, held,
	} = library;
	const run = (at: string | undefined, mode: WatchedLibrary['lastMode']) => at === undefined ? undefined : [clock(at), ...mode === undefined ? [] : [modeWords[mode]]].join(', ');
	return factLines([
		['Library', title],
		['State', state],
		['Items', formatCount(items)],
		['Last run', run(lastRunAt, lastMode) ?? 'never'],
		['Next run', run(nextRunAt, nextMode)],
		['Changes', lastChanges === undefined ? undefined : changesLine(lastChanges)],
		['Changed', lastChangedAt === undefined ? undefined : clock(lastChangedAt)],
		['Failures', failures === 0 ? undefined : formatCount(failures)],
		['Held', held === 0 ? undefined : `${formatCount(held)} gone from the server; M lists them`],
	]);
};
