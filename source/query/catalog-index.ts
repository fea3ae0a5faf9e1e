import {allSteps} from '../base/columns/cells.js';
import {stepByStep} from '../base/turns.js';
import type {Item} from '../catalog/types.js';
import {createColumns, type Columns} from './columns.js';
import {countValues} from './engine/value-counts.js';
import {requireAskedField} from './language/asked-fields.js';
import {lateIds} from './late-ids.js';
import {createListing, membership, type Scope} from './listing.js';
import {createSlices, mapInSlices, type Slices} from './slices.js';
import {summarize} from './summary.js';
import type {
	CatalogIndex,
	ItemSummary,
	ListOptions,
	ListQuery,
} from './types.js';

// So many empty rows stay, however few items there are.
const spareRows = 1024;

export const createCatalogIndex = (): CatalogIndex => {
	let columns = createColumns();
	let listing = createListing(columns);
	let counts: Counts | undefined;
	let size = 0;
	let listings = 0;
	let removals = 0;

	const replaceColumns = (next: Columns) => {
		columns = next;
		listing = createListing(next);
		counts = undefined;
		size = next.end();
	};

	const rowOf = (id: string) => columns.named.id.find(id);

	const idsOf = (rows: readonly number[]) => rows.map(row => columns.named.id.get(row)!);

	const allRows = () => columns.filledRows();

	const leave = (row: number) => {
		counts?.add(columns.at(row), -1);
		listing.touch(row);
	};

	const put = (summary: ItemSummary, item: Item) => {
		const known = rowOf(summary.id);
		if (known === undefined) {
			size++;
		} else {
			leave(known);
		}

		listing.touch(columns.fill(summary, item));
		counts?.add(summary, 1);
	};

	// A list that is being made knows its rows by their numbers.
	const pack = () => {
		if (listings > 0 || columns.end() <= spareRows + (2 * size)) {
			return;
		}

		const saved = allSteps(columns.save());
		replaceColumns(createColumns(name => saved.get(name)!));
	};

	const withRows = async <Answer>(query: ListQuery, options: ListOptions | undefined, answer: (rows: Int32Array, from: Columns, slices: Slices) => Promise<Answer>): Promise<Answer> => {
		const {signal} = options ?? {};
		signal?.throwIfAborted();
		const slices = createSlices(signal);
		const from = columns;
		const before = removals;
		listings++;
		try {
			const rows = await listing.rows(query, slices, options);
			signal?.throwIfAborted();
			// An item may have been removed meanwhile. One that was replaced keeps its place until the next time.
			return await answer(removals === before ? rows : rows.filter(row => from.isFilled(row)), from, slices);
		} finally {
			listings--;
		}
	};

	return {
		size: () => size,
		get(id) {
			const row = rowOf(id);
			return row === undefined ? undefined : columns.summary(row);
		},
		late(id) {
			const row = rowOf(id);
			return row === undefined ? undefined : columns.late(row);
		},
		value(id, name) {
			const row = rowOf(id);
			return row === undefined ? undefined : columns.value(row, name);
		},
		view(id) {
			const row = rowOf(id);
			return row === undefined ? undefined : columns.at(row);
		},
		views: () => allRows().values().map(row => columns.at(row)),
		put(items, sizeOf) {
			pack();
			for (const item of items) {
				put(summarize(item, sizeOf), item);
			}
		},
		summaries: () => allRows().values().map(row => columns.summary(row)),
		remove(ids) {
			for (const id of ids) {
				const row = rowOf(id);
				if (row === undefined) {
					continue;
				}

				leave(row);
				columns.empty(id);
				size--;
				removals++;
			}
		},
		clear() {
			replaceColumns(createColumns());
		},
		unnamedIds: () => columns.lists.unnamedIds(),
		nameOf: id => columns.lists.nameOf(id),
		rename(id, name) {
			if (columns.lists.rename(id, name)) {
				listing.forget();
			}
		},
		save: async () => stepByStep(columns.save()),
		restore(source) {
			replaceColumns(createColumns(source));
		},
		list: async (query, options) => withRows(query, options, async (rows, {named: {id}}, slices) => mapInSlices(rows, options?.isLasting === true ? id.get : id.reader(rows.length), slices)),
		glance: async (query, options) => withRows(query, options, async (rows, from) => {
			from.keepIds();
			return lateIds(rows, from);
		}),
		countValues: async (field, query, options) => withRows(query, options, async (rows, from, slices) => countValues(from, rows, requireAskedField(field), slices)),
		count(scope) {
			const below = listing.rowsBelow(scope);
			if (below !== undefined) {
				return below.filter(membership(columns, scope)).length;
			}

			if (counts === undefined) {
				counts = createCounts();
				for (const {libraryId, type, rows} of scopesOf(columns, allRows())) {
					counts.add({libraryId, type}, rows);
				}
			}

			return counts.sum(scope);
		},
		itemsOfFile: fileId => idsOf(columns.named.fileIds.rowsOf(fileId, columns.end())),
		isSharing(id) {
			const row = rowOf(id);
			return row === undefined ? undefined : columns.named.fileIds.isShared(row, columns.end());
		},
		children: parentId => idsOf(listing.children(parentId)),
		find: idOrRatingKey => rowOf(idOrRatingKey) === undefined
			? idsOf(columns.named.ratingKey.rowsOf(idOrRatingKey, columns.end()))
			: [idOrRatingKey],
	};
};

/**
How many of the rows are of each library and type. It takes codes, because to read the texts of all rows takes many times as long.
*/
const scopesOf = ({named: {libraryId, type}}: Columns, all: Int32Array) => {
	const types = type.codeCount();
	const rows = new Map<number, number>();
	for (const row of all) {
		const scope = (libraryId.codeAt(row)! * types) + type.codeAt(row)!;
		rows.set(scope, (rows.get(scope) ?? 0) + 1);
	}

	return Array.from(rows, ([scope, count]) => ({
		libraryId: libraryId.textOf(Math.floor(scope / types))!, type: type.textOf(scope % types) as ItemSummary['type'], rows: count,
	}));
};

/**
The number of items by library and type.
*/
const createCounts = () => {
	const counts = new Map<string, Map<string, number>>();
	return {
		add({libraryId, type}: Pick<ItemSummary, 'libraryId' | 'type'>, step: number) {
			const ofLibrary = counts.get(libraryId) ?? new Map<string, number>();
			counts.set(libraryId, ofLibrary);
			ofLibrary.set(type, (ofLibrary.get(type) ?? 0) + step);
		},
		sum({libraryId, type}: Scope): number {
			let sum = 0;
			for (const [id, ofLibrary] of counts) {
				for (const [name, count] of ofLibrary) {
					sum += (libraryId ?? id) === id && (type ?? name) === name ? count : 0;
				}
			}

			return sum;
		},
	};
};

type Counts = ReturnType<typeof createCounts>;
