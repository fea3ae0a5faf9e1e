import {createDice} from './dice.js';
import type {PlexRow} from './row.js';
import type {Oddity, RowChange} from './shelf.js';
import {inventedTitle} from './words.js';

/**
Describes a show. Seasons only tell how many episodes they have: the rows are built on request.
*/
export type ShowPlan = {
	title: string;
	year: number;
	oddities?: readonly Oddity[];
	seasons: readonly SeasonPlan[];
	/**
	Who can see the show: details only, or nobody, although its episodes are there. Visible everywhere when absent.
	*/
	visibility?: 'detail-only' | 'nobody';
	/**
	Seasons are switched off for this show; `'unlisted'` also keeps them out of the season list.
	*/
	hidesSeasons?: 'listed' | 'unlisted';
	/**
	Episodes have a date instead of a number.
	*/
	isDated?: boolean;
	/**
	The guid of the show or, given numbers, of a season or episode.
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

type EpisodePlan = {
	oddities?: readonly Oddity[];
	/**
	Replaces position + 1.
	*/
	index?: number;
	title?: string;
	change?: RowChange<PlexRow>;
};

/**
Has about five seasons and a hundred episodes.
*/
export const inventedShow = (seed: number, number: number): ShowPlan => {
	const dice = createDice(seed, number, 60);
	const seasonCount = dice.integer(2, 8);
	const perSeason = dice.integer(13, 29);
	const seasons: SeasonPlan[] = dice.chance(0.3) ? [{number: 0, episodes: dice.integer(1, 6)}] : [];
	for (let season = 1; season <= seasonCount; season++) {
		seasons.push({number: season, episodes: perSeason});
	}

	// These numbers are higher than those of the movies, so that few titles occur twice.
	return {title: inventedTitle(17_000 + number).replace(/^(?:The|An?) /v, ''), year: dice.integer(1965, 2023), seasons};
};
