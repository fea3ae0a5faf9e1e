import {
	eachInSteps,
	type CellsByName,
	type CellSource,
	type Steps,
	numbersBelow,
} from './cells.js';
import {createNumberColumn} from './number-column.js';
import {createTextTable} from './text-table.js';

/**
Texts that many rows share: each is kept once and has a number, its code.
*/
export const createDictionaryColumn = (name: string, source?: CellSource) => {
	const codes = createNumberColumn(name, source);
	const values = createTextTable(`${name}.values`, source);
	const counter = createNumberColumn(`${name}.count`, source);
	// Read once each, so that equal texts are one string.
	const texts: Array<string | undefined> = [];

	const textOf = (code: number) => {
		texts[code] ??= values.get(code);
		return texts[code];
	};

	// Rows that follow each other have the same text more often than not.
	let last: {text: string; code: number} | undefined;

	const codeFor = (text: string): number => {
		if (last?.text === text) {
			return last.code;
		}

		let code = values.find(text);
		if (code === undefined) {
			code = counter.get(0) ?? 0;
			counter.set(0, code + 1);
			values.add(code, text);
		}

		last = {text, code};
		return code;
	};

	return {
		get(row: number): string | undefined {
			const code = codes.get(row);
			return code === undefined ? undefined : textOf(code);
		},
		set(row: number, text: string | undefined) {
			codes.set(row, text === undefined ? undefined : codeFor(text));
		},
		/**
		The code of a row, and of a text; undefined if there is none.
		*/
		codeAt: codes.get,
		codeOf: values.find,
		codeFor,
		textOf,
		/**
		The number of codes, with those that no row has any more.
		*/
		codeCount: () => counter.get(0) ?? 0,
		/**
		Picks the rows whose code is marked.
		*/
		marked: codes.marked,
		/**
		Saves only what these rows use, and the codes in `others`, in steps. Returns the new code of each.
		*/
		* save(rows: Int32Array, saved: CellsByName, others: Iterable<number> = []): Steps<Map<number, number>> {
			const renumbered = new Map<number, number>();
			const picked = createNumberColumn(name);
			yield * eachInSteps(rows, (row, index) => {
				const code = codes.get(row);
				if (code !== undefined && !renumbered.has(code)) {
					renumbered.set(code, renumbered.size);
				}

				picked.set(index, code === undefined ? undefined : renumbered.get(code));
			});
			for (const code of others) {
				if (!renumbered.has(code)) {
					renumbered.set(code, renumbered.size);
				}
			}

			yield * picked.save(numbersBelow(rows.length), saved);
			yield * values.save(Int32Array.from(renumbered.keys()), saved);
			saved.set(`${name}.count`, Int32Array.of(renumbered.size));
			return renumbered;
		},
	};
};

export type DictionaryColumn = ReturnType<typeof createDictionaryColumn>;
