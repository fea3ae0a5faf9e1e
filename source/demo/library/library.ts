import {createObservers, type LibraryChange} from './observers.js';
import type {PlexRow} from './row.js';
import {createSections, demoNow, type DemoSection} from './section.js';
import {listingOf, type Listing, type Oddity} from './shelf.js';
import type {KeyRange} from './show-shelves.js';
import {withStreams} from './media.js';
import {createShelves, type LibrarySize} from './shelves.js';

export type LibraryOptions = LibrarySize & {
	/**
	Rows at the end of the first movie section that nobody can keep: no ratingKey, not an object, an unknown type.
	*/
	brokenRows: boolean;
};

/**
What the demo server knows, for a test to look into and to change. Rows are made anew at each call; only changes are kept.
*/
export type DemoLibrary = {
	sections: () => DemoSection[];
	/**
	How many rows a client finds when it lists the type (1 movie, 2 show, 3 season, 4 episode).
	*/
	total: (sectionKey: string, type: number) => number;
	/**
	The rows of a page, full but for their streams.
	*/
	page: (sectionKey: string, type: number, page: RowRange & {order?: RowOrder}) => unknown[];
	/**
	Rows with a stamp after a time, in the order of their ids.
	*/
	moved: (sectionKey: string, type: number, since: {stamp: RowStamp; seconds: number}) => PlexRow[];
	/**
	The full row, as a detail call answers it.
	*/
	row: (ratingKey: string) => PlexRow | undefined;
	/**
	Keys of the seasons and episodes below a show or season that the server still has.
	*/
	children: (ratingKey: string) => {seasons: string[]; episodes: string[]};
	/**
	Keys of the items that show this odd case; never empty.
	*/
	oddities: (name: Oddity) => string[];
	/**
	With everything below it.
	*/
	removeItem: (ratingKey: string) => void;
	/**
	Changes the row each time it is made; a second call replaces the first. `isSilent` moves no stamp of the section.
	*/
	changeItem: (ratingKey: string, change: (row: PlexRow) => void, options?: {isSilent?: boolean}) => void;
	/**
	A further row in a section, under its own key, which must be new.
	*/
	addItem: (sectionKey: string, type: number, row: PlexRow) => void;
	/**
	Every detail call that includes the item fails with 500.
	*/
	breakItem: (ratingKey: string) => void;
	repairItem: (ratingKey: string) => void;
	isBroken: (ratingKey: string) => boolean;
	/**
	A disk is taken away: everything in the section whose files all lie below the folder vanishes, until it is put back.
	*/
	unplug: (sectionKey: string, folder: string) => void;
	replug: (sectionKey: string, folder: string) => void;
	removeSection: (sectionKey: string) => void;
	/**
	Takes back `removeSection`.
	*/
	restoreSection: (sectionKey: string) => void;
	changeSection: (sectionKey: string, changes: Partial<Omit<DemoSection, 'key'>>) => void;
	/**
	Told of every item that was added, changed or removed, but silently changed ones.

	@returns Takes the listener back.
	*/
	onChange: (listener: (change: LibraryChange) => void) => () => void;
};

export const rowStamps = ['updatedAt', 'addedAt', 'lastViewedAt'] as const;
export type RowStamp = typeof rowStamps[number];

/**
Positions, from 0.
*/
export type RowRange = {start: number; size: number};

export type RowOrder = 'id' | 'id:desc' | 'other';

export const createLibrary = (options: LibraryOptions): DemoLibrary => {
	const shelves = createShelves(options);
	const sections = new Map(createSections(options.seed).map(section => [section.key, section]));
	const removed = new Set<number>();
	const lostSections = new Map<string, DemoSection>();
	const unplugged = new Map<string, number[]>();
	const broken = new Set<string>();
	const changes = new Map<number, (row: PlexRow) => void>();
	const added = new Map<number, {sectionKey: string; type: number; row: PlexRow}>();
	const listings = new Map<string, Listing>();
	const firstSection = sections.keys().next().value;

	const shelfOf = (key: number) => shelves.all.find(({firstKey, count}) => key >= firstKey && key < firstKey + count);

	const listing = (sectionKey: string, type: number): Listing => {
		const name = `${sectionKey}/${type}`;
		const known = listings.get(name) ?? listingOf(
			shelves.all.filter(shelf => shelf.sectionKey === sectionKey && shelf.type === type),
			removed,
			[...added].filter(([key, item]) => item.sectionKey === sectionKey && item.type === type && !removed.has(key)).map(([key]) => key),
		);
		listings.set(name, known);
		return known;
	};

	const rowOf = (key: number, isDetail: boolean): PlexRow | undefined => {
		const extra = added.get(key);
		const shelf = extra === undefined ? shelfOf(key) : undefined;
		const sectionKey = extra?.sectionKey ?? shelf?.sectionKey;
		const section = sectionKey === undefined ? undefined : sections.get(sectionKey);
		if (section === undefined || removed.has(key) || shelf?.isUnknown?.(key - shelf.firstKey) === true) {
			return undefined;
		}

		const built = extra === undefined ? shelf!.build(key - shelf!.firstKey) : structuredClone(extra.row);
		const row = isDetail ? withStreams(built) : built;
		row.librarySectionTitle = section.title;
		row.librarySectionID = Number(section.key);
		row.librarySectionKey = `/library/sections/${section.key}`;
		changes.get(key)?.(row);
		return row;
	};

	const unkeepable = (sectionKey: string, type: number): readonly unknown[] => options.brokenRows && `${sectionKey}/${type}` === `${firstSection}/1` ? brokenRows : [];

	const contentChanged = (sectionKey: string | undefined) => {
		listings.clear();
		const section = sectionKey === undefined ? undefined : sections.get(sectionKey);
		if (section !== undefined) {
			section.contentChangedAt = String(BigInt(section.contentChangedAt) + 1n);
		}
	};

	const children = (ratingKey: string) => {
		const family = shelves.familyOf(Number(ratingKey));
		return family === undefined ? {seasons: [], episodes: []} : {seasons: present(family.seasons), episodes: present(family.episodes)};
	};

	const present = ({first, count}: KeyRange) => Array.from({length: count}, (_, index) => first + index).filter(key => !removed.has(key)).map(String);

	const sectionOf = (key: number) => added.get(key)?.sectionKey ?? shelfOf(key)?.sectionKey;

	const observers = createObservers(key => {
		const row = rowOf(key, false);
		return row && {sectionKey: sectionOf(key)!, type: typeOf(key)!, row};
	});

	const typeOf = (key: number) => added.get(key)?.type ?? shelfOf(key)?.type;

	const allRows = (sectionKey: string, type: number): PlexRow[] => {
		const {length, keyAt} = listing(sectionKey, type);
		return Array.from({length}, (_, position) => rowOf(keyAt(position), false)!);
	};

	/**
	What nobody has touched was stamped before `demoNow`.
	*/
	const touchedRows = (sectionKey: string, type: number): PlexRow[] => {
		const keys = [...new Set([...changes.keys(), ...added.keys()])].filter(key => sectionOf(key) === sectionKey && typeOf(key) === type);
		return keys.toSorted((a, b) => a - b).map(key => rowOf(key, false)).filter(row => row !== undefined);
	};

	const isBelow = (row: PlexRow, folder: string) => {
		const files = (row.Media ?? []).flatMap(({Part: parts = []}) => parts.map(({file}) => file ?? ''));
		return files.length > 0 && files.every(file => file.startsWith(folder));
	};

	return {
		sections: () => sections.values().toArray(),
		total: (sectionKey, type) => sections.has(sectionKey) ? listing(sectionKey, type).length + unkeepable(sectionKey, type).length : 0,
		page(sectionKey, type, {start, size, order = 'id'}) {
			const {length, keyAt} = listing(sectionKey, type);
			const tail = unkeepable(sectionKey, type);
			const end = Math.min(start + size, length + tail.length);
			const rows: unknown[] = [];
			for (let position = start; position < end; position++) {
				const place = placeIn(order, position, length);
				rows.push(position < length ? rowOf(keyAt(place), false) : tail[position - length]);
			}

			return rows;
		},
		moved(sectionKey, type, {stamp, seconds}) {
			const rows = seconds < demoNow ? allRows(sectionKey, type) : touchedRows(sectionKey, type);
			return rows.filter(row => (row[stamp] ?? 0) > seconds);
		},
		row: ratingKey => /^\d+$/v.test(ratingKey) ? rowOf(Number(ratingKey), true) : undefined,
		children,
		oddities: name => shelves.all.flatMap(({firstKey, oddities}) => oddities.entries()
			.filter(([, names]) => names.includes(name))
			.map(([index]) => String(firstKey + index))
			.toArray()),
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
		isBroken: ratingKey => broken.has(ratingKey),
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
		removeSection(sectionKey) {
			const section = sections.get(sectionKey);
			if (section !== undefined) {
				lostSections.set(sectionKey, section);
			}

			sections.delete(sectionKey);
			listings.clear();
		},
		restoreSection(sectionKey) {
			const section = lostSections.get(sectionKey);
			if (section === undefined) {
				return;
			}

			sections.set(sectionKey, section);
			listings.clear();
		},
		changeSection(sectionKey, sectionChanges) {
			const section = sections.get(sectionKey);
			if (section !== undefined) {
				Object.assign(section, sectionChanges);
			}
		},
		onChange: observers.add,
	};
};

/**
Plex sorts by title unless asked otherwise. A fixed shuffle stands in for that, so that a client which counts on order has to ask for one.
*/
const placeIn = (order: RowOrder, position: number, length: number): number => {
	if (order === 'id') {
		return position;
	}

	if (order === 'id:desc' || length < 3) {
		return length - 1 - position;
	}

	const half = Math.ceil(length / 2);
	return position < half ? position * 2 : ((position - half) * 2) + 1;
};

const brokenRows: readonly unknown[] = [
	{type: 'movie', title: 'A Row without a Key', year: 1999},
	'not an object',
	null,
	{
		ratingKey: '999000001', key: '/library/metadata/999000001', type: 'hologram', title: 'A Row of an Unknown Type',
	},
];
