import type {ItemCounts} from '../catalog/types.js';
import {createEntry, filterWords, type Entry} from './entry.js';
import {createSetMap} from './set-map.js';
import {createSlices, mapInSlices} from './slices.js';
import {createSortedOrder, type SortedOrder} from './sorted-order.js';
import {summarize} from './summary.js';
import type {
	CatalogIndex,
	ItemSummary,
	ListQuery,
	SortField,
} from './types.js';

type Scope = Pick<ListQuery, 'libraryId' | 'type' | 'showId' | 'seasonId'>;

// Each order holds a reference per item, and nobody switches between more lists than this.
const keptOrders = 8;

export const createCatalogIndex = (): CatalogIndex => {
	const entries = new Map<string, Entry>();
	const strings = createStrings();
	const counts = createCounts();
	const children = createSetMap<string, string>();
	const users = createSetMap<string, string>();

	const entriesBelow = ({showId, seasonId}: Scope): Entry[] | undefined => {
		const parentId = seasonId ?? showId;
		return parentId === undefined ? undefined : Array.from(children.get(parentId), id => entries.get(id)!);
	};

	// The entries may change while the order is made, so copy the candidates in one go. The order filters them in slices.
	const orders = createOrders(scope => entriesBelow(scope) ?? entries.values().toArray());

	const take = (id: string) => {
		const entry = entries.get(id);
		if (entry === undefined) {
			return;
		}

		const {summary} = entry;
		entry.isStale = true;
		entries.delete(id);
		counts.add(summary, -1);
		for (const parentId of parentsOf(summary)) {
			children.remove(parentId, id);
		}

		for (const fileId of summary.fileIds) {
			users.remove(fileId, id);
		}

		orders.drop(summary);
	};

	const put = (summary: ItemSummary) => {
		const {id} = summary;
		take(id);
		const entry = createEntry(summary);
		entries.set(id, entry);
		counts.add(summary, 1);
		for (const parentId of parentsOf(summary)) {
			children.add(parentId, id);
		}

		for (const fileId of summary.fileIds) {
			users.add(fileId, id);
		}

		orders.add(entry);
	};

	return {
		size: () => entries.size,
		get: id => entries.get(id)?.summary,
		put(items, sizeOf) {
			for (const item of items) {
				put(summarize(item, sizeOf, strings.intern));
			}
		},
		putSummaries(summaries) {
			for (const summary of summaries) {
				put(summary);
			}
		},
		summaries: () => entries.values().map(({summary}) => summary),
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
			const order = orders.get(scope, sort ?? (isBelowShow ? 'number' : 'title'), descending);
			const words = filterWords(text);
			const slices = createSlices(signal);
			const search = words.length === 0 ? undefined : await order.search();
			const shown = await (search === undefined ? order.entries() : search.find(words, slices));
			signal?.throwIfAborted();
			// An item may have been removed meanwhile. One that was replaced keeps its place until the next time.
			return mapInSlices(shown, ({isStale, summary: {id}}) => !isStale || entries.has(id) ? id : undefined, slices);
		},
		count: scope => entriesBelow(scope)?.filter(({summary}) => isWithin(scope, summary)).length ?? counts.sum(scope),
		itemsOfFile: fileId => [...users.get(fileId)],
		children: parentId => [...children.get(parentId)],
		find: idOrRatingKey => entries.has(idOrRatingKey)
			? [idOrRatingKey]
			: entries.values().filter(({summary}) => summary.ratingKey === idOrRatingKey).map(({summary}) => summary.id).toArray(),
	};
};

const noParents: readonly string[] = [];

const parentsOf = ({showId, seasonId}: ItemSummary): readonly string[] => {
	if (showId === undefined) {
		return seasonId === undefined ? noParents : [seasonId];
	}

	return seasonId === undefined ? [showId] : [showId, seasonId];
};

const isWithin = (scope: Scope, item: ItemSummary) =>
	(scope.libraryId === undefined || scope.libraryId === item.libraryId)
	&& (scope.type === undefined || scope.type === item.type)
	&& (scope.showId === undefined || scope.showId === item.showId)
	&& (scope.seasonId === undefined || scope.seasonId === item.seasonId);

/**
Keeps each string once, however many items have it.
*/
const createStrings = () => {
	const strings = new Map<string, string>();
	return {
		intern<Text extends string | undefined>(text: Text): Text {
			if (text === undefined) {
				return text;
			}

			const known = strings.get(text);
			if (known === undefined) {
				strings.set(text, text);
				return text;
			}

			return known as Text & string;
		},
		clear() {
			strings.clear();
		},
	};
};

/**
The number of items by library and type.
*/
const createCounts = () => {
	const counts = new Map<string, ItemCounts>();
	return {
		add({libraryId, type}: ItemSummary, step: 1 | -1) {
			const ofLibrary = counts.get(libraryId) ?? {
				movie: 0, show: 0, season: 0, episode: 0,
			};
			counts.set(libraryId, ofLibrary);
			ofLibrary[type] += step;
		},
		sum({libraryId, type}: Scope): number {
			let sum = 0;
			for (const [id, ofLibrary] of counts) {
				if (libraryId === undefined || libraryId === id) {
					sum += type === undefined ? ofLibrary.movie + ofLibrary.show + ofLibrary.season + ofLibrary.episode : ofLibrary[type];
				}
			}

			return sum;
		},
		clear() {
			counts.clear();
		},
	};
};

/**
The latest orders, kept up to date. Orders below a show or season are small and are made each time.
*/
const createOrders = (candidatesOf: (scope: Scope) => Entry[]) => {
	const orders = new Map<string, {scope: Scope; order: SortedOrder}>();

	const createOrder = (scope: Scope, sort: SortField, isDescending: boolean) => createSortedOrder({
		sort,
		isDescending,
		isMember: ({summary}) => isWithin(scope, summary),
		candidates: candidatesOf(scope),
	});

	return {
		get(scope: Scope, sort: SortField, isDescending: boolean): SortedOrder {
			if (scope.showId !== undefined || scope.seasonId !== undefined) {
				return createOrder(scope, sort, isDescending);
			}

			const key = JSON.stringify([scope.libraryId, scope.type, sort, isDescending]);
			const order = orders.get(key)?.order ?? createOrder(scope, sort, isDescending);
			// Move it to the end, so that the least recently used order is the first.
			orders.delete(key);
			orders.set(key, {scope, order});
			for (const oldest of Array.from(orders, ([held]) => held).slice(0, -keptOrders)) {
				orders.delete(oldest);
			}

			return order;
		},
		add(entry: Entry) {
			for (const {scope, order} of orders.values()) {
				if (isWithin(scope, entry.summary)) {
					order.add(entry);
				}
			}
		},
		drop(summary: ItemSummary) {
			for (const {scope, order} of orders.values()) {
				if (isWithin(scope, summary)) {
					order.drop();
				}
			}
		},
		clear() {
			orders.clear();
		},
	};
};
