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
Changes in one section at one time. When a whole family is removed, only its top item is named: real servers are no more reliable ([PKC]).
*/
export type LibraryChange = {
	kind: 'added' | 'changed' | 'removed';
	sectionKey: string;
	items: ChangedItem[];
};

type ChangeListener = (change: LibraryChange) => void;

/**
Reports changes. While nobody listens, nothing is looked up.
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
		@returns Removes the listener.
		*/
		add(listener: ChangeListener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		/**
		Makes the change and reports the items as they are after it, or as they were before their removal.
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

export type LibraryObservers = ReturnType<typeof createObservers>;
