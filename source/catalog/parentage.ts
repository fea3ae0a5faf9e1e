import type {Item, ItemType} from './types.js';

type Child = Pick<Item, 'type' | 'libraryId' | 'showId' | 'seasonId'>;

/**
What a record must be to be a parent; any other kind of record has no `type`.
*/
export type ParentFacts = {type: ItemType | undefined; libraryId?: string | undefined; showId?: string | undefined};

export type WrongParent = {role: 'show' | 'season'; id: string | undefined};

/**
Finds the parents of an item that cannot be its parents: a season and an episode need a show, a show is a show and a season is a season. A film and a show have no parents, and a season is in no season.

This decides for what is imported, and in `verify`, for what is backed up and restored. `isExact` also demands the same library and, of a season, the same show. While an item moves from one library or show to another, its children come later, so this holds only for what a server says at once.
*/
export const wrongParents = ({type, libraryId, showId, seasonId}: Child, parentOf: (id: string) => ParentFacts | undefined, {isExact = false}: {isExact?: boolean} = {}): WrongParent[] => {
	const isAt = (id: string, role: ItemType) => {
		const parent = parentOf(id);
		return parent?.type === role && (!isExact || (parent.libraryId === libraryId && (role === 'show' || parent.showId === showId)));
	};

	const wrong: WrongParent[] = [];
	const isNeedsShow = type === 'season' || type === 'episode';
	if (isNeedsShow ? showId === undefined || !isAt(showId, 'show') : showId !== undefined) {
		wrong.push({role: 'show', id: showId});
	}

	if (seasonId !== undefined && !(type === 'episode' && isAt(seasonId, 'season'))) {
		wrong.push({role: 'season', id: seasonId});
	}

	return wrong;
};
