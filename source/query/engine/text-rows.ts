import {Buffer} from 'node:buffer';
import {createPostings, type Postings} from '../../base/columns/postings.js';
import type {Columns} from '../columns.js';
import {lineEnd, noText, type SearchText} from '../search-text.js';
import type {Slices} from '../slices.js';
import {createInverted} from './inverted.js';
import {
	bytesOfCodes,
	commonRows,
	markCodes,
	markRows,
	rowsOfCodes,
} from './row-sets.js';
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

/**
The same for the text of a row.
*/
const eachTokenOf = (search: SearchText, row: number, take: (bytes: Bytes, start: number, end: number) => void) => {
	const {bytes, starts, textOfRow} = search.places();
	const text = textOfRow[row] ?? noText;
	if (text === noText) {
		return;
	}

	const start = starts[text]!;
	eachToken(bytes, start, bytes.indexOf(lineEnd, start), (from, to) => {
		take(bytes, from, to);
	});
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
			eachTokenOf(search, row, tokens.add);
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

				eachTokenOf(search, row, (bytes, from, to) => {
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

	const codesOfWhole = async (tokens: TokenTable, word: Bytes, slices: Slices) => {
		const exact = tokens.codeOf(word, 0, word.length);
		const all = await tokens.codesWith(word, slices);
		// Beside a letter of another script, a word may begin and end within a token.
		return all.filter(code => code === exact || tokens.isWide(code));
	};

	/**
	Rows among which are all that contain a text. Undefined if the text says too little.
	*/
	const withPieces = async (text: string, areWhole: boolean, {postings, tokens}: Made & {postings: Postings}, slices: Slices): Promise<Int32Array | undefined> => {
		const bytes = Buffer.from(text);
		const places: Array<[from: number, to: number]> = [];
		eachToken(bytes, 0, bytes.length, (from, to) => {
			places.push([from, to]);
		});
		const pieces: Array<{codes: number[]; size: number}> = [];
		for (const [from, to] of places) {
			const piece = bytes.subarray(from, to);
			const codes = areWhole ? await codesOfWhole(tokens, piece, slices) : await tokens.codesWith(piece, slices);
			pieces.push({codes, size: bytesOfCodes(postings, codes)});
		}

		const [rarest, next] = pieces.toSorted((one, other) => one.size - other.size);
		if (rarest === undefined) {
			return undefined;
		}

		const rows = await rowsOfCodes(postings, rarest.codes, end(), slices);
		const isLong = next !== undefined && rarest.size > 64 && next.size < rarest.size * 8;
		return isLong ? commonRows(rows, await rowsOfCodes(postings, next.codes, end(), slices)) : rows;
	};

	const isOneToken = (bytes: Bytes) => bytes.length > 0 && bytes.every(byte => tokenBytes[byte] === 1);

	const isMade = () => inverted.known()?.postings !== undefined;

	const made = () => {
		const found = inverted.get();
		const {tokens, postings} = found?.value ?? {};
		return found === undefined || tokens === undefined || postings === undefined ? undefined : {tokens, postings, changed: found.changed};
	};

	return {
		touch: inverted.touch,
		isMade,
		/**
		Rows among which are all whose text contains this one, or has it as whole words if `areWhole`, and the changed rows, which have to be looked at in any case. Both are in ascending order. Undefined if the texts themselves must be searched.
		*/
		async rowsWith(text: string, areWhole: boolean, slices: Slices): Promise<{rows: Int32Array; changed: Int32Array} | undefined> {
			const found = made();
			const rows = found && await withPieces(text, areWhole, found, slices);
			return rows && {rows, changed: found.changed};
		},
		/**
		A mark for each row, with a 1 for all whose text has this one as a whole word, and for some others. Undefined if that cannot be told quickly.
		*/
		async marksOfWhole(word: string, slices: Slices): Promise<Uint8Array | undefined> {
			const bytes = Buffer.from(word);
			const found = isMade() && isOneToken(bytes) ? made() : undefined;
			if (found === undefined) {
				return undefined;
			}

			const {tokens, postings, changed} = found;
			const marks = new Uint8Array(end());
			await markCodes(postings, await codesOfWhole(tokens, bytes, slices), marks, slices);
			markRows(changed, marks);
			return marks;
		},
		/**
		Marks all rows whose text contains this one, apart from those that it returns, which must be looked at. Undefined, with no mark made, if this cannot be told so quickly.
		*/
		async mark(text: string, marks: Uint8Array, slices: Slices): Promise<Int32Array | undefined> {
			const bytes = Buffer.from(text);
			const found = isMade() && isOneToken(bytes) ? made() : undefined;
			if (found === undefined) {
				return undefined;
			}

			const {tokens, postings, changed} = found;
			await markCodes(postings, await tokens.codesWith(bytes, slices), marks, slices);
			return changed;
		},
	};
};

export type TextRows = ReturnType<typeof createTextRows>;
