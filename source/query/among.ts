import {fileSizes, type CatalogStore} from '../catalog/catalog-store.js';
import {nextTurn} from '../base/turns.js';
import {createCatalogIndex} from './catalog-index.js';
import {withGone, type GoneItem} from './gone-items.js';
import type {Plan} from './language/plan.js';
import {giveNames} from './names.js';
import {recordValues} from './record-values.js';
import type {
	CatalogAnswers,
	CatalogIndex,
	ListOptions,
	ListQuery,
} from './types.js';

const itemsPerTurn = 200;

type AmongOptions = {
	store: Pick<CatalogStore, 'getMany'>;
	/**
	An index of the catalogue, or what answers in its place; asked for only if plans speak of episodes.
	*/
	index: () => Promise<Descent>;
	/**
	Whether the plans speak of the episodes below a show or season.
	*/
	isBelowAsked: boolean;
	/**
	Items that the catalogue no longer has. Of one that it has, only what it is now counts.
	*/
	gone?: readonly GoneItem[];
	/**
	A slip of the fingers is forgiven in a word that none of these items has. Otherwise words are taken as they are written.
	*/
	isForgiving?: boolean;
	signal?: AbortSignal | undefined;
};

/**
Knows the seasons and episodes of a show, and the episodes of a season.
*/
export type Descent = {children: (parentId: string) => readonly string[] | Promise<readonly string[]>};

/**
Lists items: an index, or what answers in its place.
*/
export type Lister = Pick<CatalogIndex, 'list'> | Pick<CatalogAnswers, 'list'>;

export const listIds = async ({list}: Lister, query: ListQuery, options: ListOptions): Promise<readonly string[]> => {
	const found = await list(query, options);
	return 'ids' in found ? found.ids : found;
};

export type FindAmong = (plan: Plan) => Promise<ReadonlySet<string>>;

/**
Asks queries of a few items: it puts them and what the answers depend on into an index of their own. So the work does not grow with the catalogue, and the index of the catalogue stays as it is. What is neither in the catalogue nor `gone` is found by no query.
*/
export const findAmong = async (ids: Iterable<string>, {store, index, isBelowAsked, gone = [], isForgiving = false, signal}: AmongOptions): Promise<FindAmong> => {
	const wanted = new Set(ids);
	const records = withGone(store, gone);
	const few = createCatalogIndex();
	const put = async (some: Iterable<string>) => {
		const missing = [...new Set(some)].filter(id => few.value(id, 'type') === undefined);
		for (let start = 0; start < missing.length; start += itemsPerTurn) {
			await nextTurn();
			signal?.throwIfAborted();
			const found = await records.getMany(missing.slice(start, start + itemsPerTurn), {kind: 'item'});
			const items = found.filter(record => record.kind === 'item');
			few.put(items, await fileSizes(records, items));
		}
	};

	await put(wanted);
	const parents = [...wanted].filter(id => ['show', 'season'].includes(few.value(id, 'type') ?? ''));
	await put([...wanted].map(id => few.value(id, 'showId')).filter(id => id !== undefined));
	if (isBelowAsked && parents.length > 0) {
		const {children} = await index();
		const goneBelow = Map.groupBy(gone.flatMap(({item: {id, showId, seasonId}}) => [showId, seasonId].map(parentId => ({id, parentId}))), ({parentId}) => parentId);
		const below: string[] = [];
		for (const id of parents) {
			below.push(...await children(id), ...(goneBelow.get(id) ?? []).map(child => child.id));
		}

		await put(below);
	}

	await giveNames(few, records);
	const readValues = recordValues(records);
	return async ({where}) => {
		const found = await few.list({
			plan: {
				where, sort: [], limit: undefined, words: [],
			},
		}, {readValues, isExact: !isForgiving, ...signal !== undefined && {signal}});
		return new Set(found.filter(id => wanted.has(id)));
	};
};
