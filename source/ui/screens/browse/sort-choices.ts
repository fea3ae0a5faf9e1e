import {sortChoices, type SortChoice} from '../../../query/list-fields.js';
import type {UiState} from '../../ui-state.js';
import {browseScreen} from './reduce.js';

/**
The sort fields of the list on the screen or under the menu.
*/
export const sortFieldsOf = (state: UiState): SortChoice[] => {
	const level = browseScreen(state)?.level;
	return sortChoices.filter(({levels}) => level !== undefined && levels.includes(level));
};
