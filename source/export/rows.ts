import {nextTurn} from '../base/turns.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {playedFiles} from '../catalog/fields/file-fields.js';
import type {LibraryNames} from '../catalog/library-names.js';
import type {CatalogHeader, Item} from '../catalog/types.js';
import {
	detailResolver,
	lateDetail,
	neighboursIn,
	type Neighbours,
} from '../query/related.js';
import {summarize} from '../query/summary.js';
import type {CatalogIndex, ItemDetail, ItemSummary} from '../query/types.js';
import type {ExportRow} from './export-columns.js';
import type {RowLevel} from './levels.js';
import {
	allReferences,
	createRelatedRecords,
	type ReferencesOf,
	type RelatedStore,
} from './related-records.js';

export type RowSource = {
	store: Pick<CatalogStore, 'getMany' | 'getLines' | 'header'>;
	/**
	An index of all items, or what makes one of a few items and of what is told of others beside them.
	*/
	index: CatalogIndex | ((items: readonly Item[]) => Promise<CatalogIndex>);
	names: LibraryNames;
	/**
	Called before each item; it may throw to end the export.
	*/
	onItem: () => void;
};

/**
Ids in order, in lists of any length.
*/
export type IdLists = Iterable<readonly string[]> | AsyncIterable<readonly string[]>;

const itemsPerTurn = 50;

// A database is asked for each batch, and each question takes its time.
const itemsPerQuestion = 200;

/**
Reads items in batches. The event loop turns before each batch, so that Ctrl-C and the writing of what is made get their chance.
*/
export async function * readItems(ids: IdLists, {store, index: whole, onItem}: Omit<RowSource, 'names'>): AsyncGenerator<{items: Item[]; index: CatalogIndex}> {
	for await (const batch of batchesOf(ids, typeof whole === 'function' ? itemsPerQuestion : itemsPerTurn)) {
		await nextTurn();
		for (const _ of batch) {
			onItem();
		}

		const records = await store.getMany(batch, {kind: 'item'}) as readonly Item[];
		const index = typeof whole === 'function' ? await whole(records) : whole;
		yield {items: records.filter(({id}) => index.value(id, 'type') !== undefined), index};
	}
}

export async function * batchesOf(lists: IdLists, size: number): AsyncGenerator<readonly string[]> {
	let left: readonly string[] = [];
	for await (const list of lists) {
		const ids = [...left, ...list];
		const whole = ids.length - (ids.length % size);
		for (let start = 0; start < whole; start += size) {
			yield ids.slice(start, start + size);
		}

		left = ids.slice(whole);
	}

	if (left.length > 0) {
		yield left;
	}
}

/**
Makes the rows of a level of each item: the item itself, its versions as the server lists them, or its files, each once. Of the people and tags, they know only those that are asked for.
*/
export async function * exportRows(ids: IdLists, level: RowLevel, source: RowSource, referencesOf: ReferencesOf = allReferences): AsyncGenerator<ExportRow> {
	const {names, store} = source;
	const readRows = createRowMaker(store, {header: store.header(), names}, {level, referencesOf});
	for await (const {items, index} of readItems(ids, source)) {
		const rowsOf = await readRows(items, {neighbours: neighboursIn(index), titleOf: id => index.value(id, 'title'), summaryOf: id => index.get(id)});
		for (const item of items) {
			// It may have been removed while its relatives were read, or the rows before it were taken.
			if (index.value(item.id, 'type') !== undefined) {
				yield * rowsOf(item);
			}
		}
	}
}

type ToldOfRows = Pick<ExportRow, 'titleOf'> & {
	neighbours: Neighbours;
	/**
	Where there is an index at hand.
	*/
	summaryOf?: (id: string) => ItemSummary | undefined;
};

/**
Reads what one batch of items after the other refers to, and then makes the rows of each item. What an index tells is `told`.
*/
export const createRowMaker = (store: RelatedStore, {header, names}: {header: CatalogHeader; names: LibraryNames}, {level, referencesOf}: {level: RowLevel; referencesOf: ReferencesOf}) => {
	const relatedRecords = createRelatedRecords(store, referencesOf);
	return async (items: readonly Item[], told: ToldOfRows): Promise<(item: Item) => ExportRow[]> => {
		const {related} = await relatedRecords.read(items);
		const sizeOf = (id: string) => {
			const file = related.get(id);
			return file?.kind === 'file' ? file.sizeBytes : undefined;
		};

		const titleOf = (id: string) => {
			const record = related.get(id);
			return record?.kind === 'item' ? record.title : told.titleOf(id);
		};

		return record => {
			let item: ItemSummary | undefined;
			let detail: ItemDetail | undefined;
			return rowsOfLevel[level]({
				// Not every format needs these.
				get item() {
					item ??= told.summaryOf?.(record.id) ?? summarize(record, sizeOf);
					return item;
				},
				get detail() {
					detail ??= lateDetail(record, related, {header, neighbours: told.neighbours});
					return detail;
				},
				names,
				titleOf,
			});
		};
	};
};

const rowsOfLevel: Readonly<Record<RowLevel, (row: ExportRow) => ExportRow[]>> = {
	item: row => [row],
	version: row => row.detail.item.versions.map(version => ({...row, version})),
	file: row => playedFiles(row.detail.item, detailResolver(row.detail)).map(file => ({...row, version: file.version, file})),
};
