import {defined} from '../../catalog/values.js';
import type {Rating, ViewState} from '../../catalog/types.js';
import {
	asRecords,
	readCount,
	readEpoch,
	readString,
	type Wire,
} from '../wire.js';
import {readScore} from './plausible.js';

export type RatedRow = Wire<'Rating' | 'rating' | 'ratingImage' | 'audienceRating' | 'audienceRatingImage'>;

/**
Reads the `Rating` list of a detail row, or the two single ratings of a listing. There is one per source and kind, on a scale of 0 to 10.
*/
export const readRatings = (row: RatedRow): Rating[] => {
	const listed = asRecords<'image' | 'type' | 'value'>(row.Rating).map(({image, type, value}) => readRating(value, image, type === 'critic' ? 'critic' : 'audience'));
	const ratings = listed.some(rating => rating !== undefined)
		? listed
		: [
			readRating(row.rating, row.ratingImage, 'critic'),
			readRating(row.audienceRating, row.audienceRatingImage, 'audience'),
		];
	const first = new Map<string, Rating>();
	for (const rating of ratings) {
		const name = `${rating?.kind} ${rating?.source}`;
		if (rating !== undefined && !first.has(name)) {
			first.set(name, rating);
		}
	}

	return first.values().toArray();
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
	// The field `rating` may hold audience votes too; the image tells which.
	return {kind: publicVotes.has(source) ? 'audience' : kind, source, value: score};
};

export type ViewedRow = Wire<'viewCount' | 'viewOffset' | 'lastViewedAt' | 'userRating' | 'lastRatedAt' | 'viewedLeafCount'>;

/**
Reads what the user of the token did. It is kept apart, because another token sees other values.
*/
export const readViewState = (row: ViewedRow): ViewState | undefined => {
	const viewState = defined({
		lastRatedAt: readEpoch(row.lastRatedAt),
		lastViewedAt: readEpoch(row.lastViewedAt),
		userRating: readScore(row.userRating),
		viewCount: readCount(row.viewCount),
		viewOffsetMs: readCount(row.viewOffset),
		viewedLeafCount: readCount(row.viewedLeafCount),
	});
	return Object.keys(viewState).length === 0 ? undefined : viewState;
};
