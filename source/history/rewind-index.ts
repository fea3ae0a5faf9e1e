import type {CatalogIndex} from '../query/types.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {fileIdsOf} from '../catalog/item.js';
import {stateBefore} from './replay.js';
import {knownBefore, readHistory} from './load-changes.js';

/**
Changes an index to what it was just before an instant. The catalogue itself stays as it is. `unknownIds` are libraries about which nothing is known at that instant; the index then has none of their items.
*/
export const rewindIndex = async (index: CatalogIndex, store: Pick<CatalogStore, 'header' | 'history' | 'getMany'>, instant: string): Promise<{unknownIds: string[]}> => {
	const libraryIds = store.header().libraries.map(({id}) => id);
	const known = await knownBefore(store, instant, libraryIds);
	const unknownIds = libraryIds.filter(id => !known.has(id));
	const events = await readHistory(store, {since: instant});
	const touched = new Set(events.filter(event => 'itemId' in event).map(({itemId}) => itemId));
	const records = await store.getMany([...touched], {kind: 'item'});
	const items = records.filter(record => record.kind === 'item');
	const files = await store.getMany([...new Set(items.flatMap(item => fileIdsOf(item)))], {kind: 'file'});
	const past = stateBefore(items, files.filter(record => record.kind === 'file'), events.toReversed(), instant);
	// An item that no event names came with the first import of its library.
	const begun = new Set([...unknownIds, ...events.filter(({kind}) => kind === 'baseline').map(({libraryId}) => libraryId)]);
	index.remove(index.summaries().filter(({id, libraryId}) => touched.has(id) || begun.has(libraryId)).map(({id}) => id).toArray());
	const wanted = past.items.values().filter(({libraryId}) => known.has(libraryId)).toArray();
	// An item may have left a file that another one still plays. No event has such a file, since it has not changed.
	const others = await store.getMany([...new Set(wanted.flatMap(item => fileIdsOf(item)).filter(id => !past.files.has(id)))], {kind: 'file'});
	const unchanged = new Map(others.map(record => [record.id, record.kind === 'file' ? record.sizeBytes : undefined]));
	index.put(wanted, id => past.files.has(id) ? past.files.get(id)?.sizeBytes : unchanged.get(id));
	await giveNamesOf(index, store);
	return {unknownIds};
};

/**
Gives the people and tags of an index the names that the catalogue has for them.
*/
export const giveNamesOf = async (index: Pick<CatalogIndex, 'rename' | 'unnamedIds'>, store: Pick<CatalogStore, 'getMany'>): Promise<void> => {
	for (const record of await store.getMany(index.unnamedIds())) {
		if (record.kind === 'person' || record.kind === 'tag') {
			index.rename(record.id, record.name);
		}
	}
};
