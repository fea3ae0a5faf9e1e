import type {Shelf} from './shelf.js';

/**
The keys of one type in one section, in the order of their ids.
*/
export type Listing = {
	length: number;
	keyAt: (position: number) => number;
};

/**
Without removals or hidden rows the keys are a range and need no memory; otherwise they are written down.
*/
export const listingOf = (shelves: readonly Shelf[], removed: ReadonlySet<number>, added: readonly number[]): Listing => {
	const keys: number[] = [];
	const [only] = shelves;
	if (shelves.length === 1 && only!.isUnlisted === undefined && removed.size === 0 && added.length === 0) {
		return {length: only!.count, keyAt: position => only!.firstKey + position};
	}

	for (const {firstKey, count, isUnlisted} of shelves) {
		for (let index = 0; index < count; index++) {
			if (!removed.has(firstKey + index) && isUnlisted?.(index) !== true) {
				keys.push(firstKey + index);
			}
		}
	}

	keys.push(...added);
	keys.sort((a, b) => a - b);
	return {length: keys.length, keyAt: position => keys[position]!};
};
