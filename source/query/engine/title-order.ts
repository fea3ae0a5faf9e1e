import type {Columns} from '../columns.js';
import {createSortedRows} from '../sorted-rows.js';
import {markRows, markedRows} from './row-sets.js';

// Above this share of all rows, one look at all of them is quicker than sorting.
const manyRows = 1 / 8;

/**
The order of all titles, and the place of each row in it, by which any rows are sorted in a moment.
*/
export const createTitleOrder = (columns: Columns) => {
	const {end, isFilled, filledRows} = columns;
	const sorted = createSortedRows(columns, {
		sort: 'title', isDescending: false, isMember: isFilled, members: filledRows,
	});
	let order: Int32Array | undefined;
	let places = new Int32Array(0);

	const read = (rows: Int32Array) => {
		order = rows;
		places = new Int32Array(end()).fill(-1);
		for (const [place, row] of rows.entries()) {
			places[row] = place;
		}
	};

	return {
		isAtHand: sorted.isAtHand,
		touch: sorted.touch,
		/**
		These rows by title, year and id, without those that were removed meanwhile.
		*/
		async sort(rows: Int32Array): Promise<Int32Array> {
			const all = await sorted.rows();
			if (rows.length > all.length * manyRows) {
				const marks = new Uint8Array(end());
				markRows(rows, marks);
				return markedRows(all, marks);
			}

			if (all !== order) {
				read(all);
			}

			const own = new Int32Array(rows.length);
			let count = 0;
			for (let index = 0; index < rows.length; index++) { // eslint-disable-line unicorn/no-for-loop, @typescript-eslint/prefer-for-of -- many times as fast
				const place = places[rows[index]!]!;
				if (place !== -1) {
					own[count++] = place;
				}
			}

			return own.subarray(0, count).toSorted().map(place => all[place]!);
		},
	};
};
