import type {ScreenProps} from '../../screen-module.js';
import type {LibraryRow} from '../../../sync/library-record.js';
import type {UiState} from '../../ui-state.js';
import {
	blank,
	line,
	span,
	type Line,
} from '../../line.js';
import type {Glyphs} from '../../theme.js';
import {formatCount} from '../../../base/text/format.js';
import {cells} from '../../parts/cells.js';
import {failureLines} from '../../parts/failure.js';
import {sentences} from '../../parts/wrap.js';
import {placeIn} from '../../parts/list.js';
import {panelLines, panelRoom} from '../../parts/panel.js';
import {placedTitle} from '../../library-titles.js';
import {libraryCards} from './cards.js';
import {cardPlaces, shownRows} from './layout.js';
import {selectedLibrary} from './reduce.js';
import {lastImport, typeWord} from './words.js';

export const libraryLines = (props: ScreenProps): Line[] => {
	const {state, theme: {glyphs}, layout: {bodyRows, isFramed}, now} = props;
	const {rows, list} = state.libraries;
	const {columns} = state.size;
	if (rows.length === 0) {
		return [blank, ...noLibraries(state, columns)];
	}

	const places = cardPlaces(state);
	if (places !== undefined) {
		return [...libraryCards(props, places), blank, ...linesBelow(state, columns, {hasCards: true})];
	}

	const at = {
		columns, rows: bodyRows, isFramed, glyphs,
	};
	const room = isFramed ? panelRoom(at).columns : columns;
	const shown = rows.slice(list.top, list.top + shownRows(state)).map(row => libraryLine({...row, title: placedTitle(state, row)}, row.id === list.selectedId, {glyphs, columns: room, now}));
	const lines = [heading(room), ...shown, blank, ...linesBelow(state, room, {hasCards: false})];
	return isFramed
		? panelLines({
			...at, title: 'Libraries', position: placeIn(list), isFocused: true, lines, scroll: {top: list.top, length: rows.length},
		})
		: lines;
};

/**
What is wrong with the libraries, or what to do next. A card says by itself why it cannot be ticked; in a row, the reason may be cut off.
*/
const linesBelow = (state: UiState, columns: number, {hasCards}: {hasCards: boolean}): Line[] => {
	const {status, failure} = state.libraries;
	if (status === 'failed' && failure !== undefined) {
		return failureLines(failure, columns, stillThere);
	}

	const {disabledReason, surplus} = selectedLibrary(state) ?? {};
	const steps = nextSteps(state);
	const sentence = (hasCards ? undefined : disabledReason) ?? (steps.length === 0 ? surplus : undefined);
	return sentences(sentence === undefined ? steps : [sentence], columns, 'dim');
};

const stillThere = 'Press r to ask the server again; what is imported can be browsed.';

export const noLibraries = ({libraries, connection}: UiState, columns: number): Line[] => {
	if (libraries.status === 'failed' && libraries.failure !== undefined) {
		return failureLines(libraries.failure, columns, 'Press r to try again, c to connect to another server.');
	}

	if (connection === undefined) {
		return sentences(['Not connected to a server.', 'Press c to connect.'], columns);
	}

	return sentences(libraries.status === 'ready'
		? ['This server has no libraries that the token may see.', 'Press r to ask again, c to connect to another server.']
		: [`Asking ${connection.serverName} for its libraries …`], columns);
};

const nextSteps = ({libraries, load, connection}: UiState): string[] => {
	if (load.status === 'loading') {
		return [`Loading catalogue … ${Math.floor(load.share * 100)} %`];
	}

	if (load.status === 'failed' && load.failure !== undefined) {
		return [load.failure.message, load.failure.hint ?? '', 'Press r to try again.'];
	}

	if (connection === undefined) {
		return ['Not connected. Press c to connect, l to browse what is in the catalogue.'];
	}

	if (libraries.status === 'loading') {
		return [`Asking ${connection.serverName} for its libraries …`];
	}

	return libraries.rows.every(({catalogCount}) => catalogCount === 0)
		? ['The catalogue is empty. Press Enter to import the ticked libraries; Space ticks or unticks one.']
		: [];
};

const widths = (columns: number) => ({type: columns >= 56 ? 7 : 0, count: columns >= 46 ? 9 : 7, last: columns >= 72 ? 16 : 0});

const titleWidth = (columns: number) => {
	const {type, count, last} = widths(columns);
	return columns - 6 - gapped(type) - (2 * gapped(count)) - gapped(last);
};

const gapped = (width: number) => width === 0 ? 0 : width + 2;

const heading = (columns: number): Line => {
	const {type, count, last} = widths(columns);
	const text = cells([
		['Library', titleWidth(columns)],
		['Type', type],
		['Server', count, 'right'],
		[count < 9 ? 'Here' : 'Catalogue', count, 'right'],
		['Last import', last],
	]);
	return line(' '.repeat(6) + text, 'strong');
};

const libraryLine = (row: LibraryRow, isSelected: boolean, {glyphs, columns, now}: {glyphs: Glyphs; columns: number; now: Date}): Line => {
	const pointer = isSelected ? `${glyphs.pointer} ` : '  ';
	const title = titleWidth(columns);
	if (row.disabledReason !== undefined) {
		const text = cells([[row.title, title], [row.disabledReason, columns - 8 - title]]);
		return [span(`${pointer}    ${text}`, isSelected ? 'selected' : 'dim')];
	}

	const {type, count, last} = widths(columns);
	const text = cells([
		[row.title, title],
		[typeWord(row), type],
		[row.serverCount === undefined ? '?' : formatCount(row.serverCount), count, 'right'],
		[formatCount(row.catalogCount), count, 'right'],
		[lastImport(row, glyphs, now), last],
	]);
	return [span(`${pointer}${row.isChosen ? '[x]' : '[ ]'} ${text}`, isSelected ? 'selected' : 'plain')];
};
