import type {Slices} from './slices.js';

type Names = {
	/**
	The number of codes.
	*/
	count: () => number;
	/**
	The name of a code as it is searched; undefined while it has none.
	*/
	foldedName: (code: number) => string | undefined;
};

// To look at every name takes as long as making the table, and some questions are asked once.
const asksBeforeMade = 2;
const codesPerCheck = 1024;

/**
Finds the codes that have exactly a name. The table for it is made at the third question; until then nobody knows. Call `drop` when a code got a name.
*/
export const createNameCodes = ({count, foldedName}: Names) => {
	let byName: ReadonlyMap<string, readonly number[]> | undefined;
	let codes = 0;
	let asks = 0;
	let drops = 0;

	const make = async (end: number, slices: Slices) => {
		const made = new Map<string, number[]>();
		for (let code = 0; code < end; code++) {
			const name = foldedName(code);
			const others = name === undefined ? undefined : made.get(name);
			if (others !== undefined) {
				others.push(code);
			} else if (name !== undefined) {
				made.set(name, [code]);
			}

			if (code % codesPerCheck === 0 && slices.isOver()) {
				await slices.pause();
			}
		}

		return made;
	};

	return {
		drop() {
			byName = undefined;
			drops++;
		},
		/**
		The codes in ascending order; undefined if nobody knows yet without looking at every name.
		*/
		async codesOf(name: string, slices: Slices): Promise<readonly number[] | undefined> {
			asks++;
			if (byName === undefined || codes !== count()) {
				if (asks <= asksBeforeMade) {
					return undefined;
				}

				const [before, end] = [drops, count()];
				const made = await make(end, slices);
				if (drops !== before || count() !== end) {
					return undefined;
				}

				[byName, codes, asks] = [made, end, 0];
			}

			return byName.get(name) ?? [];
		},
	};
};
