import {eachInSteps, release, type Steps} from './cells.js';

export const emptySlot = 0;
const removedSlot = -1;

// So many slots of the table before move with each row that is added: more than enough to be done before the next table is full.
const movedAtOnce = 32;

type IsWanted = (row: number) => boolean;

/**
Finds rows by a hash of what they hold: a table with open addressing. When it is full, a bigger one takes its place, into which the rows move a few at a time, because to move hundreds of thousands at once would hold the thread for longer than a person notices.
*/
export const createRowSlots = (hashOf: (row: number) => number) => {
	// The row plus one.
	let slots = new Int32Array(leastSlots);
	// Whoever gave it may still have it.
	let restored: Int32Array | undefined;
	// With those that hold nothing any more.
	let taken = 0;
	// The table before, as long as rows of it are still to be moved; a row that has moved is in both.
	let old: Int32Array<ArrayBuffer> | undefined;
	// How many slots of it are done, and how many rows are in the others.
	let moved = 0;
	let left = 0;
	let size = 0;

	const put = (row: number) => {
		insert(slots, hashOf(row), row);
		taken++;
	};

	const move = (count: number) => {
		if (old === undefined) {
			return;
		}

		const end = Math.min(old.length, moved + count);
		for (; moved < end; moved++) {
			const slot = old[moved]!;
			if (slot <= emptySlot) {
				continue;
			}

			put(slot - 1);
			left--;
		}

		if (moved < old.length) {
			return;
		}

		if (old !== restored) {
			release(old);
		}

		old = undefined;
	};

	const makeRoom = () => {
		if ((taken + left + 1) * 4 > slots.length * 3) {
			// Something is left only of a table that had much room for few rows.
			move(Infinity);
			[old, moved, left, taken] = [slots, 0, size, 0];
			slots = new Int32Array(slotsFor(size + 1));
		}

		move(movedAtOnce);
	};

	return {
		size: () => size,
		/**
		Takes what `savedSlots` gave. All further calls count on it.
		*/
		restore(saved: Int32Array, count: number) {
			restored = saved;
			slots = saved as typeof slots;
			taken = count;
			size = count;
		},
		find(hash: number, isWanted: IsWanted): number | undefined {
			const place = placeOf(slots, hash, isWanted);
			if (place !== undefined) {
				return slots[place]! - 1;
			}

			const oldPlace = old && placeOf(old, hash, isWanted);
			return oldPlace === undefined ? undefined : old![oldPlace]! - 1;
		},
		/**
		The row must not be in the table yet.
		*/
		add(row: number) {
			makeRoom();
			put(row);
			size++;
		},
		/**
		Call it while `hash` and `isWanted` are still true of the row; returns the row.
		*/
		remove(hash: number, isWanted: IsWanted): number | undefined {
			const place = placeOf(slots, hash, isWanted);
			const oldPlace = old && placeOf(old, hash, isWanted);
			let removed: number | undefined;
			if (place !== undefined) {
				removed = slots[place]! - 1;
				slots[place] = removedSlot;
			}

			if (oldPlace !== undefined) {
				removed = old![oldPlace]! - 1;
				old![oldPlace] = removedSlot;
				left -= oldPlace < moved ? 0 : 1;
			}

			size -= removed === undefined ? 0 : 1;
			return removed;
		},
	};
};

const leastSlots = 64;

/**
The number of slots for so many rows.
*/
const slotsFor = (size: number): number => Math.max(leastSlots, Math.ceil(size * 2));

const placeOf = (slots: Int32Array, hash: number, isWanted: IsWanted): number | undefined => {
	let place = hash % slots.length;
	for (;;) {
		const slot = slots[place]!;
		if (slot === emptySlot) {
			return undefined;
		}

		if (slot > emptySlot && isWanted(slot - 1)) {
			return place;
		}

		place = place + 1 === slots.length ? 0 : place + 1;
	}
};

/**
A table of these rows, numbered in their order, for `restore`.
*/
export function * savedSlots(rows: Int32Array, hashOf: (row: number) => number): Steps<Int32Array<ArrayBuffer>> {
	const slots = new Int32Array(slotsFor(rows.length));
	yield * eachInSteps(rows, (row, index) => {
		insert(slots, hashOf(row), index);
	});
	return slots;
}

/**
Puts a row into the first free slot. The table must have one.
*/
const insert = (slots: Int32Array, hash: number, row: number): void => {
	let place = hash % slots.length;
	while (slots[place]! > emptySlot) {
		place = place + 1 === slots.length ? 0 : place + 1;
	}

	slots[place] = row + 1;
};
