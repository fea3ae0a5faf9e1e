import type {Picker} from '../../base/columns/number-column.js';
import type {Columns} from '../columns.js';
import {requireAskedField, type AskedField} from '../language/asked-fields.js';
import type {TextTest} from '../language/plan.js';
import {searchedNames} from '../list-fields.js';
import type {ListsBlock} from '../lists.js';
import type {Slices} from '../slices.js';
import type {Inverted} from './inverted-rows.js';
import {literalOf} from './regex-literal.js';
import {pickerOf, rowPicker} from './row-pickers.js';
import {commonRows, allMarked, unionOf} from './row-sets.js';
import {nameTester, type FieldCondition} from './row-tests.js';
import {titleTester} from './title-bytes.js';

type TextCondition = Extract<FieldCondition, {kind: 'text'}>;

type FieldContext = {columns: Columns; inverted: Inverted; slices: Slices};

const rowsPerCheck = 4096;
const codesPerCheck = 512;
// For fewer rows it is not worth while to look for others first.
const manyRows = 2048;
// Rows that an inverted index gives must be looked at one by one, in no order of memory.
const shareOfRows = 0.5;
// These must be sorted by row, too.
const shareOfNumbers = 1 / 32;

/**
Those of the rows, in ascending order, for which a condition on a field that the index has holds.
*/
export const narrowField = async (condition: FieldCondition, rows: Int32Array, context: FieldContext): Promise<Int32Array> => {
	const field = requireAskedField(condition.field);
	if (field.source === 'lists' && (condition.kind === 'text' || condition.kind === 'range')) {
		return narrowLists(condition, field, rows, context);
	}

	const {columns, slices} = context;
	if (condition.kind !== 'text' || field.kind === 'show' || !searchedNames.includes(field.name as never)) {
		return picked(withNumbers(condition, rows, context), rowPicker(columns, condition), slices);
	}

	const candidates = rows.length > manyRows || context.inverted.texts.isMade() ? await withTexts(condition, rows, context) : rows;
	const {tests} = condition;
	const isPlain = field.name === 'title' && tests.every(({kind}) => kind === 'words' || kind === 'equal');
	return picked(candidates, isPlain ? pickerOf(titleTester(columns.search, tests as never)) : rowPicker(columns, condition), slices);
};

/**
Those of the rows among which are all whose number lies within what is asked.
*/
const withNumbers = (condition: FieldCondition, rows: Int32Array, {inverted}: FieldContext): Int32Array => {
	const [bounds, ...others] = condition.kind === 'range' && rows.length > manyRows ? condition.ranges : [];
	const some = bounds === undefined || others.length > 0 ? undefined : inverted.numbers.within(condition.field, bounds, rows.length * shareOfNumbers);
	return some === undefined ? rows : commonRows(rows, some);
};

const picked = async (rows: Int32Array, pick: Picker, slices: Slices): Promise<Int32Array> => {
	const found = new Int32Array(rows.length);
	let count = 0;
	for (let start = 0; start < rows.length; start += rowsPerCheck) {
		count = pick(rows.subarray(start, start + rowsPerCheck), found, count);
		if (slices.isOver()) {
			await slices.pause();
		}
	}

	return found.subarray(0, count);
};

const narrowLists = async (condition: Extract<FieldCondition, {kind: 'text' | 'range'}>, field: AskedField, rows: Int32Array, {columns, inverted, slices}: FieldContext): Promise<Int32Array> => {
	const places = field.lists.map(name => columns.lists.place(name));
	const {block} = places[0]!;
	const most = rows.length * shareOfRows;
	if (condition.kind === 'range') {
		const codes = condition.ranges.map(({min, max}) => min === max ? min : undefined);
		const isExact = !block.areTexts && codes.every(code => Number.isSafeInteger(code) && code! >= 0);
		const some = isExact ? await inverted.lists.rowsOf(block, codes as number[], most, slices) : undefined;
		return picked(some === undefined ? rows : commonRows(rows, some), rowPicker(columns, condition), slices);
	}

	const {marks, codes} = await codesOf(block, condition.tests, field, slices);
	if (codes.length === 0) {
		return rows.subarray(0, 0);
	}

	const some = await inverted.lists.rowsOf(block, codes, most, slices);
	const wantedLists = block.listMarks(places.map(({list}) => list));
	return picked(some === undefined ? rows : commonRows(rows, some), pickerOf(row => block.hasMarked(row, wantedLists, marks)), slices);
};

/**
The codes whose names are wanted, with a mark for each.
*/
const codesOf = async (block: ListsBlock, tests: readonly TextTest[], field: AskedField, slices: Slices): Promise<{codes: readonly number[]; marks: Uint8Array}> => {
	const [test] = tests;
	const named = test?.kind === 'equal' && tests.length === 1 ? await block.codesNamed(test.text, slices) : undefined;
	if (named === undefined) {
		const marks = await wantedCodes(block, nameTester(block, tests, field), slices);
		return {marks, codes: codesIn(marks)};
	}

	const marks = new Uint8Array(block.count());
	for (const code of named) {
		marks[code] = 1;
	}

	return {marks, codes: named};
};

/**
A mark for each code of a block whose name is wanted. What has no name is not found.
*/
export const wantedCodes = async ({count}: ListsBlock, isWanted: (code: number) => boolean, slices: Slices): Promise<Uint8Array> => {
	const marks = new Uint8Array(count());
	for (let code = 0; code < marks.length; code++) {
		marks[code] = isWanted(code) ? 1 : 0;
		if (code % codesPerCheck === 0 && slices.isOver()) {
			await slices.pause();
		}
	}

	return marks;
};

/**
The marked codes.
*/
export const codesIn = (marks: Uint8Array): number[] => {
	const codes: number[] = [];
	for (let code = marks.indexOf(1); code !== -1; code = marks.indexOf(1, code + 1)) {
		codes.push(code);
	}

	return codes;
};

/**
The folded text that must be among what is searched, where a test says so.
*/
const searchedText = (test: TextTest): {text: string; areWhole: boolean} | undefined => {
	if (test.kind === 'words' || test.kind === 'equal') {
		return {text: test.text, areWhole: true};
	}

	const literal = test.kind === 'regex' ? literalOf(test.source) : undefined;
	return literal === undefined ? undefined : {text: literal, areWhole: false};
};

/**
The rows that have the text somewhere among what is searched, where that says enough to leave the others out.
*/
const withTexts = async ({tests}: TextCondition, rows: Int32Array, {columns, inverted, slices}: FieldContext): Promise<Int32Array> => {
	const texts = tests.map(test => searchedText(test)).filter(text => text !== undefined);
	if (texts.length < tests.length) {
		return rows;
	}

	const sets: Int32Array[] = [];
	for (const {text, areWhole} of texts) {
		const found = await inverted.texts.rowsWith(text, areWhole, slices);
		if (found !== undefined) {
			sets.push(found.rows, ...found.changed.length === 0 ? [] : [found.changed]);
			continue;
		}

		// What must stand side by side is rarer than each of its words.
		const words = (areWhole ? [text] : text.split(' ')).filter(word => word !== '');
		if (words.length === 0) {
			return rows;
		}

		const marks = new Uint8Array(columns.end());
		await columns.search.find(words, row => {
			marks[row] = 1;
		}, slices);
		sets.push(allMarked(marks));
	}

	return commonRows(rows, unionOf(sets, columns.end()));
};
