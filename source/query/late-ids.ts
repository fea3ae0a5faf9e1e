import type {Columns} from './columns.js';
import type {IdList} from './types.js';

/**
The ids of rows, each made when it is asked for: a screen shows some dozens of hundreds of thousands. The rows stay what they are, whatever is put and removed meanwhile.
*/
export const lateIds = (rows: Int32Array, {lastingId, rowsOfId}: Pick<Columns, 'lastingId' | 'rowsOfId'>): IdList => ({
	length: rows.length,
	at(index) {
		const row = rows.at(index);
		return row === undefined ? undefined : lastingId(row);
	},
	slice: (start, end) => Array.from(rows.subarray(start, end), row => lastingId(row)),
	indexOf(id) {
		for (const row of rowsOfId(id)) {
			const place = rows.indexOf(row);
			if (place !== -1) {
				return place;
			}
		}

		return -1;
	},
	* [Symbol.iterator](): Generator<string> {
		for (const row of rows) {
			yield lastingId(row);
		}
	},
});
