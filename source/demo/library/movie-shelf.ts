import {createDice} from './dice.js';
import {movieRow, type MovieFacts} from './movie-row.js';
import type {OddMovie} from './odd-movies.js';
import type {Shelf} from './shelf.js';
import {inventedTitle} from './words.js';

export type MovieShelfOptions = {
	seed: number;
	sectionKey: string;
	firstKey: number;
	folder: string;
	known: readonly MovieFacts[];
	odd: readonly OddMovie[];
	/**
	How many follow the known and the odd ones.
	*/
	invented: number;
};

export const movieShelf = ({seed, sectionKey, firstKey, folder, known, odd, invented}: MovieShelfOptions): Shelf => ({
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
