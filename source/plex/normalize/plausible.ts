import type {Normalize, PlexClient} from '../types.js';
import {
	asRecords,
	readDate,
	readEpoch,
	readInteger,
	readNumber,
	type Wire,
} from '../wire.js';

/**
The oldest title that film databases have is of 1874 ("Passage de Vénus").
*/
const firstYear = 1874;

/**
Films are announced about five years ahead.
*/
const yearsAhead = 5;

/**
Clocks differ by hours where a time zone is set wrongly.
*/
const aheadMs = 86_400_000;

// A machine without a battery may believe that it is 1970; then no date would be in the past.
const earliestNow = Date.UTC(2026, 0);

type DatedRow = Wire<'year' | 'originallyAvailableAt' | 'addedAt'>;
type ScoredRow = Wire<'rating' | 'audienceRating' | 'userRating' | 'Rating'>;

/**
Reads the dates of an item and leaves out what cannot be: before there were films, too far ahead, or added in the future. `junk` has what was left out, in words. Without `now`, only the form of a date limits how late it may be.
*/
export const readDates = (row: DatedRow, now: Date | undefined) => {
	const nowMs = now === undefined ? undefined : Math.max(earliestNow, now.getTime());
	const lastYear = nowMs === undefined ? 9999 : new Date(nowMs).getUTCFullYear() + yearsAhead;
	const isPossible = (year: number) => year >= firstYear && year <= lastYear;
	const junk: string[] = [];
	// Plex stores 0 and -1 for "not known".
	const year = readInteger(row.year) ?? 0;
	if (year > 0 && !isPossible(year)) {
		junk.push(`the year ${year}`);
	}

	const releaseYear = yearOf(row.originallyAvailableAt);
	const isReleased = releaseYear === undefined || isPossible(releaseYear);
	if (!isReleased && releaseYear > 0) {
		junk.push(`the release date in ${releaseYear}`);
	}

	const addedSeconds = readInteger(row.addedAt) ?? 0;
	const isAdded = addedSeconds * 1000 <= (nowMs === undefined ? Infinity : nowMs + aheadMs);
	const addedAt = readEpoch(addedSeconds);
	if (!isAdded) {
		junk.push(`the date of addition ${addedAt ?? addedSeconds}`);
	}

	return {
		year: isPossible(year) ? year : undefined,
		releaseDate: isReleased ? readDate(row.originallyAvailableAt) : undefined,
		addedAt: isAdded ? addedAt : undefined,
		junk,
	};
};

const yearOf = (value: unknown): number | undefined => {
	const year = typeof value === 'string' ? /^\s*(?<year>\d+)-/v.exec(value)?.groups?.['year'] : undefined;
	return year === undefined ? undefined : readInteger(year);
};

/**
@returns Undefined for a value off the scale of 0 to 10: legacy TVDB shows carry values such as 2049.
*/
export const readScore = (value: unknown): number | undefined => {
	const score = readNumber(value);
	return score !== undefined && score >= 0 && score <= 10 ? score : undefined;
};

/**
Ratings that are left out because they are off the scale, in words. -1 stands for none.
*/
export const junkScores = ({rating, audienceRating, userRating, Rating}: ScoredRow): string[] => {
	const scores = [rating, audienceRating, userRating, ...asRecords<'value'>(Rating).map(({value}) => value)].map(value => readNumber(value) ?? 0);
	return [...new Set(scores)].filter(score => score !== -1 && readScore(score) === undefined).map(score => `the rating ${score}`);
};

/**
Takes the time of the server for now while the clock of this machine is behind it, as that of a machine without a battery is until the network sets it. What was added since would seem to come from the future.
*/
export const withServerTime = (normalize: Normalize, {usage}: Pick<PlexClient, 'usage'>): Normalize => (row, context) => {
	const {serverSeconds = 0} = usage();
	const serverNow = new Date(serverSeconds * 1000);
	return normalize(row, context.now !== undefined && serverNow > context.now ? {...context, now: serverNow} : context);
};
