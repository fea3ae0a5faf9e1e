import type {CellsByName, CellSource} from '../base/columns/cells.js';
import type {DetailResolver} from '../catalog/fields/field.js';
import type {itemFields} from '../catalog/fields/item-fields.js';
import type {SizeOf} from '../catalog/item.js';
import type {
	Item,
	ItemType,
	Library,
	MediaFile,
	Person,
	Server,
	Tag,
} from '../catalog/types.js';
import type {Plan} from './language/plan.js';

type ItemFields = typeof itemFields;

type KeptValue<Name, Row> = Row extends {kept: {read: (...values: never) => infer Value}} ? Value : Name extends keyof Item ? Item[Name] : never;

/**
What lists, sorts and filters need of an item, small enough to keep for every item: the kept fields of the table, and two more.
*/
export type ItemSummary = {[Name in keyof ItemFields as ItemFields[Name] extends {kept: unknown} ? Name : never]: KeptValue<Name, ItemFields[Name]>} & {
	/**
	Folded and padded so that code-unit order is the natural order: articles, case, accents and number widths do not count.
	*/
	sortKey: string;
	fileIds: readonly string[];
};

export type SortField = {
	[Name in keyof ItemFields]: ItemFields[Name] extends {sort: infer Sort} ? Sort extends {as: infer As} ? As : Name : never;
}[keyof ItemFields];

export type ListQuery = {
	libraryId?: string;
	type?: ItemType;
	showId?: string;
	seasonId?: string;
	/**
	`number` orders by season and episode; it is the default below a show, `title` elsewhere.
	*/
	sort?: SortField;
	descending?: boolean;
	/**
	What must hold besides, and the order and the number of rows if it says something about them.
	*/
	plan?: Plan;
};

/**
A value of a field and the number of items that have it.
*/
export type ValueCount = {value: string | number | boolean; count: number};

/**
Reads a field of some items from their records, in the order of the ids.
*/
export type ReadRecordValues = (ids: readonly string[], field: string) => Promise<readonly unknown[]>;

/**
Ids in order. An array of ids is one.
*/
export type IdList = Pick<readonly string[], 'length' | 'at' | 'slice'> & Iterable<string> & {indexOf(id: string): number};

export type ListOptions = {
	signal?: AbortSignal;
	readValues?: ReadRecordValues;
	/**
	Words are taken as they are written, without a slip of the fingers.
	*/
	isExact?: boolean;
	/**
	The ids are kept for long, and must not hold the text of all others.
	*/
	isLasting?: boolean;
};

/**
All items of some libraries, or those of a type or with an id.
*/
export type ExportScope = {libraryIds: readonly string[]; types?: readonly ItemType[] | undefined; ids?: readonly string[] | undefined; limit?: number | undefined};

/**
Answers queries without an index in memory, where the store can.
*/
export type CatalogAnswers = {
	/**
	The ids of a list in order, from `offset` on and `limit` at most; how many there are without these two; and the revision of which this is true.
	*/
	list: (query: ListQuery, options?: Pick<ListOptions, 'signal' | 'isExact'> & {limit?: number; offset?: number}) => Promise<{ids: string[]; total: number; revision: number}>;
	/**
	As `find` of an index.
	*/
	find: (idOrRatingKey: string) => Promise<string[]>;
	/**
	As `children` of an index.
	*/
	children: (parentId: string) => Promise<string[]>;
	/**
	The ids of what these libraries have, in the order of an export, in which the libraries are named.
	*/
	exported: (scope: ExportScope) => Promise<string[]>;
	/**
	What an index must know besides some items to tell all of them: the shows and seasons above them, the seasons and episodes that are gaps or none, and what plays the same files. All but what is above them has no more than that.
	*/
	relatives: (ids: readonly string[]) => Promise<Item[]>;
};

/**
Keeps what lists need of a whole catalogue in memory, in columns. Long work is done in slices, so that it never blocks the event loop for more than about 10 ms.
*/
export type CatalogIndex = {
	size: () => number;
	get: (id: string) => ItemSummary | undefined;
	/**
	As `get`, for those who ask for few of the fields: each is read when it is asked for, so the item must stay as it is until then. The fields cannot be copied by a spread.
	*/
	late: (id: string) => ItemSummary | undefined;
	put: (items: readonly Item[], sizeOf?: SizeOf) => void;
	/**
	One field of the summary.
	*/
	value: <Name extends keyof ItemSummary>(id: string, name: Name) => ItemSummary[Name] | undefined;
	summaries: () => IteratorObject<ItemSummary>;
	/**
	As `get` and `summaries`, for a few fields of many items: always the same object, which reads its fields only when they are asked for, and those of another item from the next call on.
	*/
	view: (id: string) => ItemSummary | undefined;
	views: () => IteratorObject<ItemSummary>;
	/**
	Ids of people and tags that items refer to and whose names have still to be given.
	*/
	unnamedIds: () => string[];
	/**
	The name of a person or a tag that an item has, empty while it has none; undefined for any other id.
	*/
	nameOf: (id: string) => string | undefined;
	/**
	The name of a person or a tag, also when it has changed.
	*/
	rename: (id: string, name: string) => void;
	remove: (ids: readonly string[]) => void;
	clear: () => void;
	/**
	What `restore` takes, in this or a later process. Nothing may be put or removed before it is there.
	*/
	save: () => Promise<CellsByName>;
	/**
	Takes the place of everything that the index holds. Each column is read when it is first needed.
	*/
	restore: (source: CellSource) => void;
	/**
	Ids in order. Rejects with the reason of the signal once it is aborted.
	*/
	list: (query: ListQuery, options?: ListOptions) => Promise<string[]>;
	/**
	As `list`, for those who look at few of the ids: each is made when it is asked for. An item that is removed later keeps its place.
	*/
	glance: (query: ListQuery, options?: Omit<ListOptions, 'isLasting'>) => Promise<IdList>;
	/**
	The values of a field of the query language that the items of a list have, the most frequent first; see `countValues`.
	*/
	countValues: (field: string, query: ListQuery, options?: ListOptions) => Promise<ValueCount[]>;
	count: (query: Pick<ListQuery, 'libraryId' | 'type' | 'showId' | 'seasonId'>) => number;
	itemsOfFile: (fileId: string) => readonly string[];
	/**
	Whether another item plays a file of this one; undefined if there is no such item.
	*/
	isSharing: (id: string) => boolean | undefined;
	/**
	Ids of the seasons and episodes of a show, or of the episodes of a season, in no order.
	*/
	children: (parentId: string) => readonly string[];
	find: (idOrRatingKey: string) => string[];
};

export type ItemDetail = {
	item: Item;
	server: Server | undefined;
	library: Library | undefined;
	show: Item | undefined;
	season: Item | undefined;
	people: ReadonlyMap<string, Person>;
	tags: ReadonlyMap<string, Tag>;
	files: ReadonlyMap<string, MediaFile>;
	/**
	The ids of the other items in the same physical file, by file id.
	*/
	sharedWith: ReadonlyMap<string, readonly string[]>;
	/**
	Numbers missing between the episodes of a season, or the seasons of a show; see `missingNumbers`.
	*/
	gaps: readonly number[];
	/**
	What finds all of this, where it is there already; see `detailResolver`.
	*/
	resolver?: DetailResolver;
};
