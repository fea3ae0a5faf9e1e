import {clean, cleanLines} from '../../../base/text/clean.js';
import {displayWidth, fit} from '../../../base/text/width.js';
import {resolutionRank} from '../../../catalog/quality.js';
import type {EpisodeState, Glance} from '../../../query/detail-glance.js';
import type {DetailField, DetailSection} from '../../../query/detail-sections.js';
import {
	blank,
	line,
	span,
	type Line,
	type Span,
	type Tone,
} from '../../line.js';
import type {CellBox} from '../../graphics/picture.js';
import {failureLines} from '../../parts/failure.js';
import {meter} from '../../parts/meter.js';
import {sentences, wrapText} from '../../parts/wrap.js';
import {asciiGlyphs, type Glyphs} from '../../theme.js';
import {detailTabs, type DetailState, type DetailTab} from '../../ui-state.js';

/**
`glyphs` does not change how many lines there are. What begins beside a picture at the top right leaves it free.
*/
export const detailLines = (detail: DetailState, columns: number, glyphs: Glyphs = asciiGlyphs, beside?: CellBox): Line[] => {
	const {sections, status, failure} = detail;
	if (status === 'failed' && failure !== undefined) {
		return failureLines(failure, columns, 'Press r to try again.');
	}

	if (status === 'missing') {
		return sentences(['This item is no longer in the catalogue.'], columns, 'dim');
	}

	return sections === undefined ? sentences(['Loading …'], columns, 'dim') : wrapped(sections, detail, {columns, glyphs}, beside);
};

/**
All tabs one after the other.
*/
export const wholeDetailLines = (detail: DetailState, columns: number): Line[] => detail.status === 'ready' && detail.sections !== undefined
	? detail.sections.flatMap(part => sectionLines(part, columns))
	: detailLines(detail, columns);

const tabNames: Record<DetailTab, readonly [long: string, short: string]> = {
	overview: ['Overview', 'Overview'],
	files: ['Files and streams', 'Files'],
	history: ['History', 'History'],
	ids: ['Ids', 'Ids'],
};

const leastForLongNames = 46;

export const detailTabSpans = ({tab}: DetailState, columns: number): Span[] => detailTabs.flatMap((name, index) => [
	...index === 0 ? [] : [span('  ')],
	span(tabNames[name][columns < leastForLongNames ? 1 : 0], name === tab ? 'tabActive' : 'tab'),
]);

const isVersion = ({heading}: Pick<DetailSection, 'heading'>) => heading.startsWith('Version');

const tabOf = (heading: string): DetailTab => tabsOfHeadings.get(heading) ?? (isVersion({heading}) ? 'files' : 'overview');

const tabsOfHeadings = new Map<string, DetailTab>([['Chapters', 'files'], ['Extras', 'files'], ['View state', 'history'], ['Dates', 'history'], ['Ids', 'ids'], ['Images', 'ids']]);

type Look = {columns: number; glyphs: Glyphs};

type LinesFor = (columns: number) => Line[];

// Lines are kept, since a summary may have 100 KB and each key that scrolls asks for them.
const memory = new WeakMap<readonly DetailSection[], Look & {tab: DetailTab; beside: string; lines: Line[]}>();

const wrapped = (sections: readonly DetailSection[], {tab, glance}: DetailState, {columns, glyphs}: Look, picture: CellBox | undefined): Line[] => {
	const known = memory.get(sections);
	const beside = `${picture?.columns} ${picture?.rows}`;
	if (known?.columns === columns && known.tab === tab && known.glyphs === glyphs && known.beside === beside) {
		return known.lines;
	}

	// The files come before their chapters.
	const shown = sections.filter(({heading}) => tabOf(heading) === tab).toSorted((left, right) => Number(isVersion(right)) - Number(isVersion(left)));
	const hasGlance = tab === 'overview' && glance !== undefined;
	const parts: LinesFor[] = [
		...hasGlance ? glanceParts(glance, glyphs) : [],
		...shown.map((part): LinesFor => room => sectionLines(hasGlance ? withoutSummary(part) : part, room)),
	];
	const lines: Line[] = [];
	for (const linesFor of parts) {
		const isBeside = picture !== undefined && lines.length < picture.rows;
		lines.push(...linesFor(isBeside ? columns - picture.columns - 2 : columns));
	}

	const all = lines.length === 0 ? sentences(['There is nothing here.'], columns, 'dim') : lines;
	memory.set(sections, {
		columns, glyphs, tab, beside, lines: all,
	});
	return all;
};

const shownFirst = new Set(['Tagline', 'Summary']);

const withoutSummary = ({heading, fields}: DetailSection): DetailSection => ({
	heading: heading === 'Overview' ? 'More' : heading,
	fields: fields.filter(({label}) => heading !== 'Overview' || !shownFirst.has(label)),
});

const glanceWidth = 9;
const ratingWidth = 10;

const glanceParts = (glance: Glance, glyphs: Glyphs): LinesFor[] => {
	const {resolution, picture, hdr, sound, subtitles, size, rating, tagline, summary, cast, file, seasons} = glance;
	const pictures = [span(clean(picture), resolutionTone(resolution)), ...hdr === undefined ? [] : [span(`  ${clean(hdr)}`, 'hdr')]];
	return [
		columns => [
			...picture === '' ? [] : [labelled('Picture', pictures)],
			...textLines('Sound', sound, columns),
			...textLines('Subtitles', subtitles, columns),
			...textLines('Size', size, columns),
			...rating === undefined ? [] : [labelled('Rating', [...meter(rating / 10, ratingWidth, glyphs, 'rating'), span(` ${rating.toFixed(1)}`, 'rating')])],
			...seasons.flatMap(({label, episodes}) => stripLines(label, episodes, {columns, glyphs})),
			...tagline === '' && summary === '' ? [] : [blank],
			...tagline === '' ? [] : wrapText(cleanLines(tagline), columns).map(text => line(text, 'strong')),
		],
		columns => summary === '' ? [] : [...wrapText(cleanLines(summary), columns).map(text => line(text)), blank],
		columns => [
			...textLines('Cast', cast, columns),
			...textLines('File', file, columns),
			blank,
		],
	];
};

export const resolutionTone = (resolution: string | undefined): Tone => {
	const rows = resolutionRank(resolution) ?? 0;
	return rows >= 2160 ? 'uhd' : (rows >= 720 ? 'hd' : 'sd');
};

const labelled = (label: string, spans: readonly Span[]): Line => [span(`${fit(label, glanceWidth)}  `, 'dim'), ...spans];

const textLines = (label: string, text: string, columns: number): Line[] => text === ''
	? []
	: wrapText(cleanLines(text), columns - glanceWidth - 2).map((part, row) => labelled(row === 0 ? label : '', [span(part)]));

const tones: Record<EpisodeState, Tone> = {
	seen: 'seen', begun: 'begun', unseen: 'plain', missing: 'warn',
};

/**
One cell for each episode.
*/
const stripLines = (label: string, episodes: readonly EpisodeState[], {columns, glyphs}: Look): Line[] => {
	const width = Math.max(1, columns - glanceWidth - 2);
	const shown: Record<EpisodeState, string> = {
		seen: glyphs.seen, begun: glyphs.begun, unseen: glyphs.unseen, missing: glyphs.dot,
	};
	return Array.from({length: Math.ceil(episodes.length / width)}, (_, row) =>
		labelled(row === 0 ? label : '', episodes.slice(row * width, (row + 1) * width).map(state => span(shown[state], tones[state]))));
};

const sectionLines = ({heading, fields}: DetailSection, columns: number): Line[] => {
	if (fields.length === 0) {
		return [];
	}

	const widest = Math.max(...fields.map(({label}) => displayWidth(label)));
	const labelWidth = Math.min(widest, Math.floor(columns / 3));
	return [
		...wrapText(cleanLines(heading), columns).map(text => line(text, 'strong')),
		...fields.flatMap(field => fieldLines(field, labelWidth, columns)),
		blank,
	];
};

const fieldLines = ({label, value}: DetailField, labelWidth: number, columns: number): Line[] => {
	const labels = wrapText(clean(label), labelWidth);
	const values = wrapText(cleanLines(value), columns - labelWidth - 2);
	return Array.from({length: Math.max(labels.length, values.length)}, (_, row) => [
		span(`${fit(labels[row] ?? '', labelWidth)}  `, 'dim'),
		span(values[row] ?? ''),
	]);
};
