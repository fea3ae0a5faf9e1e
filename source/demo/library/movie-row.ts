import {artworkOf, pathName, slugOf} from './artwork.js';
import {createDice, hexOf, type Dice} from './dice.js';
import {containerOf, mediaOf, type Resolution} from './media.js';
import type {PlexRow} from './row.js';
import {demoNow} from './section.js';
import {
	peopleOf,
	personOf,
	someName,
	someNames,
	tagsOf,
} from './tags.js';
import {
	contentRatings,
	countries,
	genres,
	inventedSummary,
	professions,
	studios,
	taglineOf,
} from './words.js';

export type MovieFacts = {
	title: string;
	year: number;
	minutes?: number;
	originalTitle?: string;
	studio?: string;
	countries?: readonly string[];
	genres?: readonly string[];
	directors?: readonly string[];
	writers?: readonly string[];
	cast?: ReadonlyArray<readonly [name: string, role: string]>;
};

/**
A complete movie. What the facts leave open is drawn from the seed.
*/
export const movieRow = (seed: number, ratingKey: number, folder: string, facts: MovieFacts): PlexRow => {
	const dice = createDice(seed, ratingKey);
	const {title, year} = facts;
	const durationMs = (facts.minutes ?? dice.integer(62, 178)) * 60_000;
	const addedAt = 1_600_000_000 + dice.integer(0, 140_000_000);
	const updatedAt = Math.min(demoNow - 100_000, addedAt + dice.integer(0, 9_000_000));
	const resolution = dice.pick<Resolution>(['4k', '1080', '1080', '1080', '720', 'sd']);
	const key = String(ratingKey);
	return {
		ratingKey: key,
		key: `/library/metadata/${key}`,
		guid: `plex://movie/${hexOf(24, seed, ratingKey, 3)}`,
		slug: `${slugOf(title)}-${year}`,
		studio: facts.studio ?? dice.pick(studios),
		type: 'movie',
		title,
		...sortTitleOf(title),
		...(facts.originalTitle !== undefined && {originalTitle: facts.originalTitle}),
		contentRating: dice.pick(contentRatings),
		summary: inventedSummary(dice, dice.integer(2, 4)),
		...scoresOf(dice),
		...viewsOf(dice, durationMs),
		year,
		tagline: taglineOf(dice),
		...artworkOf(key, title, updatedAt),
		duration: durationMs,
		originallyAvailableAt: `${year}-${pad(dice.integer(1, 12))}-${pad(dice.integer(1, 28))}`,
		addedAt,
		updatedAt,
		chapterSource: 'media',
		...(ratingKey % 4 === 0 && {primaryExtraKey: `/library/metadata/${firstExtraKey(ratingKey)}`}),
		Media: [mediaOf({
			id: ratingKey * 10,
			resolution,
			durationMs,
			files: [moviePath(folder, facts, resolution)],
			modifiedAt: addedAt,
		})],
		...movieTagsOf(dice, facts),
		Guid: [{id: `imdb://tt9${String(ratingKey).padStart(7, '0')}`}, {id: `tmdb://${9_000_000 + ratingKey}`}, ...(dice.chance(0.6) ? [{id: `tvdb://${8_000_000 + ratingKey}`}] : [])],
	};
};

/**
Extras have keys of their own, far from those of items.
*/
export const firstExtraKey = (ratingKey: number): number => 100_000_000 + (ratingKey * 10);

export const moviePath = (folder: string, {title, year}: Pick<MovieFacts, 'title' | 'year'>, resolution: Resolution, suffix = ''): string => {
	const name = `${pathName(title)} (${year})`;
	return `${folder}/${name}/${name}${suffix}.${containerOf(resolution)}`;
};

export const pad = (number: number): string => String(number).padStart(2, '0');

export const sortTitleOf = (title: string) => {
	const titleSort = title.replace(/^(?:The|An?) /v, '');
	return titleSort === title ? {} : {titleSort};
};

/**
Scores on a scale of 10: one source each in the row, and all of them in `Rating`.
*/
export const scoresOf = (dice: Dice): Partial<PlexRow> => {
	const critics = dice.integer(21, 98) / 10;
	const audience = dice.integer(35, 97) / 10;
	const critic = `rottentomatoes://image.rating.${critics >= 6 ? 'ripe' : 'rotten'}`;
	const popcorn = `rottentomatoes://image.rating.${audience >= 6 ? 'upright' : 'spilled'}`;
	return {
		rating: critics,
		ratingImage: critic,
		audienceRating: audience,
		audienceRatingImage: popcorn,
		Rating: [
			{image: 'imdb://image.rating', value: dice.integer(35, 92) / 10, type: 'audience'},
			{image: critic, value: critics, type: 'critic'},
			{image: popcorn, value: audience, type: 'audience'},
			{image: 'themoviedb://image.rating', value: dice.integer(35, 92) / 10, type: 'audience'},
		],
	};
};

/**
What this user has seen: a quarter is watched, some of that is rated, a little is begun.
*/
export const viewsOf = (dice: Dice, durationMs: number): Partial<PlexRow> => {
	const lastViewedAt = demoNow - dice.integer(10_000, 40_000_000);
	if (dice.chance(0.25)) {
		return {
			viewCount: dice.integer(1, 3),
			lastViewedAt,
			...(dice.chance(0.3) && {userRating: dice.integer(2, 10), lastRatedAt: lastViewedAt + 60}),
		};
	}

	return dice.chance(0.05) ? {viewOffset: Math.floor(durationMs * 0.4), lastViewedAt} : {};
};

const movieTagsOf = (dice: Dice, facts: MovieFacts): Partial<PlexRow> => {
	const collections = dice.chance(0.15) ? [`The ${dice.pick(genres)} Shelf`] : [];
	const labels = dice.chance(0.08) ? ['Keep'] : [];
	const cast = facts.cast?.map(([name, role]) => personOf('actor', name, role)) ?? castOf(dice, dice.integer(10, 25));
	return {
		Genre: tagsOf('genre', facts.genres ?? [...new Set([dice.pick(genres), dice.pick(genres), dice.pick(genres), dice.pick(genres)])]),
		Country: tagsOf('country', facts.countries ?? [...new Set([dice.pick(countries), dice.pick(countries), dice.pick(countries)])]),
		Director: peopleOf('director', facts.directors ?? someNames(dice, dice.integer(1, 2))),
		Writer: peopleOf('writer', facts.writers ?? someNames(dice, dice.integer(1, 4))),
		Producer: peopleOf('producer', someNames(dice, dice.integer(1, 3))),
		...(cast.length > 0 && {Role: cast}),
		...(collections.length > 0 && {Collection: tagsOf('collection', collections)}),
		...(labels.length > 0 && {Label: tagsOf('label', labels)}),
	};
};

export const castOf = (dice: Dice, size: number) =>
	someNames(dice, size).map(name => personOf('actor', name, dice.chance(0.1) ? undefined : roleOf(dice)));

const roleOf = (dice: Dice): string => dice.chance(0.5) ? someName(dice) : `The ${dice.pick(professions)}`;
