import {
	formatCount,
	formatDurationMs,
	formatInstant,
	formatNumbers,
} from '../base/text/format.js';
import {
	section,
	type DetailOptions,
	type DetailSection,
	type Row,
} from './detail-field.js';
import {versionSections} from './detail-versions.js';
import type {ItemDetail} from './types.js';

/**
Sections and fields with nothing to say are left out.
*/
export const detailSections = (detail: ItemDetail, options: DetailOptions = {}): DetailSection[] => [
	section('Overview', overview(detail)),
	section('View state', viewState(detail)),
	section('Ratings', detail.item.ratings.map(({source, kind, value}) => [`${source}, ${kind}`, String(value)])),
	section('People', people(detail)),
	section('Cast', detail.item.cast.map(({personId, role}) => [nameOf(detail, personId), role ?? '–'])),
	...versionSections(detail, options),
	section('Ids', identity(detail)),
	section('Images', Object.entries(detail.item.images)),
	section('Dates', dates(detail)),
].filter(({fields}) => fields.length > 0);

const typeNames = {
	movie: 'Movie', show: 'Show', season: 'Season', episode: 'Episode',
} as const;

const overview = (detail: ItemDetail): Row[] => {
	const {item, library, server, show, season, gaps} = detail;
	const tags = (ids: readonly string[]) => ids.map(id => detail.tags.get(id)?.name ?? id).join(', ');
	return [
		['Title', item.title],
		['Type', typeNames[item.type] + (item.placeholder === true ? ' (not listed by Plex itself)' : '')],
		['Subtype', item.subtype],
		['Original title', item.originalTitle],
		['Sort title', item.titleSort],
		['Edition', item.editionTitle],
		['Show', show?.title ?? item.showId],
		['Season', item.type === 'season' ? undefined : season?.title ?? item.seasonId],
		['Season number', item.seasonNumber === 0 ? '0 (specials)' : text(item.seasonNumber)],
		['Episode number', text(item.episodeNumber)],
		['Seasons', count(item.childCount)],
		['Episodes', count(item.leafCount)],
		[item.type === 'show' ? 'Missing seasons' : 'Missing episodes', formatNumbers(gaps)],
		['Year', text(item.year)],
		['Released', item.releaseDate],
		['Duration', item.durationMs === undefined ? undefined : formatDurationMs(item.durationMs)],
		['Content rating', item.contentRating],
		['Tagline', item.tagline],
		['Summary', item.summary],
		['Genres', tags(item.genres)],
		['Countries', tags(item.countries)],
		['Studios', tags(item.studios)],
		['Collections', tags(item.collections)],
		['Labels', tags(item.labels)],
		['Library', library?.title ?? item.libraryId],
		['Server', server?.name ?? item.serverId],
	];
};

const viewState = ({item: {viewState: state = {}}}: ItemDetail): Row[] => [
	['Plays', count(state.viewCount)],
	['Stopped at', state.viewOffsetMs === undefined ? undefined : formatDurationMs(state.viewOffsetMs)],
	['Last played', instant(state.lastViewedAt)],
	['Own rating', text(state.userRating)],
	['Rated', instant(state.lastRatedAt)],
];

const nameOf = ({people: known}: ItemDetail, personId: string) => known.get(personId)?.name ?? personId;

const people = (detail: ItemDetail): Row[] => {
	const names = (ids: readonly string[]) => ids.map(id => nameOf(detail, id)).join(', ');
	const {directors, writers, producers} = detail.item;
	return [['Directors', names(directors)], ['Writers', names(writers)], ['Producers', names(producers)]];
};

const identity = ({item}: ItemDetail): Row[] => [
	['IMDb', item.ids.imdb.join(', ')],
	['TMDB', item.ids.tmdb.join(', ')],
	['TVDB', item.ids.tvdb.join(', ')],
	['Plex guid', item.guid],
	['ratingKey', item.ratingKey],
	['Catalogue id', item.id],
];

const dates = ({item}: ItemDetail): Row[] => [
	['Added', instant(item.addedAt)],
	['Updated', instant(item.updatedAt)],
	['First seen', instant(item.firstSeenAt)],
	['Gone from the server since', instant(item.missingSince)],
	['In the trash since', instant(item.trashedAt)],
	['Locked fields', item.lockedFields?.join(', ')],
];

const text = (value: number | undefined) => value === undefined ? undefined : String(value);
const count = (value: number | undefined) => value === undefined ? undefined : formatCount(value);
const instant = (value: string | undefined) => value === undefined ? undefined : formatInstant(value);
