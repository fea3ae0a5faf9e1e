import type {Item} from './types.js';

/**
The title of an item with its show and number, for places where nothing else names the show.
*/
export const fullTitle = (item: Pick<Item, 'type' | 'title' | 'editionTitle' | 'seasonNumber' | 'episodeNumber' | 'releaseDate'>, showTitle: string | undefined): string => {
	const {type, title, editionTitle} = item;
	const own = editionTitle === undefined ? title : `${title} (${editionTitle})`;
	return type === 'movie' || type === 'show' ? own : [showTitle ?? 'Unknown show', type === 'season' ? own : `${place(item)} ${own}`.trim()].join(' – ');
};

const place = ({seasonNumber, episodeNumber, releaseDate}: Pick<Item, 'seasonNumber' | 'episodeNumber' | 'releaseDate'>) => episodeNumber === undefined
	? releaseDate ?? ''
	: `S${twoDigits(seasonNumber)}E${twoDigits(episodeNumber)}`;

const twoDigits = (number: number | undefined) => number === undefined ? '??' : String(number).padStart(2, '0');
