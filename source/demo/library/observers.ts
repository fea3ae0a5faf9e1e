import type {PlexRow} from './row.js';

/**
An item as a notification names it.
*/
export type ChangedItem = {
	ratingKey: string;
	/**
	Plex's number of the type, see `Shelf`.
	*/
	type: number;
	row: PlexRow;
};

/**
What happened in one section, at once. Of what is removed together with something above it, only that is named: servers are no more reliable ([PKC]).
*/
export type LibraryChange = {
	kind: 'added' | 'changed' | 'removed';
	sectionKey: string;
	items: ChangedItem[];
};

export type ChangeListener = (change: LibraryChange) => void;

/**
Tells of changes. As long as nobody listens, nothing is looked up.
*/
export const createObservers = (find: (key: number) => {sectionKey: string; type: number; row: PlexRow} | undefined) => {
	const listeners = new Set<ChangeListener>();

	const itemsOf = (keys: readonly number[]) => {
		const items = new Map<string, ChangedItem[]>();
		for (const key of keys) {
			const found = find(key);
			if (found === undefined) {
				continue;
			}

			const {sectionKey, ...item} = found;
			const ofSection = items.get(sectionKey) ?? [];
			ofSection.push({ratingKey: String(key), ...item});
			items.set(sectionKey, ofSection);
		}

		return items;
	};

	return {
		/**
		@returns Takes the listener back.
		*/
		add(listener: ChangeListener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		/**
		Makes the change, and tells of it as the items are after it, or were before they went.
		*/
		during(kind: LibraryChange['kind'], keys: readonly number[], change: () => void) {
			const isGone = kind === 'removed';
			const hasListeners = listeners.size > 0;
			const before = hasListeners && isGone ? itemsOf(keys) : undefined;
			change();
			for (const [sectionKey, items] of hasListeners ? before ?? itemsOf(keys) : []) {
				for (const listener of listeners) {
					listener({kind, sectionKey, items});
				}
			}
		},
	};
};
