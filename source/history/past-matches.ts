import {AppError} from '../base/errors.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import {compileQuery} from '../query/language/compile.js';
import type {Plan} from '../query/language/plan.js';
import type {QueryWorld} from '../query/language/query-source.js';
import {recordFields} from '../query/plan-within.js';
import {withGone, type GoneItem} from '../query/gone-items.js';
import {giveNames} from '../query/names.js';
import {recordValues} from '../query/record-values.js';
import type {CatalogIndex} from '../query/types.js';
import type {PastMatcher} from './replay.js';
import {rewindIndex} from './rewind-index.js';

type MatcherSources = {
	index: () => Promise<CatalogIndex>;
	store: () => Promise<Pick<CatalogStore, 'header' | 'history' | 'getMany'>>;
	queryWorld: () => Promise<QueryWorld>;
	signal: AbortSignal;
	isShared?: boolean;
};

/**
Reads a query that narrows a list of changes or losses. Its order and its limit are left out, because such a list has its own. With `until`, the items are taken as they were just before that instant; this changes the index. One that others use, too (`isShared`), is never changed.

@throws {QueryError}
@throws AppError 'usage' for a field of which an earlier value is not known
*/
export const pastMatcher = async (query: string, {index: readIndex, store: readStore, queryWorld, signal, isShared = false}: MatcherSources, until?: string): Promise<PastMatcher> => {
	const {where, words} = await compileQuery(query, await queryWorld());
	const plan: Plan = {
		where, words, sort: [], limit: undefined,
	};
	const [unknown] = until === undefined ? [] : recordFields(plan);
	if (unknown !== undefined) {
		throw new AppError('usage', `Nothing is known of ${unknown} at an earlier moment.`, {hint: 'Ask without --until, or without this field.'});
	}

	return async gone => {
		const [index, store] = [await readIndex(), await readStore()];
		if (until !== undefined) {
			await rewindIndex(index, store, until);
		}

		const list = async (of: CatalogIndex, records: Pick<CatalogStore, 'getMany'>) => of.list({plan}, {signal, readValues: recordValues(records)});
		const found = new Set(await list(index, store));
		const missing = gone.filter(({item}) => index.get(item.id) === undefined);
		// Only now, since a show that is still there is judged by the episodes that it has.
		const sizes = new Map(missing.flatMap(({files}) => files.map(({id, sizeBytes}) => [id, sizeBytes])));
		const judging = isShared ? await indexOfParents(missing, store) : index;
		judging.put(missing.map(({item}) => item), id => sizes.get(id));
		await giveNames(judging, store);
		const ids = new Set(missing.map(({item}) => item.id));
		for (const id of await list(judging, withGone(store, missing))) {
			if (ids.has(id)) {
				found.add(id);
			}
		}

		return found;
	};
};

/**
An index of the shows and seasons to which these belong, as far as they are still there.
*/
const indexOfParents = async (gone: readonly GoneItem[], store: Pick<CatalogStore, 'getMany'>): Promise<CatalogIndex> => {
	const index = createCatalogIndex();
	const ids = new Set(gone.flatMap(({item: {showId, seasonId}}) => [showId, seasonId]).filter(id => id !== undefined));
	const parents = await store.getMany([...ids], {kind: 'item'});
	index.put(parents.filter(record => record.kind === 'item'));
	return index;
};
