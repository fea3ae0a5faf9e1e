import {Buffer} from 'node:buffer';
import type {Columns} from '../columns.js';
import {isTitleEnd, noText} from '../search-text.js';
import type {Slices} from '../slices.js';
import {createInverted} from './inverted.js';

const rowsPerCheck = 2048;
const letterA = 0x61;
const lettersCount = 26;

// A bit for each letter from a to z, five for the digits, and one for all that is not of ASCII.
const bitOfByte = Int32Array.from({length: 256}, (_, byte) => {
	const letter = String.fromCodePoint(byte);
	if (/[a-z]/v.test(letter)) {
		return 2 ** (byte - letterA);
	}

	if (/\d/v.test(letter)) {
		return 2 ** (lettersCount + (byte % 5));
	}

	return byte > 0x7F ? 2 ** 31 : 0;
});

/**
The letters of a title that is not known: it may have all.
*/
export const anyLetters = -1;

/**
A bit for each letter that a text has.
*/
export const lettersOf = (text: string): number => {
	let letters = 0;
	for (const byte of Buffer.from(text)) {
		letters |= bitOfByte[byte]!; // eslint-disable-line no-bitwise -- a bit for each letter
	}

	return letters;
};

export const isOneLetter = (text: string): boolean => /^[a-z]$/v.test(text);

/**
For each row the letters of its title, once they have been asked for often. It must be told of every change.
*/
export const createTitleLetters = ({search, end}: Columns) => {
	const inverted = createInverted(end, async (_, slices: Slices): Promise<Int32Array> => {
		const letters = new Int32Array(end()).fill(anyLetters);
		for (let row = 0; row < letters.length; row++) {
			const {bytes, starts, textOfRow} = search.places();
			const text = textOfRow[row] ?? noText;
			if (text !== noText) {
				let found = 0;
				for (let position = starts[text]!; !isTitleEnd(bytes[position]!); position++) {
					found |= bitOfByte[bytes[position]!]!; // eslint-disable-line no-bitwise -- a bit for each letter
				}

				letters[row] = found;
			}

			if (row % rowsPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}
		}

		return letters;
	});

	return {
		touch: inverted.touch,
		/**
		Undefined until they are there. It may be shorter than the columns: rows that were added since are not known.
		*/
		get(): Int32Array | undefined {
			const found = inverted.get();
			if (found === undefined) {
				return undefined;
			}

			const {value, changed} = found;
			for (const row of changed) {
				value[row] = anyLetters;
			}

			return value;
		},
	};
};
