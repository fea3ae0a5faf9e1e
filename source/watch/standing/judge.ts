import type {CatalogStore} from '../../catalog/catalog-store.js';
import {affectedItems, needsOf} from '../../query/affected.js';
import {findAmong, listIds, type FindAmong} from '../../query/among.js';
import type {Plan} from '../../query/language/plan.js';
import {recordValues} from '../../query/record-values.js';
import type {CatalogAnswers, CatalogIndex} from '../../query/types.js';
import type {PlannedStanding} from './read-standing.js';
import type {SeenChanges} from './seen-changes.js';

/**
Answers queries without an index.
*/
export type StandingAnswers = Pick<CatalogAnswers, 'list'>;

type JudgeSources = {
	index: CatalogIndex | StandingAnswers;
	store: Pick<CatalogStore, 'getMany'>;
	signal: AbortSignal;
};

/**
Asks a query of everything.
*/
export const judgeAll = async (plan: Plan, {index, store, signal}: JudgeSources): Promise<Set<string>> => {
	const found = await listIds(index, {plan: {...plan, sort: [], words: []}}, {
		isExact: true, isLasting: true, readValues: recordValues(store), signal,
	});
	return new Set(found);
};

export type JudgedFew = {ids: ReadonlySet<string>; find: FindAmong};

const nothing: JudgedFew = {ids: new Set(), find: async () => new Set()};

/**
Prepares to ask queries only of what changes affect; undefined if that may be everything. Without an index nobody knows what was before a change.
*/
export const judgeFew = async (queries: readonly PlannedStanding[], {changed}: SeenChanges, {index, store, signal}: JudgeSources): Promise<JudgedFew | undefined> => {
	if (queries.length === 0 || changed.size === 0) {
		return nothing;
	}

	if (!('itemsOfFile' in index)) {
		return undefined;
	}

	const records = await store.getMany(changed.keys().toArray());
	const needs = needsOf(queries.map(({plan}) => plan));
	const ids = affectedItems({
		changed, records: new Map(records.map(record => [record.id, record])), index, needs,
	});
	if (ids === undefined || ids.size === 0) {
		return ids && nothing;
	}

	return {
		ids,
		find: await findAmong(ids, {
			store, index: async () => index, isBelowAsked: needs.below, signal,
		}),
	};
};
