import type {ExportFormat, FixedColumn} from '../format.js';
import {isOwnNfo} from '../nfo/nfo.js';
import {nfoFiles} from '../nfo/tree.js';

const columns: readonly FixedColumn[] = [
	{name: 'title, originaltitle, sorttitle, plot, tagline', from: 'title, editionTitle, originalTitle, titleSort, summary, tagline', about: 'What it is about; the title of a film has its edition behind it'},
	{name: 'ratings, userrating', from: 'ratings, userRating', about: 'From 0 to 10, and the rating of the user as a whole number'},
	{name: 'runtime, mpaa', from: 'durationMs, contentRating', about: 'Whole minutes, and for whom it is'},
	{name: 'uniqueid', from: 'ids', about: 'The first id at each provider; the first one is the default'},
	{name: 'premiered, aired, year', from: 'releaseDate, year', about: 'A whole date, or the year of a film of which no date is known'},
	{name: 'genre, country, studio, tag, set', from: 'genres, countries, studios, labels, collections', about: 'The first collection of a film is its set, all others are tags'},
	{name: 'director, credits, actor', from: 'directors, writers, cast', about: 'Who made it; actors with their roles in their order'},
	{name: 'playcount, lastplayed, resume', from: 'viewCount, lastViewedAt, viewOffsetMs', about: 'What the user has seen'},
	{name: 'dateadded', from: 'addedAt', about: 'When it came to the server, in UTC'},
	{name: 'fileinfo', from: 'versions', about: 'Picture, sound and subtitles of the file'},
	{name: 'poster, fanart, thumb', from: 'images', about: 'With --artwork, files of their own beside the NFO file'},
	{name: 'season, episode, namedseason', from: 'seasonNumber, episodeNumber, title', about: 'The place of an episode, and the names of the seasons of a show'},
];

export const nfoFormat: ExportFormat = {
	about: 'A folder with NFO files for Kodi, beside the media or apart from them',
	columns,
	takes: ['beside', 'overwrite', 'artwork'],
	files: nfoFiles,
	isOwn: isOwnNfo,
};
