import {Buffer} from 'node:buffer';
import {type CellsByName, type CellSource} from './cells.js';
import {createTextPool, hashBytes, type Bytes} from './text-pool.js';

const emptySlot = 0;
const removedSlot = -1;

/**
Texts by row, each in one row only, whose row is found by the text: a table with open addressing.
*/
export const createTextTable = (name: string, source?: CellSource) => {
	const pool = createTextPool(name, source);
	let pending = source;
	// The row plus one.
	let slots = new Int32Array(64);
	let size = 0;
	let removed = 0;
	let scratch = Buffer.allocUnsafeSlow(64);

	const open = () => {
		if (pending === undefined) {
			return;
		}

		slots = pending(`${name}.slots`) as typeof slots;
		pending = undefined;
		size = pool.size();
	};

	const slotOfText = (text: string): number => {
		if (text.length * 3 > scratch.length) {
			scratch = Buffer.allocUnsafeSlow(text.length * 6);
		}

		const length = scratch.write(text);
		return slotOfBytes(scratch, 0, length);
	};

	const slotOfBytes = (bytes: Bytes, start: number, end: number): number => {
		let place = hashBytes(bytes, start, end) % slots.length;
		for (;;) {
			const slot = slots[place]!;
			if (slot === emptySlot) {
				return -1;
			}

			if (slot > emptySlot && pool.isEqual(slot - 1, bytes, start, end)) {
				return place;
			}

			place = place + 1 === slots.length ? 0 : place + 1;
		}
	};

	const grow = () => {
		const rows = slots.filter(slot => slot > emptySlot);
		slots = new Int32Array(slotsFor(size));
		removed = 0;
		for (const slot of rows) {
			insert(slots, pool.hash(slot - 1), slot - 1);
		}
	};

	const find = (text: string): number | undefined => {
		open();
		const place = slotOfText(text);
		return place === -1 ? undefined : slots[place]! - 1;
	};

	return {
		/**
		The row of a text in UTF-8.
		*/
		findBytes(bytes: Bytes, start: number, end: number): number | undefined {
			open();
			const place = slotOfBytes(bytes, start, end);
			return place === -1 ? undefined : slots[place]! - 1;
		},
		get: pool.get,
		reader: pool.reader,
		has: pool.has,
		/**
		The number of texts.
		*/
		size() {
			open();
			return size;
		},
		compare: pool.compare,
		frozen: pool.frozen,
		find,
		/**
		The row must have no text yet, and no other row this one.
		*/
		add(row: number, text: string) {
			open();
			pool.set(row, text);
			size++;
			if ((size + removed) * 4 > slots.length * 3) {
				// The row itself is not in the table yet.
				grow();
			}

			insert(slots, pool.hash(row), row);
		},
		remove(text: string): number | undefined {
			open();
			const place = slotOfText(text);
			if (place === -1) {
				return undefined;
			}

			const row = slots[place]! - 1;
			slots[place] = removedSlot;
			size--;
			removed++;
			pool.set(row, undefined);
			return row;
		},
		save(rows: Int32Array, saved: CellsByName) {
			pool.save(rows, saved);
			const savedSlots = new Int32Array(slotsFor(rows.length));
			for (const [index, row] of rows.entries()) {
				insert(savedSlots, pool.hash(row), index);
			}

			saved.set(`${name}.slots`, savedSlots);
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

const slotsFor = (size: number) => Math.max(64, Math.ceil(size * 2));

const insert = (slots: Int32Array, hash: number, row: number) => {
	let place = hash % slots.length;
	while (slots[place]! > emptySlot) {
		place = place + 1 === slots.length ? 0 : place + 1;
	}

	slots[place] = row + 1;
};
