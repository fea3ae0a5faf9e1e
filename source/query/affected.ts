import type {CatalogRecord, Item} from '../catalog/types.js';
import {requireAskedField} from './language/asked-fields.js';
import type {Plan, QueryCondition} from './language/plan.js';
import type {CatalogIndex, ItemSummary} from './types.js';

/**
What the answers to some plans depend on besides the item itself: the title of its show, the episodes below it, and the names of people and tags.
*/
export type PlanNeeds = {shows: boolean; below: boolean; names: boolean};

export const needsOf = (plans: Iterable<Pick<Plan, 'where'>>): PlanNeeds => {
	const needs: PlanNeeds = {shows: false, below: false, names: false};
	for (const {where} of plans) {
		noteNeeds(where, needs);
	}

	return needs;
};

const noteNeeds = (condition: QueryCondition, needs: PlanNeeds): void => {
	switch (condition.kind) {
		case 'and':
		case 'or': {
			for (const term of condition.terms) {
				noteNeeds(term, needs);
			}

			break;
		}

		case 'below':
		case 'not': {
			needs.below ||= condition.kind === 'below';
			noteNeeds(condition.term, needs);
			break;
		}

		case 'word':
		case 'phrase': {
			needs.shows = true;
			needs.names = true;
			break;
		}

		case 'known':
		case 'flag':
		case 'range':
		case 'text': {
			const {kind, source} = requireAskedField(condition.field);
			needs.shows ||= kind === 'show';
			needs.names ||= source === 'lists';
			break;
		}

		case 'always':
		case 'never': {
			break;
		}
	}
};

/**
What an index says of a record before a change is put into it: of an item, or the name of a person or tag.
*/
export type Glimpse = {item?: {[Name in 'type' | 'title' | 'showId' | 'seasonId']: ItemSummary[Name] | undefined}; name?: string};

export const glimpseOf = (index: Pick<CatalogIndex, 'value' | 'nameOf'>, id: string): Glimpse | undefined => {
	const type = index.value(id, 'type');
	if (type !== undefined) {
		return {
			item: {
				type, title: index.value(id, 'title'), showId: index.value(id, 'showId'), seasonId: index.value(id, 'seasonId'),
			},
		};
	}

	const name = index.nameOf(id);
	return name === undefined ? undefined : {name};
};

type AffectedOptions = {
	/**
	The changed and removed records, as they were before where the index had them.
	*/
	changed: ReadonlyMap<string, Glimpse | undefined>;
	/**
	Those of them that are still there, as they are now.
	*/
	records: ReadonlyMap<string, CatalogRecord>;
	/**
	An index with the changes.
	*/
	index: Pick<CatalogIndex, 'children' | 'itemsOfFile' | 'value'>;
	needs: PlanNeeds;
};

/**
Ids of all items of which some plans may say something else since a change, also of such that are gone; undefined if that may be any item, as when a person has another name.
*/
export const affectedItems = ({changed, records, index, needs}: AffectedOptions): ReadonlySet<string> | undefined => {
	const affected = new Set<string>();
	const addAll = (ids: Iterable<string | undefined>) => {
		for (const id of ids) {
			if (id !== undefined) {
				affected.add(id);
			}
		}
	};

	const addParents = (children: ReadonlyArray<{showId?: string | undefined; seasonId?: string | undefined} | undefined>) => {
		if (needs.below) {
			addAll(children.flatMap(child => [child?.showId, child?.seasonId]));
		}
	};

	const addItem = (id: string, item: Item | undefined, before: Glimpse['item']) => {
		affected.add(id);
		const isShow = item?.type === 'show' || before?.type === 'show';
		if (isShow && needs.shows && item?.title !== before?.title) {
			addAll(index.children(id));
		}

		addParents([item, before]);
	};

	for (const [id, before] of changed) {
		const record = records.get(id);
		if (record?.kind === 'person' || record?.kind === 'tag') {
			if (needs.names && before?.name !== undefined && record.name !== before.name) {
				return undefined;
			}
		} else if (record?.kind === 'item' || before?.item !== undefined) {
			addItem(id, record?.kind === 'item' ? record : undefined, before?.item);
		} else {
			// A file, of which the size or the path may be asked for.
			const items = index.itemsOfFile(id);
			addAll(items);
			addParents(items.map(item => ({showId: index.value(item, 'showId'), seasonId: index.value(item, 'seasonId')})));
		}
	}

	return affected;
};
