import fc from 'fast-check';
import {
	comparisons,
	isBareWord,
	type FieldTerm,
	type Query,
	type QueryNode,
	type QueryValue,
} from '../../../source/query/language/syntax.js';

const nowhere = {start: 0, end: 0};

const anyText = fc.oneof(
	fc.string({unit: 'grapheme', maxLength: 12}),
	fc.string({unit: fc.constantFrom(...String.raw`ab"\ ():.,*/<>=-@日é`), maxLength: 6}),
	fc.constantFrom('AND', 'OR', 'NOT', 'any(', 'mission:', 'title:x', '..', '*', '/a/', '-', '-a', '@a', 'C:\\', 'mr.'),
);

const letters = (maxLength: number) => fc.string({unit: fc.constantFrom(...'abXY'), minLength: 1, maxLength});

const plainValue: fc.Arbitrary<QueryValue> = fc.record({form: fc.constant('text' as const), text: anyText, span: fc.constant(nowhere)});

const value: fc.Arbitrary<QueryValue> = fc.oneof(
	plainValue,
	plainValue.map((value): QueryValue => ({form: 'exact', text: value.text, span: nowhere})),
	fc.record({
		form: fc.constant('regex' as const), text: fc.string({unit: fc.constantFrom('a', 'b', '.', '*', String.raw`\/`, String.raw`\d`), minLength: 1, maxLength: 8}), flags: fc.constantFrom('' as const, 'i' as const), span: fc.constant(nowhere),
	}),
);

const fieldName = letters(8).filter(name => !['sort', 'limit', 'has', 'missing'].includes(name));

const test: fc.Arbitrary<FieldTerm['test']> = fc.oneof(
	fc.record({kind: fc.constant('is' as const), values: fc.array(value, {minLength: 1, maxLength: 3})}),
	fc.record({kind: fc.constant('compare' as const), comparison: fc.constantFrom(...comparisons), value: plainValue}),
	fc.record({kind: fc.constant('range' as const), from: plainValue, to: plainValue}),
	fc.record({kind: fc.constantFrom('has' as const, 'missing' as const)}),
);

const leaf: fc.Arbitrary<QueryNode> = fc.oneof(
	fc.record({kind: fc.constant('word' as const), text: anyText.filter(text => isBareWord(text)), span: fc.constant(nowhere)}),
	fc.record({kind: fc.constant('phrase' as const), text: anyText, span: fc.constant(nowhere)}),
	fc.record({kind: fc.constant('saved' as const), text: fc.string({unit: fc.constantFrom(...'ab@.-'), minLength: 1, maxLength: 5}), span: fc.constant(nowhere)}),
	fc.record({
		kind: fc.constant('field' as const), name: fieldName, nameSpan: fc.constant(nowhere), test, span: fc.constant(nowhere),
	}),
);

/**
Queries of all forms. What is joined to one of its own kind is the same list, as it is when it is parsed.
*/
const joinedOf = (kind: 'and' | 'or', terms: readonly QueryNode[]): QueryNode => ({
	kind, terms: terms.flatMap(term => term.kind === kind ? term.terms : [term]), span: nowhere,
});

const {node} = fc.letrec<{node: QueryNode}>(tie => ({
	node: fc.oneof(
		{maxDepth: 4},
		leaf,
		fc.tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('node'), {minLength: 2, maxLength: 4})).map(([kind, terms]) => joinedOf(kind, terms)),
		tie('node').map((term): QueryNode => ({kind: 'not', term, span: nowhere})),
		fc.tuple(fc.constantFrom('any' as const, 'all' as const), tie('node')).map(([quantifier, term]): QueryNode => ({
			kind: 'below', quantifier, term, span: nowhere,
		})),
	),
}));

export const queries: fc.Arbitrary<Query> = fc.record({
	where: node,
	sort: fc.array(fc.record({name: letters(6), isDescending: fc.boolean(), span: fc.constant(nowhere)}), {minLength: 1, maxLength: 3}),
	limit: fc.integer({min: 1, max: 999}),
}, {requiredKeys: []});

/**
A query without the places of its parts.
*/
export const withoutPlaces = (query: unknown): unknown => JSON.parse(JSON.stringify(query, (key, part: unknown) => key === 'span' || key === 'nameSpan' ? undefined : part));
