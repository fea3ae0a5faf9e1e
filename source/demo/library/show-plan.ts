import {createDice} from './dice.js';
import type {RowChange, Oddity} from './shelf.js';
import type {PlexRow} from './row.js';
import {inventedTitle} from './words.js';

/**
What a show is made of. Seasons only say how many episodes they have: the rows are made when somebody asks.
*/
export type ShowPlan = {
	title: string;
	year: number;
	oddities?: readonly Oddity[];
	seasons: readonly SeasonPlan[];
	/**
	Who can see the show: lists and details, details only, or nobody, though its episodes are there.
	*/
	visibility?: 'detail-only' | 'nobody';
	/**
	Seasons are switched off for this show; `'unlisted'` keeps them out of the season list, too.
	*/
	hidesSeasons?: 'listed' | 'unlisted';
	/**
	Episodes have a date instead of a number.
	*/
	isDated?: boolean;
	/**
	The identity of the show or, given numbers, of a season or episode.
	*/
	legacyGuid?: (season?: number, episode?: number, date?: string) => string;
	change?: RowChange<PlexRow>;
};

export type SeasonPlan = {
	number: number;
	episodes: number;
	/**
	By position, from 0.
	*/
	odd?: Readonly<Record<number, EpisodePlan>>;
};

export type EpisodePlan = {
	oddities?: readonly Oddity[];
	/**
	Instead of position + 1.
	*/
	index?: number;
	title?: string;
	change?: RowChange<PlexRow>;
};

/**
About five seasons and a hundred episodes each.
*/
export const inventedShow = (seed: number, number: number): ShowPlan => {
	const dice = createDice(seed, number, 60);
	const seasonCount = dice.integer(2, 8);
	const perSeason = dice.integer(13, 29);
	const seasons: SeasonPlan[] = dice.chance(0.3) ? [{number: 0, episodes: dice.integer(1, 6)}] : [];
	for (let season = 1; season <= seasonCount; season++) {
		seasons.push({number: season, episodes: perSeason});
	}

	// Beyond the numbers that the movies use, so that few titles occur twice.
	return {title: inventedTitle(17_000 + number).replace(/^(?:The|An?) /v, ''), year: dice.integer(1965, 2023), seasons};
};
