import {createLibraryKnobs, type AddedRow, type LibraryKnobs} from '../knobs/library-knobs.js';
import {createListKnobs, noListEdits, type ListKnobs} from '../knobs/list-knobs.js';
import {createLists, recollect, type DemoLists} from './lists.js';
import {withStreams} from './media.js';
import {createObservers, type LibraryChange} from './observers.js';
import type {PlexRow} from './row.js';
import {createSections, demoNow, type DemoSection} from './section.js';
import {
	listingOf,
	type Listing,
	type Oddity,
	type RowChange,
} from './shelf.js';
import {createShelves, type LibrarySize} from './shelves.js';
import type {KeyRange} from './show-shelves.js';

type LibraryOptions = LibrarySize & {
	/**
	Adds unusable rows to the end of the first movie section: without ratingKey, not an object, of an unknown type.
	*/
	brokenRows: boolean;
};

/**
What the demo server knows. Rows are built at each call; only changes are kept.
*/
export type DemoLibrary = LibraryKnobs & ListKnobs & DemoLists & {
	sections: () => DemoSection[];
	/**
	How many rows a client finds when it lists the type (1 movie, 2 show, 3 season, 4 episode).
	*/
	total: (sectionKey: string, type: number) => number;
	/**
	The rows of a page, complete except for their streams.
	*/
	page: (sectionKey: string, type: number, page: RowRange & {order?: RowOrder}) => unknown[];
	/**
	Rows with a stamp after a time, sorted by id.
	*/
	moved: (sectionKey: string, type: number, since: {stamp: RowStamp; seconds: number}) => PlexRow[];
	/**
	The full row, as in a detail answer.
	*/
	row: (ratingKey: string) => PlexRow | undefined;
	/**
	Keys of the existing seasons and episodes of a show or season.
	*/
	children: (ratingKey: string) => {seasons: string[]; episodes: string[]};
	/**
	Whether `breakItem` was called for it.
	*/
	isBroken: (ratingKey: string) => boolean;
	/**
	Keys of the items that show this odd case; never empty.
	*/
	oddities: (name: Oddity) => string[];
	/**
	Reports every item that was added, changed or removed, except silent changes.

	@returns Removes the listener.
	*/
	onChange: (listener: (change: LibraryChange) => void) => () => void;
};

export const rowStamps = ['updatedAt', 'addedAt', 'lastViewedAt'] as const;
export type RowStamp = typeof rowStamps[number];

/**
Positions start at 0.
*/
export type RowRange = {start: number; size: number};

export type RowOrder = 'id' | 'id:desc' | 'other';

export const createLibrary = (options: LibraryOptions): DemoLibrary => {
	const shelves = createShelves(options);
	const sections = new Map(createSections(options.seed).map(section => [section.key, section]));
	const removed = new Set<number>();
	const broken = new Set<string>();
	const changes = new Map<number, RowChange<PlexRow>>();
	const added = new Map<number, AddedRow>();
	const listings = new Map<string, Listing>();
	const firstSection = sections.keys().next().value;
	const edits = noListEdits();

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
		recollect(row, edits.tags.get(key));
		return row;
	};

	const unkeepable = (sectionKey: string, type: number): readonly unknown[] => options.brokenRows && `${sectionKey}/${type}` === `${firstSection}/1` ? brokenRows : [];

	const forgetListings = () => {
		listings.clear();
		lists.forget();
	};

	const contentChanged = (sectionKey: string | undefined) => {
		forgetListings();
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

	const touchedKeys = (sectionKey: string, type: number): number[] => {
		const keys = [...new Set([...changes.keys(), ...added.keys(), ...edits.tags.keys()])].filter(key => sectionOf(key) === sectionKey && typeOf(key) === type);
		return keys.toSorted((a, b) => a - b);
	};

	/**
	Rows that nobody changed have stamps before `demoNow`.
	*/
	const touchedRows = (sectionKey: string, type: number): PlexRow[] => touchedKeys(sectionKey, type).map(key => rowOf(key, false)).filter(row => row !== undefined);

	const isListed = (key: number): boolean => {
		const shelf = added.has(key) ? undefined : shelfOf(key);
		return !removed.has(key) && shelf?.isUnlisted?.(key - shelf.firstKey) !== true;
	};

	const lists = createLists({
		sections: () => sections.values().toArray(),
		shelves: shelves.all,
		listed: key => rowOf(key, false),
		touchedKeys,
		isTouched: key => changes.has(key) || added.has(key) || edits.tags.has(key),
		isListed,
		children,
		edits,
	});

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
		isBroken: ratingKey => broken.has(ratingKey),
		...createLibraryKnobs({
			sections, removed, broken, changes, added, observers, children, sectionOf, allRows, contentChanged, forgetListings, forgetLists: lists.forget,
		}),
		...createListKnobs({
			edits, collectionOf: lists.collections.row, membersOf: lists.collections.members, sectionOf, contentChanged,
		}),
		select: lists.select,
		listed: lists.listed,
		collections: lists.collections,
		playlists: lists.playlists,
		onChange: observers.add,
	};
};

/**
Plex sorts by title unless asked otherwise. A fixed shuffle replaces that order, so that a client which relies on an order has to ask for it.
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
