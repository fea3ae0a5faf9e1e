import {formatCount} from '../base/text/format.js';
import {clean} from '../base/text/clean.js';
import {libraryNamesOf} from '../catalog/library-names.js';
import {percentOf} from '../sync/share.js';
import {layoutOf} from './layout.js';
import {span, type Line, type Span} from './line.js';
import {shareOfJob} from './parts/format.js';
import {
	countFitting,
	ending,
	fitLine,
	short,
	shortFilter,
	twoEnds,
	widthOf,
} from './parts/cells.js';
import {aroundCaret} from './parts/text-field.js';
import {isBrowse} from './screens/browse/reduce.js';
import {moduleOf} from './screens/registry.js';
import {runningJobs} from './screens/watch/reduce.js';
import type {Glyphs} from './theme.js';
import {
	baseScreen,
	isImporting,
	topScreen,
	type Screen,
	type UiState,
} from './ui-state.js';

/**
The path, and what belongs to the screen. `facts` of the server stand beside them as far as there is room.
*/
export const headerLine = (state: UiState, glyphs: Glyphs, columns: number, facts: ReadonlyArray<readonly Span[]> = []): Line => {
	const screen = baseScreen(state);
	const right = [...badge(state, glyphs), ...position(state)];
	const room = columns - widthOf(right) - 1;
	const {filter, filterFault, isFiltering = false} = screen;
	if (filter !== undefined && isFiltering) {
		const [before, under, after] = aroundCaret(filter);
		const typed = ending(before, Math.max(4, room - 2));
		return twoEnds([
			span('/', 'accent'),
			...withFault(typed, before.length - typed.length, filterFault),
			span(under === '' ? ' ' : clean(under), 'caret'),
			...withFault(clean(after), before.length + under.length, filterFault),
		], right, columns);
	}

	const more = [
		...filter === undefined || filter.text === '' ? [] : [span(`  /${shortFilter(filter, columns)}`, 'accent')],
		...moduleOf(screen).headerSpans?.(screen, glyphs) ?? [],
	];
	const left = [...wherePath(state, glyphs, room - widthOf(more)), ...more];
	const shown = facts.slice(0, countFitting(facts, columns - widthOf(left) - widthOf(right) - 3)).flat();
	return twoEnds(left, [...shown, ...right.length === 0 ? [] : [span('  ')], ...right], columns);
};

/**
A part of the filter that begins at `from`; what is wrong in it stands out.
*/
const withFault = (text: string, from: number, fault: Screen['filterFault']): Span[] => {
	if (fault === undefined) {
		return [span(text)];
	}

	const [start, end] = [fault.start, fault.end].map(place => Math.max(0, place - from)) as [number, number];
	return [span(text.slice(0, start)), span(text.slice(start, end), 'bad'), span(text.slice(end))].filter(part => part.text !== '');
};

const wherePath = (state: UiState, glyphs: Glyphs, room: number): Span[] => {
	const path = crumbs(state).map(text => short(text, 30));
	const name = span('reelcat', 'accent');
	const whole = path.length === 0 ? [name] : [name, span(` ${path.join(glyphs.separator)}`)];
	if (path.length === 0 || widthOf(whole) <= room) {
		return whole;
	}

	const ways = path.map((_, from) => span(`${from === 0 ? '' : `${glyphs.cut}${glyphs.separator}`}${path.slice(from).join(glyphs.separator)}`));
	const way = ways.find(one => widthOf([one]) <= room);
	return [way ?? span(short(path.at(-1)!, Math.max(8, room)))];
};

export const crumbs = (state: UiState): string[] => {
	const server = browsedServer(state) ?? state.connection?.serverName ?? state.header.servers[0]?.name;
	const path = state.stack.map(screen => screen.crumb ?? moduleOf(screen).crumb?.(state)).filter(name => name !== undefined);
	return server === undefined ? path : [server, ...path];
};

// A library of another server than the connected one can be browsed, too, and a list of all libraries may have been opened from there.
const browsedServer = (state: UiState): string | undefined => {
	const {hasSeveralServers, serverOf} = libraryNamesOf(state.header);
	const libraryId = hasSeveralServers ? state.stack.filter(screen => isBrowse(screen)).map(({query}) => query.libraryId).findLast(id => id !== undefined) : undefined;
	return libraryId === undefined ? undefined : serverOf(libraryId).server;
};

const badge = (state: UiState, glyphs: Glyphs): Span[] => {
	const {load, readOnlyReason, watch} = state;
	return [
		...watchBadge(state, glyphs),
		...readOnlyReason !== undefined && watch.source === undefined ? [span('read-only  ', 'warn')] : [],
		...load.status === 'loading' ? [span(`loading ${Math.floor(load.share * 100)} %  `, 'dim')] : [],
		...isImporting(state) ? [importBadge(state, glyphs)] : [],
	];
};

const importBadge = ({job}: UiState, glyphs: Glyphs): Span => {
	const {status, isSync, progress: {share, problems}} = job;
	const what = status === 'cancelling' ? 'cancelling' : (isSync ? 'syncing' : 'importing');
	const errors = problems.length === 0 ? '' : ` ${glyphs.bad} ${formatCount(problems.length)}`;
	return span(`${what} ${percentOf(share)} %${errors}  `, 'accent');
};

const watchBadge = (state: UiState, glyphs: Glyphs): Span[] => {
	const {source, link, known} = state.watch;
	if (source === undefined) {
		return [];
	}

	if (link?.isUp === false) {
		return [span(`${glyphs.bad} daemon lost  `, 'bad')];
	}

	const alerts = known?.status.alerts.length ?? 0;
	const marks = alerts === 0 ? [] : [span(`${glyphs.warn} ${formatCount(alerts)}  `, 'warn')];
	const [job] = runningJobs(state);
	const progress = job === undefined ? undefined : known?.progress.get(job.id);
	const share = progress === undefined || progress.expected === 0 ? '' : ` ${percentOf(shareOfJob(progress))} %`;
	return [...marks, span(`${job === undefined ? 'live' : `${glyphs.running} live${share}`}  `, job === undefined ? 'dim' : 'accent')];
};

const position = (state: UiState): Span[] => {
	// A menu or a question shows the position of the list beneath.
	const top = topScreen(state);
	const screen = moduleOf(top).positionText === undefined ? baseScreen(state) : top;
	const {hasOwnPosition, positionText} = moduleOf(screen);
	// A panel has it in its border.
	if ((screen.isInPanels ?? screen.isOverlay ?? hasOwnPosition) === true && layoutOf(state).isFramed) {
		return [];
	}

	const text = positionText?.(state, screen) ?? '';
	return text === '' ? [] : [span(text)];
};

export const bannerLine = (text: string, isFirst: boolean, glyphs: Glyphs, columns: number): Line =>
	fitLine([span(`${isFirst ? glyphs.warn : ' '} ${text}`, 'warn')], columns);
