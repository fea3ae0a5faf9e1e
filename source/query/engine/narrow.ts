import {nextTurn} from '../../base/turns.js';
import type {Columns} from '../columns.js';
import {requireAskedField} from '../language/asked-fields.js';
import type {QueryCondition} from '../language/plan.js';
import {eachInSlices, mapInSlices, type Slices} from '../slices.js';
import type {ReadRecordValues} from '../types.js';
import {narrowField} from './narrow-field.js';
import type {Inverted} from './inverted-rows.js';
import {rowsWithText} from './row-pickers.js';
import {markedRows, rowsWithout} from './row-sets.js';
import {valueTest, type FieldCondition} from './row-tests.js';
import type {WordRows} from './word-rows.js';

export type NarrowContext = {
	columns: Columns;
	words: WordRows;
	inverted: Inverted;
	slices: Slices;
	/**
	Reads fields that only the records have.
	*/
	readValues: ReadRecordValues | undefined;
	/**
	No slip of the fingers is forgiven in a word, so what a query finds of an item does not depend on what other items there are.
	*/
	isExact?: boolean | undefined;
};

const recordsPerTurn = 200;

/**
Those of the rows, which are in ascending order, for which a condition holds, in their order. What costs little goes first, so that what costs much looks at few rows.
*/
export const narrow = async (condition: QueryCondition, rows: Int32Array, context: NarrowContext): Promise<Int32Array> => {
	if (rows.length === 0) {
		return rows;
	}

	switch (condition.kind) {
		case 'always': {
			return rows;
		}

		case 'never': {
			return rows.subarray(0, 0);
		}

		case 'and': {
			let left = rows;
			for (const term of byCost(condition.terms, context)) {
				left = await narrow(term, left, context);
			}

			return left;
		}

		case 'or': {
			let rest = rows;
			for (const term of byCost(condition.terms, context)) {
				rest = rowsWithout(rest, await narrow(term, rest, context));
			}

			return rowsWithout(rows, rest);
		}

		case 'not': {
			return rowsWithout(rows, await narrow(condition.term, rows, context));
		}

		case 'below': {
			return narrowBelow(condition, rows, context);
		}

		case 'word':
		case 'phrase': {
			const isExact = context.isExact === true || (condition.kind === 'word' && condition.isExact === true);
			const marks = await context.words.marks(condition.kind, condition.kind === 'word' ? condition.word : condition.phrase, {slices: context.slices, isExact});
			return markedRows(rows, marks);
		}

		case 'known':
		case 'flag':
		case 'range':
		case 'text': {
			return requireAskedField(condition.field).source === 'record' ? narrowByRecords(condition, rows, context) : narrowField(condition, rows, context);
		}
	}
};

const byCost = (terms: readonly QueryCondition[], context: NarrowContext): readonly QueryCondition[] => {
	const costs = new Map(terms.map(term => [term, costOf(term, context)]));
	return terms.toSorted((one, other) => costs.get(one)! - costs.get(other)!);
};

const costOf = (condition: QueryCondition, context: NarrowContext): number => {
	switch (condition.kind) {
		case 'always':
		case 'never': {
			return 0;
		}

		case 'and':
		case 'or': {
			return Math.max(...condition.terms.map(term => costOf(term, context)));
		}

		case 'not': {
			return costOf(condition.term, context);
		}

		case 'below': {
			return 50 + costOf(condition.term, context);
		}

		case 'word':
		case 'phrase': {
			return 20;
		}

		case 'known':
		case 'flag':
		case 'range':
		case 'text': {
			const field = requireAskedField(condition.field);
			if (condition.kind === 'text' && field.source === 'column' && !('codeAt' in context.columns.column(field.name))) {
				return 4;
			}

			if (field.source === 'lists' && context.inverted.areFew(field)) {
				return 0.5;
			}

			return {
				column: 1, computed: 10, lists: 5, record: 1000,
			}[field.source];
		}
	}
};

const narrowByRecords = async (condition: FieldCondition, rows: Int32Array, {columns, readValues, slices}: NarrowContext): Promise<Int32Array> => {
	const field = requireAskedField(condition.field);
	const test = valueTest(condition, field);
	const found: number[] = [];
	if (readValues === undefined) {
		throw new Error(`Nobody can read ${field.name} of the records`);
	}

	for (let start = 0; start < rows.length; start += recordsPerTurn) {
		const some = rows.subarray(start, start + recordsPerTurn);
		await nextTurn();
		if (slices.isOver()) {
			await slices.pause();
		}

		const ids = Array.from(some, row => columns.named.id.get(row)!);
		const values = await readValues(ids, field.name);
		for (const [index, row] of some.entries()) {
			const value = values[index];
			if (Array.isArray(value) ? value.some(one => test(one)) : test(value)) {
				found.push(row);
			}
		}
	}

	return Int32Array.from(found);
};

/**
Episodes are looked at once for all shows and seasons.
*/
const narrowBelow = async ({quantifier, term}: Extract<QueryCondition, {kind: 'below'}>, rows: Int32Array, context: NarrowContext): Promise<Int32Array> => {
	const {columns: {named, filledRows}, slices} = context;
	const {type, showId, seasonId, id} = named;
	const parents = [showId, seasonId].map(column => ({column, states: new Map<number, {count: number; hits: number}>()}));
	await eachInSlices(rows, row => {
		const [showCode, seasonCode] = [type.get(row) === 'show' ? showId.codeOf(id.get(row)!) : undefined, type.get(row) === 'season' ? seasonId.codeOf(id.get(row)!) : undefined];
		if (showCode !== undefined) {
			parents[0]!.states.set(showCode, {count: 0, hits: 0});
		}

		if (seasonCode !== undefined) {
			parents[1]!.states.set(seasonCode, {count: 0, hits: 0});
		}
	}, slices);

	const statesOf = (row: number) => parents.flatMap(({column, states}) => {
		const code = column.codeAt(row);
		const state = code === undefined ? undefined : states.get(code);
		return state === undefined ? [] : [state];
	});
	const episodes: number[] = [];
	await eachInSlices(rowsWithText(type, 'episode', filledRows()), row => {
		const states = statesOf(row);
		for (const state of states) {
			state.count++;
		}

		if (states.length > 0) {
			episodes.push(row);
		}
	}, slices);
	await eachInSlices(await narrow(term, Int32Array.from(episodes), context), row => {
		for (const state of statesOf(row)) {
			state.hits++;
		}
	}, slices);

	const found = await mapInSlices(rows, row => {
		const parent = type.get(row) === 'show' ? parents[0]! : (type.get(row) === 'season' ? parents[1]! : undefined);
		const code = parent?.column.codeOf(id.get(row)!);
		const {count, hits} = (code === undefined ? undefined : parent!.states.get(code)) ?? {count: 0, hits: 0};
		const isFound = quantifier === 'any' ? hits > 0 : count > 0 && hits === count;
		return isFound ? row : undefined;
	}, slices);
	return Int32Array.from(found);
};
