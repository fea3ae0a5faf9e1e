import type {AppError} from '../../base/errors.js';
import {isRemoval, type HistoryEvent} from '../../catalog/history.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import {needsOf} from '../../query/affected.js';
import {findAmong, type Descent} from '../../query/among.js';
import {tryCompile} from '../../query/language/compile.js';
import type {QueryWorld} from '../../query/language/query-source.js';

export type NarrowSources = {
	store: Pick<CatalogStore, 'getMany'>;
	/**
	An index of the catalogue, or what answers in its place; asked for only if a query speaks of episodes.
	*/
	index: () => Promise<Descent>;
	queryWorld: () => QueryWorld;
};

/**
The events that a query leaves of some, or why it cannot be asked.
*/
type Narrowed = {query: string} & ({events: HistoryEvent[]} | {fault: AppError});

/**
For each query the events of the items that it finds, and all events that are about no item. Items count as they are now, and those that are gone as they were when they were last there.
*/
export const narrowChanges = async (queries: readonly string[], events: readonly HistoryEvent[], {store, index, queryWorld}: NarrowSources): Promise<Narrowed[]> => {
	const world = queryWorld();
	const plans = await Promise.all(queries.map(async query => ({query, ...await tryCompile(query, world)})));
	const gone = new Map(events.flatMap(event => isRemoval(event) ? [[event.itemId, event.before] as const] : []));
	const find = await findAmong(events.flatMap(event => 'itemId' in event ? [event.itemId] : []), {
		store, index, isBelowAsked: needsOf(plans.flatMap(plan => 'plan' in plan ? [plan.plan] : [])).below, gone: gone.values().toArray(),
	});
	const narrowed: Narrowed[] = [];
	for (const {query, ...read} of plans) {
		if ('fault' in read) {
			narrowed.push({query, ...read});
			continue;
		}

		const found = await find(read.plan);
		narrowed.push({query, events: events.filter(event => !('itemId' in event) || found.has(event.itemId))});
	}

	return narrowed;
};
