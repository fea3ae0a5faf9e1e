import {createPieces} from '../base/turns.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {playedFiles} from '../catalog/fields/file-fields.js';
import type {LibraryNames} from '../catalog/library-names.js';
import {detailResolver, loadDetail} from '../query/related.js';
import type {CatalogIndex} from '../query/types.js';
import type {ExportRow} from './export-columns.js';
import type {RowLevel} from './levels.js';

export type RowSource = {
	store: Pick<CatalogStore, 'get' | 'getMany' | 'header'>;
	index: CatalogIndex;
	names: LibraryNames;
	/**
	Called before each item; it may throw to end the export.
	*/
	onItem: () => void;
};

const itemsPerTurn = 200;

/**
Reads items one after the other, and makes the rows of a level of each: the item itself, its versions as the server lists them, or its files, each once. The event loop turns now and then, so that Ctrl-C and the writing of what is made get their chance.
*/
export async function * exportRows(ids: Iterable<string> | AsyncIterable<string>, level: RowLevel, {store, index, names, onItem}: RowSource): AsyncGenerator<ExportRow> {
	const titleOf = (id: string) => index.value(id, 'title');
	const nextPiece = createPieces(itemsPerTurn);
	for await (const id of ids) {
		await nextPiece();
		onItem();
		const detail = await loadDetail(store, index, id);
		const item = index.get(id);
		if (detail === undefined || item === undefined) {
			continue;
		}

		const row: ExportRow = {
			item, detail, names, titleOf,
		};
		yield * rowsOfLevel[level](row);
	}
}

const rowsOfLevel: Readonly<Record<RowLevel, (row: ExportRow) => ExportRow[]>> = {
	item: row => [row],
	version: row => row.detail.item.versions.map(version => ({...row, version})),
	file: row => playedFiles(row.detail.item, detailResolver(row.detail)).map(file => ({...row, version: file.version, file})),
};
