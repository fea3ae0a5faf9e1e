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
	index.put(past.items.values().filter(({libraryId}) => known.has(libraryId)).toArray(), id => past.files.get(id)?.sizeBytes);
	for (const record of await store.getMany(index.unnamedIds())) {
		if (record.kind === 'person' || record.kind === 'tag') {
			index.rename(record.id, record.name);
		}
	}

	return {unknownIds};
};
