import {plural} from '../../base/text/format.js';
import type {Item} from '../../catalog/types.js';
import {delimitedText} from '../delimited.js';
import type {ExportFormat, FixedColumn} from '../format.js';
import {idAt, isPlayed, wholeRating} from '../marks.js';

const columns: readonly FixedColumn[] = [
	{name: 'imdb_id', from: 'imdb', about: 'The id at IMDb of a film or show; each row has one id'},
	{name: 'tmdb_id', from: 'tmdb', about: 'The id at TMDB where there is no other'},
	{name: 'tvdb_id', from: 'tvdb', about: 'The id at TVDB of an episode or season, and of a show that has none at IMDb'},
	{name: 'type', from: 'type', about: 'movie, show, season or episode'},
	{name: 'watched_at', from: 'lastViewedAt', about: 'The last play of a film or episode, unknown where only the number of plays is known'},
	{name: 'rating', from: 'userRating', about: 'The rating of the user, whole numbers from 1 to 10'},
	{name: 'rated_at', from: 'lastRatedAt', about: 'When the user rated it'},
];

const options = {delimiter: ',', isForSpreadsheets: false};

// Trakt would take the play of a show for plays of all its episodes.
const watchedAt = (item: Item) => (item.type === 'movie' || item.type === 'episode') && isPlayed(item) ? item.viewState?.lastViewedAt ?? 'unknown' : undefined;

/**
The importer of Trakt knows episodes by their id at TVDB and shows not by one at TMDB. It takes a season for a film, whose id at TMDB is that of some other film.
*/
const providersOf = {
	movie: ['imdb', 'tmdb'], show: ['imdb', 'tvdb', 'tmdb'], season: ['tvdb'], episode: ['tvdb', 'imdb', 'tmdb'],
} as const;

const idsOf = (item: Item): ReadonlyArray<string | undefined> => {
	const provider = providersOf[item.type].find(name => idAt(item, name) !== undefined);
	return (['imdb', 'tmdb', 'tvdb'] as const).map(name => name === provider ? idAt(item, name) : undefined);
};

export const traktFormat: ExportFormat = {
	about: 'What was watched or rated, as Trakt imports it',
	extension: 'csv',
	columns,
	takes: [],
	async * chunks({rows, say}) {
		yield delimitedText([columns.map(({name}) => name)], options);
		const written = new Set<string>();
		let unknown = 0;
		for await (const {detail: {item}} of rows('item')) {
			const watched = watchedAt(item);
			const rating = wholeRating(item);
			if (watched === undefined && rating === undefined) {
				continue;
			}

			const ids = idsOf(item);
			if (ids.every(id => id === undefined)) {
				unknown++;
				continue;
			}

			const row = delimitedText([[...ids, item.type, watched, rating, rating === undefined ? undefined : item.viewState?.lastRatedAt]], options);
			if (written.has(row)) {
				continue;
			}

			written.add(row);
			yield row;
		}

		if (unknown > 0) {
			say(`${plural(unknown, 'item')} left out, because Trakt finds items only by their ids and the server gives none.`);
		}
	},
};
