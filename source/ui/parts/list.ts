import {formatCount} from '../../base/text/format.js';
import type {IdList} from '../../query/types.js';

/**
A list with a cursor. The selection is an id, so that it stays when the list changes; `cursor` is the index where that id was last seen.
*/
export type ListState = {
	ids: IdList;
	selectedId: string | undefined;
	cursor: number;
	/**
	Index of the first row on the screen.
	*/
	top: number;
};

/**
The place of the cursor, such as `3/17`; empty when there are no rows.
*/
export const placeIn = ({ids, cursor}: ListState): string =>
	ids.length === 0 ? '' : `${formatCount(cursor + 1)}/${formatCount(ids.length)}`;

/**
The place of the cursor in words, such as `3 of 17`, for a screen reader.
*/
export const placeInWords = (list: ListState): string => placeIn(list).replace('/', ' of ');

export const emptyList: ListState = {
	ids: [],
	selectedId: undefined,
	cursor: 0,
	top: 0,
};

const clamp = (value: number, length: number) => Math.max(0, Math.min(length - 1, value));

/**
Moves to an index, or to the nearest end when the index is out of range.
*/
export const moveTo = (list: ListState, index: number): ListState => {
	const cursor = clamp(index, list.ids.length);
	const selectedId = list.ids.at(cursor);
	return cursor === list.cursor && selectedId === list.selectedId ? list : {...list, cursor, selectedId};
};

/**
Replaces the rows. The selected row stays selected and keeps its line on the screen; when it is gone, its neighbour takes its place.
*/
export const replaceIds = (list: ListState, ids: IdList): ListState => {
	const {selectedId} = list;
	if (selectedId === undefined || ids.length === 0) {
		return {
			...list, ids, cursor: 0, top: 0, selectedId: selectedId ?? ids.at(0),
		};
	}

	const found = ids.at(list.cursor) === selectedId ? list.cursor : ids.indexOf(selectedId);
	const cursor = found === -1 ? clamp(list.cursor, ids.length) : found;
	return {
		ids,
		cursor,
		selectedId: ids.at(cursor),
		top: Math.max(0, list.top + cursor - list.cursor),
	};
};

/**
Scrolls the list until the cursor is on the screen, by as few rows as possible, so that the eye can follow. A cursor that came from far away goes to the middle.
*/
export const scrollTo = (list: ListState, rows: number): ListState => {
	const height = Math.max(1, rows);
	const last = Math.max(0, list.ids.length - height);
	const nearest = Math.max(list.cursor - height + 1, Math.min(list.cursor, list.top));
	const isNear = Math.abs(nearest - list.top) < height;
	const top = Math.max(0, Math.min(last, isNear ? nearest : list.cursor - Math.floor(height / 2)));
	return top === list.top ? list : {...list, top};
};
