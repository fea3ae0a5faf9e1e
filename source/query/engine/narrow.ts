import {nextTurn} from '../../base/turns.js';
import type {Columns} from '../columns.js';
import {requireAskedField} from '../language/asked-fields.js';
import type {QueryCondition} from '../language/plan.js';
import {searchedNames} from '../list-fields.js';
import type {Slices} from '../slices.js';
import type {ReadRecordValues} from '../types.js';
import {rowTest, valueTest, type FieldCondition} from './row-tests.js';
import type {WordRows} from './word-rows.js';

export type NarrowContext = {
	columns: Columns;
	words: WordRows;
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

const rowsPerCheck = 4096;
// For fewer rows it is not worth while to search all texts first.
const manyRows = 2048;
const recordsPerTurn = 200;

/**
Those of the rows for which a condition holds, in their order. What costs little goes first, so that what costs much looks at few rows.
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
			for (const term of condition.terms.toSorted((one, other) => costOf(one) - costOf(other))) {
				left = await narrow(term, left, context);
			}

			return left;
		}

		case 'or': {
			const marks = new Uint8Array(context.columns.end());
			let rest = rows;
			for (const term of condition.terms.toSorted((one, other) => costOf(one) - costOf(other))) {
				mark(marks, await narrow(term, rest, context));
				rest = rest.filter(row => marks[row] === 0);
			}

			return rows.filter(row => marks[row] === 1);
		}

		case 'not': {
			const marks = new Uint8Array(context.columns.end());
			mark(marks, await narrow(condition.term, rows, context));
			return rows.filter(row => marks[row] === 0);
		}

		case 'below': {
			return narrowBelow(condition, rows, context);
		}

		case 'word':
		case 'phrase': {
			const marks = await context.words.marks(condition.kind, condition.kind === 'word' ? condition.word : condition.phrase, context);
			return rows.filter(row => marks[row] === 1);
		}

		case 'known':
		case 'flag':
		case 'range':
		case 'text': {
			return narrowField(condition, rows, context);
		}
	}
};

const mark = (marks: Uint8Array, rows: Int32Array) => {
	for (const row of rows) {
		marks[row] = 1;
	}
};

const costOf = (condition: QueryCondition): number => {
	switch (condition.kind) {
		case 'always':
		case 'never': {
			return 0;
		}

		case 'and':
		case 'or': {
			return Math.max(...condition.terms.map(term => costOf(term)));
		}

		case 'not': {
			return costOf(condition.term);
		}

		case 'below': {
			return 50 + costOf(condition.term);
		}

		case 'word':
		case 'phrase': {
			return 20;
		}

		case 'known':
		case 'flag':
		case 'range':
		case 'text': {
			return {
				column: 1, computed: 10, lists: 5, record: 1000,
			}[requireAskedField(condition.field).source];
		}
	}
};

const narrowField = async (condition: FieldCondition, rows: Int32Array, context: NarrowContext): Promise<Int32Array> => {
	const {columns, slices} = context;
	const field = requireAskedField(condition.field);
	if (field.source === 'record') {
		return narrowByRecords(condition, rows, context);
	}

	const candidates = condition.kind === 'text' && rows.length > manyRows && searchedNames.includes(field.name as never) ? await withText(condition, rows, context) : rows;
	const test = rowTest(columns, condition);
	const found = new Int32Array(candidates.length);
	let count = 0;
	for (let start = 0; start < candidates.length; start += rowsPerCheck) {
		const end = Math.min(start + rowsPerCheck, candidates.length);
		for (let index = start; index < end; index++) {
			const row = candidates[index]!;
			if (test(row)) {
				found[count++] = row;
			}
		}

		if (slices.isOver()) {
			await slices.pause();
		}
	}

	return found.subarray(0, count);
};

/**
The rows that have the text somewhere among what is searched, where that says enough to leave the others out.
*/
const withText = async ({tests}: Extract<FieldCondition, {kind: 'text'}>, rows: Int32Array, {columns, slices}: NarrowContext): Promise<Int32Array> => {
	const texts = tests.flatMap(test => test.kind === 'words' || test.kind === 'equal' ? [test.text.split(' ').filter(word => word !== '')] : []);
	if (texts.length < tests.length || texts.some(words => words.length === 0)) {
		return rows;
	}

	const marks = new Uint8Array(columns.end());
	for (const words of texts) {
		await columns.search.find(words, row => {
			marks[row] = 1;
		}, slices);
	}

	return rows.filter(row => marks[row] === 1);
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
	const {named, end, isFilled} = context.columns;
	const {type, showId, seasonId, id} = named;
	const parents = [showId, seasonId].map(column => ({column, states: new Map<number, {count: number; hits: number}>()}));
	for (const row of rows) {
		const [showCode, seasonCode] = [type.get(row) === 'show' ? showId.codeOf(id.get(row)!) : undefined, type.get(row) === 'season' ? seasonId.codeOf(id.get(row)!) : undefined];
		if (showCode !== undefined) {
			parents[0]!.states.set(showCode, {count: 0, hits: 0});
		}

		if (seasonCode !== undefined) {
			parents[1]!.states.set(seasonCode, {count: 0, hits: 0});
		}
	}

	const statesOf = (row: number) => parents.flatMap(({column, states}) => {
		const code = column.codeAt(row);
		const state = code === undefined ? undefined : states.get(code);
		return state === undefined ? [] : [state];
	});
	const episodes: number[] = [];
	for (let row = 0; row < end(); row++) {
		if (!(isFilled(row) && type.get(row) === 'episode')) {
			continue;
		}

		const states = statesOf(row);
		for (const state of states) {
			state.count++;
		}

		if (states.length > 0) {
			episodes.push(row);
		}
	}

	for (const row of await narrow(term, Int32Array.from(episodes), context)) {
		for (const state of statesOf(row)) {
			state.hits++;
		}
	}

	return rows.filter(row => {
		const parent = type.get(row) === 'show' ? parents[0]! : (type.get(row) === 'season' ? parents[1]! : undefined);
		const code = parent?.column.codeOf(id.get(row)!);
		const {count, hits} = (code === undefined ? undefined : parent!.states.get(code)) ?? {count: 0, hits: 0};
		return quantifier === 'any' ? hits > 0 : count > 0 && hits === count;
	});
};
