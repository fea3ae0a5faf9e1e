import {Buffer} from 'node:buffer';
import {withRoom, type CellsByName, type CellSource} from '../base/columns/cells.js';
import {createNumberColumn} from '../base/columns/number-column.js';
import {haystackOf} from './haystack.js';
import type {Slices} from './slices.js';
import type {ItemSummary} from './types.js';

const none = -1;
// No text holds it: the only blank in a folded text is the space.
const lineEnd = '\n';
const spareTexts = 1024;

type Bytes = ReturnType<typeof Buffer.from>;

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
		count = lengths.size();
		used = count;
		starts = new Uint32Array(count);
		rows = new Int32Array(count);
		for (let row = 0; row < count; row++) {
			starts[row] = bytesEnd;
			rows[row] = row;
			bytesEnd += lengths.get(row)!;
		}

		textOfRow = Int32Array.from(rows);
	};

	const endOf = (text: number) => text + 1 < count ? starts[text + 1]! : bytesEnd;

	const drop = (row: number) => {
		if ((textOfRow[row] ?? none) === none) {
			return;
		}

		textOfRow[row] = none;
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
		rows = withRoom(rows, count + 1, none);
		textOfRow = withRoom(textOfRow, row + 1, none);
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
		const old = {bytes, textOfRow};
		const texts = Array.from(textOfRow, text => text === none ? undefined : [starts[text]!, endOf(text)] as const);
		[bytes, starts, rows, textOfRow] = [Buffer.alloc(0), new Uint32Array(0), new Int32Array(0), new Int32Array(0)];
		[bytesEnd, count, used] = [0, 0, 0];
		for (const [row, text] of texts.entries()) {
			if (text !== undefined) {
				append(row, old.bytes.subarray(...text));
			}
		}
	};

	return {
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
		Calls `take` with each row whose text contains all `words`. There must be at least one word.
		*/
		async find(words: readonly string[], take: (row: number) => void, slices: Slices) {
			open();
			// The longest word is the rarest.
			const [first, ...others] = words.toSorted((left, right) => right.length - left.length).map(word => Buffer.from(word));
			// What changes meanwhile counts the next time.
			const [block, blockEnd, from, owners, total, current] = [bytes, bytesEnd, starts, rows, count, Int32Array.from(textOfRow)];
			let text = 0;
			let found = 0;
			for (let position = block.indexOf(first!); position !== -1 && position < blockEnd;) {
				while (text + 1 < total && from[text + 1]! <= position) {
					text++;
				}

				const end = text + 1 < total ? from[text + 1]! : blockEnd;
				const row = owners[text]!;
				if (current[row] === text && (others.length === 0 || hasAll(block.subarray(from[text], end), others))) {
					take(row);
				}

				found++;
				if (found % 256 === 0 && slices.isOver()) {
					await slices.pause();
				}

				position = block.indexOf(first!, end);
			}
		},
		save(wanted: Int32Array, saved: CellsByName) {
			open();
			const lengths = createNumberColumn(`${name}.lengths`);
			let size = 0;
			for (const [index, row] of wanted.entries()) {
				const length = endOf(textOfRow[row]!) - starts[textOfRow[row]!]!;
				lengths.set(index, length);
				size += length;
			}

			const picked = new Uint8Array(size);
			let pickedEnd = 0;
			for (const row of wanted) {
				const text = textOfRow[row]!;
				pickedEnd += bytes.copy(picked, pickedEnd, starts[text], endOf(text));
			}

			lengths.save(Int32Array.from(wanted.keys()), saved);
			saved.set(`${name}.text`, picked);
		},
	};
};
