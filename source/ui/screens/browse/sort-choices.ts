import type {SortField} from '../../../query/types.js';
import type {UiState} from '../../ui-state.js';
import {browseScreen, type BrowseScreen} from './reduce.js';

type SortChoice = {
	field: SortField;
	label: string;
	/**
	Levels whose rows have the field.
	*/
	levels: ReadonlyArray<BrowseScreen['level']>;
	/**
	Starts with the newest, longest or best.
	*/
	isDescending?: true;
};

const sortChoices: readonly SortChoice[] = [
	{field: 'title', label: 'Title', levels: ['movie', 'show', 'season', 'episode']},
	{field: 'number', label: 'Number', levels: ['season', 'episode']},
	{field: 'year', label: 'Year', levels: ['movie', 'show', 'season', 'episode']},
	{
		field: 'added', label: 'Date added', levels: ['movie', 'show', 'season', 'episode'], isDescending: true,
	},
	{field: 'duration', label: 'Length', levels: ['movie', 'episode']},
	{
		field: 'resolution', label: 'Resolution', levels: ['movie', 'episode'], isDescending: true,
	},
	{
		field: 'rating', label: 'Rating', levels: ['movie', 'show', 'episode'], isDescending: true,
	},
];

/**
What the list on the screen, or under the menu, can be sorted by.
*/
export const sortFieldsOf = (state: UiState): SortChoice[] => {
	const level = browseScreen(state)?.level;
	return sortChoices.filter(({levels}) => level !== undefined && levels.includes(level));
};
