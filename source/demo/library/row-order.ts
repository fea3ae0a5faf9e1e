import type {Relatives} from './filter.js';
import {filterFields} from './filter-fields.js';
import type {PlexRow} from './row.js';

/**
By what rows are sorted, the weightiest first.
*/
export type SortTerm = {
	valueOf: (row: PlexRow, relatives: Relatives) => string | number;
	isDescending: boolean;
	isWide: boolean;
};

const term = /^(?:(?<level>movie|show|season|episode)\.)?(?<name>[A-Za-z]+)(?::(?<direction>asc|desc))?(?::nullsLast)?$/v;

/**
Reads `sort=year:desc,titleSort` ([OFF]).

@returns Undefined when any field is none that rows can be sorted by.
*/
export const readSort = (sort: string): SortTerm[] | undefined => {
	const terms = sort.split(',').map(text => readTerm(text));
	return terms.every(known => known !== undefined) ? terms : undefined;
};

const readTerm = (text: string): SortTerm | undefined => {
	const {level, name = '', direction} = term.exec(text)?.groups ?? {};
	const read = readerOf(name);
	return read && {
		valueOf: level === undefined ? read : (row, relatives) => read(row.type === level ? row : relatives(row, level)[0] ?? row),
		isDescending: direction === 'desc',
		isWide: level !== undefined,
	};
};

const readerOf = (name: string): ((row: PlexRow) => string | number) | undefined => {
	if (name === 'titleSort') {
		return ({titleSort, title}) => (titleSort ?? title).toLowerCase();
	}

	if (name === 'viewOffset') {
		return ({viewOffset = 0}) => viewOffset;
	}

	const field = filterFields.get(name);
	if (field === undefined || field.kind === 'boolean') {
		return undefined;
	}

	const isNumber = field.kind === 'integer' || field.kind === 'date';
	return row => {
		const [value] = field.read(row);
		return isNumber ? Number(value ?? 0) : String(value ?? '');
	};
};

/**
Rows that are equal by all terms keep the order of their ids.
*/
export const compareSorted = (terms: readonly SortTerm[], a: ReadonlyArray<string | number>, b: ReadonlyArray<string | number>): number => {
	for (const [index, {isDescending}] of terms.entries()) {
		const [left, right] = [a[index]!, b[index]!];
		if (left !== right) {
			return (left < right) === isDescending ? 1 : -1;
		}
	}

	return 0;
};
