import {formatCount} from '../../../base/text/format.js';
import {hasGoneWell, outcomeOfRun} from '../../../sync/outcome.js';
import {
	blank,
	span,
	type Line,
	filled,
} from '../../line.js';
import {short} from '../../parts/cells.js';
import {cardLines} from '../../parts/cards.js';
import {failureLines} from '../../parts/failure.js';
import {placeIn} from '../../parts/list.js';
import {
	beside,
	panelLines,
	panelRoom,
	type Panel,
} from '../../parts/panel.js';
import {sentences} from '../../parts/wrap.js';
import type {Theme} from '../../theme.js';
import type {UiState} from '../../ui-state.js';
import {importLayout, type ImportLayout} from './layout.js';
import {
	latestLines,
	libraryBars,
	overallLine,
	problemBlocks,
	problemListLines,
	pulseLine,
	requestLines,
	slowerSpans,
	trafficWords,
} from './lines.js';
import {
	failureHint,
	importSummary,
	summaryCards,
	summaryLines,
	verdictLines,
} from './summary.js';

/**
The lines above and below the summary table. Where there is no such table, one follows the other.
*/
export const importParts = (state: UiState, theme: Theme): {top: Line[]; bottom: Line[]; isTable: boolean} => {
	const layout = importLayout(state);
	if (!layout.isFramed) {
		return {...bareParts(state, layout, theme), isTable: false};
	}

	// The rules of the table cannot be drawn in ASCII.
	const isTable = layout.isTable && !theme.isAscii;
	return {top: [...headPanel(state, layout, theme), ...cardsOf(state, layout, theme), ...isTable ? [] : librariesPanel(state, layout, theme)], bottom: bottomPanels(state, layout, theme), isTable};
};

const bareParts = (state: UiState, {head, libraries, requests, bottom}: ImportLayout, {glyphs}: Theme) => {
	const {job: {result, failure}, size: {columns}} = state;
	const at = (rows: number) => ({glyphs, columns, rows});
	const shown = at(Math.max(1, bottom - 1));
	const problems = filled(problemListLines(state, shown), bottom);
	if (result !== undefined) {
		const summary = summaryLines(importSummary(result, columns), libraries);
		const verdict = [...verdictLines(state, at(2)), blank];
		return {top: [...filled(verdict, head), ...filled(summary, libraries)], bottom: problems};
	}

	if (failure !== undefined) {
		return {top: filled(failureLines(failure, columns, failureHint), head), bottom: problems};
	}

	const slower = slowerSpans(state);
	const traffic = [...slower, ...slower.length === 0 ? [] : [span(` ${glyphs.dot} `, 'dim')], span(trafficWords(state, glyphs), 'dim')];
	return {top: [overallLine(state, at(1)), ...filled(libraryBars(state, at(libraries)), libraries), ...filled([traffic], requests)], bottom: problems};
};

const headPanel = (state: UiState, {head: rows}: ImportLayout, {glyphs}: Theme): Line[] => {
	const {job: {result, failure, isSync, status, progress}, size: {columns}} = state;
	const at = {
		columns, rows, isFramed: true, glyphs,
	};
	const title = isSync ? 'Sync' : 'Import';
	const room = panelRoom(at);
	if (failure !== undefined) {
		return panelLines({...at, title: [span(`${title} failed`, 'bad')], lines: failureLines(failure, room.columns, failureHint)});
	}

	if (result !== undefined) {
		return panelLines({...at, title, lines: verdictLines(state, {glyphs, columns: room.columns})});
	}

	const slower = slowerSpans(state);
	const done = progress.libraries.filter(({finishedAtMs}) => finishedAtMs !== undefined).length;
	return panelLines({
		...at,
		title: status === 'cancelling' ? [span(`${title}: cancelling …`, 'warn')] : title,
		position: progress.libraries.length === 0 ? '' : `${formatCount(done)} of ${formatCount(progress.libraries.length)} done`,
		keys: slower.length === 0 ? [span('Ctrl-C', 'key'), span(' cancels', 'dim')] : slower,
		totals: trafficWords(state, glyphs, slower.length > 0 && columns < 110),
		lines: [
			overallLine(state, {glyphs, columns: room.columns}),
			pulseLine(state, {glyphs, columns: room.columns}),
			...requestLines(state, {columns: room.columns, rows: room.rows - 2}),
		],
	});
};

const cardsOf = (state: UiState, {cards}: ImportLayout, {glyphs}: Theme): Line[] => {
	const {columns} = state.size;
	return cards === 0 ? [] : cardLines(summaryCards(state, columns), {columns, glyphs}).slice(0, cards);
};

const librariesPanel = (state: UiState, {libraries: rows}: ImportLayout, {glyphs}: Theme): Line[] => {
	const {job: {result}, size: {columns}} = state;
	const at = {
		columns, rows, isFramed: true, glyphs,
	};
	const room = panelRoom(at);
	return rows === 0
		? []
		: panelLines({...at, title: 'Libraries', lines: result === undefined ? libraryBars(state, {glyphs, ...room}) : summaryLines(importSummary(result, room.columns), room.rows)});
};

const bottomPanels = (state: UiState, {bottom: rows, latestColumns}: ImportLayout, {glyphs}: Theme): Line[] => {
	const {job: {problems, result, failure}, size: {columns}} = state;
	const hasProblems = problems.ids.length > 0;
	if (rows === 0 || (failure !== undefined && !hasProblems)) {
		return [];
	}

	const latestAt = {
		columns: latestColumns, rows, isFramed: true, glyphs,
	};
	const latest = latestColumns === 0 ? [] : panelLines({...latestAt, title: 'Imported just now', lines: latestLines(state, panelRoom(latestAt))});
	if (latestColumns === columns) {
		return latest;
	}

	const at = {
		columns: columns - latestColumns, rows, isFramed: true, glyphs,
	};
	const room = panelRoom(at);
	const right: Omit<Panel, keyof typeof at> = hasProblems
		? {
			title: 'Problems',
			position: placeIn(problems),
			keys: 'Enter shows one',
			isFocused: true,
			lines: problemBlocks(state, {glyphs, ...room}),
			scroll: {top: problems.top * 2, length: problems.ids.length * 2},
		}
		: {title: 'What next', lines: result === undefined ? [] : nextLines(state, room.columns)};
	const shown = panelLines({...at, ...right});
	return latest.length === 0 ? shown : beside(latest, shown);
};

const nextLines = ({job: {isSync, result}}: UiState, columns: number): Line[] => {
	const first = short(result?.libraries[0]?.title ?? 'the libraries', columns - 18);
	const keys: Array<[string, string]> = [
		['Enter', isSync ? 'shows what changed' : `browses ${first}`],
		...isSync ? [['b', 'browses the first library'] as [string, string]] : [],
		['L', 'opens the log of this run'],
		['H', 'lists all runs'],
		['Esc', 'goes back'],
	];
	return [
		...result !== undefined && hasGoneWell(outcomeOfRun(result)) ? sentences(['Everything was read without a problem.'], columns, 'dim') : [],
		...keys.map(([key, words]): Line => [span(`  ${key.padEnd(6)}`, 'key'), span(words)]),
	];
};
