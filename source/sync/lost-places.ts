/**
Rows in succession that the server could not deliver, by the ratingKeys of the rows around them: those stay when the list grows.
*/
export type LostPlace = {
	rows: number;
	after?: string | undefined;
	before?: string | undefined;
};

export type RememberedPlaces = {
	/**
	In the order of the list.
	*/
	places: readonly LostPlace[];
	/**
	ratingKeys of the rows that the catalogue expects in the list, without those that were lost. The list is in their order.
	*/
	stored: ReadonlySet<string>;
};

/**
Finds remembered places in a list that has changed since. Call `take` for each row and `lose` for each lost one, in their order.
*/
export const createPlaceFinder = ({places, stored}: RememberedPlaces) => {
	const waiting = [...places];
	const storedKeys = [...stored].map(Number);
	const rowsLost = places.reduce((sum, {rows}) => sum + rows, 0);
	const seen = new Set<string>();
	let lastKey: string | undefined;
	let newRows = 0;

	/**
	If new rows come before the place, the others that the total tells of probably do, too.
	*/
	const rowsInserted = (total: number | undefined): number => total === undefined || newRows === 0
		? 0
		: Math.max(0, total - stored.size - rowsLost - newRows);

	/**
	@returns where the first row of the place should be now, or undefined when the listing has passed it or nothing tells
	*/
	const positionOf = ({after, before}: LostPlace, start: number, total: number | undefined): number | undefined => {
		if (before !== undefined && seen.has(before)) {
			return undefined;
		}

		if (after === undefined) {
			return start + rowsInserted(total);
		}

		if (seen.has(after)) {
			return after === lastKey ? start : undefined;
		}

		const between = storedKeys.filter(key => key > Number(lastKey ?? -Infinity) && key <= Number(after)).length;
		return between > 0 ? start + between + rowsInserted(total) : undefined;
	};

	return {
		hasPlaces: places.length > 0,
		lastKey: (): string | undefined => lastKey,
		take(ratingKey: string | undefined): void {
			if (ratingKey === undefined) {
				return;
			}

			newRows += seen.has(ratingKey) || stored.has(ratingKey) ? 0 : 1;
			seen.add(ratingKey);
			lastKey = ratingKey;
		},
		lose(): void {
			if (waiting[0] !== undefined && waiting[0].after === lastKey) {
				waiting.shift();
			}
		},
		/**
		The next place that the list has not passed. One that begins at `start` is not found again, except at the beginning of the list, where only the first row tells whether others come before it.
		*/
		next(start: number, total: number | undefined): {position: number; rows: number} | undefined {
			for (let [place] = waiting; place !== undefined; [place] = waiting) {
				const position = positionOf(place, start, total);
				if (position === undefined || (position === start && (start > 0 || place.after !== undefined))) {
					waiting.shift();
				}

				if (position !== undefined) {
					return {position, rows: place.rows};
				}
			}

			return undefined;
		},
	};
};
