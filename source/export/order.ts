import {compareText} from '../base/text/compare.js';
import type {CatalogHeader, ItemType, Library} from '../catalog/types.js';
import {sortKeyOf} from '../query/fold.js';
import type {CatalogIndex} from '../query/types.js';

export type ExportFilter = {libraryIds?: readonly string[]; types?: readonly ItemType[]};

/**
Yields the ids of all items in the order of an export, each once, in lists, because each step of an asynchronous generator costs as much as the rest of what is done for an id. Libraries are sorted by title. In each come the movies by title, then the shows by title, each show followed by its seasons and each season by its episodes. Items without their show or season come last.

@throws the reason of the signal, once it is aborted
*/
export async function * exportOrder(
	index: CatalogIndex,
	header: Pick<CatalogHeader, 'libraries'>,
	{libraryIds, types, signal}: ExportFilter & {signal?: AbortSignal} = {},
): AsyncGenerator<readonly string[]> {
	const call = signal === undefined ? {} : {signal};
	const isWanted = (id: string) => types === undefined || isOneOf(types, index.value(id, 'type'));
	for (const {id: libraryId} of sortLibraries(header.libraries, libraryIds)) {
		const seen = new Set<string>();
		const take = (id: string) => {
			const isNew = !seen.has(id);
			seen.add(id);
			return isNew && isWanted(id);
		};

		for await (const ids of libraryOrder(index, libraryId, call)) {
			yield ids.filter(id => take(id));
		}

		const isWhole = seen.size >= index.count({libraryId});
		const others = isWhole ? [] : await index.list({libraryId}, call);
		yield others.filter(id => take(id));
	}
}

async function * libraryOrder(index: CatalogIndex, libraryId: string, call: {signal?: AbortSignal}): AsyncGenerator<readonly string[]> {
	yield await index.list({libraryId, type: 'movie'}, call);
	for (const showId of await index.list({libraryId, type: 'show'}, call)) {
		yield [showId];
		for (const seasonId of await index.list({libraryId, showId, type: 'season'}, call)) {
			yield [seasonId];
			yield await index.list({libraryId, seasonId, type: 'episode'}, call);
		}

		yield await index.list({libraryId, showId, type: 'episode'}, call);
	}
}

/**
The libraries with these ids, or all, in the order in which their items are exported.
*/
export const sortLibraries = (libraries: readonly Library[], libraryIds?: readonly string[]): Library[] => libraries
	.filter(({id}) => libraryIds === undefined || libraryIds.includes(id))
	.map(library => ({library, key: sortKeyOf(library.title)}))
	.toSorted((left, right) => left.key === right.key ? compareText(left.library.id, right.library.id) : compareText(left.key, right.key))
	.map(({library}) => library);

/**
The ids of libraries in the order of an export.
*/
export const sortedLibraryIds = (libraries: readonly Library[]): string[] => sortLibraries(libraries).map(({id}) => id);

const isOneOf = (types: readonly ItemType[], type: ItemType | undefined) => type !== undefined && types.includes(type);
