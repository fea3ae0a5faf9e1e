import type {CatalogIndex} from '../query/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import type {CatalogRecord, Item, MediaFile} from '../catalog/types.js';
import {fileIdsOf} from '../catalog/item.js';
import {giveNames} from '../query/names.js';
import {stateBefore} from './replay.js';
import {knownBefore, readHistory} from './load-changes.js';

/**
Changes an index to what it was just before an instant. The catalogue itself stays as it is. `unknownIds` are libraries about which nothing is known at that instant; the index then has none of their items. `records` are those of the store, with items and files as they were.
*/
export const rewindIndex = async (index: CatalogIndex, store: Records & Pick<CatalogStore, 'history'>, instant: string): Promise<{unknownIds: string[]; records: Records}> => {
	const libraryIds = store.header().libraries.map(({id}) => id);
	const known = await knownBefore(store, instant, libraryIds);
	const unknownIds = libraryIds.filter(id => !known.has(id));
	const events = await readHistory(store, {since: instant});
	const touched = new Set(events.filter(event => 'itemId' in event).map(({itemId}) => itemId));
	const items = await itemsOf(store, [...touched]);
	const past = stateBefore(items, await filesOf(store, items), events.toReversed(), instant);
	// An item that no event names came with the first import of its library.
	const begun = new Set([...unknownIds, ...events.filter(({kind}) => kind === 'baseline').map(({libraryId}) => libraryId)]);
	index.remove(index.summaries().filter(({id, libraryId}) => touched.has(id) || begun.has(libraryId)).map(({id}) => id).toArray());
	// A file that was replaced then had another size in all items that play it, whichever of them the event names.
	const sharing = await itemsOf(store, [...new Set(past.files.keys().flatMap(id => index.itemsOfFile(id)))]);
	const placed = [...past.items.values().filter(({libraryId}) => known.has(libraryId)), ...sharing];
	// What they played then may be played by others now, or by none.
	const played = await filesOf(store, placed, id => !past.files.has(id));
	const others = new Map(played.map(file => [file.id, file]));
	index.put(placed, id => (past.files.get(id) ?? others.get(id))?.sizeBytes);
	await giveNames(index, store);
	return {unknownIds, records: withPast(store, new Map<string, CatalogRecord>([...past.items, ...past.files]))};
};

type Records = Pick<CatalogStore, 'header' | 'get' | 'getMany'>;

const withPast = (store: Records, past: ReadonlyMap<string, CatalogRecord>): Records => ({
	header: store.header,
	get: async id => past.get(id) ?? store.get(id),
	async getMany(ids, options) {
		const others = await store.getMany(ids.filter(id => !past.has(id)), options);
		const records = new Map([...others.map((record): [string, CatalogRecord] => [record.id, record]), ...past]);
		return ids.map(id => records.get(id)).filter(record => record !== undefined && (options?.kind === undefined || record.kind === options.kind)) as CatalogRecord[];
	},
});

const itemsOf = async (store: Pick<Records, 'getMany'>, ids: readonly string[]): Promise<Item[]> => {
	const records = await store.getMany(ids, {kind: 'item'});
	return records.filter(record => record.kind === 'item');
};

const filesOf = async (store: Pick<Records, 'getMany'>, items: readonly Item[], isWanted: (id: string) => boolean = () => true): Promise<MediaFile[]> => {
	const ids = items.flatMap(item => fileIdsOf(item)).filter(id => isWanted(id));
	const records = await store.getMany([...new Set(ids)], {kind: 'file'});
	return records.filter(record => record.kind === 'file');
};
