import {clean} from '../../../base/text/clean.js';
import {displayWidth} from '../../../base/text/width.js';
import type {WideColumn} from '../../../query/column-choices.js';
import type {IdList} from '../../../query/types.js';
import type {ListColumn} from '../../../query/list-fields.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import {perApp, type EffectContext} from '../../screen-module.js';
import type {UiState} from '../../ui-state.js';
import {
	browseScreen,
	changeBrowseOf,
	type BrowseScreen,
	type ReadCells,
} from './reduce.js';
import {
	fitColumns,
	rowTitle,
	summaryRow,
	wantedColumns,
} from './table.js';

// So many rows, from all over the list, tell how wide its columns are, besides those that are on the screen.
const sampledRows = 100;

// The cells of so many rows are kept of a list.
const mostRead = 400;

type Measured = {key: number; widths: ReadonlyMap<string, number>};

const wider = (known: ReadonlyMap<string, number> | undefined, found: ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
	const widths = new Map(known);
	for (const [name, width] of found) {
		widths.set(name, Math.max(widths.get(name) ?? 0, width));
	}

	return widths;
};

// Columns never get narrower while a list is open, because a list that shifts while one scrolls or types cannot be read.
const cellsMeasured = message((state, {key, widths}: Measured) => changeBrowseOf(state, key, screen => ({...screen, widths: wider(screen.widths, widths)})));

const widthsOf = (rows: Iterable<ReadonlyMap<string, string>>): Map<string, number> => {
	const widths = new Map<string, number>();
	for (const row of rows) {
		for (const [name, text] of row) {
			const width = displayWidth(clean(text));
			widths.set(name, Math.max(widths.get(name) ?? 0, width));
		}
	}

	return widths;
};

const cellsRead = message((state, {key, id, cells}: {key: number; id: string; cells: ReadCells}) => changeBrowseOf(state, key, screen => {
	const others = [...screen.cells ?? []].filter(([other]) => other !== id);
	const known = screen.cells?.get(id);
	// What was read of another revision, for a column that is hidden now, may be different by now.
	const read: ReadCells = known?.revision === cells.revision ? {...cells, texts: new Map([...known.texts, ...cells.texts])} : cells;
	return {...screen, cells: new Map([...others, [id, read] as const].slice(-mostRead)), widths: wider(screen.widths, widthsOf([cells.texts]))};
}));

type Following = {
	measured: {ids: IdList; top: number; rows: number; columns: readonly WideColumn[]} | undefined;
	isReading: boolean;
	timers: Map<'unread' | 'old', NodeJS.Timeout>;
	isOver: boolean;
};

const followings = perApp((): Following => ({
	measured: undefined, isReading: false, timers: new Map(), isOver: false,
}));

const measure = (context: EffectContext, screen: BrowseScreen, columns: readonly WideColumn[]): void => {
	const {services: {index}, get, dispatch} = context;
	const following = followings(context);
	const {list: {ids, top}, key} = screen;
	const {listRows: rows} = layoutOf(get());
	const {measured} = following;
	if (measured?.ids === ids && measured.top === top && measured.rows === rows && measured.columns === columns) {
		return;
	}

	const isNew = measured?.ids !== ids || measured.columns !== columns;
	following.measured = {
		ids, top, rows, columns,
	};
	const step = Math.ceil(ids.length / sampledRows);
	const seen = new Set([...isNew ? Array.from({length: Math.ceil(ids.length / step)}, (_, at) => ids.at(at * step)!) : [], ...ids.slice(top, top + rows)]);
	const rowOf = summaryRow(get(), index);
	const widths = widthsOf(seen.values().flatMap(id => {
		const item = index.get(id);
		return item === undefined
			? []
			: [new Map([['title', rowTitle(screen, rowOf(item))], ...columns.filter(({column}) => !column.isRecordNeeded).map(({column: {name, text}}) => [name, text(rowOf(item))] as const)])];
	}));
	if (widths.entries().some(([name, width]) => width > (screen.widths?.get(name) ?? 0))) {
		dispatch(cellsMeasured({key, widths}));
	}
};

/**
The next row on the screen whose records have still to be read, that of the cursor first, and then one whose records were read before this revision of the catalogue.
*/
const nextRow = (state: UiState, screen: BrowseScreen, revision: number) => {
	const {listColumns, listRows} = layoutOf(state);
	const columns = fitColumns(state, screen, listColumns).columns.filter(({isRecordNeeded}) => isRecordNeeded);
	if (columns.length === 0) {
		return undefined;
	}

	const {list: {ids, top, cursor}, cells} = screen;
	const shown = [...ids.slice(cursor, top + listRows), ...ids.slice(top, cursor)];
	const unread = shown.find(id => columns.some(({name}) => cells?.get(id)?.texts.has(name) !== true));
	const id = unread ?? shown.find(other => cells!.get(other)!.revision < revision);
	return id === undefined ? undefined : {id, columns, kind: unread === undefined ? 'old' as const : 'unread' as const};
};

// Stands where a record could not be read.
const failedText = '?';

const readRow = async ({services, get, dispatch}: EffectContext, {key}: BrowseScreen, {id, columns}: NonNullable<ReturnType<typeof nextRow>>): Promise<void> => {
	const {revision} = get();
	const keep = (textOf: (column: ListColumn) => string) => {
		const texts = new Map(columns.map(column => [column.name, textOf(column)]));
		dispatch(cellsRead({key, id, cells: {revision, texts}}));
	};

	try {
		const detail = await services.detail(id);
		const item = services.index.get(id);
		keep(({text}) => item === undefined ? '' : text({...summaryRow(get(), services.index)(item), detail}));
	} catch (error) {
		keep(() => failedText);
		throw error;
	}
};

/**
Reads what is unread, and on `old` also what has changed since.
*/
const readRows = async (context: EffectContext, kind: 'unread' | 'old'): Promise<void> => {
	const {get} = context;
	const following = followings(context);
	const {revision} = get();
	following.isReading = true;
	try {
		while (!following.isOver) {
			const state = get();
			const screen = listOf(state);
			const next = screen && nextRow(state, screen, revision);
			if (screen === undefined || next === undefined || (kind === 'unread' && next.kind === 'old')) {
				return;
			}

			await readRow(context, screen, next);
		}
	} finally {
		following.isReading = false;
		followCells(context);
	}
};

const listOf = (state: UiState): BrowseScreen | undefined => {
	const screen = browseScreen(state);
	return screen?.name === 'browse' && screen.list.ids.length > 0 ? screen : undefined;
};

/**
Measures the columns of the open list, and reads for the rows on the screen what the index does not hold: row by row, once the cursor rests. A changed catalogue only makes what is shown a little old, so this is read again less often.
*/
export const followCells = (context: EffectContext): void => {
	const {get, guard, relistMs, restMs} = context;
	const following = followings(context);
	const screen = listOf(get());
	if (screen === undefined) {
		return;
	}

	measure(context, screen, wantedColumns(get(), screen));
	const state = get();
	const list = listOf(state);
	const {timers} = following;
	const kind = list === undefined || following.isReading || following.isOver || timers.has('unread') ? undefined : nextRow(state, list, state.revision)?.kind;
	if (kind === undefined || timers.has(kind)) {
		return;
	}

	timers.set(kind, setTimeout(() => {
		timers.delete(kind);
		// Who is reading comes here again afterwards.
		if (!following.isReading) {
			void guard(async () => readRows(context, kind));
		}
	}, kind === 'old' ? relistMs : restMs));
};

export const stopCells = (context: EffectContext): void => {
	const following = followings(context);
	following.isOver = true;
	for (const timer of following.timers.values()) {
		clearTimeout(timer);
	}
};
