import {isAppError, type AppError} from '../../base/errors.js';
import {fold} from '../fold.js';
import {compileField, onlyNumber} from './compile-field.js';
import {findAskedField, type AskedField} from './asked-fields.js';
import {parseQuery} from './parser.js';
import type {QueryCondition, Plan, PlanSort} from './plan.js';
import {orSuggestion, QueryError} from './query-error.js';
import {suggest} from './suggest.js';
import {loadRegexEngine} from './regex.js';
import {
	faultAt,
	requireField,
	type QueryWorld,
	type Source,
} from './query-source.js';
import {
	queryBounds,
	type Query,
	type QueryNode,
	type QuerySpan,
} from './syntax.js';
import {searchForm} from './text-tests.js';

/**
Reads a query and looks up what its parts mean.

@throws {QueryError}
*/
export const compileQuery = async (text: string, world: QueryWorld): Promise<Plan> => {
	const query = parseQuery(text);
	const source: Source = {
		text, world, path: [], conditions: {count: 0},
	};
	if (text.includes('/')) {
		await loadRegexEngine();
	}

	const {where, sort, limit} = expandSaved(query, source);
	return {
		where: where ?? {kind: 'always'},
		sort: sort ?? [],
		limit,
		words: where === undefined ? [] : wantedWords(where),
	};
};

/**
The same for those who go on with what is right: what cannot be asked is a fault.
*/
export const tryCompile = async (text: string, world: QueryWorld): Promise<{plan: Plan} | {fault: AppError}> => {
	try {
		return {plan: await compileQuery(text, world)};
	} catch (error) {
		if (isAppError(error)) {
			return {fault: error};
		}

		throw error;
	}
};

type Expanded = {where: QueryCondition | undefined; sort: readonly PlanSort[] | undefined; limit: number | undefined};

const expandSaved = ({where, sort, limit}: Query, source: Source): Expanded => {
	const inner: {sort?: readonly PlanSort[]; limit?: number} = {};
	const condition = where && compileNode(where, source, inner);
	return {
		where: condition,
		sort: sort?.map(({name, isDescending, span}) => ({field: sortableField(name, span, source).name, isDescending})) ?? inner.sort,
		limit: limit ?? inner.limit,
	};
};

const compileNode = (node: QueryNode, source: Source, settings: {sort?: readonly PlanSort[]; limit?: number}): QueryCondition => {
	switch (node.kind) {
		case 'and':
		case 'or': {
			return {kind: node.kind, terms: node.terms.map(term => compileNode(term, source, settings))};
		}

		case 'not': {
			return {kind: 'not', term: compileNode(node.term, source, settings)};
		}

		case 'below': {
			if (hasBelow(node.term)) {
				throw faultAt(source, `${node.quantifier}(…) speaks of episodes, and there is nothing below them.`, node.span);
			}

			return {kind: 'below', quantifier: node.quantifier, term: compileNode(node.term, source, settings)};
		}

		case 'word': {
			return compileWord(node.text, node.span, source);
		}

		case 'phrase': {
			const phrase = searchForm(node.text).trim();
			return phrase === '' ? {kind: 'always'} : {kind: 'phrase', phrase};
		}

		case 'saved': {
			return compileSaved(node.text, node.span, source, settings);
		}

		case 'field': {
			return compileField(node, source);
		}
	}
};

const hasBelow = (node: QueryNode): boolean => node.kind === 'and' || node.kind === 'or' ? node.terms.some(term => hasBelow(term)) : node.kind === 'below' || (node.kind === 'not' && hasBelow(node.term));

const compileWord = (text: string, span: QuerySpan, source: Source): QueryCondition => {
	const name = /^(?<name>[A-Za-z]+):$/v.exec(text)?.groups?.['name'];
	if (name !== undefined && (findAskedField(name) !== undefined || ['has', 'missing', 'sort', 'limit'].includes(name))) {
		throw faultAt(source, `What is wanted of ${name} follows the colon, without a space.`, {start: span.end - 1, end: span.end}, {expected: 'a value'});
	}

	const word = fold(text).trim();
	return word === '' ? {kind: 'always'} : (placeCondition(word) ?? {kind: 'word', word});
};

const placeForms = [/^s(?<season>\d{1,4})e(?<episode>\d{1,8})$/v, /^(?<season>\d{1,2})x(?<episode>\d{2,3})$/v, /^s(?<season>\d{2,4})$/v];

/**
What has this number in its show, such as S01E05, or has the word in its texts as it is, since that may be a title too.
*/
const placeCondition = (word: string): QueryCondition | undefined => {
	const groups = placeForms.map(form => form.exec(word)?.groups).find(found => found !== undefined);
	if (groups === undefined) {
		return undefined;
	}

	const numbers = (['season', 'episode'] as const).flatMap((name): QueryCondition[] => groups[name] === undefined
		? []
		: [{kind: 'range', field: `${name}Number`, ranges: [onlyNumber(Number(groups[name]))]}]);
	return {kind: 'or', terms: [{kind: 'and', terms: numbers}, {kind: 'word', word, isExact: true}]};
};

const compileSaved = (name: string, span: QuerySpan, source: Source, settings: {sort?: readonly PlanSort[]; limit?: number}): QueryCondition => {
	const {world, path} = source;
	const text = world.saved?.(name);
	if (text === undefined) {
		const suggestion = suggest(`@${name}`, (world.savedNames?.() ?? []).map(known => `@${known}`));
		throw faultAt(source, `There is no saved query @${name}${orSuggestion(suggestion)}`, span, {suggestion});
	}

	if (path.includes(name)) {
		throw faultAt(source, `The saved query @${name} leads to itself: ${[...path.slice(path.indexOf(name)), name].map(step => `@${step}`).join(' → ')}.`, span);
	}

	source.conditions.count++;
	if (source.conditions.count > queryBounds.terms) {
		throw faultAt(source, `The saved queries together have more than ${queryBounds.terms} parts.`, span);
	}

	const own: Source = {
		...source, text, path: [...path, name], place: source.place ?? {text: source.text, span},
	};
	const {where, sort, limit} = expandSaved(parsedWithin(own), own);
	// What a query says itself counts more, and the first one that it names more than the others.
	settings.sort ??= sort!;
	settings.limit ??= limit!;
	return where ?? {kind: 'always'};
};

const parsedWithin = (source: Source): Query => {
	try {
		return parseQuery(source.text);
	} catch (error) {
		throw error instanceof QueryError ? faultAt(source, error.message, error.span) : error;
	}
};

const unsortedKinds: ReadonlySet<string> = new Set(['library', 'server', 'show']);

const sortableField = (name: string, span: QuerySpan, source: Source): AskedField => {
	const expected = 'a field with one value, for instance sort:-size,title';
	const field = requireField(name, span, source, expected);
	if (field.source === 'lists' || field.source === 'record' || unsortedKinds.has(field.kind)) {
		throw faultAt(source, `Lists cannot be sorted by ${name}.`, span, {expected});
	}

	return field;
};

/**
Those that every match has.
*/
const wantedWords = (condition: QueryCondition): readonly string[] => {
	if (condition.kind === 'and') {
		return condition.terms.flatMap(term => wantedWords(term));
	}

	return condition.kind === 'word' ? [condition.word] : (condition.kind === 'phrase' ? [condition.phrase] : []);
};
