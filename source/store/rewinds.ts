import type {HistoryEvent} from '../catalog/history.js';
import type {CatalogHeader} from '../catalog/types.js';

/**
What was told after a backup does not hold for the catalogue that was restored from it. The events stay in the files.
*/
export async function * withoutRewound(batches: AsyncIterable<HistoryEvent[]>, rewinds: () => CatalogHeader['rewinds']): AsyncGenerator<HistoryEvent[]> {
	for await (const events of batches) {
		const known = rewinds() ?? [];
		yield known.length === 0
			? events
			: events.filter(({revision}) => known.every(rewind => revision <= rewind.toRevision || revision >= rewind.revision));
	}
}
