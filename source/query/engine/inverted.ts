import {createSlices, type Slices} from '../slices.js';

/**
Tells whether a row has changed since the making began.
*/
type IsChanged = (row: number) => boolean;

// To look through all rows is quicker than to make lists for a few questions.
const fewQuestions = 2;

const mostChanged = (end: number) => Math.max(1024, Math.floor(end / 8));

/**
Something that is made of all rows once it has been wanted more than twice, and that holds for all rows but those that have changed since. When many have, it is made anew.

`make` is called with slices that nobody aborts: whoever waits for it shares it.
*/
export const createInverted = <Made>(end: () => number, make: (isChanged: IsChanged, slices: Slices) => Promise<Made>) => {
	let made: {value: Made} | undefined;
	let making: Promise<Made> | undefined;
	let changed = new Set<number>();
	let questions = 0;

	const drop = () => {
		[made, making] = [undefined, undefined];
		changed = new Set();
	};

	const answer = () => made && {value: made.value, changed: Int32Array.from(changed).toSorted()};

	return {
		/**
		Call it before a row is changed or emptied, and after it was filled.
		*/
		touch(row: number) {
			if (made === undefined && making === undefined) {
				return;
			}

			changed.add(row);
			if (changed.size > mostChanged(end())) {
				drop();
			}
		},
		/**
		What was made, and the rows for which it does not hold, in ascending order; undefined if it is not wanted often enough yet.
		*/
		async get(): Promise<{value: Made; changed: Int32Array} | undefined> {
			questions++;
			if (made === undefined && questions <= fewQuestions) {
				return undefined;
			}

			if (made === undefined) {
				const since = making === undefined ? new Set<number>() : changed;
				changed = since;
				const own = making ?? make(row => since.has(row), createSlices());
				making = own;
				try {
					const value = await own;
					// Otherwise somebody else who waited has it by now, or too much has changed.
					if (making === own) {
						made = {value};
					}
				} finally {
					if (making === own) {
						making = undefined;
					}
				}
			}

			return answer();
		},
		known: () => made?.value,
	};
};
