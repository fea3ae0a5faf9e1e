import {Buffer} from 'node:buffer';
import type {CellsByName, CellSource, Steps} from './cells.js';
import {createRowSlots, emptySlot, savedSlots} from './row-slots.js';
import {createTextPool, hashBytes, type Bytes} from './text-pool.js';

/**
Texts by row, each in one row only, whose row is found by the text: a table with open addressing.
*/
export const createTextTable = (name: string, source?: CellSource) => {
	const pool = createTextPool(name, source);
	const slots = createRowSlots(pool.hash);
	let pending = source;
	let scratch = Buffer.allocUnsafeSlow(64);
	let scratchEnd = 0;

	const open = () => {
		if (pending === undefined) {
			return;
		}

		const saved = pending(`${name}.slots`) as Int32Array;
		pending = undefined;
		slots.restore(saved, pool.size());
	};

	// What is looked for is written into a buffer that all calls use.
	const hashOf = (text: string): number => {
		if (text.length * 3 > scratch.length) {
			scratch = Buffer.allocUnsafeSlow(text.length * 6);
		}

		scratchEnd = scratch.write(text);
		return hashBytes(scratch, 0, scratchEnd);
	};

	const isWanted = (row: number) => pool.isEqual(row, scratch, 0, scratchEnd);

	const find = (text: string): number | undefined => {
		open();
		return slots.find(hashOf(text), isWanted);
	};

	return {
		/**
		The row of a text in UTF-8.
		*/
		findBytes(bytes: Bytes, start: number, end: number): number | undefined {
			open();
			return slots.find(hashBytes(bytes, start, end), row => pool.isEqual(row, bytes, start, end));
		},
		get: pool.get,
		reader: pool.reader,
		has: pool.has,
		knownRows: pool.knownRows,
		/**
		The number of texts.
		*/
		size() {
			open();
			return slots.size();
		},
		mayContain: pool.mayContain,
		compare: pool.compare,
		frozen: pool.frozen,
		find,
		/**
		The row must have no text yet, and no other row this one.
		*/
		add(row: number, text: string) {
			open();
			pool.set(row, text);
			slots.add(row);
		},
		remove(text: string): number | undefined {
			open();
			const row = slots.remove(hashOf(text), isWanted);
			if (row !== undefined) {
				pool.set(row, undefined);
			}

			return row;
		},
		* save(rows: Int32Array, saved: CellsByName): Steps {
			yield * pool.save(rows, saved);
			saved.set(`${name}.slots`, yield * savedSlots(rows, pool.hash));
		},
	};
};

export type TextTable = ReturnType<typeof createTextTable>;

/**
The rows that a saved table may have for a text, the likeliest first.
*/
export function * probedRows(text: string, {count, slotAt}: {count: number; slotAt: (place: number) => number}): Generator<number> {
	const bytes = Buffer.from(text);
	let place = hashBytes(bytes, 0, bytes.length) % count;
	for (let probes = 0; probes < count; probes++) {
		const slot = slotAt(place);
		if (slot === emptySlot) {
			return;
		}

		yield slot - 1;
		place = place + 1 === count ? 0 : place + 1;
	}
}
