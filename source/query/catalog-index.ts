import type {ItemCounts} from '../catalog/types.js';
import {compareEntries} from './compare.js';
import {createEntry, filterWords, type Entry} from './entry.js';
import {createSlices, mapInSlices} from './slices.js';
import {createSortedOrder, type SortedOrder} from './sorted-order.js';
import {createSetMap} from './set-map.js';
import {summarize, type Intern} from './summary.js';
import type {
	CatalogIndex,
	ItemSummary,
	ListQuery,
	SortField,
} from './types.js';

type Scope = Pick<ListQuery, 'libraryId' | 'type' | 'showId' | 'seasonId'>;

/**
Each holds a reference per item; more than a person goes back and forth between.
*/
const keptOrders = 8;

export const createCatalogIndex = (): CatalogIndex => {
	const entries = new Map<string, Entry>();
	const strings = new Map<string, string>();
	const counts = new Map<string, ItemCounts>();
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

	const count = ({libraryId, type}: ItemSummary, step: 1 | -1) => {
		let ofLibrary = counts.get(libraryId);
		if (ofLibrary === undefined) {
			ofLibrary = {
				movie: 0, show: 0, season: 0, episode: 0,
			};
			counts.set(libraryId, ofLibrary);
		}

		ofLibrary[type] += step;
	};

	const take = (id: string) => {
		const entry = entries.get(id);
		if (entry === undefined) {
			return;
		}

		const {summary} = entry;
		const {showId, seasonId, fileIds} = summary;
		entry.isStale = true;
		entries.delete(id);
		count(summary, -1);
		if (showId !== undefined) {
			children.remove(showId, id);
		}

		if (seasonId !== undefined) {
			children.remove(seasonId, id);
		}

		for (const fileId of fileIds) {
			users.remove(fileId, id);
		}

		for (const {scope, order} of orders.values()) {
			if (isWithin(scope, summary)) {
				order.drop();
			}
		}
	};

	const put = (summary: ItemSummary) => {
		take(summary.id);
		const {id, showId, seasonId, fileIds} = summary;
		const entry = createEntry(summary);
		entries.set(id, entry);
		count(summary, 1);
		if (showId !== undefined) {
			children.add(showId, id);
		}

		if (seasonId !== undefined) {
			children.add(seasonId, id);
		}

		for (const fileId of fileIds) {
			users.add(fileId, id);
		}

		for (const {scope, order} of orders.values()) {
			if (isWithin(scope, summary)) {
				order.add(entry);
			}
		}
	};

	const below = ({showId, seasonId}: Scope): Entry[] | undefined => {
		const parentId = seasonId ?? showId;
		return parentId === undefined ? undefined : Array.from(children.get(parentId), id => entries.get(id)!);
	};

	const createOrder = (scope: Scope, sort: SortField, isDescending: boolean): SortedOrder => createSortedOrder({
		compare: compareEntries(sort, isDescending),
		isMember: ({summary}) => isWithin(scope, summary),
		// Copied in one go, since it may change while the order is made; what is no member goes in slices.
		candidates: below(scope) ?? entries.values().toArray(),
	});

	const orderFor = (scope: Scope, sort: SortField, isDescending: boolean): SortedOrder => {
		if (scope.showId !== undefined || scope.seasonId !== undefined) {
			return createOrder(scope, sort, isDescending);
		}

		const key = JSON.stringify([scope.libraryId, scope.type, sort, isDescending]);
		const order = orders.get(key)?.order ?? createOrder(scope, sort, isDescending);
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
				put(summarize(item, intern));
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
			const entriesBelow = below(scope);
			if (entriesBelow !== undefined) {
				return entriesBelow.filter(({summary}) => isWithin(scope, summary)).length;
			}

			const {libraryId, type} = scope;
			let sum = 0;
			for (const [id, ofLibrary] of counts) {
				if (libraryId === undefined || libraryId === id) {
					sum += type === undefined ? ofLibrary.movie + ofLibrary.show + ofLibrary.season + ofLibrary.episode : ofLibrary[type];
				}
			}

			return sum;
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

const isWithin = (scope: Scope, item: ItemSummary) =>
	(scope.libraryId === undefined || scope.libraryId === item.libraryId)
	&& (scope.type === undefined || scope.type === item.type)
	&& (scope.showId === undefined || scope.showId === item.showId)
	&& (scope.seasonId === undefined || scope.seasonId === item.seasonId);
