import {itemId} from '../catalog/identity.js';
import type {Fingerprints, Item, ItemType} from '../catalog/types.js';
import type {ListedRow} from '../plex/listed-row.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';

/**
What a comparison must know of a stored item, in little room.
*/
export type KnownItem = {
	id: string;
	type: ItemType;
	title: string;
	fingerprints: Fingerprints | undefined;
	/**
	As JSON, to compare with what a row says.
	*/
	viewState: string;
	isMissing: boolean;
	/**
	The season of an episode, or its show where it has none; the show of a season.
	*/
	parentId: string | undefined;
};

export type KnownLibrary = {
	byKey: Map<string, KnownItem>;
	/**
	Placeholders that no server lists.
	*/
	unkeyed: KnownItem[];
	/**
	Items whose id does not follow from their ratingKey: the id that would, and theirs.
	*/
	renamed: Map<string, string>;
};

export const emptyKnown = (): KnownLibrary => ({byKey: new Map(), unkeyed: [], renamed: new Map()});

export const isNothing = ({byKey, unkeyed}: KnownLibrary): boolean => byKey.size + unkeyed.length === 0;

export const readKnown = async (store: Pick<CatalogStore, 'page'>, libraryId: string): Promise<KnownLibrary> => {
	const known = emptyKnown();
	for await (const items of storedItems(store, {libraryId})) {
		for (const item of items) {
			addKnown(known, item);
		}
	}

	return known;
};

export const addKnown = ({byKey, unkeyed, renamed}: KnownLibrary, item: Item): void => {
	const {id, serverId, ratingKey} = item;
	if (ratingKey === undefined) {
		unkeyed.push(knownOf(item));
		return;
	}

	byKey.set(ratingKey, knownOf(item));
	const usual = itemId(serverId, ratingKey);
	if (usual !== id) {
		renamed.set(usual, id);
	}
};

export const removeKnown = ({byKey, unkeyed, renamed}: KnownLibrary, {id, ratingKey}: {id: string; ratingKey: string | undefined}): void => {
	if (ratingKey === undefined) {
		unkeyed.splice(unkeyed.findIndex(known => known.id === id), 1);
		return;
	}

	// The key may have been given to another item meanwhile.
	if (byKey.get(ratingKey)?.id === id) {
		byKey.delete(ratingKey);
	}

	for (const [usual, renamedId] of renamed) {
		if (renamedId === id) {
			renamed.delete(usual);
		}
	}
};

export const viewStateText = (viewState: Item['viewState']): string => viewState === undefined
	? ''
	: JSON.stringify([viewState.viewCount, viewState.viewOffsetMs, viewState.lastViewedAt, viewState.userRating, viewState.lastRatedAt]);

/**
A fingerprint of full rows that is not known counts as another.
*/
export const isSameRow = ({fingerprints}: ListedRow, known: Fingerprints | undefined): boolean =>
	fingerprints.slim === known?.slim && (fingerprints.full === undefined || fingerprints.full === known.full);

const knownOf = ({id, type, title, fingerprints, viewState, missingSince, seasonId, showId}: Item): KnownItem => ({
	id,
	type,
	title,
	fingerprints,
	viewState: viewStateText(viewState),
	isMissing: missingSince !== undefined,
	parentId: seasonId ?? showId,
});
