import {sentences} from '../../parts/wrap.js';
import type {ScreenProps} from '../../screen-module.js';
import {
	blank,
	line,
	span,
	type Line,
	type Tone,
	type Span,
	filled,
} from '../../line.js';
import type {UiState} from '../../ui-state.js';
import type {Glyphs} from '../../theme.js';
import {clean} from '../../../base/text/clean.js';
import {plural, formatCount} from '../../../base/text/format.js';
import {displayWidth} from '../../../base/text/width.js';
import {createMoments, type Moments} from '../../../base/text/moments.js';
import {cell, fitLine, rowLine} from '../../parts/cells.js';
import {placeIn} from '../../parts/list.js';
import {panelLines, panelRoom} from '../../parts/panel.js';
import type {WatchStatus} from '../../../watch/types.js';
import {jobCounts, pushWords} from '../../../reports/job-words.js';
import {watchPanes, type WatchPane} from './state.js';
import {newsOf, type NewsItem} from './reduce.js';
import {daySpans} from './day.js';
import {jobHeading, jobLine} from './job-lines.js';
import {paneOrder, watchLayout, type HeaderPart} from './layout.js';
import {libraryHeading, watchedLine} from './library-lines.js';
import {healthMark, slowerWords, type PaneOptions} from './words.js';

export const watchLines = ({state, theme: {glyphs}, now, isStill}: Pick<ScreenProps, 'state' | 'theme' | 'now' | 'isStill'>): Line[] => {
	const {columns} = state.size;
	if (state.watch.source === undefined) {
		return [blank, ...noDaemonLines(columns)];
	}

	const {parts, isStacked, isRoomy} = watchLayout(state);
	const options = {
		glyphs, columns, moments: createMoments(now, isStill), isSelected: false,
	};
	const header = parts.map(part => fitLine(spansOf(part, state, {...options, now, isCompact: !isStacked}), columns));
	if (!isStacked) {
		return [...header, tabLine(state, options), ...paneRows(state, state.watch.focus, options)];
	}

	return [
		...header,
		...isRoomy
			? paneOrder(state, isRoomy).flatMap(pane => panelOf(state, pane, options))
			: paneOrder(state, isRoomy).flatMap(pane => [panes[pane].heading(state, options), ...paneRows(state, pane, options)]),
	];
};

/**
A pane in borders, with what its heading says in the upper one. The libraries also have a heading for their columns.
*/
const panelOf = (state: UiState, pane: WatchPane, options: PaneOptions): Line[] => {
	const {known, focus, lists} = state.watch;
	const {columns, glyphs} = options;
	const heading = pane === 'libraries' ? [libraryHeading({columns: columns - 2}, '  Title')] : [];
	const rows = watchLayout(state).rows[pane];
	const at = {
		columns, rows: rows + heading.length + 2, isFramed: true, glyphs,
	};
	const room = {...options, columns: panelRoom(at).columns};
	return panelLines({
		...at,
		title: pane === 'news' ? newsTitle(state) : panes[pane].name,
		position: placeIn(lists[pane]),
		totals: pane === 'jobs' && known !== undefined ? jobCounts(known.status.jobs) : '',
		isFocused: pane === focus,
		lines: [...heading, ...paneRows(state, pane, room)],
		scroll: {top: lists[pane].top, length: lists[pane].ids.length},
	});
};

export const noDaemonLines = (columns: number): Line[] => [
	...sentences(['No daemon is running. Start one with: reelcat --watch'], columns),
	...sentences(['It keeps the catalogue in step with the server; this screen then shows what it does.'], columns, 'dim'),
];

const newsTitle = ({watch: {known}}: UiState): string => {
	const alerts = known?.status.alerts.length ?? 0;
	return alerts === 0 ? 'Events' : `Alerts and events  ${plural(alerts, 'alert')}`;
};

const newsHeading = (state: UiState, {columns}: PaneOptions): Line => line(cell(newsTitle(state), columns), 'strong');

type Pane = {name: string; heading: (state: UiState, options: PaneOptions) => Line; empty: string};

const panes: Readonly<Record<WatchPane, Pane>> = {
	jobs: {name: 'Jobs', heading: jobHeading, empty: 'No jobs.'},
	libraries: {name: 'Libraries', heading: (_, options) => libraryHeading(options), empty: 'No library is watched.'},
	news: {name: 'Events', heading: newsHeading, empty: 'Nothing has happened yet.'},
};

const tabLine = (state: UiState, {columns}: PaneOptions): Line => {
	const {focus, lists} = state.watch;
	return fitLine(watchPanes.flatMap(pane => {
		const text = `${panes[pane].name} ${lists[pane].ids.length}`;
		return [pane === focus ? span(`[${text}]`, 'strong') : span(` ${text} `, 'dim'), span(' ')];
	}), columns);
};

const paneRows = (state: UiState, pane: WatchPane, options: PaneOptions): Line[] => {
	const {known, focus, lists} = state.watch;
	const rows = watchLayout(state).rows[pane];
	const {top, selectedId} = lists[pane];
	const shown = drawn(state, pane);
	const lines = shown.slice(top, top + rows).map(({id, draw}) => draw({...options, isSelected: pane === focus && id === selectedId}));
	const none = known === undefined ? '' : panes[pane].empty;
	const isFocused = pane === focus && known !== undefined;
	return filled(lines.length === 0 ? [line(`${isFocused ? options.glyphs.pointer : ' '} ${none}`, 'dim')] : lines, rows);
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

type HeaderOptions = PaneOptions & {now: Date; isCompact: boolean};

const spansOf = (part: HeaderPart, state: UiState, options: HeaderOptions): Span[] => {
	if (part === 'lost') {
		return lostSpans(state, options);
	}

	const status = state.watch.known?.status;
	if (status === undefined) {
		return part === 'health' ? [span('  Asking the daemon for its state …', 'dim')] : [];
	}

	if (typeof part === 'object') {
		return [span(`    ${part.reason}`, 'warn')];
	}

	switch (part) {
		case 'health': {
			return options.isCompact ? compactSpans(status, options) : healthSpans(state, status, options);
		}

		case 'push': {
			return pushSpans(status, options);
		}

		case 'load': {
			return [span(`${options.glyphs.warn} ${clean(slowerWords(status.load) ?? '')}`, 'warn')];
		}

		case 'plan': {
			return [span(`  ${joined(planWords(status, options.moments), options.glyphs)}`, 'dim')];
		}

		case 'day': {
			return daySpans(status.jobs, options.now, options);
		}
	}
};

const lostSpans = ({watch: {link}}: UiState, {glyphs, moments}: HeaderOptions): Span[] => {
	const since = link === undefined ? '' : ` since ${moments.clock(link.since)}`;
	const why = link?.reason === undefined ? '' : ` ${clean(link.reason)}`;
	return [span(`${glyphs.bad} Daemon lost${since}; this is its last state.${why}`, 'bad')];
};

const joined = (parts: ReadonlyArray<string | undefined>, glyphs: Glyphs) =>
	parts.filter(part => part !== undefined && part !== '').map(part => clean(part!)).join(` ${glyphs.dot} `);

const healthSpans = ({watch: {source}}: UiState, status: WatchStatus, {glyphs, moments}: HeaderOptions): Span[] => {
	const [mark, tone] = healthMark(status.health, glyphs);
	return [
		span(`${mark} ${status.health}`, tone),
		span(`  ${joined([serverWords(status, moments), `${source?.who ?? 'the daemon'}, up since ${moments.clock(status.startedAt)}`], glyphs)}`),
	];
};

const serverWords = ({server}: WatchStatus, moments: Moments): string => {
	if (server === undefined) {
		return 'no server';
	}

	const {name, version, isReachable, since} = server;
	// The rest of the version names a build.
	const named = version === undefined ? name : `${name} ${version.split('-', 1)[0]!}`;
	return isReachable ? named : `${named} not reachable since ${moments.clock(since)}`;
};

const pushSpans = ({push, revision}: WatchStatus, {glyphs, moments}: HeaderOptions): Span[] => {
	const {state, since, lastEventAt, reason} = push;
	const text = `${pushWords(push)} since ${moments.clock(since)}`;
	if (state === 'connected') {
		const heard = lastEventAt === undefined ? undefined : `last one ${moments.past(lastEventAt)}`;
		return [span(`${glyphs.good} `, 'good'), span(joined([text, heard, `revision ${formatCount(revision)}`], glyphs))];
	}

	const [mark, tone]: [string, Tone] = state === 'off' ? [glyphs.none, 'dim'] : [glyphs.warn, 'warn'];
	return [span(`${mark} ${text}${reason === undefined ? '' : `: ${clean(reason)}`}`, tone)];
};

const planWords = ({
	settings, quietUntil, requests, load,
}: WatchStatus, moments: Moments): string[] => [
	...quietUntil === undefined ? [] : [`quiet until ${moments.clock(quietUntil)}: only reported changes are synced`],
	`every ${settings.interval}, in full every ${settings.fullEvery}${settings.isAudited ? ', audited' : ''}`,
	...quietUntil === undefined && settings.quietHours !== undefined ? [`quiet ${settings.quietHours}`] : [],
	`${formatCount(requests)} requests sent${load === undefined ? '' : `, ${formatCount(load.limit)} at a time`}`,
];

const compactSpans = (status: WatchStatus, {glyphs, moments}: HeaderOptions): Span[] => {
	const {health, reasons, push, quietUntil} = status;
	const [mark, tone] = healthMark(health, glyphs);
	const rest = health === 'ok'
		? joined([quietUntil === undefined ? undefined : `quiet until ${moments.clock(quietUntil)}`, pushWords(push)], glyphs)
		: clean(reasons.join(' '));
	return [span(`${mark} ${health}`, tone), span(`  ${rest}`)];
};
