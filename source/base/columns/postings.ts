import {readLeb128, sizeOfLeb128, writeLeb128} from './leb128.js';

type PostingsSource = {
	/**
	All rows are below it.
	*/
	end: number;
	codeCount: number;
	/**
	Calls `take` with each code of a row, also more than once. A row that has changed since this began must have none from then on.
	*/
	eachCode: (row: number, take: (code: number) => void) => void;
	/**
	More than so many bytes are not made.
	*/
	mostBytes: number;
};

/**
Lets others have their turn where work takes long.
*/
type Rests = {isOver: () => boolean; pause: () => Promise<void>};

const rowsPerCheck = 512;

/**
The rows of each code, in ascending order: of each row the distance from the one before, in as few bytes as it takes. It is made in two passes over all rows, in slices; undefined if it would be too large. The caller looks after what changes meanwhile.
*/
export const createPostings = async ({end, codeCount, eachCode, mostBytes}: PostingsSource, rests: Rests) => {
	const starts = new Uint32Array(codeCount + 1);
	const latest = new Int32Array(codeCount).fill(-1);

	const pass = async (take: (code: number, gap: number) => void) => {
		let row = 0;
		const takeCode = (code: number) => {
			// A code that came while this is made has no place.
			if (code >= codeCount || latest[code] === row) {
				return;
			}

			take(code, row - latest[code]!);
			latest[code] = row;
		};

		for (; row < end; row++) {
			eachCode(row, takeCode);
			if (row % rowsPerCheck === 0 && rests.isOver()) {
				await rests.pause();
			}
		}
	};

	await pass((code, gap) => {
		starts[code + 1]! += sizeOfLeb128(gap);
	});
	let size = 0;
	for (let code = 0; code < codeCount; code++) {
		size += starts[code + 1]!;
		starts[code + 1] = size;
	}

	if (size + starts.byteLength > mostBytes) {
		return undefined;
	}

	const bytes = new Uint8Array(size);
	const places = Uint32Array.from(starts);
	latest.fill(-1);
	await pass((code, gap) => {
		places[code] = writeLeb128(bytes, places[code]!, gap);
	});
	// The lists of rows that changed between the passes are shorter than their places.
	const ends = places;
	const bytesOf = (code: number) => code < codeCount ? ends[code]! - starts[code]! : 0;

	const each = (code: number, take: (row: number) => void) => {
		let row = -1;
		const last = code < codeCount ? ends[code]! : 0;
		const cursor = {bytes, place: code < codeCount ? starts[code]! : 0};
		while (cursor.place < last) {
			row += readLeb128(cursor);
			take(row);
		}
	};

	return {
		/**
		No code has more rows than bytes.
		*/
		bytesOf,
		/**
		Calls `take` with each row of a code, in ascending order.
		*/
		each,
		rowsOf(code: number): Int32Array {
			const rows = new Int32Array(bytesOf(code));
			let count = 0;
			each(code, row => {
				rows[count++] = row;
			});
			return rows.subarray(0, count);
		},
	};
};

export type Postings = NonNullable<Awaited<ReturnType<typeof createPostings>>>;
