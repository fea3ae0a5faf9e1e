import type {Region} from '../../input/pointer.js';
import {layoutOf} from '../../layout.js';
import {message} from '../../messages.js';
import {moveTo} from '../../parts/list.js';
import type {UiState} from '../../ui-state.js';
import {cardPlaces, libraryCardRows, shownRows} from './layout.js';

export const moveLibrary = (state: UiState, at: number): UiState => ({...state, libraries: {...state.libraries, list: moveTo(state.libraries.list, at)}});

const libraryClicked = message(moveLibrary);

/**
The cards or the rows of the libraries, and the box in each, which ticks it.
*/
export const libraryRegions = (state: UiState): Region[] => {
	const {list: {ids, top}} = state.libraries;
	const {isFramed} = layoutOf(state);
	const {columns} = state.size;
	const border = isFramed ? 1 : 0;
	const places = cardPlaces(state)?.map(place => ({...place, rows: libraryCardRows}))
		?? ids.slice(top, top + shownRows(state)).map((_, row) => ({
			column: border, row: row + 1 + border, columns: columns - (2 * border), rows: 1,
		}));
	return places.flatMap((place, offset): Region[] => {
		const at = top + offset;
		const name = `library ${at}`;
		const click = () => libraryClicked(at);
		return [
			{
				...place, name, click, open: () => ({key: 'l'}),
			},
			{
				...place, name: `${name} box`, column: place.column + (place.rows === 1 ? 2 : 5), columns: 3, rows: 1, click: () => [libraryClicked(at), {key: 'space'}],
			},
		];
	});
};
