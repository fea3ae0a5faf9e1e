import {missingEpisodes, missingNumbers} from './missing-numbers.js';
import type {ItemSummary} from './types.js';

/**
What is missing of a show, as far as numbers tell: between the first and the highest season, and in each season between 1 and its highest episode.

Specials, and episodes that have a date instead of a number, leave no gaps. A file with several episodes is several items, so each counts by its own number.
*/
export type ShowGaps = {
	showId: string;
	missingSeasons: number[];
	/**
	Only seasons with gaps, by number.
	*/
	seasons: Array<{seasonNumber: number; missingEpisodes: number[]}>;
};

type Numbered = Pick<ItemSummary, 'type' | 'showId' | 'seasonNumber' | 'episodeNumber'>;

/**
@returns Only shows with gaps, in the order in which they were first met. Other items are passed over.
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
