import type {Item} from '../catalog/types.js';

/**
The rating of the user as whole numbers from 1 to 10, as Letterboxd and Trakt take them.
*/
export const wholeRating = ({viewState}: Pick<Item, 'viewState'>): number | undefined => {
	const rating = viewState?.userRating;
	return rating === undefined ? undefined : Math.min(10, Math.max(1, Math.round(rating)));
};

export const isPlayed = ({viewState}: Pick<Item, 'viewState'>): boolean => (viewState?.viewCount ?? 0) > 0;

const forms = {imdb: /^tt\d+$/v, tmdb: /^\d+$/v, tvdb: /^\d+$/v} as const;

/**
The first id of an item at a provider that has the form of one there.
*/
export const idAt = ({ids}: Pick<Item, 'ids'>, provider: keyof typeof forms): string | undefined => ids[provider].find(id => forms[provider].test(id));
