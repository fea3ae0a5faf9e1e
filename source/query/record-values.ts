import type {CatalogStore} from '../catalog/catalog-store.js';
import {readField, type Resolver} from '../catalog/fields/field.js';
import {fileIdsOf} from '../catalog/item.js';
import type {CatalogRecord} from '../catalog/types.js';
import {requireAskedField} from './language/asked-fields.js';
import type {ReadRecordValues} from './types.js';

/**
Reads fields that the index has not from the records.
*/
export const recordValues = (store: Pick<CatalogStore, 'getMany'>): ReadRecordValues => async (ids, name) => {
	const {field} = requireAskedField(name);
	const records = await store.getMany([...ids]);
	const items = new Map(records.flatMap(record => record.kind === 'item' ? [[record.id, record] as const] : []));
	const files = new Map<string, CatalogRecord>();
	// Only paths stand in other records.
	if (field.name === 'path') {
		for (const file of await store.getMany([...new Set(items.values().flatMap(item => fileIdsOf(item)))])) {
			files.set(file.id, file);
		}
	}

	const resolver: Resolver = {
		name: () => undefined,
		file(id) {
			const file = files.get(id);
			return file?.kind === 'file' ? file : undefined;
		},
	};
	return ids.map(id => {
		const item = items.get(id);
		return item && readField(field, item, resolver);
	});
};
