import {clean} from '../../base/text/clean.js';
import {formatCount, formatRate} from '../../base/text/format.js';
import {plainPaint, type Paint} from '../../base/text/style.js';
import {displayWidth, fit, truncate} from '../../base/text/width.js';
import type {ImportProgress, LibraryProgress} from '../../sync/progress.js';
import {percentOf} from '../../sync/share.js';
import {remainingWords} from '../../sync/speed.js';

type Room = {
	columns: number;
	rows: number;
	isAscii?: boolean;
	paint?: Paint;
};

const widestName = 24;
const gap = '  ';
const total = 'Total';

/**
The bars of a run on a terminal: a row for each library that is not finished, and one for the whole run where there are several. Every line is shorter than the terminal is wide, so that none wraps.
*/
export const progressBars = (progress: ImportProgress, {columns, rows, isAscii = false, paint = plainPaint}: Room): string[] => {
	if (!progress.isRunning) {
		return [];
	}

	const {libraries, share} = progress;
	const open = libraries.filter(({phase}) => phase !== 'done' && phase !== 'failed' && phase !== 'cancelled');
	const hasTotal = libraries.length > 1;
	// The cursor stands below the bars, and what is said above them should be seen as well.
	const room = Math.max(1, Math.floor(rows / 2) - (hasTotal ? 1 : 0));
	const shown = open.slice(0, open.length > room ? room - 1 : room);
	const named = shown.map(library => ({library, name: clean(library.title).trim()}));
	const nameWidth = Math.min(widestName, Math.floor(columns / 3), Math.max(displayWidth(hasTotal ? total : ''), ...named.map(({name}) => displayWidth(name))));
	const barWidth = columns >= 72 ? 24 : (columns >= 50 ? 12 : 0);

	const row = (name: string, words: string, barShare?: number) => {
		const start = `${fit(name, nameWidth)}${gap}`;
		const bar = barShare === undefined || barWidth === 0 ? '' : `${drawBar(barShare, barWidth, {isAscii, paint})}${gap}`;
		const left = columns - 1 - displayWidth(start) - (bar === '' ? 0 : barWidth + gap.length);
		return `${paint('strong', start)}${bar}${truncate(words, Math.max(0, left), {ellipsis: isAscii ? '~' : '…'})}`.trimEnd();
	};

	return [
		...named.map(({library, name}) => row(name, libraryWords(library), library.phase === 'waiting' ? undefined : library.share)),
		...open.length > shown.length ? [truncate(`and ${formatCount(open.length - shown.length)} more`, columns - 1)] : [],
		...hasTotal ? [row(total, `${percentOf(share)} %, ${formatCount(libraries.length - open.length)} of ${formatCount(libraries.length)} libraries done`, share)] : [],
	];
};

const libraryWords = ({phase, expected, done, share, ratePerSecond, etaMs, failed}: LibraryProgress): string => {
	if (phase === 'waiting') {
		return 'waiting';
	}

	if (expected === 0) {
		return 'counting';
	}

	return [
		`${percentOf(share)} %`,
		`${formatCount(done)} of ${formatCount(expected)}`,
		...failed > 0 ? [`${formatCount(failed)} failed`] : [],
		...etaMs === undefined || etaMs === 0 ? [] : [remainingWords(etaMs)],
		...ratePerSecond === 0 ? [] : [formatRate(ratePerSecond)],
	].join(', ');
};

const drawBar = (share: number, width: number, {isAscii, paint}: {isAscii: boolean; paint: Paint}): string => {
	const full = Math.floor(share * width);
	const [done, open] = isAscii ? ['#', '-'] : ['█', '░'];
	return paint('accent', done.repeat(full)) + paint('dim', open.repeat(width - full));
};
