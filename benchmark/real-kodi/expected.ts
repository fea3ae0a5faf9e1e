import {cleanLines} from '../../source/base/text/clean.js';
import type {Seen} from './seen.js';

type Track = {codec?: string; profile?: string; channels?: number; languageCode?: string};

type Version = {
	videoCodec?: string;
	aspectRatio?: number;
	width?: number;
	height?: number;
	durationMs?: number;
	hdr?: string;
	audio?: Track[];
	subtitles?: Track[];
	fileIds: string[];
};

/**
What is compared of a line of `reelcat export`.
*/
export type CatalogueItem = {
	id: string;
	type: 'movie' | 'show' | 'season' | 'episode';
	title: string;
	show?: {id: string; title: string};
	seasonNumber?: number;
	episodeNumber?: number;
	titleSort?: string;
	originalTitle?: string;
	editionTitle?: string;
	summary?: string;
	tagline?: string;
	contentRating?: string;
	releaseDate?: string;
	year?: number;
	durationMs?: number;
	ratings: Array<{source: string; kind: string; value: number}>;
	userRating?: number;
	viewCount?: number;
	viewOffsetMs?: number;
	lastViewedAt?: string;
	addedAt?: string;
	ids: Record<'imdb' | 'tmdb' | 'tvdb', string[]> & {other?: Array<{source: string; id: string}>};
	genres: string[];
	countries: string[];
	studio?: string;
	collections: string[];
	labels: string[];
	directors: string[];
	writers: string[];
	cast: Array<{name: string; role?: string}>;
	folders?: string[];
	images: {poster?: string; background?: string; thumb?: string};
	versions: Version[];
	files: Array<{path?: string; id: string; sharedWith?: string[]}>;
};

/**
The path of a file of the server without its extension, with slashes.
*/
export const stem = (file: string): string => file.replaceAll('\\', '/').replace(/\.[^.\/]*$/v, '');

/**
Exports for people take out what a terminal would obey and write all line breaks as LF.
*/
const text = (value: string | undefined) => value === undefined ? undefined : cleanLines(value).trim();

const sorted = (values: readonly string[]) => [...new Set(values)].toSorted();

const idNames = {
	movie: ['imdb', 'tmdb', 'tvdb'], show: ['tvdb', 'tmdb', 'imdb'], season: [], episode: ['tvdb', 'tmdb', 'imdb'],
} as const;

const idsOf = ({ids, type}: CatalogueItem) => [
	...idNames[type].flatMap(name => ids[name].slice(0, 1).map(id => `${name} | ${id}`)),
	...(ids.other ?? []).map(({source, id}) => `${source} | ${id}`),
];

const ratingNames = new Map([['tmdb audience', 'themoviedb'], ['rottentomatoes critic', 'tomatometerallcritics'], ['rottentomatoes audience', 'tomatometerallaudience'], ['imdb audience', 'imdb']]);
const ratingOf = ({source, kind, value}: CatalogueItem['ratings'][number]) => `${ratingNames.get(`${source} ${kind}`)} | ${value}`;

const audioName = ({codec, profile}: Track) => codec === 'dca' && profile === 'ma' ? 'dtshd_ma' : codec;

const seconds = (durationMs: number | undefined) => durationMs === undefined ? undefined : Math.round(durationMs / 1000);

const common = (item: CatalogueItem): Seen => ({
	plot: text(item.summary),
	userRating: item.userRating === undefined ? undefined : Math.round(item.userRating),
	actors: sorted(item.cast.map(({name, role = ''}, order) => `${order} | ${text(name)} | ${text(role)}`)),
	ids: sorted(idsOf(item)),
	ratings: sorted(item.ratings.map(rating => ratingOf(rating))),
	defaultId: idsOf(item)[0] ?? ' | ',
});

const played = (item: CatalogueItem, version: Version): Seen => {
	const lengthMs = version.durationMs ?? item.durationMs;
	return {
		runtime: item.durationMs === undefined ? undefined : String(Math.max(1, Math.round(item.durationMs / 60_000)) * 60),
		directors: sorted(item.directors),
		writers: sorted(item.writers),
		defaultRating: item.ratings.filter(({kind}) => kind === 'audience').map(rating => ratingOf(rating))[0] ?? ' | ',
		playCount: item.viewCount,
		// Kodi drops the time of the day.
		lastPlayed: item.lastViewedAt === undefined ? undefined : `${item.lastViewedAt.slice(0, 10)} 00:00:00`,
		// Otherwise it is the time of the scan.
		...item.addedAt !== undefined && {dateAdded: item.addedAt.slice(0, 19).replace('T', ' ')},
		resume: seconds(item.viewOffsetMs),
		resumeTotal: item.viewOffsetMs === undefined ? undefined : seconds(item.durationMs),
		video: [[version.videoCodec, version.aspectRatio, version.width, version.height, seconds(lengthMs), version.hdr === 'Dolby Vision' ? 'dolbyvision' : ''].join(' | ')],
		audio: (version.audio ?? []).map(track => [audioName(track), track.languageCode, track.channels].join(' | ')).toSorted(),
		subtitles: (version.subtitles ?? []).map(({languageCode}) => languageCode ?? '').toSorted(),
	};
};

/**
The pictures beside a file, whose path is given up to where their own word begins.
*/
const artAt = (start: string, {images, type}: CatalogueItem): string[] => [
	...type !== 'episode' && images.background !== undefined ? [`fanart | ${start}fanart.png`] : [],
	...type !== 'episode' && images.poster !== undefined ? [`poster | ${start}poster.png`] : [],
	...type === 'episode' && images.thumb !== undefined ? [`thumb | ${start}thumb.png`] : [],
];

const fileArt = (file: string, item: CatalogueItem) => artAt(`${stem(file)}-`, item);

/**
The version whose file has this path at its end.
*/
const versionOf = ({files, versions}: CatalogueItem, end: string): Version => {
	const ids = new Set(files.filter(({path}) => path !== undefined && stem(path).endsWith(end)).map(({id}) => id));
	return versions.find(({fileIds}) => fileIds.some(id => ids.has(id)))!;
};

export const expectedFilm = (item: CatalogueItem, {file, end}: {file: string; end: string}): Seen => ({
	art: fileArt(file, item),
	title: text(item.editionTitle === undefined ? item.title : `${item.title} (${item.editionTitle})`),
	sortTitle: text(item.titleSort),
	originalTitle: text(item.originalTitle),
	tagline: text(item.tagline),
	mpaa: item.contentRating,
	// Where neither day nor year are known, Kodi has the year 0.
	premiered: item.releaseDate ?? String(item.year ?? 0),
	set: item.collections[0],
	genres: sorted(item.genres),
	countries: sorted(item.countries),
	studios: sorted(item.studio === undefined ? [] : [item.studio]),
	tags: sorted([...item.labels, ...item.collections.slice(1)]),
	...common(item),
	...played(item, versionOf(item, end)),
});

export const expectedEpisode = (item: CatalogueItem, {file, end}: {file: string; end: string}): Seen => {
	const isShared = item.files.some(({sharedWith = []}) => sharedWith.length > 0);
	const {title, releaseDate, seasonNumber, episodeNumber, show} = item;
	return {
		title: text(title),
		// Kodi has this day where none is known.
		aired: releaseDate ?? '1970-01-01',
		season: String(seasonNumber),
		// A show of which only days are known has no numbers; Kodi calls that -1.
		episode: String(episodeNumber ?? -1),
		show: show?.title,
		...common(item),
		// All episodes of a file have the view marks and streams of the file.
		...!isShared && {art: fileArt(file, item), ...played(item, versionOf(item, end))},
	};
};

const seasonArt = (folder: string, all: readonly CatalogueItem[]) => all.filter(({images}) => images.poster !== undefined).map(({seasonNumber: number = 0}) => `${number} | ${folder}${number === 0 ? 'season-specials' : `season${String(number).padStart(2, '0')}`}-poster.png`).toSorted();

export const expectedShow = (item: CatalogueItem, {folder, seasons}: {folder: string; seasons: readonly CatalogueItem[]}): Seen => ({
	// Of a show with several folders, Kodi takes the pictures of any one.
	...item.folders?.length === 1 && {art: artAt(folder, item), seasonArt: seasonArt(folder, seasons)},
	title: text(item.releaseDate === undefined && item.year !== undefined && !item.title.endsWith(`(${item.year})`) ? `${item.title} (${item.year})` : item.title),
	sortTitle: text(item.titleSort),
	originalTitle: text(item.originalTitle),
	premiered: item.releaseDate,
	mpaa: item.contentRating,
	genres: sorted(item.genres),
	studios: sorted(item.studio === undefined ? [] : [item.studio]),
	tags: sorted([...item.labels, ...item.collections]),
	seasons: sorted(seasons.map(({seasonNumber, title}) => `${seasonNumber} | ${title}`)),
	...common(item),
});
