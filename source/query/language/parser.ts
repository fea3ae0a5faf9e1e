import {readFieldTerm} from './field-parser.js';
import {createCursor, type Cursor} from './cursor.js';
import {QueryError} from './query-error.js';
import {
	queryBounds,
	type Query,
	type QueryNode,
	type SortKey,
} from './syntax.js';

/**
Reads a query. An empty text asks for everything.

@throws {QueryError}
*/
export const parseQuery = (text: string): Query => {
	if (text.length > queryBounds.length) {
		throw new QueryError(`A query has at most ${queryBounds.length} characters; this one has ${text.length}.`, text, {span: {start: queryBounds.length, end: queryBounds.length + 1}});
	}

	const state: State = {
		cursor: createCursor(text), terms: 0, depth: 0, settings: {},
	};
	const {cursor} = state;
	const where = readOr(state);
	if (!cursor.isAtEnd()) {
		// Only a parenthesis ends a list of terms.
		throw cursor.error('There is no "(" that this ")" closes.', cursor.here(1));
	}

	return {...state.settings, ...where !== undefined && {where}};
};

type State = {
	cursor: Cursor;
	terms: number;
	depth: number;
	settings: {sort?: readonly SortKey[]; limit?: number};
};

const readOr = (state: State): QueryNode | undefined => {
	const {cursor} = state;
	const first = readAnd(state);
	const terms = first === undefined ? [] : [first];
	cursor.skipBlanks();
	for (let place = cursor.place(); cursor.takeWord('OR'); place = cursor.place()) {
		const next = terms.length === 0 ? undefined : readAnd(state);
		if (next === undefined) {
			throw lonely(cursor, 'OR', place, terms.length === 0 ? 'before' : 'after');
		}

		terms.push(next);
		cursor.skipBlanks();
	}

	return joined('or', terms);
};

const readAnd = (state: State): QueryNode | undefined => {
	const {cursor} = state;
	const terms: QueryNode[] = [];
	for (;;) {
		cursor.skipBlanks();
		if (isAtEndOfTerms(cursor)) {
			return joined('and', terms);
		}

		const term = readTerm(state);
		if (term !== undefined) {
			terms.push(term);
		}

		cursor.skipBlanks();
		const start = cursor.place();
		// A blank says the same.
		const isJoined = cursor.takeWord('AND');
		cursor.skipBlanks();
		if (isJoined && isAtEndOfTerms(cursor)) {
			throw lonely(cursor, 'AND', start, 'after');
		}
	}
};

const isAtEndOfTerms = (cursor: Cursor) => cursor.isAtEnd() || cursor.isAt(')') || cursor.isAtWord('OR');

const lonely = (cursor: Cursor, word: 'AND' | 'OR', start: number, side: 'before' | 'after') =>
	cursor.error(`${word} stands between two conditions, but there is none ${side} it.`, {start, end: start + word.length}, {expected: 'a condition'});

// What was put into parentheses for nothing is the same query without them.
const joined = (kind: 'and' | 'or', terms: readonly QueryNode[]): QueryNode | undefined => {
	if (terms.length < 2) {
		return terms[0];
	}

	const flat = terms.flatMap(term => term.kind === kind ? term.terms : [term]);
	return {kind, terms: flat, span: {start: flat[0]!.span.start, end: flat.at(-1)!.span.end}};
};

// Returns undefined for what says something about the whole list, such as its order.
const readTerm = (state: State): QueryNode | undefined => {
	const {cursor} = state;
	const start = cursor.place();
	state.terms++;
	if (state.terms > queryBounds.terms) {
		throw cursor.error(`A query has at most ${queryBounds.terms} conditions.`, cursor.here(1));
	}

	if (cursor.isAtWord('AND')) {
		throw lonely(cursor, 'AND', start, 'before');
	}

	const isNot = cursor.isAtWord('NOT');
	if (isNot || (cursor.isAt('-') && cursor.isBlankFree(1))) {
		cursor.skip(isNot ? 3 : 1);
		const term = nested(state, {start, end: cursor.place()}, () => {
			cursor.skipBlanks();
			return isAtEndOfTerms(cursor) ? undefined : readTerm(state);
		});
		if (term === undefined) {
			throw cursor.error(`${isNot ? 'NOT' : 'A minus'} stands before a condition, but none follows.`, {start, end: start + (isNot ? 3 : 1)}, {expected: 'a condition'});
		}

		return {kind: 'not', term, span: {start, end: term.span.end}};
	}

	const quantifier = (['any', 'all'] as const).find(name => cursor.isAt(`${name}(`));
	if (quantifier !== undefined || cursor.isAt('(')) {
		return readGroup(state, quantifier);
	}

	if (cursor.isAt('"')) {
		const {text, span} = cursor.takeQuoted();
		return {kind: 'phrase', text, span};
	}

	if (cursor.isAt('@')) {
		const {text, span} = cursor.takeUntilBlank();
		if (text.length < 2) {
			throw cursor.error('The name of a saved query follows @.', span, {expected: 'a name, for instance @unseen'});
		}

		return {kind: 'saved', text: text.slice(1), span};
	}

	const term = readFieldTerm(cursor);
	if (term === undefined) {
		const {text, span} = cursor.takeUntilBlank();
		return {kind: 'word', text, span};
	}

	if (term.kind !== 'setting') {
		return term;
	}

	applySetting(state, term);
	return undefined;
};

const readGroup = (state: State, quantifier: 'any' | 'all' | undefined): QueryNode => {
	const {cursor} = state;
	const start = cursor.place();
	cursor.skip((quantifier?.length ?? 0) + 1);
	const opening = {start, end: cursor.place()};
	const term = nested(state, opening, () => readOr(state));
	if (cursor.isAtEnd()) {
		throw cursor.error('This parenthesis is not closed.', opening, {expected: ')'});
	}

	cursor.skip(1);
	const span = {start, end: cursor.place()};
	if (term === undefined) {
		throw cursor.error('There is nothing between these parentheses.', span, {expected: 'a condition'});
	}

	return quantifier === undefined
		? term
		: {
			kind: 'below', quantifier, term, span,
		};
};

const nested = <Value>(state: State, span: QueryNode['span'], read: () => Value): Value => {
	state.depth++;
	if (state.depth > queryBounds.depth) {
		throw state.cursor.error(`Conditions lie at most ${queryBounds.depth} deep in each other.`, span);
	}

	const value = read();
	state.depth--;
	return value;
};

const applySetting = (state: State, {name, value, span}: Extract<NonNullable<ReturnType<typeof readFieldTerm>>, {kind: 'setting'}>): void => {
	const {cursor, settings} = state;
	if (state.depth > 0) {
		throw cursor.error(`${name}: is about the whole list, so it stands outside of parentheses and behind no NOT.`, span);
	}

	if (Object.hasOwn(settings, name)) {
		throw cursor.error(`${name}: stands here a second time.`, span);
	}

	if (name === 'sort') {
		settings.sort = readSort(cursor, value, span);
		return;
	}

	if (!/^[1-9]\d{0,8}$/v.test(value)) {
		throw cursor.error('A limit is a whole number from 1.', {start: span.end - value.length, end: span.end}, {expected: 'a number, for instance limit:50'});
	}

	settings.limit = Number(value);
};

const readSort = (cursor: Cursor, value: string, span: QueryNode['span']): readonly SortKey[] => {
	let start = span.end - value.length;
	return value.split(',').map(part => {
		const place = {start, end: start + Math.max(1, part.length)};
		start += part.length + 1;
		const isDescending = part.startsWith('-');
		const name = isDescending ? part.slice(1) : part;
		if (!/^[A-Za-z]+$/v.test(name)) {
			throw cursor.error('The fields to sort by follow, with commas between them.', place, {expected: 'fields, for instance sort:-size,title'});
		}

		return {name, isDescending, span: place};
	});
};
