import type {Rating} from '../../catalog/types.js';
import {
	asRecords,
	readNumber,
	readString,
	type Wire,
} from '../wire.js';

export type RatedRow = Wire<'Rating' | 'rating' | 'ratingImage' | 'audienceRating' | 'audienceRatingImage'>;

/**
The `Rating` list of a detail row, else the two single ratings of a listing. One per source and kind; the scale is 0 to 10.
*/
export const readRatings = (row: RatedRow): Rating[] => {
	const listed = asRecords<'image' | 'type' | 'value'>(row.Rating).map(({image, type, value}) => readRating(value, image, type === 'critic' ? 'critic' : 'audience'));
	const ratings = listed.some(rating => rating !== undefined)
		? listed
		: [
			readRating(row.rating, row.ratingImage, 'critic'),
			readRating(row.audienceRating, row.audienceRatingImage, 'audience'),
		];
	const kept: Rating[] = [];
	for (const rating of ratings) {
		if (rating !== undefined && kept.every(({source, kind}) => !(source === rating.source && kind === rating.kind))) {
			kept.push(rating);
		}
	}

	return kept;
};

/**
@returns Nothing for figures off the scale: legacy TVDB shows carry junk such as 2049.
*/
export const readScore = (value: unknown): number | undefined => {
	const score = readNumber(value);
	return score !== undefined && score >= 0 && score <= 10 ? score : undefined;
};

const sources = new Map([
	['themoviedb', 'tmdb'],
	['thetvdb', 'tvdb'],
]);

const publicVotes = new Set(['imdb', 'tmdb', 'tvdb']);

const readRating = (value: unknown, image: unknown, kind: Rating['kind']): Rating | undefined => {
	const score = readScore(value);
	if (score === undefined) {
		return undefined;
	}

	const scheme = /^(?<scheme>[a-z][\w\-.]*):\/\//iv.exec(readString(image) ?? '')?.groups?.['scheme']?.toLowerCase() ?? 'plex';
	const source = sources.get(scheme) ?? scheme;
	// The field `rating` may hold the votes of the public too; the image tells.
	return {source, kind: publicVotes.has(source) ? 'audience' : kind, value: score};
};
