import type {ItemType} from '../catalog/types.js';
import type {Plan, QueryCondition} from './language/plan.js';

type Within = {
	libraryIds?: readonly string[] | undefined;
	types?: readonly ItemType[] | undefined;
	limit?: number | undefined;
};

/**
A plan that asks for the same within some libraries and types only, and for no more than `limit` items.
*/
export const planWithin = (plan: Plan, {libraryIds, types, limit = Infinity}: Within): Plan => {
	const oneOf = (field: string, texts: readonly string[]): QueryCondition => ({kind: 'text', field, tests: texts.map(text => ({kind: 'is', text}))});
	const terms = [
		...libraryIds === undefined ? [] : [oneOf('libraryId', libraryIds)],
		...types === undefined ? [] : [oneOf('type', types)],
		plan.where,
	];
	const least = Math.min(plan.limit ?? Infinity, limit);
	return {...plan, where: terms.length === 1 ? terms[0]! : {kind: 'and', terms}, limit: least === Infinity ? undefined : least};
};

/**
A plan that asks for what both do, in the order of the second.
*/
export const bothPlans = (first: Plan, second: Plan): Plan => ({...second, where: {kind: 'and', terms: [first.where, second.where]}});

/**
A plan that asks for what both do. The second decides the order and the number of items; what it does not say, the first does.
*/
export const narrowedPlan = (plan: Plan, by: Plan): Plan => ({
	...bothPlans(plan, by),
	sort: by.sort.length > 0 ? by.sort : plan.sort,
	limit: by.limit ?? plan.limit,
	words: [...plan.words, ...by.words],
});

/**
What a condition is made of, without what joins it.
*/
export const leavesOf = (condition: QueryCondition): QueryCondition[] => {
	if (condition.kind === 'and' || condition.kind === 'or') {
		return condition.terms.flatMap(term => leavesOf(term));
	}

	return condition.kind === 'not' || condition.kind === 'below' ? leavesOf(condition.term) : [condition];
};
