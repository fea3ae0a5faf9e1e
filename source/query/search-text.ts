import {Buffer} from 'node:buffer';
import {
	eachInSteps,
	withRoom,
	type CellsByName,
	type CellSource,
	type Steps,
	numbersBelow,
} from '../base/columns/cells.js';
import {createNumberColumn} from '../base/columns/number-column.js';
import {fieldEnd, haystackOf} from './haystack.js';
import type {Slices} from './slices.js';
import type {ItemSummary} from './types.js';

/**
The text of a row that has none.
*/
export const noText = -1;
/**
Ends each text. No text holds it: the only blank in a folded text is the space.
*/
export const lineEnd = '\n';
const fieldEndByte = fieldEnd.codePointAt(0)!;
const lineEndByte = lineEnd.codePointAt(0)!;
const spareTexts = 1024;

type Bytes = ReturnType<typeof Buffer.from>;

/**
Whether a byte of a text is behind its title.
*/
export const isTitleEnd = (byte: number): boolean => byte === fieldEndByte || byte === lineEndByte;

const hasAll = (text: Bytes, words: readonly Bytes[]) => words.every(word => text.includes(word));

/**
The texts of all rows that a filter searches, in one buffer, because searching it is many times faster than searching each text. A text that takes the place of another one is added at the end, and the buffer is packed when most of its texts are out of use.
*/
export const createSearchText = (name: string, source?: CellSource) => {
	let pending = source;
	let bytes: Bytes = Buffer.alloc(0);
	let bytesEnd = 0;
	// Where each text begins, in the order of the buffer, and the row that it is of.
	let starts = new Uint32Array(0);
	let rows = new Int32Array(0);
	let count = 0;
	// The text of each row.
	let textOfRow = new Int32Array(0);
	let used = 0;

	const open = () => {
		if (pending === undefined) {
			return;
		}

		const lengths = createNumberColumn(`${name}.lengths`, pending);
		const {buffer, byteOffset, length} = pending(`${name}.text`);
		pending = undefined;
		bytes = Buffer.from(buffer, byteOffset, length);
		[starts, bytesEnd] = lengths.starts();
		count = lengths.size();
		used = count;
		rows = numbersBelow(starts.length);
		textOfRow = Int32Array.from(rows);
	};

	const endOf = (text: number) => text + 1 < count ? starts[text + 1]! : bytesEnd;

	const drop = (row: number) => {
		if ((textOfRow[row] ?? noText) === noText) {
			return;
		}

		textOfRow[row] = noText;
		used--;
	};

	const append = (row: number, line: string | Uint8Array) => {
		const size = bytesEnd + (line.length * 3);
		if (size > bytes.length) {
			const bigger = Buffer.allocUnsafeSlow(Math.max(256, Math.ceil(size * 1.5)));
			bytes.copy(bigger, 0, 0, bytesEnd);
			bytes = bigger;
		}

		starts = withRoom(starts, count + 1);
		rows = withRoom(rows, count + 1, noText);
		textOfRow = withRoom(textOfRow, row + 1, noText);
		starts[count] = bytesEnd;
		rows[count] = row;
		textOfRow[row] = count;
		count++;
		used++;
		if (typeof line === 'string') {
			bytesEnd += bytes.write(line, bytesEnd);
		} else {
			bytes.set(line, bytesEnd);
			bytesEnd += line.length;
		}
	};

	// A search that is under way goes on with the old arrays.
	const pack = () => {
		const [old, oldEnds, oldEnd] = [{bytes, starts, textOfRow}, starts.subarray(1, count), bytesEnd];
		// Room for all that stays and for some more, so that nothing grows on the way.
		const room = Math.ceil(used * 1.25);
		bytes = Buffer.allocUnsafeSlow(Math.max(256, Math.ceil(bytesEnd / count * room)));
		[starts, rows, textOfRow] = [new Uint32Array(room), new Int32Array(room).fill(noText), new Int32Array(old.textOfRow.length).fill(noText)];
		[bytesEnd, count, used] = [0, 0, 0];
		for (let row = 0; row < old.textOfRow.length; row++) {
			const text = old.textOfRow[row]!;
			if (text !== noText) {
				append(row, old.bytes.subarray(old.starts[text], oldEnds[text] ?? oldEnd));
			}
		}
	};

	return {
		/**
		All folded texts, each of which ends with `lineEnd`, where each begins, and which is of which row. They hold until something is set.
		*/
		places() {
			open();
			return {bytes, starts, textOfRow};
		},
		set(row: number, summary: ItemSummary) {
			open();
			drop(row);
			append(row, haystackOf(summary) + lineEnd);
			if (count > spareTexts + (used * 2)) {
				pack();
			}
		},
		remove(row: number) {
			open();
			drop(row);
		},
		/**
		The folded text of a row, or nothing.
		*/
		textOf(row: number): string {
			open();
			const text = textOfRow[row] ?? noText;
			return text === noText ? '' : bytes.toString('utf8', starts[text], endOf(text) - 1);
		},
		/**
		Calls `take` with each row whose text contains all `words`. There must be at least one word.
		*/
		async find(words: readonly string[], take: (row: number) => void, slices: Slices) {
			open();
			// What changes meanwhile counts the next time.
			await findWords({
				bytes, bytesEnd, starts, rows, count, textOfRow: Int32Array.from(textOfRow),
			}, words, take, slices);
		},
		* save(wanted: Int32Array, saved: CellsByName): Steps {
			open();
			const lengths = createNumberColumn(`${name}.lengths`);
			let size = 0;
			yield * eachInSteps(wanted, (row, index) => {
				const length = endOf(textOfRow[row]!) - starts[textOfRow[row]!]!;
				lengths.set(index, length);
				size += length;
			});
			const picked = new Uint8Array(size);
			let pickedEnd = 0;
			yield * eachInSteps(wanted, row => {
				const text = textOfRow[row]!;
				pickedEnd += bytes.copy(picked, pickedEnd, starts[text], endOf(text));
			});
			yield * lengths.save(numbersBelow(wanted.length), saved);
			saved.set(`${name}.text`, picked);
		},
	};
};

type Texts = {bytes: Bytes; bytesEnd: number; starts: Uint32Array; rows: Int32Array; count: number; textOfRow: Int32Array};

const findWords = async ({bytes, bytesEnd, starts, rows, count, textOfRow}: Texts, words: readonly string[], take: (row: number) => void, slices: Slices) => {
	// The longest word is the rarest.
	const [first, ...others] = words.toSorted((left, right) => right.length - left.length).map(word => Buffer.from(word));
	let text = 0;
	let found = 0;
	for (let position = bytes.indexOf(first!); position !== -1 && position < bytesEnd;) {
		while (text + 1 < count && starts[text + 1]! <= position) {
			text++;
		}

		const end = text + 1 < count ? starts[text + 1]! : bytesEnd;
		const row = rows[text]!;
		if (textOfRow[row] === text && (others.length === 0 || hasAll(bytes.subarray(starts[text], end), others))) {
			take(row);
		}

		found++;
		if (found % 256 === 0 && slices.isOver()) {
			await slices.pause();
		}

		position = bytes.indexOf(first!, end);
	}
};

export type SearchText = ReturnType<typeof createSearchText>;
