import {createPostings, type Postings} from '../../base/columns/postings.js';
import {listBlocks, type ListBlock} from '../../catalog/fields/asked.js';
import type {Columns} from '../columns.js';
import type {ListsBlock} from '../lists.js';
import type {Slices} from '../slices.js';
import {createInverted} from './inverted.js';
import {
	bytesOfCodes,
	markCodes,
	rowsOfCodes,
	unionOf,
} from './row-sets.js';

// Numbers at a provider are too many and too large for codes: those that are equal up to a multiple share a list.
const idCodes = 2 ** 14;

/**
So many bytes for each row may the lists of a block have.
*/
const bytesPerRow: Record<ListBlock, number> = {
	tags: 12, languages: 10, ids: 10, people: 44,
};

const fewestBytes = 2 ** 18;

// No block has more than eight lists.
const bitOf = (list: number) => 2 ** list;

type Made = Postings & {
	/**
	A bit for each list in which a code occurs.
	*/
	listsOfCodes: Uint8Array;
};

/**
Whether these codes occur in no other list than the wanted ones, which have a 1.
*/
const areOnlyIn = (wantedLists: Uint8Array, codes: readonly number[], {listsOfCodes}: Made): boolean => {
	let others = 0;
	for (const [list, mark] of wantedLists.entries()) {
		others += mark === 1 ? 0 : bitOf(list);
	}

	return others === 0 || codes.every(code => (listsOfCodes[code]! & others) === 0); // eslint-disable-line no-bitwise -- a bit for each list
};

// So many bytes of a list are read in the time in which the values of one row are looked at.
const bytesPerLook = 12;

// Each row that lies near takes a search of its own.
const shareOfNear = 1 / 16;

/**
For each value that items have of a block of lists, the rows of the items that have it.
*/
export const createListRows = (columns: Columns) => {
	const {lists, end} = columns;
	const blocks = new Map(listBlocks.map(name => {
		const block = lists.block(name);
		return [name, createInverted(end, async (isChanged, slices): Promise<Made | undefined> => {
			const codeCount = block.areTexts ? block.count() : idCodes;
			const listsOfCodes = new Uint8Array(block.areTexts ? codeCount : 0);
			const postings = await createPostings({
				end: end(),
				codeCount,
				eachCode(row, take) {
					if (!isChanged(row)) {
						block.each(row, (value, list) => {
							if (block.areTexts) {
								listsOfCodes[value]! |= bitOf(list); // eslint-disable-line no-bitwise -- a bit for each list
							}

							take(block.areTexts ? value : value % idCodes);
						});
					}
				},
				mostBytes: fewestBytes + (bytesPerRow[name] * end()),
			}, slices);
			return postings && {...postings, listsOfCodes};
		})] as const;
	}));

	return {
		touch(row: number) {
			for (const inverted of blocks.values()) {
				inverted.touch(row);
			}
		},
		/**
		Rows in ascending order among which are all that have one of these codes in some list of the block, and others, which must be left out by looking at them. Undefined where it is as quick to look at `most` rows.
		*/
		async rowsOf({name, areTexts, rowsNear}: ListsBlock, codes: readonly number[], most: number, slices: Slices): Promise<Int32Array | undefined> {
			const found = blocks.get(name)!.get();
			if (found?.value === undefined) {
				return rowsNear(codes, most * shareOfNear);
			}

			const {value, changed} = found;
			const own = areTexts ? codes : [...new Set(codes.map(code => code % idCodes))];
			return bytesOfCodes(value, own) > most ? undefined : unionOf([await rowsOfCodes(value, own, end(), slices), ...changed.length === 0 ? [] : [changed]], end());
		},
		/**
		Marks all rows that have one of these codes in some of the wanted lists of the block, apart from those that it returns, which must be looked at. Undefined, with no mark made, if that cannot be told without looking at all rows, or where it is as quick to look at `most` rows.
		*/
		async mark({name, areTexts}: ListsBlock, {codes, wantedLists, most}: {codes: readonly number[]; wantedLists: Uint8Array; most: number}, marks: Uint8Array, slices: Slices): Promise<Int32Array | undefined> {
			const inverted = blocks.get(name)!;
			const found = areTexts && inverted.known() !== undefined ? inverted.get() : undefined;
			if (found?.value === undefined || bytesOfCodes(found.value, codes) > most * bytesPerLook || !areOnlyIn(wantedLists, codes, found.value)) {
				return undefined;
			}

			const before = found.changed.map(row => marks[row]!);
			await markCodes(found.value, codes, marks, slices);
			// What was kept of these is of old.
			for (const [index, row] of found.changed.entries()) {
				marks[row] = before[index]!;
			}

			return found.changed;
		},
		/**
		Whether the rows with one value are few and at hand.
		*/
		areFew: ({name}: Pick<ListsBlock, 'name'>) => name === 'people' && blocks.get(name)!.known() !== undefined,
	};
};

export type ListRows = ReturnType<typeof createListRows>;
