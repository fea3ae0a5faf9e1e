import {createBackgroundSlices, type Slices} from '../slices.js';

/**
Tells whether a row has changed since the making began.
*/
type IsChanged = (row: number) => boolean;

// To look through all rows is quicker than to make lists for a few questions.
const fewQuestions = 2;

const mostChanged = (end: number) => Math.max(1024, Math.floor(end / 8));

/**
Something that is made of all rows once it has been wanted more than twice, and that holds for all rows but those that have changed since. When many have, it is made anew. Nobody waits for it: until it is there, whoever wants it looks through the rows.
*/
export const createInverted = <Made>(end: () => number, make: (isChanged: IsChanged, slices: Slices) => Promise<Made>) => {
	let made: {value: Made} | undefined;
	let making: AbortController | undefined;
	let fault: {error: unknown} | undefined;
	let changed = new Set<number>();
	let questions = 0;

	const drop = () => {
		making?.abort();
		[made, making] = [undefined, undefined];
		changed = new Set();
	};

	const begin = async () => {
		const own = new AbortController();
		const since = new Set<number>();
		making = own;
		changed = since;
		try {
			const value = await make(row => since.has(row), createBackgroundSlices(own.signal));
			if (making === own) {
				made = {value};
			}
		} catch (error) {
			if (!own.signal.aborted) {
				fault = {error};
			}
		} finally {
			if (making === own) {
				making = undefined;
			}
		}
	};

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
		What was made, and the rows for which it does not hold, in ascending order; undefined if it is not there yet, or not wanted often enough.

		@throws what went wrong when it was made
		*/
		get(): {value: Made; changed: Int32Array; isChanged: IsChanged} | undefined {
			if (fault !== undefined) {
				const {error} = fault;
				fault = undefined;
				throw error;
			}

			questions++;
			if (made === undefined && making === undefined && questions > fewQuestions) {
				void begin();
			}

			const since = changed;
			return made && {value: made.value, changed: Int32Array.from(since).toSorted(), isChanged: row => since.has(row)};
		},
		known: () => made?.value,
	};
};
