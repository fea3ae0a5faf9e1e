// Beyond this a number is a day (20240501), not a count.
const highestCount = 9999;
const firstYear = 1900;

/**
The whole numbers that are missing between 1 and the highest. Numbers that are years or days give only what is missing between years, since nobody counts from 1 to 2024 in years.

@example
```
missingNumbers([1, 2, 5]); //=> [3, 4]
missingNumbers([2020, 2022]); //=> [2021]
```
*/
export const missingNumbers = (numbers: Iterable<number | undefined>): number[] => {
	const known = new Set<number>();
	for (const number of numbers) {
		if (number !== undefined && Number.isSafeInteger(number) && number > 0 && number <= highestCount) {
			known.add(number);
		}
	}

	const sorted = [...known].toSorted((left, right) => left - right);
	const lowest = sorted[0] ?? 0;
	const missing: number[] = [];
	for (let number = lowest >= firstYear ? lowest : 1; number < (sorted.at(-1) ?? 0); number++) {
		if (!known.has(number)) {
			missing.push(number);
		}
	}

	return missing;
};

/**
A season 0 holds specials, which have no series to be complete in.
*/
export const missingEpisodes = (seasonNumber: number | undefined, episodeNumbers: Iterable<number | undefined>): number[] =>
	seasonNumber === 0 ? [] : missingNumbers(episodeNumbers);
