import type {UiMessage} from '../messages.js';
import type {MouseReport} from './mouse-report.js';

export type Place = {column: number; row: number};

/**
What the mouse asks for: a change, or the key that does the same.
*/
export type MouseAct = UiMessage | {key: string};

/**
A part of the screen that answers to the mouse. Places are counted from its upper left corner. Where two overlap, the later one counts.
*/
export type Region = Place & {
	/**
	Tells it from the other regions of its screen.
	*/
	name: string;
	columns: number;
	rows: number;
	click?: (place: Place) => MouseAct | readonly MouseAct[] | undefined;
	/**
	The second click on a row, after `click`.
	*/
	open?: (place: Place) => MouseAct | undefined;
	/**
	The button is held down after a click here; the place is the nearest one within the region.
	*/
	drag?: (place: Place) => MouseAct | undefined;
	/**
	`rows` is negative upwards. Without it the cursor of the screen moves.
	*/
	wheel?: (rows: number) => MouseAct | undefined;
};

/**
What was done with the mouse last.
*/
export type Pointer = {
	clicked: (Place & {region: string; atMs: number}) | undefined;
	dragged: string | undefined;
};

export const idlePointer: Pointer = {clicked: undefined, dragged: undefined};

const doubleClickMs = 400;
const rowsOfNotch = 3;

const within = (place: Place, {column, row}: Region): Place => ({column: place.column - column, row: place.row - row});

const isIn = (region: Region, place: Place): boolean => {
	const {column, row} = within(place, region);
	return column >= 0 && row >= 0 && column < region.columns && row < region.rows;
};

const clamp = (value: number, length: number) => Math.max(0, Math.min(length - 1, value));

/**
The region at a place.
*/
export const regionAt = (regions: readonly Region[], place: Place): Region | undefined =>
	regions.findLast(region => isIn(region, place));

/**
The index that a place on a scroll bar stands for.
*/
export const indexOnBar = (row: number, rows: number, length: number): number =>
	clamp(Math.round(row / Math.max(1, rows - 1) * (length - 1)), length);

/**
What a report of the mouse means for the regions that are on the screen now: what is to be done, in order, and how far the wheel was turned over a region that leaves this to the cursor.
*/
export const followPointer = (before: Pointer, report: MouseReport, regions: readonly Region[], nowMs: number): {pointer: Pointer; acts: MouseAct[]; cursorRows: number} => {
	const {kind, button} = report;
	const region = regionAt(regions, report);
	const nothing = {pointer: before, acts: [], cursorRows: 0};
	if (kind === 'wheel-up' || kind === 'wheel-down') {
		const rows = kind === 'wheel-up' ? -rowsOfNotch : rowsOfNotch;
		return region?.wheel === undefined ? {...nothing, cursorRows: rows} : {...nothing, acts: known(region.wheel(rows))};
	}

	if (button !== 'left') {
		return nothing;
	}

	if (kind === 'release') {
		return {...nothing, pointer: {...before, dragged: undefined}};
	}

	if (kind === 'drag') {
		const dragged = regions.find(({name}) => name === before.dragged);
		if (dragged === undefined) {
			return nothing;
		}

		const place = within(report, dragged);
		return {...nothing, acts: known(dragged.drag?.({column: clamp(place.column, dragged.columns), row: clamp(place.row, dragged.rows)}))};
	}

	if (region === undefined) {
		return {...nothing, pointer: idlePointer};
	}

	const {clicked} = before;
	const place = within(report, region);
	const isSecond = clicked?.region === region.name && clicked.row === report.row && nowMs - clicked.atMs <= doubleClickMs;
	return {
		// A third click is a first one again.
		pointer: {clicked: isSecond ? undefined : {...report, region: region.name, atMs: nowMs}, dragged: region.drag === undefined ? undefined : region.name},
		acts: [...known(region.click?.(place)), ...isSecond ? known(region.open?.(place)) : []],
		cursorRows: 0,
	};
};

const known = (act: MouseAct | readonly MouseAct[] | undefined): MouseAct[] => act === undefined ? [] : [act].flat();
