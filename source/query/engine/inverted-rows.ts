import type {Columns} from '../columns.js';
import type {AskedField} from '../language/asked-fields.js';
import {createListRows} from './list-rows.js';
import {createNumberOrders} from './number-orders.js';
import {createTextRows} from './text-rows.js';
import {createTitleLetters} from './title-letters.js';

/**
From values and words to rows, for those who need not look at all rows. It must be told of every change.
*/
export const createInvertedRows = (columns: Columns) => {
	const lists = createListRows(columns);
	const numbers = createNumberOrders(columns);
	const texts = createTextRows(columns);
	const titleLetters = createTitleLetters(columns);
	return {
		lists,
		numbers,
		texts,
		titleLetters,
		touch(row: number) {
			lists.touch(row);
			numbers.touch(row);
			texts.touch(row);
			titleLetters.touch(row);
		},
		/**
		Whether the rows with a value of this field are few and at hand.
		*/
		areFew({lists: names}: AskedField): boolean {
			const [name] = names;
			return name !== undefined && lists.areFew(columns.lists.place(name).block);
		},
	};
};

export type Inverted = ReturnType<typeof createInvertedRows>;
