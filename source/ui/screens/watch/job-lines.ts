import type {Job, JobProgress} from '../../../watch/types.js';
import {changesLine} from '../../../history/changes-line.js';
import {clean} from '../../../base/text/clean.js';
import {formatClock, formatCount, formatRate} from '../../../base/text/format.js';
import {
	line,
	span,
	type Line,
	type Span,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import {jobCounts, modeWords, triggerWords} from '../../../reports/job-words.js';
import {percentOf} from '../../../sync/share.js';
import {bar, shareOfJob} from '../../parts/format.js';
import {cell, cells, rowLine} from '../../parts/cells.js';
import {factLines, stateMark, type PaneOptions} from './words.js';

/**
Widths of the library title, the kind of work and the state word; 0 leaves a column out.
*/
const widthsOf = (columns: number) => {
	if (columns >= 72) {
		return {title: columns >= 100 ? 24 : 18, mode: 9, word: 9};
	}

	return columns >= 60 ? {title: 18, mode: 9, word: 0} : {title: 14, mode: 0, word: 0};
};

export const jobHeading = ({watch: {known}}: UiState, {columns}: PaneOptions): Line =>
	line(cell(`Jobs  ${known === undefined ? '' : jobCounts(known.status.jobs)}`, columns), 'strong');

export const jobLine = (job: Job, state: UiState, options: PaneOptions): Line => {
	const {columns, glyphs, isSelected} = options;
	const {title, mode, word} = widthsOf(columns);
	const [mark, tone] = stateMark(job.state, glyphs);
	const start = cells([[job.library.title, title], [modeWords[job.mode], mode]]);
	const marked = word === 0 ? mark : `${mark} ${cell(job.state, word)}`;
	const spans: Span[] = [
		span(`${isSelected ? glyphs.pointer : ' '} ${start}  `),
		span(`${marked} `, tone),
		span(rest(job, state.watch.known?.progress.get(job.id), {...options, isShort: word === 0})),
	];
	return rowLine(spans, columns, isSelected);
};

type RestOptions = PaneOptions & {isShort: boolean};

const rest = (job: Job, progress: JobProgress | undefined, options: RestOptions): string => {
	const {isShort, moments} = options;
	const {state, dueAt, fault, note, finishedAt, attempts} = job;
	const named = (text: string) => isShort ? [state, text].filter(part => part !== '').join(' ') : text;
	const why = clean(fault?.message ?? note ?? '');
	switch (state) {
		case 'running': {
			return progress === undefined ? named('') : bars(progress, options);
		}

		case 'waiting': {
			const again = dueAt === undefined ? 'again soon' : `again ${moments.future(dueAt)}`;
			return [why === '' ? again : `${again}: ${why}`, ...attempts > 1 ? [`(tried ${attempts} times)`] : []].join(' ');
		}

		case 'parked': {
			return isShort ? `parked: ${why}` : why;
		}

		case 'queued':
		case 'paused': {
			return named(clean(note ?? `${moments.clock(job.createdAt)}  ${triggerWords[job.trigger]}`));
		}

		case 'done':
		case 'cancelled': {
			return named([finishedAt === undefined ? '' : moments.clock(finishedAt), endWords(job)].filter(text => text !== '').join('  '));
		}
	}
};

export const endWords = ({changes, note}: Job): string => [
	...changes === undefined ? [] : [changesLine(changes)],
	...note === undefined ? [] : [clean(note)],
].join('; ');

const bars = (progress: JobProgress, {columns, glyphs, isShort}: RestOptions): string => {
	const {phase, done, expected, ratePerSecond, etaMs, lastTitle} = progress;
	const doneShare = shareOfJob(progress);
	const share = `${percentOf(doneShare)} %`;
	const eta = etaMs === undefined ? '' : `ETA ${formatClock(etaMs)}`;
	if (isShort) {
		return expected === 0 ? clean(phase) : [share, eta].join(' ');
	}

	if (expected === 0) {
		return clean(phase);
	}

	const isWide = columns >= 100;
	const numbers = isWide ? cells([[`${formatCount(done)}/${formatCount(expected)}`, 13, 'right'], [formatRate(ratePerSecond), 7, 'right']]) : '';
	return [
		bar(doneShare, 1, isWide ? 16 : 8, glyphs),
		cell(share, 5, 'right'),
		numbers,
		cell(eta, 9),
		clean(lastTitle ?? ''),
	].filter(text => text !== '').join(' ');
};

export const jobText = (job: Job, clock: (instant: string) => string): string => {
	const {
		library, mode, state, trigger, createdAt, startedAt, finishedAt, dueAt, attempts, fault, note, runId, changes,
	} = job;
	const at = (instant: string | undefined) => instant === undefined ? undefined : clock(instant);
	return factLines([
		['Library', library.title],
		['Work', modeWords[mode]],
		['State', state],
		['Asked for', `${at(createdAt)!}, ${triggerWords[trigger]}`],
		['Begun', startedAt === undefined ? undefined : `${at(startedAt)!}${attempts > 1 ? `, attempt ${attempts}` : ''}`],
		['Ended', at(finishedAt)],
		['Again', at(dueAt)],
		['Changes', changes === undefined ? undefined : changesLine(changes)],
		['Note', note],
		['Failed', fault?.message],
		['What to do', fault?.hint],
		['Run', runId],
		['Job', job.id],
	]);
};
