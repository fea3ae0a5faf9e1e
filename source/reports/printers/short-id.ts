/**
How much of an id tells it from the others, at least 8 characters.
*/
export const shortIdLength = (entries: ReadonlyArray<{id: string}>): number => {
	const longest = Math.max(8, ...entries.map(({id}) => id.length));
	for (let length = 8; length < longest; length++) {
		if (new Set(entries.map(({id}) => id.slice(0, length))).size === entries.length) {
			return length;
		}
	}

	return longest;
};
