import {
	blank,
	line,
	span,
	type Line,
	type Tone,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {clean} from '../../../base/text/clean.js';
import {plural} from '../../../base/text/format.js';
import {displayWidth} from '../../../base/text/width.js';
import {createMoments} from '../../../base/text/moments.js';
import {cell, fitLine, rowLine} from '../../parts/cells.js';
import {sentences} from '../../parts/wrap.js';
import {watchPanes, type WatchPane} from './state.js';
import {newsOf, type NewsItem} from './reduce.js';
import {watchHeaderLine} from './header-lines.js';
import {jobHeading, jobLine} from './job-lines.js';
import {watchLayout} from './layout.js';
import {libraryHeading, watchedLine} from './library-lines.js';
import type {PaneOptions} from './words.js';

type Options = {
	glyphs: Glyphs;
	columns: number;
	now: Date;
	isStill: boolean;
};

export const watchLines = (state: UiState, {glyphs, columns, now, isStill}: Options): Line[] => {
	if (state.watch.source === undefined) {
		return [blank, ...noDaemonLines(columns)];
	}

	const {parts, isStacked, isRoomy} = watchLayout(state);
	const options = {
		glyphs, columns, moments: createMoments(now, isStill), isSelected: false,
	};
	const header = parts.map(part => watchHeaderLine(state, part, {...options, isCompact: !isStacked}));
	if (!isStacked) {
		return [...header, tabLine(state, options), ...paneRows(state, state.watch.focus, options)];
	}

	return [
		...header,
		...watchPanes.flatMap(pane => [
			...isRoomy ? [blank] : [],
			headings[pane](state, options),
			...paneRows(state, pane, options),
		]),
	];
};

export const noDaemonLines = (columns: number): Line[] => [
	...sentences(['No daemon runs. Start one with: reelcat --watch'], columns),
	...sentences(['It keeps the catalogue in step with the server; this screen then shows what it does.'], columns, 'dim'),
];

const newsHeading = ({watch: {known}}: UiState, {columns}: PaneOptions): Line => {
	const alerts = known?.status.alerts.length ?? 0;
	return line(cell(alerts === 0 ? 'Events' : `Alerts and events  ${plural(alerts, 'alert')}`, columns), 'strong');
};

const headings: Readonly<Record<WatchPane, (state: UiState, options: PaneOptions) => Line>> = {
	jobs: jobHeading,
	libraries: (_, options) => libraryHeading(options),
	news: newsHeading,
};

const paneNames: Readonly<Record<WatchPane, string>> = {jobs: 'Jobs', libraries: 'Libraries', news: 'Events'};

/**
Replaces the headings when only one pane is shown: its name, and the number of rows of the others.
*/
const tabLine = (state: UiState, {columns}: PaneOptions): Line => {
	const {focus, lists} = state.watch;
	return fitLine(watchPanes.flatMap(pane => {
		const text = `${paneNames[pane]} ${lists[pane].ids.length}`;
		return [pane === focus ? span(`[${text}]`, 'strong') : span(` ${text} `, 'dim'), span(' ')];
	}), columns);
};

const empty: Readonly<Record<WatchPane, string>> = {
	jobs: 'No jobs.', libraries: 'No library is watched.', news: 'Nothing has happened yet.',
};

const paneRows = (state: UiState, pane: WatchPane, options: PaneOptions): Line[] => {
	const {known, focus, lists} = state.watch;
	const rows = watchLayout(state).rows[pane];
	const {top, selectedId} = lists[pane];
	const shown = drawn(state, pane);
	const lines = shown.slice(top, top + rows).map(({id, draw}) => draw({...options, isSelected: pane === focus && id === selectedId}));
	const none = known === undefined ? '' : empty[pane];
	const isFocused = pane === focus && known !== undefined;
	const filled = lines.length === 0 ? [line(`${isFocused ? options.glyphs.pointer : ' '} ${none}`, 'dim')] : lines;
	return Array.from({length: rows}, (_, index) => filled[index] ?? blank);
};

type Drawn = ReadonlyArray<{id: string; draw: (options: PaneOptions) => Line}>;

const drawn = (state: UiState, pane: WatchPane): Drawn => {
	const {known} = state.watch;
	if (known === undefined) {
		return [];
	}

	const all: Record<WatchPane, () => Drawn> = {
		jobs: () => known.status.jobs.map(job => ({id: job.id, draw: options => jobLine(job, state, options)})),
		libraries: () => known.status.libraries.map(library => ({id: library.id, draw: options => watchedLine(library, options)})),
		news: () => newsOf(known).map(item => ({id: item.id, draw: options => newsLine(item, options)})),
	};
	return all[pane]();
};

const markOf = (item: NewsItem, glyphs: Glyphs): [string, Tone] => {
	const level = 'alert' in item ? 'error' : item.note.level;
	return level === 'error' ? [glyphs.bad, 'bad'] : (level === 'warn' ? [glyphs.warn, 'warn'] : [' ', 'plain']);
};

const newsLine = (item: NewsItem, {columns, glyphs, moments, isSelected}: PaneOptions): Line => {
	const [mark, tone] = markOf(item, glyphs);
	const text = 'alert' in item
		? `Alert since ${moments.clock(item.alert.since)}: ${clean(item.alert.message)}`
		: `${clock(item.note.at, moments.clock)}  ${clean(item.note.text)}`;
	const spans = [span(`${isSelected ? glyphs.pointer : ' '} `), span(`${mark} `, tone), span(text)];
	return rowLine(spans, columns, isSelected);
};

const clock = (instant: string, format: (instant: string) => string) => {
	const text = format(instant);
	return cell(text, Math.max(5, displayWidth(text)));
};

export const newsText = (item: NewsItem, format: (instant: string) => string): string => 'alert' in item
	? [`Alert since ${format(item.alert.since)}`, '', item.alert.message, ...item.alert.hint === undefined ? [] : [item.alert.hint]].join('\n')
	: [format(item.note.at), '', item.note.text].join('\n');
