import {nextTurn} from '../base/turns.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {playedFiles} from '../catalog/fields/file-fields.js';
import type {LibraryNames} from '../catalog/library-names.js';
import type {Item} from '../catalog/types.js';
import {describeItem, detailResolver, relatedResolver} from '../query/related.js';
import type {CatalogIndex, ItemDetail, ItemSummary} from '../query/types.js';
import type {ExportRow} from './export-columns.js';
import type {RowLevel} from './levels.js';
import {exportLine} from './record.js';
import {createRelatedRecords} from './related-records.js';

export type RowSource = {
	store: Pick<CatalogStore, 'getMany' | 'header'>;
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
Reads items in batches, with what they refer to. The event loop turns after each batch, so that Ctrl-C and the writing of what is made get their chance.
*/
async function * readItems(ids: IdLists, {store, index: whole, onItem}: Omit<RowSource, 'names'>, {areTexts}: {areTexts: boolean}) {
	const related = createRelatedRecords(store, {areTexts});
	for await (const batch of batchesOf(ids, typeof whole === 'function' ? itemsPerQuestion : itemsPerTurn)) {
		await nextTurn();
		for (const _ of batch) {
			onItem();
		}

		const records = await store.getMany(batch, {kind: 'item'}) as readonly Item[];
		const index = typeof whole === 'function' ? await whole(records) : whole;
		const items = records.filter(({id}) => index.value(id, 'type') !== undefined);
		const texts = await related.read(items);
		yield {
			items, texts, related, lookups: {header: store.header(), index},
		};
	}
}

async function * batchesOf(lists: IdLists, size: number): AsyncGenerator<readonly string[]> {
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
Makes the rows of a level of each item: the item itself, its versions as the server lists them, or its files, each once.
*/
export async function * exportRows(ids: IdLists, level: RowLevel, source: RowSource): AsyncGenerator<ExportRow> {
	const {names} = source;
	for await (const {items, related, lookups} of readItems(ids, source, {areTexts: false})) {
		const {index} = lookups;
		const titleOf = (id: string) => index.value(id, 'title');
		for (const record of items) {
			let item: ItemSummary | undefined;
			let detail: ItemDetail | undefined;
			const row: ExportRow = {
				// Not every format needs these.
				get item() {
					item ??= index.get(record.id)!;
					return item;
				},
				get detail() {
					detail ??= describeItem(record, related, lookups);
					return detail;
				},
				names,
				titleOf,
			};
			for (const made of rowsOfLevel[level](row)) {
				yield made;
			}
		}
	}
}

/**
The export records of items, each as a line of JSON, in batches.
*/
export async function * exportLines(ids: IdLists, source: Omit<RowSource, 'names'>): AsyncGenerator<readonly string[]> {
	for await (const {items, texts, related, lookups} of readItems(ids, source, {areTexts: true})) {
		yield items.map((item, place) => exportLine(item, relatedResolver(item, related, lookups), texts[place]!));
	}
}

const rowsOfLevel: Readonly<Record<RowLevel, (row: ExportRow) => ExportRow[]>> = {
	item: row => [row],
	version: row => row.detail.item.versions.map(version => ({...row, version})),
	file: row => playedFiles(row.detail.item, detailResolver(row.detail)).map(file => ({...row, version: file.version, file})),
};
