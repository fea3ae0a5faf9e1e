import {fileIdsOf} from '../catalog/item-files.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import {createElsewhere, type Elsewhere, type ElsewhereContext} from './elsewhere.js';
import {readKnown, type KnownLibrary} from './known.js';

/**
What a sync asks of the catalogue as a whole, beyond single records. Read anew for each run, or kept from run to run: see `createLivingKnowledge`.
*/
export type Knowledge = {
	library: (libraryId: string) => Promise<KnownLibrary>;
	elsewhere: (context: ElsewhereContext) => Elsewhere;
	/**
	Ids of the stored items that play a file, for each of these files.
	*/
	players: (fileIds: ReadonlySet<string>) => Promise<Map<string, string[]>>;
};

/**
Reads all records for each question.
*/
export const readKnowledge = (store: Pick<CatalogStore, 'page' | 'header'>): Knowledge => ({
	library: async libraryId => readKnown(store, libraryId),
	elsewhere: context => createElsewhere(store, context),
	async players(fileIds) {
		const players = new Map(fileIds.values().map((id): [string, string[]] => [id, []]));
		if (fileIds.size === 0) {
			return players;
		}

		for await (const items of storedItems(store)) {
			for (const item of items) {
				for (const id of fileIdsOf(item)) {
					players.get(id)?.push(item.id);
				}
			}
		}

		return players;
	},
});
