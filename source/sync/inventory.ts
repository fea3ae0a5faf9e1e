import {itemId} from '../catalog/identity.js';
import type {Item} from '../catalog/types.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import type {NormalizedItem} from '../plex/types.js';
import {canonicalJson} from '../store/record-line.js';

/**
Fields that do not come from the server.
*/
const own: ReadonlySet<string> = new Set(['id', 'kind', 'placeholder', 'firstSeenAt', 'missingSince', 'fingerprints'] satisfies Array<keyof Item>);

/**
Names of the fields in which a stored item differs from what the server says.
*/
export const differingFields = (
	{item, parents}: Pick<NormalizedItem, 'item' | 'parents'>,
	known: Item,
	{idOf, seasonOf}: Inventory,
): string[] => {
	const theirs: Record<string, unknown> = {
		...item,
		...(item.showId !== undefined && {showId: idOf(item.showId)}),
		...(item.seasonId !== undefined && {seasonId: idOf(item.seasonId)}),
	};
	// The server hides the season, so any season with that number is the right one.
	const isHiddenSeason = parents.season !== undefined && parents.season.ratingKey === undefined;
	if (isHiddenSeason && known.seasonId !== undefined && seasonOf(known.seasonId) === `${known.showId}:${known.seasonNumber}`) {
		theirs['seasonId'] = known.seasonId;
	}

	const ours: Readonly<Record<string, unknown>> = known;
	const names = Object.keys({...theirs, ...ours}).filter(name => !own.has(name));
	return names.filter(name => canonicalJson(theirs[name] ?? null) !== canonicalJson(ours[name] ?? null));
};

/**
The stored items of a server.
*/
export type Inventory = {
	byKey: ReadonlyMap<string, InventoryEntry>;
	/**
	The stored id for an id that was made from a ratingKey: an item keeps its first id.
	*/
	idOf: (id: string) => string;
	/**
	Names a season by its show and number.
	*/
	seasonOf: (id: string) => string | undefined;
};

type InventoryEntry = Pick<Item, 'id' | 'libraryId'> & {
	/**
	The server is not expected to list it, because it is a placeholder or known to be missing.
	*/
	isUnlisted: boolean;
};

export const takeInventory = async (store: CatalogStore, serverId: string): Promise<Inventory> => {
	const byKey = new Map<string, InventoryEntry>();
	const aliases = new Map<string, string>();
	const seasons = new Map<string, string>();
	const take = (item: Item) => {
		const {id, libraryId, ratingKey} = item;
		if (item.type === 'season') {
			seasons.set(id, `${item.showId}:${item.seasonNumber}`);
		}

		if (ratingKey === undefined) {
			return;
		}

		byKey.set(ratingKey, {id, libraryId, isUnlisted: item.placeholder === true || item.missingSince !== undefined});
		aliases.set(itemId(serverId, ratingKey), id);
	};

	for await (const items of storedItems(store)) {
		for (const item of items) {
			if (item.serverId === serverId) {
				take(item);
			}
		}
	}

	return {byKey, idOf: id => aliases.get(id) ?? id, seasonOf: id => seasons.get(id)};
};
