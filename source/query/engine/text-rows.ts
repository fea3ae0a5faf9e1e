import {Buffer} from 'node:buffer';
import {createPostings, type Postings} from '../../base/columns/postings.js';
import type {Columns} from '../columns.js';
import type {Slices} from '../slices.js';
import {createInverted} from './inverted.js';
import {commonRows, rowsOfCodes} from './row-sets.js';
import {createTokenTable, type TokenTable} from './token-table.js';

type Bytes = ReturnType<typeof Buffer.from>;

const bytesPerRow = 32;
const fewestBytes = 2 ** 18;
const rowsPerCheck = 512;

// Letters and digits of ASCII, and all that is not of ASCII: a token is a run of these.
const tokenBytes = Uint8Array.from({length: 256}, (_, byte) => byte > 0x7F || /[0-9A-Za-z]/v.test(String.fromCodePoint(byte)) ? 1 : 0);

const eachToken = (bytes: Bytes, from: number, to: number, take: (start: number, end: number) => void) => {
	let start = from;
	while (start < to) {
		if (tokenBytes[bytes[start]!] === 0) {
			start++;
			continue;
		}

		let end = start + 1;
		while (end < to && tokenBytes[bytes[end]!] === 1) {
			end++;
		}

		take(start, end);
		start = end;
	}
};

type Made = {tokens: TokenTable; postings: Postings | undefined};

/**
For each token of the searched texts, the rows in whose text it occurs.
*/
export const createTextRows = ({search, end}: Columns) => {
	const inverted = createInverted(end, async (isChanged, slices): Promise<Made> => {
		const tokens = createTokenTable();
		const rows = end();
		for (let row = 0; row < rows; row++) {
			const {bytes, start, end: stop} = search.placeOf(row);
			eachToken(bytes, start, stop, (from, to) => {
				tokens.add(bytes, from, to);
			});
			if (row % rowsPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}
		}

		const mostBytes = fewestBytes + (bytesPerRow * rows) - tokens.byteLength();
		const postings = await createPostings({
			end: rows,
			codeCount: tokens.count(),
			eachCode(row, take) {
				if (isChanged(row)) {
					return;
				}

				const {bytes, start, end: stop} = search.placeOf(row);
				eachToken(bytes, start, stop, (from, to) => {
					const code = tokens.codeOf(bytes, from, to);
					if (code !== undefined) {
						take(code);
					}
				});
			},
			mostBytes,
		}, slices);
		return {tokens: postings === undefined ? createTokenTable() : tokens, postings};
	});

	/**
	Rows among which are all that contain a text; exactly these, apart from the changed ones, if it is a part of a token. Undefined if the text says too little.
	*/
	const withPieces = async (text: string, areWhole: boolean, {postings, tokens}: Made & {postings: Postings}, slices: Slices): Promise<{rows: Int32Array; isExact: boolean} | undefined> => {
		const bytes = Buffer.from(text);
		const places: Array<[from: number, to: number]> = [];
		eachToken(bytes, 0, bytes.length, (from, to) => {
			places.push([from, to]);
		});
		const pieces: Array<{codes: number[]; size: number}> = [];
		for (const [from, to] of places) {
			const exact = areWhole ? tokens.codeOf(bytes, from, to) : undefined;
			const all = await tokens.codesWith(bytes.subarray(from, to), slices);
			// Beside a letter of another script, a word may begin and end within a token.
			const codes = areWhole ? all.filter(code => code === exact || tokens.isWide(code)) : all;
			pieces.push({codes, size: codes.reduce((sum, code) => sum + postings.bytesOf(code), 0)});
		}

		const [rarest, next] = pieces.toSorted((one, other) => one.size - other.size);
		if (rarest === undefined) {
			return undefined;
		}

		const rows = await rowsOfCodes(postings, rarest.codes, end(), slices);
		const isLong = next !== undefined && rarest.size > 64 && next.size < rarest.size * 8;
		return {
			rows: isLong ? commonRows(rows, await rowsOfCodes(postings, next.codes, end(), slices)) : rows,
			isExact: pieces.length === 1 && !areWhole && isOneToken(bytes),
		};
	};

	const isOneToken = (bytes: Bytes) => bytes.every(byte => tokenBytes[byte] === 1);

	return {
		touch: inverted.touch,
		isMade: () => inverted.known()?.postings !== undefined,
		/**
		Rows among which are all whose text contains this one, or has it as whole words if `areWhole`; exactly these if `isExact`, apart from the changed rows, which have to be looked at in any case. Both are in ascending order. Undefined if the texts themselves must be searched.
		*/
		async rowsWith(text: string, areWhole: boolean, slices: Slices): Promise<{rows: Int32Array; isExact: boolean; changed: Int32Array} | undefined> {
			const found = inverted.get();
			const {tokens, postings} = found?.value ?? {};
			if (found === undefined || tokens === undefined || postings === undefined) {
				return undefined;
			}

			const pieces = await withPieces(text, areWhole, {tokens, postings}, slices);
			return pieces && {...pieces, changed: found.changed};
		},
	};
};

export type TextRows = ReturnType<typeof createTextRows>;
