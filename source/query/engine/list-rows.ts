import {createPostings} from '../../base/columns/postings.js';
import {listBlocks, type ListBlock} from '../../catalog/fields/asked.js';
import type {Columns} from '../columns.js';
import type {ListsBlock} from '../lists.js';
import type {Slices} from '../slices.js';
import {createInverted} from './inverted.js';
import {markCodes, rowsOfCodes, unionOf} from './row-sets.js';

// Numbers at a provider are too many and too large for codes: those that are equal up to a multiple share a list.
const idCodes = 2 ** 14;

/**
So many bytes for each row may the lists of a block have.
*/
const bytesPerRow: Record<ListBlock, number> = {
	tags: 12, languages: 10, ids: 10, people: 44,
};

const fewestBytes = 2 ** 18;

/**
For each value that items have of a block of lists, the rows of the items that have it.
*/
export const createListRows = (columns: Columns) => {
	const {lists, end} = columns;
	const blocks = new Map(listBlocks.map(name => {
		const block = lists.block(name);
		return [name, createInverted(end, async (isChanged, slices) => createPostings({
			end: end(),
			codeCount: block.areTexts ? block.count() : idCodes,
			eachCode(row, take) {
				if (!isChanged(row)) {
					block.each(row, value => {
						take(block.areTexts ? value : value % idCodes);
					});
				}
			},
			mostBytes: fewestBytes + (bytesPerRow[name] * end()),
		}, slices))] as const;
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
		async rowsOf({name, areTexts}: ListsBlock, codes: readonly number[], most: number, slices: Slices): Promise<Int32Array | undefined> {
			const found = blocks.get(name)!.get();
			if (found?.value === undefined) {
				return undefined;
			}

			const {value, changed} = found;
			const own = areTexts ? codes : [...new Set(codes.map(code => code % idCodes))];
			const bytes = own.reduce((sum, code) => sum + value.bytesOf(code), 0);
			return bytes > most ? undefined : unionOf([await rowsOfCodes(value, own, end(), slices), ...changed.length === 0 ? [] : [changed]], end());
		},
		/**
		Marks all rows that have one of these codes in some list of the block, apart from those that it returns, which must be looked at. Undefined if the lists are not made.
		*/
		async mark({name, areTexts}: ListsBlock, codes: readonly number[], marks: Uint8Array, slices: Slices): Promise<Int32Array | undefined> {
			const found = areTexts ? blocks.get(name)!.get() : undefined;
			if (found?.value === undefined) {
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
