import type {LibraryObservers} from '../library/observers.js';
import type {PlexRow} from '../library/row.js';
import type {DemoSection} from '../library/section.js';
import type {RowChange} from '../library/shelf.js';

/**
Changes of the library that only tests and benchmarks make.
*/
export type LibraryKnobs = {
	/**
	Also removes everything below it.
	*/
	removeItem: (ratingKey: string) => void;
	/**
	Changes the row each time it is built. A second call replaces the first. `isSilent` moves no stamp of the section.
	*/
	changeItem: (ratingKey: string, change: RowChange<PlexRow>, options?: {isSilent?: boolean}) => void;
	/**
	Adds a row to a section under its own key, which must be new.
	*/
	addItem: (sectionKey: string, type: number, row: PlexRow) => void;
	/**
	Every detail call that includes the item fails with 500.
	*/
	breakItem: (ratingKey: string) => void;
	repairItem: (ratingKey: string) => void;
	/**
	Simulates a lost disk: everything in the section whose files are all below the folder vanishes, until `replug`.
	*/
	unplug: (sectionKey: string, folder: string) => void;
	replug: (sectionKey: string, folder: string) => void;
	/**
	Hides items as restrictions of a user do: no stamp moves and nothing is spoken. `unhide` shows all of them again.
	*/
	hide: (ratingKeys: readonly string[]) => void;
	unhide: () => void;
	removeSection: (sectionKey: string) => void;
	/**
	Reverts `removeSection`.
	*/
	restoreSection: (sectionKey: string) => void;
	changeSection: (sectionKey: string, changes: Partial<Omit<DemoSection, 'key'>>) => void;
	/**
	Deletes a section of movies and makes it anew over the same folders: another key and uuid, other ratingKeys from `firstKey` on, the same files and guids.
	*/
	remakeSection: (sectionKey: string, anew: {key: string; uuid: string; firstKey: number}) => void;
};

export type AddedRow = {sectionKey: string; type: number; row: PlexRow};

/**
The parts of a library that the knobs change.
*/
type LibraryState = {
	sections: Map<string, DemoSection>;
	removed: Set<number>;
	broken: Set<string>;
	changes: Map<number, RowChange<PlexRow>>;
	added: Map<number, AddedRow>;
	observers: LibraryObservers;
	children: (ratingKey: string) => {seasons: string[]; episodes: string[]};
	sectionOf: (key: number) => string | undefined;
	allRows: (sectionKey: string, type: number) => PlexRow[];
	contentChanged: (sectionKey: string | undefined) => void;
	forgetListings: () => void;
	/**
	Forgets lists that depend on the content of rows only.
	*/
	forgetLists: () => void;
};

export const createLibraryKnobs = ({sections, removed, broken, changes, added, observers, children, sectionOf, allRows, contentChanged, forgetListings, forgetLists}: LibraryState): LibraryKnobs => {
	const lostSections = new Map<string, DemoSection>();
	const hidden = new Set<number>();
	const unplugged = new Map<string, number[]>();
	const removeSection = (sectionKey: string) => {
		const section = sections.get(sectionKey);
		if (section !== undefined) {
			lostSections.set(sectionKey, section);
		}

		sections.delete(sectionKey);
		forgetListings();
	};

	return {
		removeItem(ratingKey) {
			const {seasons, episodes} = children(ratingKey);
			observers.during('removed', [Number(ratingKey)], () => {
				for (const key of [ratingKey, ...seasons, ...episodes]) {
					removed.add(Number(key));
				}

				contentChanged(sectionOf(Number(ratingKey)));
			});
		},
		changeItem(ratingKey, change, {isSilent = false} = {}) {
			const key = Number(ratingKey);
			if (isSilent) {
				changes.set(key, change);
				forgetLists();
				return;
			}

			observers.during('changed', [key], () => {
				changes.set(key, change);
				contentChanged(sectionOf(key));
			});
		},
		addItem(sectionKey, type, row) {
			const key = Number(row.ratingKey);
			observers.during('added', [key], () => {
				added.set(key, {sectionKey, type, row});
				contentChanged(sectionKey);
			});
		},
		breakItem(ratingKey) {
			broken.add(ratingKey);
		},
		repairItem(ratingKey) {
			broken.delete(ratingKey);
		},
		unplug(sectionKey, folder) {
			const gone = [1, 4].flatMap(type => allRows(sectionKey, type)).filter(row => isBelow(row, folder)).map(({ratingKey}) => Number(ratingKey));
			unplugged.set(`${sectionKey} ${folder}`, gone);
			observers.during('removed', gone, () => {
				for (const key of gone) {
					removed.add(key);
				}

				contentChanged(sectionKey);
			});
		},
		replug(sectionKey, folder) {
			const back = unplugged.get(`${sectionKey} ${folder}`) ?? [];
			observers.during('changed', back, () => {
				for (const key of back) {
					removed.delete(key);
				}

				contentChanged(sectionKey);
			});
		},
		hide(ratingKeys) {
			for (const ratingKey of ratingKeys) {
				const key = Number(ratingKey);
				if (removed.has(key)) {
					continue;
				}

				removed.add(key);
				hidden.add(key);
			}

			forgetListings();
		},
		unhide() {
			for (const key of hidden) {
				removed.delete(key);
			}

			hidden.clear();
			forgetListings();
		},
		removeSection,
		restoreSection(sectionKey) {
			const section = lostSections.get(sectionKey);
			if (section === undefined) {
				return;
			}

			sections.set(sectionKey, section);
			forgetListings();
		},
		changeSection(sectionKey, sectionChanges) {
			const section = sections.get(sectionKey);
			if (section !== undefined) {
				Object.assign(section, sectionChanges);
			}
		},
		remakeSection(sectionKey, {key, uuid, firstKey}) {
			const section = sections.get(sectionKey);
			const rows = allRows(sectionKey, 1);
			removeSection(sectionKey);
			if (section === undefined) {
				return;
			}

			sections.set(key, {...section, key, uuid});
			for (const [index, row] of rows.entries()) {
				const ratingKey = String(firstKey + index);
				added.set(firstKey + index, {sectionKey: key, type: 1, row: {...structuredClone(row), ratingKey, key: `/library/metadata/${ratingKey}`}});
			}

			contentChanged(key);
		},
	};
};

const isBelow = (row: PlexRow, folder: string) => {
	const files = (row.Media ?? []).flatMap(({Part: parts = []}) => parts.map(({file}) => file ?? ''));
	return files.length > 0 && files.every(file => file.startsWith(folder));
};
