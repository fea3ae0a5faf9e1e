import type {ItemSummary} from '../query/types.js';
import {formatDurationMs} from '../base/text/format.js';
import {tableLines, type TableColumn, type TableOptions} from './table.js';

type Column = TableColumn & {
	/**
	Even when it is empty.
	*/
	isKept?: boolean;
	value: (item: ItemSummary, titleOf: TitleOf) => string | undefined;
};

type TitleOf = (id: string) => string | undefined;

const columns: readonly Column[] = [
	{heading: 'Key', align: 'right', value: item => item.ratingKey},
	{heading: 'Type', value: item => item.type},
	{
		heading: 'Show',
		isFlexible: true,
		value: (item, titleOf) => item.showId === undefined ? undefined : titleOf(item.showId),
	},
	{heading: 'Number', value: item => numberOf(item)},
	{
		heading: 'Title', isFlexible: true, isKept: true, value: item => item.editionTitle === undefined ? item.title : `${item.title} (${item.editionTitle})`,
	},
	{heading: 'Year', align: 'right', value: item => item.year === undefined ? undefined : String(item.year)},
	{
		heading: 'Length',
		align: 'right',
		value: item => item.durationMs === undefined ? undefined : formatDurationMs(item.durationMs),
	},
	{heading: 'Picture', value: item => [item.resolution, item.hdr].filter(part => part !== undefined).join(' ')},
	{
		heading: 'Episodes', align: 'right', value: item => item.leafCount === undefined ? undefined : String(item.leafCount),
	},
	{heading: 'Id', value: item => item.id},
];

/**
The lines of `reelcat ls`, without the columns that are empty in every row. `titleOf` names shows.
*/
export const itemsTable = (items: readonly ItemSummary[], {titleOf = () => undefined, ...options}: TableOptions & {titleOf?: TitleOf} = {}): string[] => {
	const filled = columns
		.map(column => ({column, cells: items.map(item => column.value(item, titleOf) ?? '')}))
		.filter(({column, cells}) => column.isKept === true || cells.some(cell => cell !== ''));
	const rows = items.map((_, row) => filled.map(({cells}) => cells[row]!));
	return tableLines(filled.map(({column}) => column), rows, options);
};

const pad = (number: number) => String(number).padStart(2, '0');

const numberOf = ({type, seasonNumber, episodeNumber, releaseDate}: ItemSummary) => {
	const season = seasonNumber === undefined ? '' : `S${pad(seasonNumber)}`;
	if (type !== 'episode') {
		return season;
	}

	return episodeNumber === undefined ? (releaseDate ?? season) : `${season}E${pad(episodeNumber)}`;
};
