import {resolutionRank} from '../../catalog/quality.js';
import type {ValueCount} from '../types.js';
import {findAskedField, type AskedField} from './asked-fields.js';
import {parseQuery} from './parser.js';
import {printQuery} from './print.js';
import {isQueryError} from './query-error.js';
import {
	isBareValue,
	type FieldTerm,
	type Query,
	type QueryNode,
	type QueryValue,
} from './syntax.js';

const nowhere = {start: 0, end: 0};

/**
A value of a field as people write it in a query; undefined for one that no query can ask for.
*/
const writtenValue = ({kind}: Pick<AskedField, 'kind'>, value: string | number | boolean): string | undefined => {
	if (typeof value === 'boolean') {
		return value ? 'yes' : 'no';
	}

	if (typeof value === 'number') {
		return String(value);
	}

	return kind === 'resolution' ? writtenResolution(resolutionRank(value)) : value;
};

const leastHd = 720;
const ultraHd = 2160;

const writtenResolution = (rank: number | undefined) => {
	if (rank === undefined || rank < leastHd) {
		return rank === undefined ? undefined : 'sd';
	}

	return rank === ultraHd ? '4k' : `${rank}p`;
};

/**
These values as they are written, each with the sum of those that are written alike.
*/
export const writtenCounts = (field: Pick<AskedField, 'kind'>, counts: readonly ValueCount[]): ReadonlyMap<string, number> => {
	const written = new Map<string, number>();
	for (const {value, count} of counts) {
		const text = writtenValue(field, value);
		if (text !== undefined) {
			written.set(text, (written.get(text) ?? 0) + count);
		}
	}

	return written;
};

/**
A value with quotes around it where it needs them.
*/
export const printedValue = (text: string): string => isBareValue(text) ? text : `"${text.replaceAll(/["\\]/gv, String.raw`\$&`)}"`;

const termsOf = ({where}: Query): readonly QueryNode[] => where === undefined ? [] : (where.kind === 'and' ? where.terms : [where]);

/**
A value that is picked: the whole text, or words of it.
*/
export type PickedValue = {text: string; isExact: boolean};

/**
The values of which a field has one, or the whole numbers that it lies between.
*/
export type Picked = {values: readonly PickedValue[]} | {from: number; to: number};

/**
What a term picks of this field, if it says nothing else and stands within no OR or NOT.
*/
const pickOf = (node: QueryNode, field: AskedField): Picked | undefined => {
	if (node.kind !== 'field' || findAskedField(node.name)?.name !== field.name) {
		return undefined;
	}

	const {test} = node;
	if (test.kind === 'is') {
		const {values} = test;
		return values.every(({form}) => form !== 'regex') ? {values: values.map(({text, form}) => ({text, isExact: form === 'exact'}))} : undefined;
	}

	return test.kind === 'range' ? {from: Number(test.from.text), to: Number(test.to.text)} : undefined;
};

const parsed = (text: string): Query | undefined => {
	try {
		return parseQuery(text);
	} catch (error) {
		if (isQueryError(error)) {
			return undefined;
		}

		throw error;
	}
};

/**
What a query picks of a field; undefined when it picks nothing or is not a query.
*/
export const pickedIn = (text: string, field: AskedField): Picked | undefined => {
	const query = parsed(text);
	return query && termsOf(query).map(node => pickOf(node, field)).find(pick => pick !== undefined);
};

const textValue = (text: string, isExact = false): QueryValue => ({form: isExact ? 'exact' : 'text', text, span: nowhere});

const testOf = (pick: Picked): FieldTerm['test'] => 'values' in pick
	? {kind: 'is', values: pick.values.map(({text, isExact}) => textValue(text, isExact))}
	: {kind: 'range', from: textValue(String(pick.from)), to: textValue(String(pick.to))};

/**
The query with this pick in the place of what it picks of the field; without a pick it asks nothing of the field. A text that is no query stays as it is, with the term behind it.
*/
export const withPick = (text: string, field: AskedField, pick: Picked | undefined): string => {
	const term: FieldTerm[] = pick === undefined
		? []
		: [{
			kind: 'field', name: field.names[0]!, nameSpan: nowhere, span: nowhere, test: testOf(pick),
		}];
	const query = parsed(text);
	if (query === undefined) {
		return [text, ...term.map(where => printQuery({where}))].join(' ');
	}

	const terms = termsOf(query);
	const isOld = (node: QueryNode) => pickOf(node, field) !== undefined;
	const others = terms.filter(node => !isOld(node));
	const at = terms.findIndex(node => isOld(node));
	const next = others.toSpliced(at === -1 ? others.length : at, 0, ...term);
	const {where: _, ...rest} = query;
	const [only] = next;
	return printQuery(only === undefined ? rest : {...rest, where: next.length === 1 ? only : {kind: 'and', terms: next, span: nowhere}});
};
