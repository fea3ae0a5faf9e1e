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
import {relative} from '../../parts/format.js';
import {placedTitle} from '../../library-titles.js';
import {selectedLibrary} from './reduce.js';

// A server names the types.
const types = new Map([['movie', 'Movies'], ['show', 'Shows'], ['artist', 'Music'], ['photo', 'Photos']]);

export const libraryLines = ({state, theme, layout, now}: ScreenProps): Line[] => {
	const {rows, list, status, failure} = state.libraries;
	const {columns} = state.size;
	if (rows.length === 0) {
		return [blank, ...noLibraries(state, columns)];
	}

	const shown = rows.slice(list.top, list.top + layout.listRows).map(row => libraryLine({...row, title: placedTitle(state, row)}, row.id === list.selectedId, {glyphs: theme.glyphs, columns, now}));
	const hasFailed = status === 'failed' && failure !== undefined;
	// In its row, the reason may be cut off.
	const {disabledReason, surplus} = selectedLibrary(state) ?? {};
	const steps = nextSteps(state);
	const sentence = disabledReason ?? (steps.length === 0 ? surplus : undefined);
	const below = hasFailed ? failureLines(failure, columns, stillThere) : sentences(sentence === undefined ? steps : [sentence], columns, 'dim');
	return [heading(columns), ...shown, blank, ...below];
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
		[types.get(row.type) ?? row.type, type],
		[row.serverCount === undefined ? '?' : formatCount(row.serverCount), count, 'right'],
		[formatCount(row.catalogCount), count, 'right'],
		[lastImport(row, glyphs, now), last],
	]);
	return [span(`${pointer}${row.isChosen ? '[x]' : '[ ]'} ${text}`, isSelected ? 'selected' : 'plain')];
};

const lastImport = ({lastImport: last, surplus}: LibraryRow, glyphs: Glyphs, now: Date) => {
	if (last === undefined) {
		return 'never';
	}

	const mark = surplus !== undefined || last.failed > 0 || !last.complete ? `${glyphs.warn} ` : '';
	return `${mark}${relative(last.finishedAt, now)}`;
};
