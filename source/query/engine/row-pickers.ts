import type {DictionaryColumn} from '../../base/columns/dictionary-column.js';
import type {InstantColumn} from '../../base/columns/instant-column.js';
import type {NumberColumn, Picker} from '../../base/columns/number-column.js';
import type {Columns} from '../columns.js';
import {requireAskedField} from '../language/asked-fields.js';
import {rowTest, valueTest, type FieldCondition} from './row-tests.js';

const anyNumber = {
	min: -Infinity, max: Infinity, isMinOpen: false, isMaxOpen: false,
};

/**
Picks the rows for which a condition on a field that the index has holds. Numbers and codes are looked at in their arrays, which is many times as fast as a test of each row.
*/
export const rowPicker = (columns: Columns, condition: FieldCondition): Picker => columnPicker(columns, condition) ?? pickerOf(rowTest(columns, condition));

/**
Picks the rows that pass a test.
*/
export const pickerOf = (isWanted: (row: number) => boolean): Picker => (rows, picked, count) => {
	for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
		const row = rows[index]!;
		if (isWanted(row)) {
			picked[count++] = row;
		}
	}

	return count;
};

const columnPicker = (columns: Columns, condition: FieldCondition): Picker | undefined => {
	const field = requireAskedField(condition.field);
	if (field.source !== 'column' || field.kind === 'show') {
		return undefined;
	}

	const column = columns.column(field.name);
	if ('codeAt' in column) {
		const {codeCount, textOf, marked: pickMarked} = column as unknown as DictionaryColumn;
		const test = valueTest(condition, field);
		return pickMarked(Uint8Array.from({length: codeCount()}, (_, code) => test(textOf(code)) ? 1 : 0), test(undefined));
	}

	const numbers = numbersOf(column);
	return numbers && numberPicker(numbers, condition);
};

/**
The numbers of a column that has some: amounts, flags as 0 and 1, and times as seconds.
*/
export const numbersOf = (column: ReturnType<Columns['column']>): NumberColumn | undefined => 'secondsAt' in column ? (column as unknown as InstantColumn).plainSeconds() : ('firstRows' in column ? column as unknown as NumberColumn : undefined);

const numberPicker = ({within}: NumberColumn, condition: FieldCondition): Picker | undefined => {
	switch (condition.kind) {
		case 'known': {
			return within(anyNumber);
		}

		case 'flag': {
			return within({...anyNumber, min: 1, max: 1});
		}

		case 'range': {
			const [first] = condition.ranges;
			return first !== undefined && condition.ranges.length === 1 ? within(first) : undefined;
		}

		case 'text': {
			return undefined;
		}
	}
};

/**
The rows of a dictionary column that have one of these texts.
*/
export const rowsWithText = ({codeOf, codeCount, marked}: DictionaryColumn, text: string, rows: Int32Array): Int32Array => {
	const code = codeOf(text);
	const found = new Int32Array(rows.length);
	if (code === undefined) {
		return found.subarray(0, 0);
	}

	const marks = new Uint8Array(codeCount());
	marks[code] = 1;
	return found.subarray(0, marked(marks, false)(rows, found, 0));
};
