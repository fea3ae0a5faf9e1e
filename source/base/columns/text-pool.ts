import {Buffer, isAscii} from 'node:buffer';
import {
	eachInSteps,
	withOwnRoom,
	type BytesInParts,
	type CellsByName,
	type CellSource,
	type Steps,
} from './cells.js';
import {createNumberColumn, type NumberColumn} from './number-column.js';

export type Bytes = ReturnType<typeof Buffer.from>;

const spareBytes = 2 ** 16;

// Blocks that somebody else has, too.
const shared = new WeakSet<ArrayBufferLike>();

// To read the whole block for a smaller share of its texts takes longer.
const manyTexts = 1 / 16;

/**
Well-formed texts by row, as UTF-8 in one block of memory; a row may have none. A text that takes the place of another one is added at the end, and the block is packed when half of it is out of use.
*/
export const createTextPool = (name: string, source?: CellSource) => {
	const lengths = createNumberColumn(`${name}.lengths`, source);
	let pending = source;
	let starts = new Uint32Array(0);
	let bytes: Bytes = Buffer.alloc(0);
	let end = 0;
	let unused = 0;
	// How often texts got other places.
	let packs = 0;
	// Whether all texts are ASCII, which is read much faster; not known at first.
	let areAscii: boolean | undefined;
	const isAllAscii = () => {
		areAscii ??= isAscii(bytes.subarray(0, end));
		return areAscii;
	};

	// While some of the block is still to be read.
	let readPart: BytesInParts['read'] | undefined;

	const open = () => {
		if (pending === undefined) {
			return;
		}

		const parts = pending.inParts?.(`${name}.text`);
		const {buffer, byteOffset, length} = parts?.bytes ?? pending(`${name}.text`);
		readPart = parts?.read;
		pending = undefined;
		bytes = Buffer.from(buffer, byteOffset, length);
		shared.add(buffer);
		[starts, end] = lengths.starts();
	};

	const endOf = (row: number) => starts[row]! + (lengths.get(row) ?? 0);
	const openPart = (from: number, to: number) => {
		readPart = readPart?.(from, to) === true ? undefined : readPart;
	};

	const openRow = (row: number) => {
		open();
		openPart(starts[row]!, endOf(row));
	};

	const openWhole = () => {
		open();
		openPart(0, end);
	};

	// Whoever compares texts for long holds the old block, which is not changed any more.
	const pack = () => {
		[bytes, starts, end] = packed({bytes, starts, lengths}, end - unused + spareBytes);
		unused = 0;
		packs++;
	};

	// Whether the text of this row is these bytes of `wanted`.
	const isEqual = (row: number, wanted: Bytes, wantedStart: number, wantedEnd: number): boolean => {
		open();
		const length = wantedEnd - wantedStart;
		if (lengths.get(row) !== length) {
			return false;
		}

		openRow(row);
		return isSameText(bytes, starts[row]!, wanted, {wantedStart, length});
	};

	const get = (row: number): string | undefined => {
		open();
		if (lengths.get(row) === undefined) {
			return undefined;
		}

		openRow(row);
		return bytes.toString(readPart === undefined && isAllAscii() ? 'latin1' : 'utf8', starts[row], endOf(row));
	};

	return {
		size: lengths.size,
		has: (row: number) => lengths.get(row) !== undefined,
		// The rows below `end` that have a text.
		knownRows: lengths.knownRows,
		get,
		/**
		Does the same as `get`, for about so many rows. Of many ASCII texts it reads the whole block at once, and each text is a part of it, which takes a fraction of the time; but as long as one of these is kept, so is the whole. Texts may be set meanwhile.
		*/
		reader(count: number): (row: number) => string | undefined {
			if (count < lengths.size() * manyTexts) {
				return get;
			}

			openWhole();
			const from = packs;
			return isAllAscii() ? partReader({whole: bytes.toString('latin1', 0, end), lengths, startOf: row => packs === from ? starts[row]! : Infinity}, get) : get;
		},
		set(row: number, text: string | undefined) {
			openWhole();
			unused += lengths.get(row) ?? 0;
			starts = withOwnRoom(starts, row + 1);
			let length: number | undefined;
			if (text !== undefined) {
				bytes = withBytes(bytes, end + (text.length * 3), end);
				length = bytes.write(text, end);
				areAscii &&= length === text.length;
				starts[row] = end;
				end += length;
			}

			lengths.set(row, length);
			if (unused > spareBytes && unused > end / 2) {
				pack();
			}
		},
		isEqual,
		/**
		A test of rows that makes no strings. It is false where the text certainly does not contain this one, which is ASCII in lower case; neither case nor the number of blanks counts. A text that is not plain ASCII may contain it in another form, so there the test is true.
		*/
		mayContain(text: string): (row: number) => boolean {
			openWhole();
			const part = Buffer.from(text);
			return row => lengths.get(row) !== undefined && canContainPart(bytes, starts[row]!, endOf(row), part);
		},
		// The rows below `rowEnd` that have this text.
		rowsOf: (text: string, rowEnd: number): number[] => rowsWith(Buffer.from(text), rowEnd, isEqual),
		hash(row: number): number {
			openRow(row);
			return hashBytes(bytes, starts[row]!, endOf(row));
		},
		/**
		Compares texts of two rows as `<` compares strings. It goes on comparing what the rows hold now, whatever is changed later.
		*/
		frozen(): (left: number, right: number) => number {
			openWhole();
			return frozenOrder({bytes, starts, lengths});
		},
		compare(left: number, right: number): number {
			openRow(left);
			openRow(right);
			return compareBytes(bytes, {
				left: starts[left]!, leftEnd: endOf(left), right: starts[right]!, rightEnd: endOf(right),
			});
		},
		* save(rows: Int32Array, saved: CellsByName): Steps {
			openWhole();
			yield * lengths.save(rows, saved);
			saved.set(`${name}.text`, yield * textOfRows({bytes, starts, lengths}, rows));
		},
	};
};

/**
Texts as parts of a whole; what does not lie in it is read by `get`.
*/
const partReader = ({whole, lengths, startOf}: {whole: string; lengths: NumberColumn; startOf: (row: number) => number}, get: (row: number) => string | undefined) => (row: number) => {
	const length = lengths.get(row);
	const start = startOf(row);
	return length === undefined || start + length > whole.length ? get(row) : whole.slice(start, start + length);
};

const space = 0x20;
// In lower case; 0 where more must be known than bytes.
const plainBytes = Uint8Array.from({length: 256}, (_, byte) => byte < space || byte > 0x7E ? 0 : String.fromCodePoint(byte).toLowerCase().codePointAt(0)!);

const canContainPart = (bytes: Bytes, start: number, end: number, part: Bytes): boolean => {
	let isFound = false;
	for (let position = start; !isFound && position < end; position++) {
		const byte = bytes[position]!;
		if (plainBytes[byte] === 0 || (byte === space && bytes[position + 1] === space)) {
			return true;
		}

		isFound = plainBytes[byte] === part[0] && isPlainPart(bytes, position, end, part);
	}

	return isFound || part.length === 0;
};

const isPlainPart = (bytes: Bytes, position: number, end: number, part: Bytes): boolean => {
	if (position + part.length > end) {
		return false;
	}

	for (let index = 1; index < part.length; index++) {
		if (plainBytes[bytes[position + index]!] !== part[index]) {
			return false;
		}
	}

	return true;
};

const isSameText = (bytes: Bytes, start: number, wanted: Bytes, {wantedStart, length}: {wantedStart: number; length: number}): boolean => {
	for (let index = 0; index < length; index++) {
		if (bytes[start + index] !== wanted[wantedStart + index]) {
			return false;
		}
	}

	return true;
};

const rowsWith = (wanted: Bytes, rowEnd: number, isEqual: (row: number, wanted: Bytes, start: number, end: number) => boolean): number[] => {
	const rows: number[] = [];
	for (let row = 0; row < rowEnd; row++) {
		if (isEqual(row, wanted, 0, wanted.length)) {
			rows.push(row);
		}
	}

	return rows;
};

const frozenOrder = ({bytes, starts, lengths}: Texts): ((left: number, right: number) => number) => {
	shared.add(bytes.buffer);
	const from = Uint32Array.from(starts);
	const to = from.map((start, row) => start + (lengths.get(row) ?? 0));
	return (left, right) => compareBytes(bytes, {
		left: from[left]!, leftEnd: to[left]!, right: from[right]!, rightEnd: to[right]!,
	});
};

/**
The block, or a larger one with its first `end` bytes if it is smaller than `size`. The memory of the smaller one is given back if nobody else has it.
*/
const withBytes = (bytes: Bytes, size: number, end: number): Bytes => {
	if (size <= bytes.length) {
		return bytes;
	}

	const room = Math.max(size, 256, Math.ceil(bytes.length * 1.5));
	if (bytes.length > 0 && !shared.has(bytes.buffer)) {
		return Buffer.from(bytes.buffer.transfer(room));
	}

	const bigger = Buffer.allocUnsafeSlow(room);
	bigger.set(bytes.subarray(0, end));
	return bigger;
};

type Texts = {bytes: Bytes; starts: Uint32Array; lengths: NumberColumn};

/**
The texts without what is out of use, in a block of this size, where each begins, and where the last ends.
*/
const packed = ({bytes, starts, lengths}: Texts, size: number): [bytes: Bytes, starts: Uint32Array<ArrayBuffer>, end: number] => {
	const block = Buffer.allocUnsafeSlow(size);
	const moved = new Uint32Array(starts.length);
	let end = 0;
	for (const [row, start] of starts.entries()) {
		moved[row] = end;
		end += bytes.copy(block, end, start, start + (lengths.get(row) ?? 0));
	}

	return [block, moved, end];
};

function * textOfRows({bytes, starts, lengths}: Texts, rows: Int32Array): Steps<Uint8Array<ArrayBuffer>> {
	let size = 0;
	yield * eachInSteps(rows, row => {
		size += lengths.get(row) ?? 0;
	});
	const picked = new Uint8Array(size);
	let end = 0;
	yield * eachInSteps(rows, row => {
		end += bytes.copy(picked, end, starts[row], starts[row]! + (lengths.get(row) ?? 0));
	});
	return picked;
}

export type TextPool = ReturnType<typeof createTextPool>;

type Ranges = {left: number; leftEnd: number; right: number; rightEnd: number};

const firstOfFour = 0xF0;
const firstOfThree = 0xEE;

/**
The order of bytes is that of code points. Strings are compared by code units, where what takes four bytes comes before the last of what takes three.
*/
const compareBytes = (bytes: Bytes, {left, leftEnd, right, rightEnd}: Ranges): number => {
	for (; left < leftEnd && right < rightEnd; left++, right++) {
		const difference = bytes[left]! - bytes[right]!;
		if (difference === 0) {
			continue;
		}

		const [low, high] = difference < 0 ? [bytes[left]!, bytes[right]!] : [bytes[right]!, bytes[left]!];
		return low >= firstOfThree && low < firstOfFour && high >= firstOfFour ? -difference : difference;
	}

	return (leftEnd - left) - (rightEnd - right);
};

/**
FNV-1a, with its bits mixed once more for tables whose size is a power of two.
*/
export const hashBytes = (bytes: Bytes, start: number, end: number): number => {
	let hash = 0x81_1C_9D_C5;
	for (let index = start; index < end; index++) {
		hash = Math.imul(hash ^ bytes[index]!, 0x01_00_01_93); // eslint-disable-line no-bitwise -- a hash
	}

	return (hash ^ (hash >>> 15)) >>> 0; // eslint-disable-line no-bitwise -- a hash
};
