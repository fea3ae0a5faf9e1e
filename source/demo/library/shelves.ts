import {AppError} from '../../base/errors.js';
import {artworkOf} from './artwork.js';
import {createDice, hexOf} from './dice.js';
import {movieRow, type MovieFacts} from './movie-row.js';
import {
	homeClips,
	oddClassics,
	oddFilms,
	type OddMovie,
} from './odd-movies.js';
import {oddAnime, oddSeries} from './odd-shows.js';
import {publicDomainMovies} from './public-domain-movies.js';
import {sectionKeys} from './section.js';
import type {Shelf} from './shelf.js';
import {inventedShow, type ShowPlan} from './show-plan.js';
import {showShelves, type Family} from './show-shelves.js';
import {inventedSummary, inventedTitle} from './words.js';

export type LibrarySize = {
	seed: number;
	movies: number;
	shows: number;
};

type Shelves = {
	all: readonly Shelf[];
	familyOf: (ratingKey: number) => Family | undefined;
};

const classicsBesidesFilms = publicDomainMovies.slice(0, 6);
const oddMovieCount = publicDomainMovies.length + oddFilms.length + oddClassics.length + homeClips.length;
const oddShowCount = oddSeries.length + oddAnime.length;

/**
Each kind has a range of keys of its own, so a key means the same at every size of library.

@throws AppError `usage` for a size that does not fit into the ranges.
*/
export const createShelves = ({seed, movies, shows}: LibrarySize): Shelves => {
	if (!isBetween(movies, 0, 500_000) || !isBetween(shows, 0, 20_000)) {
		throw new AppError('usage', `The demo library cannot have ${movies} movies and ${shows} shows.`, {
			hint: 'Ask for at most 500000 movies and 20000 shows, as whole numbers.',
		});
	}

	const invented: ShowPlan[] = [];
	for (let number = 0; number < shows - oddShowCount; number++) {
		invented.push(inventedShow(seed, number));
	}

	const series = showShelves({
		seed,
		sectionKey: sectionKeys.series,
		firstKeys: {show: 2_000_000, season: 2_100_000, episode: 3_000_000},
		plans: [...oddSeries, ...invented.filter((_, number) => number % 10 !== 9)],
	});
	const anime = showShelves({
		seed,
		sectionKey: sectionKeys.anime,
		firstKeys: {show: 30_000, season: 40_000, episode: 100_000},
		plans: [...oddAnime, ...invented.filter((_, number) => number % 10 === 9)],
	});

	return {
		all: [
			movieShelf({
				seed,
				sectionKey: sectionKeys.films,
				firstKey: 1_000_000,
				folder: '/srv/films',
				known: publicDomainMovies.slice(classicsBesidesFilms.length),
				odd: oddFilms,
				invented: Math.max(0, movies - oddMovieCount),
			}),
			movieShelf({
				seed,
				sectionKey: sectionKeys.classics,
				firstKey: 10_000,
				folder: '/srv/classics',
				known: classicsBesidesFilms,
				odd: oddClassics,
				invented: 0,
			}),
			movieShelf({
				seed,
				sectionKey: sectionKeys.clips,
				firstKey: 20_000,
				folder: '/srv/clips',
				known: [],
				odd: homeClips,
				invented: 0,
			}),
			...series.shelves,
			...anime.shelves,
			...otherShelves(seed),
		],
		familyOf: ratingKey => series.familyOf(ratingKey) ?? anime.familyOf(ratingKey),
	};
};

const isBetween = (value: number, least: number, most: number) => Number.isSafeInteger(value) && value >= least && value <= most;

type MovieShelfOptions = {
	seed: number;
	sectionKey: string;
	firstKey: number;
	folder: string;
	known: readonly MovieFacts[];
	odd: readonly OddMovie[];
	/**
	How many invented movies follow the known and the odd ones.
	*/
	invented: number;
};

const movieShelf = ({seed, sectionKey, firstKey, folder, known, odd, invented}: MovieShelfOptions): Shelf => ({
	sectionKey,
	type: 1,
	firstKey,
	count: known.length + odd.length + invented,
	oddities: new Map(odd.map(({oddities}, index) => [known.length + index, oddities])),
	build(index) {
		const special = odd[index - known.length];
		const facts = known[index] ?? special?.facts ?? {title: inventedTitle(index), year: createDice(seed, index, 61).integer(1931, 2024)};
		const row = movieRow(seed, firstKey + index, folder, facts);
		special?.change?.(row);
		return row;
	},
});

/**
Music and photos only have to show up as not importable, so a few rows are enough.
*/
const otherShelves = (seed: number): Shelf[] => {
	const shelf = (sectionKey: string, kind: {type: number; name: string; firstKey: number; count: number}): Shelf => ({
		sectionKey,
		type: kind.type,
		firstKey: kind.firstKey,
		count: kind.count,
		oddities: new Map(),
		build(index) {
			const ratingKey = String(kind.firstKey + index);
			const title = inventedTitle(15_000 + (kind.type * 100) + index);
			return {
				ratingKey,
				key: `/library/metadata/${ratingKey}/children`,
				guid: `plex://${kind.name}/${hexOf(24, seed, Number(ratingKey))}`,
				type: kind.name,
				title,
				summary: inventedSummary(createDice(seed, Number(ratingKey)), 1),
				index: 1,
				...artworkOf(ratingKey, title, 1_700_000_000),
				addedAt: 1_650_000_000 + index,
				updatedAt: 1_700_000_000,
			};
		},
	});

	return [
		shelf(sectionKeys.music, {
			type: 8, name: 'artist', firstKey: 1000, count: 12,
		}),
		shelf(sectionKeys.music, {
			type: 9, name: 'album', firstKey: 1100, count: 30,
		}),
		shelf(sectionKeys.photos, {
			type: 14, name: 'photoalbum', firstKey: 1200, count: 5,
		}),
	];
};
