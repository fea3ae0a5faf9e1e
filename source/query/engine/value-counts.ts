import type {AskedField} from '../language/asked-fields.js';
import {canonicalLanguage} from '../language/languages.js';
import type {Columns} from '../columns.js';
import type {Slices} from '../slices.js';
import type {ValueCount} from '../types.js';

const rowsPerCheck = 1024;

/**
The values that these rows have of a field, each with the number of rows that have it, the most frequent first. A language is its shortest code without a region, or else its name; people and tags are names. Of a field that only the records have, no value is known.
*/
export const countValues = async (columns: Columns, rows: Int32Array, field: AskedField, slices: Slices): Promise<ValueCount[]> => {
	const valuesAt = readerOf(columns, field);
	const counts = new Map<ValueCount['value'], number>();
	for (const [index, row] of rows.entries()) {
		for (const value of valuesAt(row)) {
			counts.set(value, (counts.get(value) ?? 0) + 1);
		}

		if (index % rowsPerCheck === 0 && slices.isOver()) {
			await slices.pause();
		}
	}

	return counts.entries().map(([value, count]) => ({value, count})).toArray()
		.toSorted((one, other) => other.count === one.count ? compareValues(one.value, other.value) : other.count - one.count);
};

const compareValues = (one: ValueCount['value'], other: ValueCount['value']): number => {
	if (typeof one === 'number' && typeof other === 'number') {
		return one - other;
	}

	const [first, second] = [String(one), String(other)];
	return first < second ? -1 : Number(first > second);
};

type ValuesAt = (row: number) => Iterable<ValueCount['value']>;

const none: readonly string[] = [];

const isValue = (value: unknown): value is ValueCount['value'] => (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';

/**
A language as it is kept of a track, its code, a tab and its name, as people ask for it.
*/
const spokenLanguage = (kept: string): string => {
	const [code = '', name = ''] = kept.split('\t', 2);
	return canonicalLanguage(code)?.split('-', 1)[0] ?? (name === '' ? code : name).toLowerCase();
};

const readerOf = (columns: Columns, {source, lists, name, kind}: AskedField): ValuesAt => {
	if (source === 'lists') {
		const places = lists.map(list => columns.lists.place(list));
		const {block} = places[0]!;
		const names: Array<string | undefined> = [];
		const nameOf = (code: number) => {
			const kept = block.nameOf(code);
			names[code] ??= kept !== undefined && kind === 'language' ? spokenLanguage(kept) : kept;
			return names[code];
		};

		return row => new Set(places.flatMap(({list}) => block.get(row, list)).map(code => nameOf(code)).filter(value => value !== undefined));
	}

	if (source !== 'column') {
		return () => none;
	}

	const {get} = columns.column(name);
	return row => {
		const value = get(row);
		// Nobody counts what is not so, except when it is asked for.
		return kind === 'flag' ? [value === true] : (isValue(value) ? [value] : none);
	};
};
