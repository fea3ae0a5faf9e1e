import {formatCount} from '../base/text/format.js';
import {clean} from '../base/text/clean.js';
import {span, type Line, type Span} from './line.js';
import {layoutOf} from './layout.js';
import {isReport} from './screens/report/reduce.js';
import {baseScreen, isImporting, topScreen} from './stack.js';
import {aroundCaret} from './parts/text-field.js';
import type {ScreenName, UiState} from './ui-state.js';
import {runningJobs} from './screens/watch/reduce.js';
import type {Glyphs} from './theme.js';
import {percent} from './parts/bar.js';
import {
	ending,
	fitLine,
	short,
	twoEnds,
	widthOf,
} from './parts/cells.js';
import {contentRows} from './view/content.js';

/**
Where we are on the left; what runs, and the position in the list, on the right.
*/
export const headerLine = (state: UiState, glyphs: Glyphs, columns: number): Line => {
	const screen = baseScreen(state);
	const right = [...badge(state, glyphs), ...position(state)];
	const room = columns - widthOf(right) - 1;
	if ('isFiltering' in screen && screen.isFiltering) {
		const [before, under, after] = aroundCaret(screen.filter);
		const typed = ending(before, Math.max(4, room - 2));
		return twoEnds([
			span('/', 'accent'), span(typed), span(under === '' ? ' ' : clean(under), 'caret'), span(clean(after)),
		], right, columns);
	}

	const filter = 'filter' in screen && screen.filter.text !== '' ? [span(`  /${short(screen.filter.text, 20)}`, 'accent')] : [];
	const kind = isReport(screen) && screen.kind !== undefined ? [span(`  only ${short(screen.kind, 20)}`, 'accent')] : [];
	const missing = screen.name === 'browse' && screen.gaps.length > 0
		? [span(`  ${glyphs.warn} missing ${short(screen.gaps.join(', '), 20)}`, 'warn')]
		: [];
	return twoEnds([...wherePath(state, glyphs, room - widthOf([...filter, ...kind, ...missing])), ...filter, ...kind, ...missing], right, columns);
};

/**
Where there is no room for the whole way, its end is what must be known.
*/
const wherePath = (state: UiState, glyphs: Glyphs, room: number): Span[] => {
	const path = crumbs(state).map(text => short(text, 30));
	const name = span('reelcat', 'accent');
	const whole = path.length === 0 ? [name] : [name, span(` ${path.join(glyphs.separator)}`)];
	if (path.length === 0 || widthOf(whole) <= room) {
		return whole;
	}

	const ways = path.map((_, from) => span(`${from === 0 ? '' : `${glyphs.cut}${glyphs.separator}`}${path.slice(from).join(glyphs.separator)}`));
	const fitting = ways.find(way => widthOf([way]) <= room);
	return [fitting ?? span(short(path.at(-1)!, Math.max(8, room)))];
};

const names: Partial<Record<ScreenName, string>> = {
	connect: 'Connect', 'sign-in': 'Sign in', import: 'Import', problem: 'Problem', detail: 'Detail', watch: 'Watch',
};

/**
The server, and the way to this screen.
*/
export const crumbs = (state: UiState): string[] => {
	const server = state.connection?.serverName ?? state.header.servers[0]?.name;
	const path = state.stack.map(screen => 'crumb' in screen ? screen.crumb : (screen.name === 'import' && state.job.isSync ? 'Sync' : names[screen.name])).filter(name => name !== undefined);
	return server === undefined ? path : [server, ...path];
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
	const {status, isSync, progress: {totals, problems}} = job;
	const what = status === 'cancelling' ? 'cancelling' : (isSync ? 'syncing' : 'importing');
	const errors = problems.length === 0 ? '' : ` ${glyphs.bad} ${formatCount(problems.length)}`;
	return span(`${what} ${percent(totals.done, totals.expected)} %${errors}  `, 'accent');
};

/**
How a daemon does, on every screen.
*/
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
	const share = progress === undefined || progress.expected === 0 ? '' : ` ${percent(progress.done, progress.expected)} %`;
	return [...marks, span(`${job === undefined ? 'live' : `${glyphs.running} live${share}`}  `, job === undefined ? 'dim' : 'accent')];
};

const position = (state: UiState): Span[] => {
	const top = topScreen(state);
	if ('scroll' in top) {
		const length = contentRows(state);
		const {bodyRows} = layoutOf(state);
		return length <= bodyRows ? [] : [span(`${top.scroll + 1}-${Math.min(length, top.scroll + bodyRows)} of ${length} lines`)];
	}

	const screen = baseScreen(state);
	if (isReport(screen)) {
		const {list: {ids, cursor}} = screen;
		return ids.length === 0 ? [] : [span(`${formatCount(cursor + 1)} of ${formatCount(ids.length)}`)];
	}

	if (screen.name === 'watch') {
		const {ids, cursor} = state.watch.lists[state.watch.focus];
		return ids.length === 0 ? [] : [span(`${formatCount(cursor + 1)} of ${formatCount(ids.length)}`)];
	}

	if (screen.name !== 'browse' || (screen.answered === undefined && screen.list.ids.length === 0)) {
		return [];
	}

	const {list: {ids, cursor}, total} = screen;
	const at = ids.length === 0 ? '0' : formatCount(cursor + 1);
	const of = ids.length === total ? formatCount(total) : `${formatCount(ids.length)} (${formatCount(total)})`;
	return [span(`${at} of ${of}`)];
};

/**
A line of what must be known before all else.
*/
export const bannerLine = (text: string, isFirst: boolean, glyphs: Glyphs, columns: number): Line =>
	fitLine([span(`${isFirst ? glyphs.warn : ' '} ${text}`, 'warn')], columns);
