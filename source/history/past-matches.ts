import type {CatalogStore} from '../catalog/catalog-store.js';
import {needsOf} from '../query/affected.js';
import {findAmong, listIds} from '../query/among.js';
import {withKnownWordsExact} from '../query/exact-words.js';
import {compileQuery} from '../query/language/compile.js';
import type {Plan} from '../query/language/plan.js';
import type {QueryWorld} from '../query/language/query-source.js';
import {withGone} from '../query/gone-items.js';
import {giveNames} from '../query/names.js';
import {recordValues} from '../query/record-values.js';
import type {CatalogAnswers, CatalogIndex} from '../query/types.js';
import type {PastMatcher} from './replay.js';
import {rewindIndex} from './rewind-index.js';

type MatcherSources = {
	index: () => Promise<CatalogIndex>;
	/**
	Answer instead of the index where the store itself can; they know no earlier moment.
	*/
	answers?: () => Promise<Pick<CatalogAnswers, 'list' | 'children'> | undefined>;
	store: () => Promise<Pick<CatalogStore, 'header' | 'history' | 'get' | 'getMany'>>;
	queryWorld: () => Promise<QueryWorld>;
	signal: AbortSignal;
};

/**
Reads a query that narrows a list of changes or losses. Its order and its limit are left out, because such a list has its own. With `until`, the items are taken as they were just before that instant; this changes the index. Without it, the index stays as it is.

@throws {QueryError}
*/
export const pastMatcher = async (query: string, {index: readIndex, answers: readAnswers, store: readStore, queryWorld, signal}: MatcherSources, until?: string): Promise<PastMatcher> => {
	const {where, words} = await compileQuery(query, await queryWorld());
	const plan: Plan = {
		where, words, sort: [], limit: undefined,
	};
	const matchNow: PastMatcher = async gone => {
		const store = await readStore();
		const index = await readAnswers?.() ?? await readIndex();
		const found = new Set(await listIds(index, {plan}, {signal, readValues: recordValues(store)}));
		const there = await store.getMany(gone.map(({item}) => item.id), {kind: 'item'});
		const idsThere = new Set(there.map(({id}) => id));
		const missing = gone.filter(({item}) => !idsThere.has(item.id));
		if (missing.length === 0) {
			return found;
		}

		const find = await findAmong(missing.map(({item}) => item.id), {
			store, index: async () => index, isBelowAsked: needsOf([plan]).below, gone: missing, isForgiving: true, signal,
		});
		return new Set([...found, ...await find({...plan, where: await withKnownWordsExact(where, index, signal)})]);
	};

	if (until === undefined) {
		return matchNow;
	}

	return async gone => {
		const [index, store] = [await readIndex(), await readStore()];
		const {records: past} = await rewindIndex(index, store, until);
		const list = async (records: Pick<CatalogStore, 'getMany'>) => index.list({plan}, {signal, readValues: recordValues(records)});
		const found = new Set(await list(past));
		const missing = gone.filter(({item}) => index.get(item.id) === undefined);
		const ids = missing.map(({item}) => item.id);
		if (ids.length === 0) {
			return found;
		}

		// Only now, since a show that is still there is judged by the episodes that it has.
		const sizes = new Map(missing.flatMap(({files}) => files.map(({id, sizeBytes}) => [id, sizeBytes])));
		index.put(missing.map(({item}) => item), id => sizes.get(id));
		await giveNames(index, store);
		const all = new Set(await list(withGone(past, missing)));
		return new Set([...found, ...ids.filter(id => all.has(id))]);
	};
};
