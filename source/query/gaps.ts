import type {ItemSummary} from './types.js';

// Beyond this a number is a day (20240501), not a count.
const highestCount = 9999;
const firstYear = 1900;

/**
The whole numbers that are missing between 1 and the highest. Where the numbers are years, only what is missing between them counts, since nobody counts from 1 to 2024 in years.

@example
```
missingNumbers([1, 2, 5]); //=> [3, 4]
missingNumbers([2020, 2022]); //=> [2021]
```
*/
export const missingNumbers = (numbers: Iterable<number | undefined>): number[] => {
	const known = new Set(countsAmong(numbers));
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

const countsAmong = (numbers: Iterable<number | undefined>): number[] =>
	[...numbers].filter(number => number !== undefined && Number.isSafeInteger(number) && number > 0 && number <= highestCount) as number[];

const isMonthAndDay = (number: number): boolean => number >= 101 && number <= 1231 && number % 100 >= 1 && number % 100 <= 31;

/**
A season 0 holds specials, which have no series to be complete in. A season that is a year may number its episodes by month and day (430), as downloaders of channels do: nobody knows which days had one.
*/
export const missingEpisodes = (seasonNumber: number | undefined, episodeNumbers: Iterable<number | undefined>): number[] => {
	const numbers = countsAmong(episodeNumbers);
	const isDated = (seasonNumber ?? 0) >= firstYear && numbers.every(number => isMonthAndDay(number));
	return seasonNumber === 0 || isDated ? [] : missingNumbers(numbers);
};

/**
What is missing of a show by its numbers: the seasons up to the highest one, and in each season the episodes up to its highest one.

Specials leave no gaps, and neither do episodes that have a date instead of a number. A file with several episodes is several items, so each counts by its own number.
*/
type ShowGaps = {
	showId: string;
	missingSeasons: number[];
	/**
	Only seasons with gaps, by number.
	*/
	seasons: Array<{seasonNumber: number; missingEpisodes: number[]}>;
};

type Numbered = Pick<ItemSummary, 'type' | 'showId' | 'seasonNumber' | 'episodeNumber'>;

/**
Only shows with gaps, in the order in which they were first met.
*/
export const episodeGaps = (items: Iterable<Numbered>): ShowGaps[] => {
	const shows = new Map<string, Map<number, Array<number | undefined>>>();
	for (const {type, showId, seasonNumber, episodeNumber} of items) {
		if (showId === undefined || seasonNumber === undefined) {
			continue;
		}

		const seasons = shows.get(showId) ?? new Map<number, Array<number | undefined>>();
		shows.set(showId, seasons);
		const episodes = seasons.get(seasonNumber) ?? [];
		seasons.set(seasonNumber, episodes);
		if (type === 'episode') {
			episodes.push(episodeNumber);
		}
	}

	return Array.from(shows, ([showId, seasons]) => ({
		showId,
		missingSeasons: missingNumbers(seasons.keys()),
		seasons: Array.from(seasons, ([seasonNumber, numbers]) => ({seasonNumber, missingEpisodes: missingEpisodes(seasonNumber, numbers)}))
			.filter(season => season.missingEpisodes.length > 0)
			.toSorted((left, right) => left.seasonNumber - right.seasonNumber),
	})).filter(({missingSeasons, seasons}) => missingSeasons.length > 0 || seasons.length > 0);
};
