import {compareText} from '../../base/text/compare.js';
import {hexOf} from './dice.js';
import {readFilter} from './filter.js';
import {readSort} from './row-order.js';
import type {PlexRow} from './row.js';
import {demoNow, sectionKeys, type DemoSection} from './section.js';
import type {Selection} from './selection.js';
import type {RowChange} from './shelf.js';

/**
A collection as Plex sends it. Some of its numbers are text ([MNT]).
*/
export type CollectionRow = {
	ratingKey: string;
	key: string;
	guid: string;
	type: 'collection';
	title: string;
	titleSort?: string;
	subtype: string;
	summary: string;
	index: number;
	/**
	Present only for a smart collection, together with its filter in `content`.
	*/
	smart?: boolean;
	content?: string;
	thumb: string;
	addedAt: number;
	updatedAt: number;
	childCount: string;
	minYear?: string;
	maxYear?: string;
	collectionMode?: string;
	collectionSort?: string;
	librarySectionID: number;
	librarySectionTitle: string;
	librarySectionKey: string;
};

/**
A list of items that is a query instead of names.
*/
export type SmartList = {
	ratingKey: string;
	title: string;
	summary: string;
	sectionKey: string;
	type: number;
	/**
	As after the `?` of a listing.
	*/
	query: string;
};

/**
What the rows of collections and playlists tell of their members.
*/
export type MemberFacts = Pick<PlexRow, 'year' | 'originallyAvailableAt' | 'duration'>;

type CollectionSources = {
	sections: () => readonly DemoSection[];
	/**
	The tag of the collection and its members in the order of their ids, for each collection that items name or have named.
	*/
	tagged: (sectionKey: string, type: number) => ReadonlyMap<string, {id: number; keys: readonly number[]; moves: number}>;
	select: (sectionKey: string, type: number, selection: Selection) => readonly number[];
	factsOf: (key: number) => MemberFacts | undefined;
	edits: ReadonlyMap<string, RowChange<CollectionRow>>;
	added: readonly SmartList[];
	removed: ReadonlySet<string>;
	/**
	By collection, the items that somebody put in an order by hand.
	*/
	orders: ReadonlyMap<string, readonly number[]>;
};

export type DemoCollections = {
	list: (sectionKey: string) => CollectionRow[];
	row: (ratingKey: string) => CollectionRow | undefined;
	/**
	Keys of the members in the order of the collection.
	*/
	members: (ratingKey: string) => readonly number[] | undefined;
};

const memberTypes = new Map<DemoSection['type'], number>([['movie', 1], ['show', 2]]);

const firstKey = 500_000;
const keysPerSection = 1000;
const firstSmartKey = 400_000;

/**
No item carries a tag of these; their members follow from the query alone (Kometa#3551).
*/
const smartCollections: readonly SmartList[] = [
	{
		ratingKey: String(firstSmartKey),
		title: 'Not Seen Yet: Before Sound',
		summary: 'Silent films that nobody here has watched.',
		sectionKey: sectionKeys.films,
		type: 1,
		query: 'type=1&sort=year&year<<=1930&unwatched=1',
	},
	{
		ratingKey: String(firstSmartKey + 1),
		title: 'More than One Copy',
		summary: '',
		sectionKey: sectionKeys.films,
		type: 1,
		query: 'type=1&sort=titleSort&duplicate=1',
	},
	{
		ratingKey: String(firstSmartKey + 2),
		title: 'Nothing Fits This Filter',
		summary: 'It is empty until a film gets its label.',
		sectionKey: sectionKeys.films,
		type: 1,
		query: 'type=1&label=Nobody%20Has%20This',
	},
	{
		ratingKey: String(firstSmartKey + 3),
		title: 'Shows since 2000',
		summary: 'From the year 2000 on, the newest first.',
		sectionKey: sectionKeys.series,
		type: 2,
		query: 'type=2&sort=year:desc&year>=2000',
	},
];

export const readSelection = (queryText: string): Selection => {
	const query = new URLSearchParams(queryText);
	const sort = query.get('sort') ?? '';
	const terms = readSort(sort);
	return {filter: readFilter(query), sort: terms && {text: sort, terms}};
};

export const createCollections = ({sections, tagged, select, factsOf, edits, added, removed, orders}: CollectionSources): DemoCollections => {
	const keys = new Map<string, string>();
	const members = (list: SmartList) => select(list.sectionKey, list.type, readSelection(list.query));

	/**
	A collection keeps its key once it has one.
	*/
	const keyOf = (sectionKey: string, title: string): string => {
		const name = `${sectionKey} ${title}`;
		const known = keys.get(name);
		if (known !== undefined) {
			return known;
		}

		const inSection = keys.keys().filter(other => other.startsWith(`${sectionKey} `)).toArray().length;
		const key = String(firstKey + (Number(sectionKey) * keysPerSection) + inSection);
		keys.set(name, key);
		return key;
	};

	const rowOf = (section: DemoSection, keysOfMembers: readonly number[], facts: Pick<CollectionRow, 'ratingKey' | 'title' | 'summary' | 'index' | 'updatedAt'> & {query?: string}): CollectionRow => {
		const {ratingKey, title, summary, index, updatedAt, query} = facts;
		const years = keysOfMembers.map(key => factsOf(key)?.year).filter(year => year !== undefined).toSorted((one, other) => one - other);
		const row: CollectionRow = {
			ratingKey,
			key: `/library/collections/${ratingKey}/children`,
			guid: `collection://${hexOf(32, Number(ratingKey), 51)}`,
			type: 'collection',
			title,
			subtype: section.type,
			summary,
			...(query !== undefined && {smart: true, content: `/library/sections/${section.key}/all?${query}`}),
			index,
			thumb: `/library/collections/${ratingKey}/composite/${updatedAt}?width=400&height=600`,
			addedAt: 1_650_000_000 + Number(ratingKey),
			updatedAt,
			childCount: String(keysOfMembers.length),
			...(years.length > 0 && {minYear: String(years[0]), maxYear: String(years.at(-1))}),
			collectionMode: '-1',
			...(query === undefined && {collectionSort: orders.has(ratingKey) ? '2' : '0'}),
			librarySectionID: Number(section.key),
			librarySectionTitle: section.title,
			librarySectionKey: `/library/sections/${section.key}`,
		};
		edits.get(ratingKey)?.(row);
		return row;
	};

	/**
	By their release, unless somebody has put them in another order. What was not placed comes last.
	*/
	const inOrder = (ratingKey: string, keysOfMembers: readonly number[]): readonly number[] => {
		const order = orders.get(ratingKey);
		const placeOf = (key: number) => order?.includes(key) === true ? order.indexOf(key) : Infinity;
		const dayOf = (key: number) => factsOf(key)?.originallyAvailableAt ?? '9999';
		return order === undefined
			? keysOfMembers.toSorted((a, b) => compareText(dayOf(a), dayOf(b)))
			: keysOfMembers.toSorted((a, b) => placeOf(a) === placeOf(b) ? a - b : placeOf(a) - placeOf(b));
	};

	const collectionsOf = (section: DemoSection): Array<{ratingKey: string; members: () => readonly number[]; row: () => CollectionRow}> => {
		const type = memberTypes.get(section.type);
		if (type === undefined) {
			return [];
		}

		const ordinary = [...tagged(section.key, type)].map(([title, {id, keys: own, moves}]) => {
			const ratingKey = keyOf(section.key, title);
			return {
				ratingKey,
				isEmpty: own.length === 0,
				members: () => inOrder(ratingKey, own),
				row: () => rowOf(section, own, {
					ratingKey, title, summary: '', index: id, updatedAt: demoNow - 500_000 + moves,
				}),
			};
		});
		const smart = [...smartCollections, ...added].filter(list => list.sectionKey === section.key).map(list => {
			const own = members(list);
			return {
				ratingKey: list.ratingKey,
				members: () => own,
				row: () => rowOf(section, own, {
					...list, index: Number(list.ratingKey), updatedAt: demoNow - 400_000,
				}),
			};
		});
		// A key is given even to a collection that is empty by now, so that the others have theirs whenever they are first asked for. Plex keeps no empty ordinary collection.
		return [...ordinary.filter(({isEmpty}) => !isEmpty), ...smart].filter(({ratingKey}) => !removed.has(ratingKey)).toSorted((a, b) => Number(a.ratingKey) - Number(b.ratingKey));
	};

	const find = (ratingKey: string) => sections().flatMap(section => collectionsOf(section)).find(collection => collection.ratingKey === ratingKey);

	return {
		list: sectionKey => sections().filter(({key}) => key === sectionKey).flatMap(section => collectionsOf(section)).map(({row}) => row()),
		row: ratingKey => isCollectionKey(ratingKey) ? find(ratingKey)?.row() : undefined,
		members: ratingKey => isCollectionKey(ratingKey) ? find(ratingKey)?.members() : undefined,
	};
};

/**
Keys of collections have a range of their own, so that looking for an item does not read collections.
*/
const isCollectionKey = (ratingKey: string) => /^\d+$/v.test(ratingKey) && Number(ratingKey) >= firstSmartKey && Number(ratingKey) < firstKey + (200 * keysPerSection);
