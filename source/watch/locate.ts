import {requireAppError} from '../base/errors.js';
import type {Library} from '../catalog/types.js';
import type {PlexClient} from '../plex/types.js';
import type {Knowledge} from '../sync/knowledge.js';
import {fetchAllDetails, sectionKeyOf} from '../sync/listing.js';

type LocateOptions = {
	knowledge: Pick<Knowledge, 'stored'>;
	libraries: () => ReadonlyArray<Pick<Library, 'id' | 'key'>>;
	/**
	Absent while the server cannot be asked.
	*/
	plex: () => Pick<PlexClient, 'details'> | undefined;
	signal: AbortSignal;
};

/**
Ids of libraries by ratingKey. A key that is in none belongs to a library that is not watched, or to nothing.
*/
export type Locate = (ratingKeys: readonly string[]) => Promise<ReadonlyMap<string, string> | undefined>;

/**
Finds the libraries of items whose section the server did not name, as when a playback stops: the catalogue knows most of them, and one request tells the others. Undefined if the server cannot be asked.
*/
export const createLocator = (options: LocateOptions): Locate => async ratingKeys => {
	try {
		return await locate(options, ratingKeys);
	} catch (error) {
		requireAppError(error);

		return undefined;
	}
};

const locate = async ({knowledge, libraries, plex, signal}: LocateOptions, ratingKeys: readonly string[]): Promise<Map<string, string> | undefined> => {
	const located = new Map<string, string>();
	for (const {id} of libraries()) {
		const {meet, find} = await knowledge.stored(id);
		await meet(ratingKeys);
		for (const ratingKey of ratingKeys) {
			if (await find(ratingKey) !== undefined) {
				located.set(ratingKey, id);
			}
		}
	}

	const unknown = ratingKeys.filter(ratingKey => !located.has(ratingKey));
	const server = plex();
	if (unknown.length === 0) {
		return located;
	}

	if (server === undefined) {
		return undefined;
	}

	const {rows, lost} = await fetchAllDetails(server, unknown, signal);
	for (const [ratingKey, row] of rows) {
		const library = libraries().find(({key}) => key === sectionKeyOf(row));
		if (library !== undefined) {
			located.set(ratingKey, library.id);
		}
	}

	return lost.size === 0 ? located : undefined;
};
