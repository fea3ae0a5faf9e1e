import type {HistoryEvent} from '../catalog/history.js';
import type {Item} from '../catalog/types.js';
import {relatedIds} from '../query/related.js';

/**
Ids of everything that must be looked up to tell of the events: items that arrived, and what the changed fields refer to.
*/
export const referencedIds = (events: readonly HistoryEvent[]): string[] => {
	const arrived = new Set<string>();
	for (const event of events) {
		if (event.kind === 'added' || event.kind === 'restored') {
			arrived.add(event.itemId);
		}
	}

	const ids = new Set(arrived);
	for (const event of events) {
		for (const fields of snapshots(event, arrived)) {
			for (const id of relatedIds({...noReferences, ...withoutNulls(fields)} as Item)) {
				ids.add(id);
			}
		}
	}

	return [...ids];
};

const snapshots = (event: HistoryEvent, arrived: ReadonlySet<string>): Array<Record<string, unknown>> => {
	if ('after' in event) {
		return [event.before, event.after];
	}

	return event.kind === 'removed' && arrived.has(event.itemId) ? [event.before.item] : [];
};

const withoutNulls = (fields: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

const noReferences: Pick<Item, 'genres' | 'countries' | 'studios' | 'collections' | 'labels' | 'directors' | 'writers' | 'producers' | 'cast' | 'versions'> = {
	genres: [], countries: [], studios: [], collections: [], labels: [], directors: [], writers: [], producers: [], cast: [], versions: [],
};
