import type {CollectionRow, SmartList} from '../library/collections.js';
import type {NamedPlaylist, PlaylistRow} from '../library/playlists.js';
import type {RowChange} from '../library/shelf.js';

/**
Changes of collections and playlists that only tests and benchmarks make. As on a real server no notification tells of them, and no stamp of an item moves.
*/
export type ListKnobs = {
	/**
	Puts an item into an ordinary collection, which is made if the library has none of that title, or takes it out. A collection without items is gone.
	*/
	collect: (ratingKey: string, title: string) => void;
	uncollect: (ratingKey: string, title: string) => void;
	/**
	Changes the row of a collection each time it is built. A second call replaces the first.
	*/
	changeCollection: (ratingKey: string, change: RowChange<CollectionRow>) => void;
	/**
	Puts the items of an ordinary collection in an order by hand.
	*/
	orderCollection: (ratingKey: string, ratingKeys: readonly string[]) => void;
	addSmartCollection: (list: SmartList) => void;
	/**
	Items lose the tag of the collection as well.
	*/
	removeCollection: (ratingKey: string) => void;
	changePlaylist: (ratingKey: string, change: RowChange<PlaylistRow>) => void;
	/**
	Adds a playlist, or replaces the one with its key.
	*/
	setPlaylist: (playlist: NamedPlaylist) => void;
	removePlaylist: (ratingKey: string) => void;
};

/**
What the knobs changed.
*/
export type ListEdits = {
	/**
	By item, whether it is in the collection of a title.
	*/
	tags: Map<number, Map<string, boolean>>;
	collections: Map<string, RowChange<CollectionRow>>;
	orders: Map<string, readonly number[]>;
	smart: SmartList[];
	/**
	Keys of collections and playlists.
	*/
	removed: Set<string>;
	playlists: Map<string, RowChange<PlaylistRow>>;
	named: NamedPlaylist[];
};

export const noListEdits = (): ListEdits => ({
	tags: new Map(), collections: new Map(), orders: new Map(), smart: [], removed: new Set(), playlists: new Map(), named: [],
});

type ListState = {
	edits: ListEdits;
	collectionOf: (ratingKey: string) => CollectionRow | undefined;
	membersOf: (ratingKey: string) => readonly number[] | undefined;
	sectionOf: (key: number) => string | undefined;
	contentChanged: (sectionKey: string | undefined) => void;
};

export const createListKnobs = ({edits, collectionOf, membersOf, sectionOf, contentChanged}: ListState): ListKnobs => {
	const tag = (key: number, title: string, isIn: boolean) => {
		const tags = edits.tags.get(key) ?? new Map<string, boolean>();
		tags.set(title, isIn);
		edits.tags.set(key, tags);
	};

	const sectionChanged = (ratingKey: string) => {
		const sectionKey = collectionOf(ratingKey)?.librarySectionID;
		contentChanged(sectionKey === undefined ? undefined : String(sectionKey));
	};

	return {
		collect(ratingKey, title) {
			tag(Number(ratingKey), title, true);
			contentChanged(sectionOf(Number(ratingKey)));
		},
		uncollect(ratingKey, title) {
			tag(Number(ratingKey), title, false);
			contentChanged(sectionOf(Number(ratingKey)));
		},
		changeCollection(ratingKey, change) {
			edits.collections.set(ratingKey, change);
			sectionChanged(ratingKey);
		},
		orderCollection(ratingKey, ratingKeys) {
			edits.orders.set(ratingKey, ratingKeys.map(Number));
			sectionChanged(ratingKey);
		},
		addSmartCollection(list) {
			edits.smart.push(list);
			contentChanged(list.sectionKey);
		},
		removeCollection(ratingKey) {
			const collection = collectionOf(ratingKey);
			for (const key of collection?.smart === true ? [] : membersOf(ratingKey) ?? []) {
				tag(key, collection!.title, false);
			}

			sectionChanged(ratingKey);
			edits.removed.add(ratingKey);
		},
		changePlaylist(ratingKey, change) {
			edits.playlists.set(ratingKey, change);
		},
		setPlaylist(playlist) {
			edits.removed.delete(playlist.ratingKey);
			edits.named.push(playlist);
		},
		removePlaylist(ratingKey) {
			edits.removed.add(ratingKey);
		},
	};
};
