import {createPieces} from '../base/turns.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {playedFiles} from '../catalog/fields/file-fields.js';
import type {LibraryNames} from '../catalog/library-names.js';
import type {CatalogRecord} from '../catalog/types.js';
import {detailResolver, loadDetail} from '../query/related.js';
import type {CatalogIndex, ItemSummary} from '../query/types.js';
import type {ExportRow} from './export-columns.js';
import type {RowLevel} from './levels.js';

export type RowSource = {
	store: RecordSource;
	index: CatalogIndex;
	names: LibraryNames;
	/**
	Called before each item; it may throw to end the export.
	*/
	onItem: () => void;
};

type RecordSource = Pick<CatalogStore, 'get' | 'getMany' | 'header'>;

// Some megabytes.
const mostKept = 20_000;

/**
Reads records and keeps those to which many items refer: people, tags, shows and seasons. To read and parse them again for each item takes most of the time of an export.
*/
const keepingRelated = (store: RecordSource): RecordSource => {
	// When the recent ones are many, they become the older ones, and what was not asked for since then is let go.
	let recent = new Map<string, CatalogRecord>();
	let older = new Map<string, CatalogRecord>();
	const keep = (record: CatalogRecord) => {
		if (recent.size >= mostKept) {
			older = recent;
			recent = new Map();
		}

		recent.set(record.id, record);
	};

	const known = (id: string): CatalogRecord | undefined => {
		const record = recent.get(id);
		if (record !== undefined) {
			return record;
		}

		const old = older.get(id);
		if (old !== undefined) {
			keep(old);
		}

		return old;
	};

	return {
		get: async id => store.get(id),
		async getMany(ids, options) {
			const found: CatalogRecord[] = [];
			const unknown = ids.filter(id => {
				const record = known(id);
				if (record !== undefined) {
					found.push(record);
				}

				return record === undefined;
			});
			for (const record of unknown.length === 0 ? [] : await store.getMany(unknown, options)) {
				found.push(record);
				// Hardly any file belongs to several items.
				if (record.kind !== 'file') {
					keep(record);
				}
			}

			return found;
		},
		header: () => store.header(),
	};
};

const itemsPerTurn = 200;

/**
Reads items one after the other, and makes the rows of a level of each: the item itself, its versions as the server lists them, or its files, each once. The event loop turns now and then, so that Ctrl-C and the writing of what is made get their chance.
*/
export async function * exportRows(ids: Iterable<string> | AsyncIterable<string>, level: RowLevel, {store, index, names, onItem}: RowSource): AsyncGenerator<ExportRow> {
	const titleOf = (id: string) => index.value(id, 'title');
	const nextPiece = createPieces(itemsPerTurn);
	const records = keepingRelated(store);
	for await (const id of ids) {
		await nextPiece();
		onItem();
		const detail = await loadDetail(records, index, id);
		if (detail === undefined || index.value(id, 'type') === undefined) {
			continue;
		}

		let item: ItemSummary | undefined;
		const row: ExportRow = {
			// Not every format needs it.
			get item() {
				item ??= index.get(id)!;
				return item;
			},
			detail,
			names,
			titleOf,
		};
		for (const made of rowsOfLevel[level](row)) {
			yield made;
		}
	}
}

const rowsOfLevel: Readonly<Record<RowLevel, (row: ExportRow) => ExportRow[]>> = {
	item: row => [row],
	version: row => row.detail.item.versions.map(version => ({...row, version})),
	file: row => playedFiles(row.detail.item, detailResolver(row.detail)).map(file => ({...row, version: file.version, file})),
};
