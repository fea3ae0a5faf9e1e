import {cleanLines} from '../../base/text/clean.js';
import {plural} from '../../base/text/format.js';
import {knownNames} from '../../catalog/fields/exported.js';
import {detailResolver} from '../../query/related.js';
import type {ItemDetail} from '../../query/types.js';
import {delimitedText} from '../delimited.js';
import type {ExportFormat, FixedColumn} from '../format.js';
import {idAt, isPlayed, wholeRating} from '../marks.js';

const columns: readonly FixedColumn[] = [
	{name: 'tmdbID', from: 'tmdb', about: 'The first id at TMDB'},
	{name: 'imdbID', from: 'imdb', about: 'The first id at IMDb'},
	{name: 'Title', from: 'title', about: 'Finds a film without an id'},
	{name: 'Year', from: 'year', about: 'Finds a film without an id'},
	{name: 'Directors', from: 'directors', about: 'Finds a film without an id; several have commas between them'},
	{name: 'Rating10', from: 'userRating', about: 'The rating of the user, whole numbers from 1 to 10'},
	{name: 'WatchedDate', from: 'lastViewedAt', about: 'The day of the last play in UTC; makes an entry of the diary'},
	{name: 'Rewatch', from: 'viewCount', about: 'true if the last play was not the first one'},
];

const options = {delimiter: ',', isForSpreadsheets: false};

/**
The values of a film, in the order of the columns.
*/
const valuesOf = (detail: ItemDetail) => {
	const {item} = detail;
	const watchedDate = isPlayed(item) ? item.viewState?.lastViewedAt?.slice(0, 10) : undefined;
	return {
		tmdb: idAt(item, 'tmdb'),
		imdb: idAt(item, 'imdb'),
		title: cleanLines(item.title).trim(),
		year: item.year,
		directors: knownNames(item.directors, detailResolver(detail)).map(name => cleanLines(name)).join(', '),
		rating: wholeRating(item),
		watchedDate,
		rewatch: watchedDate !== undefined && (item.viewState?.viewCount ?? 0) > 1 ? 'true' : undefined,
	};
};

export const letterboxdFormat: ExportFormat = {
	about: 'Films that were watched or rated, as Letterboxd imports them',
	extension: 'csv',
	columns,
	takes: [],
	// Letterboxd takes files of up to 1 MB.
	mostBytes: 1_000_000,
	async * chunks({rows, say}) {
		yield delimitedText([columns.map(({name}) => name)], options);
		// The same film in two libraries was watched once.
		const written = new Set<string>();
		let repeated = 0;
		for await (const {detail} of rows('item')) {
			const {item} = detail;
			if (item.type !== 'movie' || (!isPlayed(item) && wholeRating(item) === undefined)) {
				continue;
			}

			const values = valuesOf(detail);
			const key = JSON.stringify([values.tmdb ?? values.imdb ?? [values.title, values.year], values.watchedDate]);
			if (written.has(key)) {
				repeated++;
				continue;
			}

			written.add(key);
			yield delimitedText([Object.values(values)], options);
		}

		if (repeated > 0) {
			say(`${plural(repeated, 'film')} left out, because another library has the same one with the same day.`);
		}
	},
};
