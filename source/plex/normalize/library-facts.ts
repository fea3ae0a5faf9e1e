import {
	asRecords,
	readInteger,
	readShortText,
	readString,
	type Wire,
} from '../wire.js';
import {readImagePath} from './images.js';

export type FactualRow = Wire<'slug' | 'theme' | 'Location' | 'showOrdering' | 'episodeSort' | 'createdAtAccuracy' | 'createdAtTZOffset'>;

/**
-1 leaves it to the library.
*/
const episodeOrders = new Map([[0, 'oldest-first'], [1, 'newest-first']] as const);

/**
Where an item lies, how its server orders it, and what a home video knows of its date.
*/
export const readLibraryFacts = (row: FactualRow) => ({
	slug: readString(row.slug),
	theme: readImagePath(row.theme),
	folders: readFolders(row.Location),
	showOrdering: readShortText(row.showOrdering),
	episodeOrder: episodeOrders.get(readInteger(row.episodeSort) as 0 | 1),
	createdAtAccuracy: readShortText(row.createdAtAccuracy),
	createdAtOffsetSeconds: readInteger(row.createdAtTZOffset),
});

const readFolders = (locations: unknown): string[] | undefined => {
	const paths = asRecords<'path'>(locations).map(({path}) => readString(path)).filter(path => path !== undefined);
	return paths.length === 0 ? undefined : [...new Set(paths)];
};
