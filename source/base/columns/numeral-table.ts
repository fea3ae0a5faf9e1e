import {createNumberColumn} from './number-column.js';
import {createRowSlots} from './row-slots.js';

/**
Texts by row, each in one row only, whose row is found by the text. Nearly all are whole numbers as JavaScript writes them, and these are kept as numbers.
*/
export const createNumeralTable = (name: string) => {
	const numbers = createNumberColumn(name);
	const slots = createRowSlots(row => hashNumber(numbers.get(row)!));
	// Of the other texts.
	const rows = new Map<string, number>();
	const texts = new Map<number, string>();

	const find = (text: string): number | undefined => {
		const number = numberOf(text);
		return number === undefined ? rows.get(text) : slots.find(hashNumber(number), row => numbers.get(row) === number);
	};

	return {
		size: () => slots.size() + rows.size,
		has: (row: number) => numbers.get(row) !== undefined || texts.has(row),
		get(row: number): string | undefined {
			const number = numbers.get(row);
			return number === undefined ? texts.get(row) : String(number);
		},
		find,
		/**
		The row must have no text yet, and no other row this one.
		*/
		add(row: number, text: string) {
			const number = numberOf(text);
			if (number === undefined) {
				rows.set(text, row);
				texts.set(row, text);
				return;
			}

			numbers.set(row, number);
			slots.add(row);
		},
		remove(text: string): number | undefined {
			const row = find(text);
			if (row === undefined) {
				return undefined;
			}

			if (rows.delete(text)) {
				texts.delete(row);
				return row;
			}

			slots.remove(hashNumber(numbers.get(row)!), other => other === row);
			numbers.set(row, undefined);
			return row;
		},
	};
};

const numberOf = (text: string): number | undefined => {
	const number = Number(text);
	return Number.isSafeInteger(number) && String(number) === text ? number : undefined;
};

const hashNumber = (number: number): number => {
	const hash = Math.imul(number, 0x9E_37_79_B1) + Math.imul(number / (2 ** 32), 0x85_EB_CA_6B);
	return (hash ^ (hash >>> 15)) >>> 0; // eslint-disable-line no-bitwise -- a hash
};
