import {isRecord} from './wire.js';

/**
How much of one row is read. Real items stay far below: a long-running show has some hundred people. Without bounds, one row could hold the program up for minutes. `docs/catalogue.md` gives these numbers.
*/
export const rowLimits = {
	// A stream is at depth 6: Media, its list, Part, its list, Stream, its list.
	depth: 16,
	list: 1000,
	people: 2000,
	versions: 200,
	textLength: 1_000_000,
	values: 100_000,
} as const;

const limitsOfLists = new Map<string, number>([
	...['Role', 'Director', 'Writer', 'Producer'].map((name): [string, number] => [name, rowLimits.people]),
	...['Media', 'Part'].map((name): [string, number] => [name, rowLimits.versions]),
]);

const cuts = new WeakMap<Record<string, unknown>, readonly string[]>();

/**
Names of the fields of a row of which only a part was read.
*/
export const cutFields = (row: unknown): readonly string[] => (isRecord(row) ? cuts.get(row) : undefined) ?? [];

/**
Cuts off what is too deep, too long or too much, so that any row can be read in a short time and by recursion. A row within the limits, as nearly all are, is returned as it is.
*/
export const boundRow = (row: unknown): unknown => {
	const cut = new Set<string>();
	let field = '';
	const budget = {left: rowLimits.values as number};

	const bound = (value: unknown, name: string, depth: number): unknown => {
		budget.left--;
		if (typeof value === 'string' && value.length > rowLimits.textLength) {
			cut.add(field);
			return value.slice(0, rowLimits.textLength).toWellFormed();
		}

		if (typeof value !== 'object' || value === null) {
			return value;
		}

		if (depth >= rowLimits.depth || budget.left <= 0) {
			cut.add(field);
			return null;
		}

		return Array.isArray(value) ? boundList(value, name, depth) : boundObject(value as Record<string, unknown>, depth);
	};

	const boundList = (values: readonly unknown[], name: string, depth: number): readonly unknown[] => {
		const limit = Math.min(values.length, limitsOfLists.get(name) ?? rowLimits.list);
		let copy: unknown[] | undefined;
		let count = 0;
		for (; count < limit && budget.left > 0; count++) {
			const value = values[count];
			const next = bound(value, name, depth + 1);
			if (next === value) {
				continue;
			}

			copy ??= values.slice(0, limit);
			copy[count] = next;
		}

		if (count === values.length) {
			return copy ?? values;
		}

		cut.add(field);
		return (copy ?? values).slice(0, count);
	};

	const boundObject = (fields: Record<string, unknown>, depth: number): Record<string, unknown> => {
		let copy: Map<string, unknown> | undefined;
		let count = 0;
		const names = Object.keys(fields);
		const limit = Math.min(names.length, rowLimits.list);
		while (count < limit && budget.left > 0) {
			const name = names[count]!;
			if (depth === 0) {
				field = name;
			}

			const value = fields[name];
			const next = bound(value, name, depth + 1);
			if (next !== value) {
				copy ??= new Map(Object.entries(fields).slice(0, rowLimits.list));
				copy.set(name, next);
			}

			count++;
		}

		if (count === names.length) {
			return copy === undefined ? fields : Object.fromEntries(copy);
		}

		cut.add(field);
		return Object.fromEntries((copy?.entries().toArray() ?? Object.entries(fields)).slice(0, count));
	};

	const bounded = bound(row, '', 0);
	if (isRecord(bounded) && cut.size > 0) {
		cuts.set(bounded, [...cut]);
	}

	return bounded;
};
