import type {CellsByName} from '../base/columns/cells.js';
import {requireAppError} from '../base/errors.js';
import {createPieces, nextTurn} from '../base/turns.js';
import {fileSizes, storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import {personIdsOf, tagFieldNames} from '../catalog/item.js';
import type {CatalogRecord, Item} from '../catalog/types.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import {cellsOfFields, columnsFormat} from '../query/columns.js';
import {giveNames, nameThem} from '../query/names.js';
import type {CatalogIndex, ItemSummary} from '../query/types.js';
import type {OpenedCatalog} from '../store/catalog-context.js';
import {catalogFiles} from '../store/folders.js';
import {isKeepingDue, writeKeptIndex, type CatalogSeed} from '../store/kept-index.js';

const itemsPerTurn = 200;
const changesPerTurn = 2000;
const fewChanges = 50;

type FilledStore = Pick<OpenedCatalog, 'header' | 'load' | 'page' | 'getMany' | 'changesSince' | 'kept'>;

type FillOptions = {
	onProgress?: (share: number) => void;
	fields?: ReadonlyArray<keyof ItemSummary> | undefined;
	/**
	What was kept is not used.
	*/
	isKeptLeftOut?: boolean;
};

/**
Fills an index from what was kept of the catalogue and the commits since, or else from the records. The store need not be loaded before; it is afterwards, unless what was kept says everything. Whoever needs only some of the fields names them; the others are read if they are needed all the same.

@returns the revision of the records that it was filled from; undefined if it was not, or if they changed meanwhile
*/
export const fillIndex = async (store: FilledStore, index: CatalogIndex, {onProgress, fields, isKeptLeftOut = false}: FillOptions = {}): Promise<number | undefined> => {
	if (!isKeptLeftOut && await isRestored(store, index, fields)) {
		onProgress?.(1);
		return undefined;
	}

	await store.load();
	index.clear();
	const {revision} = store.header();
	const expected = totalItems(store);
	for await (const items of storedItems(store)) {
		index.put(items, await fileSizes(store, items));
		onProgress?.(expected === 0 ? 1 : Math.min(1, index.size() / expected));
	}

	await giveNames(index, store);
	return store.header().revision === revision ? revision : undefined;
};

const isRestored = async (store: FilledStore, index: CatalogIndex, fields: FillOptions['fields']): Promise<boolean> => {
	const kept = store.kept();
	const cells = kept?.format === columnsFormat ? await kept.open('columns', fields && cellsOfFields(new Set(fields))) : undefined;
	if (cells === undefined) {
		return false;
	}

	await nextTurn();
	index.restore(cells);
	if (store.header().revision !== kept!.header.revision) {
		let changes = await store.changesSince(kept!.header.revision);
		if (changes === undefined) {
			await store.load();
			changes = await store.changesSince(kept!.header.revision);
		}

		if (changes === undefined) {
			return false;
		}

		await removeItems(index, changes.flatMap(({removed}) => removed));
		await putItems(store, index, changes.flatMap(({upserted}) => upserted));
	}

	return index.size() === totalItems(store);
};

/**
Removes items, a few at a time.
*/
export const removeItems = async (index: CatalogIndex, ids: readonly string[]): Promise<void> => {
	for (let start = 0; start < ids.length; start += itemsPerTurn) {
		await nextTurn();
		index.remove(ids.slice(start, start + itemsPerTurn));
	}
};

/**
Puts those of the records that are items, a few at a time, and the items that play those that are files: a file may have another size while its items are the same.
*/
export const putItems = async (store: Pick<CatalogStore, 'getMany'>, index: CatalogIndex, changed: readonly string[]): Promise<void> => {
	const ids = new Set<string>();
	const piece = createPieces(changesPerTurn);
	for (const id of changed) {
		await piece();
		ids.add(id);
	}

	const isFew = ids.size <= fewChanges;
	const playing = new Set<string>();
	const put = async (records: readonly CatalogRecord[]) => {
		const items = records.filter(record => record.kind === 'item');
		index.put(items, await fileSizes(store, items));
		nameThem(index, isFew ? [...records, ...await store.getMany(namedIdsOf(items))] : records);
	};

	for await (const records of inBatches(store, [...ids])) {
		for (const {kind, id} of records) {
			for (const itemId of kind === 'file' ? index.itemsOfFile(id) : []) {
				playing.add(itemId);
			}
		}

		await put(records);
	}

	for await (const records of inBatches(store, [...playing].filter(id => !ids.has(id)))) {
		await put(records);
	}

	// To find who has no name yet, all lists of people must be read.
	if (!isFew) {
		await giveNames(index, store);
	}
};

async function * inBatches(store: Pick<CatalogStore, 'getMany'>, ids: readonly string[]): AsyncGenerator<CatalogRecord[]> {
	for (let start = 0; start < ids.length; start += itemsPerTurn) {
		await nextTurn();
		yield store.getMany(ids.slice(start, start + itemsPerTurn));
	}
}

const namedIdsOf = (items: readonly Item[]): string[] => [...new Set(items.flatMap(item => [...personIdsOf(item), ...tagFieldNames.flatMap(name => item[name])]))];

/**
Keeps an index for the next start, unless what was kept before is still of use. A reader does so as well while another process writes: a daemon may have written the document anew, and keeps an index only when it ends, months later. `save` gives its columns; without it they are made from the records. Called after the store, which was loaded, is closed.
*/
export const keepForNextStart = async (folder: string, store: OpenedCatalog, save?: () => Promise<CellsByName>): Promise<void> => {
	const seed = seedToKeep(folder, store);
	if (seed === undefined) {
		return;
	}

	try {
		const cells = save === undefined ? await columnsOf(store) : await save();
		await writeKeptIndex(catalogFiles(folder), seed, {format: columnsFormat, cells});
	} catch (error) {
		// Without it only the next start is slower.
		requireAppError(error);
	}
};

const seedToKeep = (folder: string, {seed}: OpenedCatalog): CatalogSeed | undefined => {
	const loaded = seed?.();
	return loaded !== undefined && isKeepingDue(catalogFiles(folder), loaded, columnsFormat) ? loaded : undefined;
};

/**
Whether `keepForNextStart` would keep an index of this loaded store.
*/
export const isIndexWanted = (folder: string, store: OpenedCatalog): boolean => seedToKeep(folder, store) !== undefined;

const columnsOf = async (store: OpenedCatalog): Promise<CellsByName> => {
	const index = createCatalogIndex();
	for await (const items of storedItems(store)) {
		index.put(items, await fileSizes(store, items));
	}

	await giveNames(index, store);
	return index.save();
};

export const totalItems = (store: Pick<CatalogStore, 'header'>) => store.header().libraries
	.reduce((sum, {counts: {movie, show, season, episode}}) => sum + movie + show + season + episode, 0);
