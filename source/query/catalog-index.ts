import type {Item} from '../catalog/types.js';
import {compareEntries} from './compare.js';
import {createEntry, filterWords, type Entry} from './entry.js';
import {createSlices} from './slices.js';
import {mapInSlices} from './sort-in-slices.js';
import {createSortedOrder, type SortedOrder} from './sorted-order.js';
import {createSetMap} from './set-map.js';
import {summarize, type Intern} from './summary.js';
import type {CatalogIndex, ListQuery, SortField} from './types.js';

type Scope = Pick<ListQuery, 'libraryId' | 'type' | 'showId' | 'seasonId'>;

/**
Each holds a reference per item; more than a person goes back and forth between.
*/
const keptOrders = 8;

export const createCatalogIndex = (): CatalogIndex => {
	const entries = new Map<string, Entry>();
	const groupKey = createGroupKeys();
	const strings = new Map<string, string>();
	// By library and type.
	const counts = new Map<string, number>();
	const children = createSetMap<string, string>();
	const users = createSetMap<string, string>();
	const orders = new Map<string, {scope: Scope; order: SortedOrder}>();

	const intern: Intern = text => {
		if (text === undefined) {
			return text;
		}

		const known = strings.get(text);
		if (known === undefined) {
			strings.set(text, text);
			return text;
		}

		return known as typeof text;
	};

	const tellOrders = ({summary}: Entry, tell: (order: SortedOrder) => void) => {
		for (const {scope, order} of orders.values()) {
			if (isWithin(scope, summary)) {
				tell(order);
			}
		}
	};

	const addToCount = (key: string, change: 1 | -1) => {
		counts.set(key, (counts.get(key) ?? 0) + change);
	};

	const take = (id: string) => {
		const entry = entries.get(id);
		if (entry === undefined) {
			return;
		}

		const {summary} = entry;
		entry.isStale = true;
		entries.delete(id);
		addToCount(groupKey(summary), -1);
		for (const parentId of parentsOf(summary)) {
			children.remove(parentId, id);
		}

		for (const fileId of summary.fileIds) {
			users.remove(fileId, id);
		}

		tellOrders(entry, order => {
			order.drop();
		});
	};

	const put = (item: Item) => {
		take(item.id);
		const entry = createEntry(summarize(item, intern));
		const {summary} = entry;
		entries.set(summary.id, entry);
		addToCount(groupKey(summary), 1);
		for (const parentId of parentsOf(summary)) {
			children.add(parentId, summary.id);
		}

		for (const fileId of summary.fileIds) {
			users.add(fileId, summary.id);
		}

		tellOrders(entry, order => {
			order.add(entry);
		});
	};

	const within = (scope: Scope): Entry[] => {
		const parentId = scope.seasonId ?? scope.showId;
		if (parentId !== undefined) {
			return Array.from(children.get(parentId), id => entries.get(id)!).filter(({summary}) => isWithin(scope, summary));
		}

		const found: Entry[] = [];
		for (const entry of entries.values()) {
			if (isWithin(scope, entry.summary)) {
				found.push(entry);
			}
		}

		return found;
	};

	const orderFor = (scope: Scope, sort: SortField, isDescending: boolean): SortedOrder => {
		const compare = compareEntries(sort, isDescending);
		if (scope.showId !== undefined || scope.seasonId !== undefined) {
			return createSortedOrder(compare, within(scope));
		}

		const key = JSON.stringify([scope.libraryId, scope.type, sort, isDescending]);
		const order = orders.get(key)?.order ?? createSortedOrder(compare, within(scope));
		// Put last again, so that the first one is the one that was not used for longest.
		orders.delete(key);
		orders.set(key, {scope, order});
		for (const oldest of Array.from(orders, ([held]) => held).slice(0, -keptOrders)) {
			orders.delete(oldest);
		}

		return order;
	};

	return {
		size: () => entries.size,
		get: id => entries.get(id)?.summary,
		put(items) {
			for (const item of items) {
				put(item);
			}
		},
		remove(ids) {
			for (const id of ids) {
				take(id);
			}
		},
		clear() {
			for (const entry of entries.values()) {
				entry.isStale = true;
			}

			for (const held of [entries, strings, counts, children, users, orders]) {
				held.clear();
			}
		},
		async list({text, sort, descending = false, libraryId, type, showId, seasonId}, {signal} = {}) {
			signal?.throwIfAborted();
			const isBelowShow = showId !== undefined || seasonId !== undefined;
			const scope = {
				...(libraryId !== undefined && {libraryId}),
				...(type !== undefined && {type}),
				...(showId !== undefined && {showId}),
				...(seasonId !== undefined && {seasonId}),
			};
			const order = orderFor(scope, sort ?? (isBelowShow ? 'number' : 'title'), descending);
			const words = filterWords(text);
			const slices = createSlices(signal);
			const search = words.length === 0 ? undefined : await order.search();
			const shown = await (search === undefined ? order.entries() : search.find(words, slices));
			signal?.throwIfAborted();
			// One may have been removed meanwhile; one that was replaced keeps its place until the next time.
			return mapInSlices(shown, ({isStale, summary: {id}}) => !isStale || entries.has(id) ? id : undefined, slices);
		},
		count(scope) {
			if (scope.showId === undefined && scope.seasonId === undefined) {
				let count = 0;
				for (const [key, groupCount] of counts) {
					count += isGroupWithin(key, scope) ? groupCount : 0;
				}

				return count;
			}

			return within(scope).length;
		},
		itemsOfFile: fileId => [...users.get(fileId)],
		children: parentId => [...children.get(parentId)],
		find(idOrRatingKey) {
			if (entries.has(idOrRatingKey)) {
				return [idOrRatingKey];
			}

			const found: string[] = [];
			for (const {summary} of entries.values()) {
				if (summary.ratingKey === idOrRatingKey) {
					found.push(summary.id);
				}
			}

			return found;
		},
	};
};

/**
Made once per library and type, since a key is asked for with every item.
*/
const createGroupKeys = () => {
	const made = new Map<string, Map<string, string>>();
	return ({libraryId, type}: {libraryId: string; type: string}): string => {
		const ofType = made.get(type) ?? new Map<string, string>();
		made.set(type, ofType);
		const key = ofType.get(libraryId) ?? `${type} ${libraryId}`;
		ofType.set(libraryId, key);
		return key;
	};
};

const isGroupWithin = (key: string, {libraryId, type}: Scope) =>
	(type === undefined || key.startsWith(`${type} `)) && (libraryId === undefined || key.slice(key.indexOf(' ') + 1) === libraryId);

const isWithin = (scope: Scope, item: {libraryId: string; type: string; showId: string | undefined; seasonId: string | undefined}) =>
	(scope.libraryId === undefined || scope.libraryId === item.libraryId)
	&& (scope.type === undefined || scope.type === item.type)
	&& (scope.showId === undefined || scope.showId === item.showId)
	&& (scope.seasonId === undefined || scope.seasonId === item.seasonId);

const parentsOf = ({showId, seasonId}: {showId: string | undefined; seasonId: string | undefined}) =>
	[showId, seasonId].filter(id => id !== undefined);
