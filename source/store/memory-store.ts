import {pushAll} from '../base/push-all.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {emptyCatalog} from './catalog-data.js';
import {createStoreCore} from './store-core.js';

/**
A catalogue in memory, for tests.
*/
export const createMemoryStore = (): CatalogStore => {
	const data = emptyCatalog();
	const events: HistoryEvent[] = [];
	const core = createStoreCore({
		data: () => data,
		async persist(make) {
			const changes = await make();
			pushAll(events, changes?.events ?? []);
			return changes && {changes, writtenBytes: 0};
		},
	});
	const {
		tell: _, checkOfBackup: __, isWhole: ___, ready, abortOpen, ...store
	} = core;
	return {
		...store,
		mode: 'writer',
		holder: undefined,
		async * history({since = '', until = '~'} = {}) {
			yield events.filter(({at}) => at >= since && at < until);
		},
		async load(onProgress) {
			ready(data.header.revision);
			onProgress?.({readBytes: 0, totalBytes: 0});
		},
		async close() {
			abortOpen();
		},
	};
};
