import type {QueryCondition} from './language/plan.js';
import {leavesOf} from './plan-within.js';
import {listIds, type Lister} from './among.js';

/**
The same condition for items that an index does not have: what the index has of the words decides whether a slip is forgiven in them, so that a word means the same for these items and for those of the index.
*/
export const withKnownWordsExact = async (where: QueryCondition, index: Lister, signal: AbortSignal): Promise<QueryCondition> => {
	const known = new Set<string>();
	const words = leavesOf(where).flatMap(leaf => leaf.kind === 'word' ? [leaf.word] : []);
	for (const word of new Set(words)) {
		const [first] = await listIds(index, {
			plan: {
				where: {kind: 'word', word, isExact: true}, sort: [], limit: 1, words: [],
			},
		}, {signal});
		if (first !== undefined) {
			known.add(word);
		}
	}

	return known.size === 0 ? where : withExact(where, known);
};

const withExact = (condition: QueryCondition, words: ReadonlySet<string>): QueryCondition => {
	if (condition.kind === 'and' || condition.kind === 'or') {
		return {...condition, terms: condition.terms.map(term => withExact(term, words))};
	}

	if (condition.kind === 'not' || condition.kind === 'below') {
		return {...condition, term: withExact(condition.term, words)};
	}

	return condition.kind === 'word' && words.has(condition.word) ? {...condition, isExact: true} : condition;
};
