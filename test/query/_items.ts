import {emptyFields} from '../../source/catalog/item.js';
import type {
	CatalogHeader,
	CatalogRecord,
	Item,
	Library,
} from '../../source/catalog/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {describeItem} from '../../source/query/related.js';
import type {ItemDetail} from '../../source/query/types.js';

export const makeItem = (id: string, fields: Partial<Item> = {}): Item => ({
	id,
	kind: 'item',
	type: 'movie',
	serverId: 'server',
	libraryId: 'films',
	ratingKey: id.replace(/^\D+/v, ''),
	title: id,
	...emptyFields(),
	...fields,
});

export const makeLibrary = (id: string, title: string, type = 'movie'): Library => ({
	id,
	serverId: 'server',
	key: '1',
	title,
	type,
	locations: [],
	counts: {
		movie: 0, show: 0, season: 0, episode: 0,
	},
});

export const header: CatalogHeader = {
	format: 'reelcat-catalog',
	schemaVersion: 1,
	revision: 1,
	servers: [{id: 'server', name: 'Attic'}],
	libraries: [makeLibrary('films', 'Films'), makeLibrary('shows', 'Shows', 'show')],
};

/**
One show with specials, a first season without episode 2, no second season, and a third season; two episodes share a file.
*/
export const showItems = (): Item[] => {
	const common = {libraryId: 'shows', showId: 'show1'};
	const season = (number: number) => makeItem(`season1${number}`, {
		...common, type: 'season', title: number === 0 ? 'Specials' : `Season ${number}`, seasonNumber: number,
	});
	const episode = (seasonNumber: number, episodeNumber: number, fileId?: string) => makeItem(`episode${seasonNumber}${episodeNumber}`, {
		...common,
		type: 'episode',
		seasonId: `season1${seasonNumber}`,
		seasonNumber,
		episodeNumber,
		title: `Episode ${episodeNumber}`,
		versions: fileId === undefined ? [] : [{id: 'm1', parts: [{fileId}]}],
	});
	return [
		makeItem('show1', {libraryId: 'shows', type: 'show', title: 'The Show'}),
		season(3),
		season(0),
		season(1),
		episode(1, 10),
		episode(1, 4, 'double'),
		episode(1, 3, 'double'),
		episode(1, 1),
		episode(0, 5),
		episode(3, 1),
	];
};

/**
An item with every field that an item may have, each with a different value.
*/
export const fullItem = makeItem('movie42', {
	placeholder: true,
	showId: 'show1',
	seasonId: 'season11',
	seasonNumber: 61,
	episodeNumber: 62,
	guid: 'plex://movie/1',
	ids: {
		imdb: ['tt1', 'tt2'], tmdb: ['31'], tvdb: ['32'], other: [{source: 'anidb', id: '33'}],
	},
	title: 'Nosferatu',
	titleSort: 'Nosferatu sorted',
	originalTitle: 'Nosferatu, eine Symphonie des Grauens',
	editionTitle: 'Restored',
	subtype: 'clip',
	year: 1922,
	releaseDate: '1922-03-04',
	summary: 'A count\nmoves house.',
	tagline: 'Beware',
	contentRating: 'PG',
	durationMs: 5_640_000,
	ratings: [{source: 'imdb', kind: 'audience', value: 7.9}],
	genres: ['tg'],
	countries: ['tc'],
	studios: ['ts'],
	collections: ['tx'],
	labels: ['tl'],
	directors: ['pd'],
	writers: ['pw'],
	producers: ['pp'],
	cast: [{personId: 'pa', role: 'Orlok'}, {personId: 'pd'}],
	images: {
		poster: '/i/poster', background: '/i/background', logo: '/i/logo', banner: '/i/banner', square: '/i/square', thumb: '/i/thumb',
	},
	chapters: [{title: 'The ferry leaves', startMs: 0, endMs: 601_000}, {startMs: 601_000}],
	markers: [{
		kind: 'credits', startMs: 5_401_000, endMs: 5_502_000, final: true,
	}],
	extras: [{
		kind: 'deletedScene', title: 'A lost scene', durationMs: 93_000, primary: true,
	}],
	folders: ['/films/folder'],
	showOrdering: 'dvd',
	episodeOrder: 'newest-first',
	slug: 'nosferatu-1922',
	theme: '/i/theme',
	createdAtAccuracy: 'epoch,local',
	createdAtOffsetSeconds: 7200,
	lockedFields: ['lockedfield'],
	leafCount: 71,
	childCount: 72,
	addedAt: '2021-01-02T12:00:00Z',
	updatedAt: '2022-02-03T12:00:00Z',
	trashedAt: '2023-03-04T12:00:00Z',
	firstSeenAt: '2023-01-02T12:00:00Z',
	missingSince: '2023-05-06T12:00:00Z',
	viewState: {
		viewCount: 73, viewOffsetMs: 74_000_000, lastViewedAt: '2024-04-05T12:00:00Z', userRating: 7.5, lastRatedAt: '2024-05-06T12:00:00Z', viewedLeafCount: 70,
	},
	versions: [{
		id: 'media1',
		title: 'Blue-ray rip',
		optimized: true,
		proxy: true,
		target: 'Mobile',
		recording: {
			channel: 'Kanal Nord', channelNumber: '7.1', from: '2024-06-07T18:00:00Z', to: '2024-06-07T19:30:00Z',
		},
		resolution: '1080',
		width: 1920,
		height: 1036,
		aspectRatio: 1.85,
		videoCodec: 'hevc',
		videoProfile: 'main 10',
		frameRate: '24p',
		hdr: 'Dolby Vision',
		video: {
			level: 153,
			bitDepth: 10,
			chroma: '4:2:0',
			primaries: 'bt2020',
			transfer: 'smpte2084',
			frameRate: 23.976,
			scanType: 'progressive',
			dolbyVision: {
				profile: 8, level: 6, baseLayer: true, enhancementLayer: false, compatibility: 1,
			},
		},
		audioCodec: 'eac3',
		audioProfile: 'profiled',
		audioChannels: 6,
		container: 'mkv',
		bitrateKbps: 12_345,
		durationMs: 5_700_000,
		audio: [{
			codec: 'truehd', profile: 'profiled', spatial: 'Atmos', channels: 8, layout: '7.1', language: 'Deutsch', languageCode: 'deu', title: 'Director speaks', displayTitle: 'Deutsch (TRUEHD 7.1)', commentary: true, bitrateKbps: 4321,
		}],
		subtitles: [{
			codec: 'srt', languageCode: 'fra', title: 'Songs', displayTitle: 'French (SRT External)', forced: true, hearingImpaired: true, external: true,
		}],
		parts: [
			{
				fileId: 'file1', partId: 'part81', key: '/library/parts/81/file.mkv', durationMs: 3_000_000, unavailable: true,
			},
			{fileId: 'file2'},
		],
	}],
});

export const records = new Map<string, CatalogRecord>([
	{
		id: 'tg', kind: 'tag', tagKind: 'genre', name: 'Horror',
	} as const,
	{
		id: 'tc', kind: 'tag', tagKind: 'country', name: 'Germany',
	} as const,
	{
		id: 'ts', kind: 'tag', tagKind: 'studio', name: 'Prana',
	} as const,
	{
		id: 'tx', kind: 'tag', tagKind: 'collection', name: 'Silent',
	} as const,
	{
		id: 'tl', kind: 'tag', tagKind: 'label', name: 'Keep',
	} as const,
	{id: 'pd', kind: 'person', name: 'Murnau'} as const,
	{id: 'pw', kind: 'person', name: 'Galeen'} as const,
	{id: 'pp', kind: 'person', name: 'Grau'} as const,
	{
		id: 'pa', kind: 'person', name: 'Schreck', plexKey: '5d77', thumb: '/library/people/pa.jpg',
	} as const,
	{
		id: 'file1', kind: 'file', serverId: 'server', path: '/films/n1.mkv', sizeBytes: 20_512_000_000, durationMs: 2_940_000, container: 'matroska',
	} as const,
	{
		id: 'file2', kind: 'file', serverId: 'server', path: '/films/n2.mkv',
	} as const,
	...showItems(),
].map(record => [record.id, record]));

export const fullDetail = (): ItemDetail => {
	const index = createCatalogIndex();
	index.put([...showItems(), fullItem, makeItem('movie43', {title: 'Twin', versions: [{id: 'm', parts: [{fileId: 'file1'}]}]})]);
	return describeItem(fullItem, records, {header, index});
};
