import fc from 'fast-check';
import type {CatalogRecord, Item, Version} from '../../source/catalog/types.js';
import {makeItem} from './_items.js';

const words = ['alien', 'aliens', 'ferry', 'the', 'last', 'Élodie', 'reiniger', '東京物語', 'x-ray', '1984', 'NoSferatu', 'of', 'IV', 'ß', 'night.'];
const people = ['Mira Holt', 'Lotte Reiniger', 'Ines Brandt', '衣笠貞之助', 'Alien Ferry'];
const tags = {
	genre: ['Drama', 'Science Fiction', 'Animation'], country: ['Sweden', 'Germany'], studio: ['Lantern Row', 'A24'], collection: ['Orsa', 'The Last'], label: ['Keep'],
} as const;

export const namedRecords: ReadonlyMap<string, CatalogRecord> = new Map([
	...people.map((name, number): CatalogRecord => ({id: `p${number}`, kind: 'person', name})),
	...Object.entries(tags).flatMap(([tagKind, names]) => names.map((name, number): CatalogRecord => ({
		id: `t${tagKind}${number}`, kind: 'tag', tagKind: tagKind as keyof typeof tags, name,
	}))),
	...Array.from({length: 6}, (_, number): CatalogRecord => ({
		id: `f${number}`, kind: 'file', serverId: 'server', ...number !== 5 && {path: `/srv/${number % 2 === 0 ? 'films' : 'tv'}/file ${number}.mkv`, sizeBytes: number * 20_000_000_000},
	})),
].map(record => [record.id, record]));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, {nil: undefined, freq: 3});
const some = (kind: keyof typeof tags) => fc.subarray(tags[kind].map((_, number) => `t${kind}${number}`));
const somePeople = fc.subarray(people.map((_, number) => `p${number}`), {maxLength: 3});
const instant = fc.constantFrom('2020-12-31T23:59:59Z', '2021-01-01T00:00:00Z', '2024-05-01T12:00:00Z', '2025-11-30T08:00:00Z', '2026-05-20T08:00:00Z');

const track = fc.record({languageCode: fc.constantFrom('eng', 'dut', 'nl', 'pt-BR', 'und'), language: maybe(fc.constantFrom('English', 'Nederlands'))}).map(({languageCode, language}) => ({languageCode, ...language !== undefined && {language}}));

const version: fc.Arbitrary<Version> = fc.record({
	id: fc.constant('m'),
	resolution: fc.constantFrom('sd', '480', '720', '1080', '4k', 'odd'),
	videoCodec: fc.constantFrom('h264', 'hevc'),
	hdr: fc.constantFrom('Dolby Vision', 'HDR10'),
	container: fc.constantFrom('mkv', 'mp4'),
	bitrateKbps: fc.constantFrom(800, 8000, 24_400),
	audioCodec: fc.constantFrom('dca', 'truehd'),
	audioChannels: fc.constantFrom(2, 6),
	optimized: fc.boolean(),
	audio: fc.array(track, {maxLength: 2}),
	subtitles: fc.array(track, {maxLength: 2}),
	durationMs: fc.constantFrom(1, 5_400_000),
	video: fc.record({dolbyVision: fc.record({profile: fc.constantFrom(5, 8)})}),
	parts: fc.array(fc.nat(5).map(number => ({fileId: `f${number}`})), {minLength: 1, maxLength: 2}),
}, {requiredKeys: ['id', 'parts']});

const title = fc.array(fc.constantFrom(...words), {minLength: 1, maxLength: 3}).map(parts => parts.join(' '));

const fields = fc.record({
	title,
	originalTitle: title,
	editionTitle: fc.constantFrom('Director\'s Cut', 'IMAX'),
	titleSort: title,
	year: fc.constantFrom(1926, 1984, 1999, 2024),
	releaseDate: fc.constantFrom('1999-12-31', '2024-05-01', '2024-05-31', '2024-06-01'),
	summary: title,
	durationMs: fc.constantFrom(5_400_000, 5_429_000, 7_200_000),
	ratings: fc.array(fc.record({source: fc.constant('imdb'), kind: fc.constant('audience' as const), value: fc.constantFrom(5, 7.4, 9)}), {maxLength: 1}),
	genres: some('genre'),
	countries: some('country'),
	studios: some('studio'),
	collections: some('collection'),
	labels: some('label'),
	directors: somePeople,
	writers: somePeople,
	cast: somePeople.map(ids => ids.map(personId => ({personId}))),
	ids: fc.record({imdb: fc.subarray(['tt0013442', 'odd']), tmdb: fc.subarray(['653', '13442']), tvdb: fc.constant([])}),
	addedAt: instant,
	updatedAt: instant,
	trashedAt: instant,
	missingSince: instant,
	leafCount: fc.nat(20),
	viewState: fc.record({viewCount: fc.nat(2), lastViewedAt: instant, userRating: fc.constantFrom(7.5, 9)}, {requiredKeys: []}),
	versions: fc.array(version, {maxLength: 2}),
}, {requiredKeys: ['title']}) as fc.Arbitrary<Partial<Item>>;

export const randomShowId = 'i0000000000000003';

const places = ['movie', 'movie', 'movie', 'show', 'season', 'season', 'episode', 'episode', 'episode', 'movie', 'show', 'episode', 'movie'] as const;

/**
A few films and shows; the second show has no episode.
*/
export const randomItems: fc.Arbitrary<Item[]> = fc.array(fields, {minLength: 1, maxLength: places.length}).map(all => all.map((own, place) => {
	const type = places[place]!;
	const parents = {
		season: {showId: randomShowId}, episode: {showId: randomShowId, seasonId: place % 2 === 0 ? 'i4' : 'i5'}, movie: {}, show: {},
	}[type];
	return makeItem(place === 3 ? randomShowId : `i${place}`, {
		...own, type, libraryId: type === 'movie' ? (place > 8 ? 'more' : 'films') : 'shows', ...parents, ...type === 'episode' && {seasonNumber: 1, episodeNumber: place},
	});
}));

const terms = [
	...words.map(word => word.replaceAll('"', '')),
	'alein',
	'fery',
	'nosferatuu',
	'li',
	'物',
	'19',
	'drama',
	'holt',
	'orsa',
	'"the last"',
	'"alien ferry"',
	'"last"',
	'"京物"',
	':trash',
	's01e06',
	'S1E08',
	'1x11',
	's01',
	'"li"',
	'title:alien',
	'title:="alien"',
	'title:"last ferry"',
	'title:/^al.*n$/',
	'title:/FERRY/i',
	'title:alien,night',
	'original:ferry',
	'summary:the',
	'summary:/^x/',
	'edition:imax',
	'has:edition',
	'missing:original',
	'year:1984',
	'year:1926..1999',
	'year:>1984',
	'year:<=1999',
	'missing:year',
	'released:2024-05',
	'released:>2024-05',
	'released:<2024',
	'released:1999..2024-05-01',
	'released:>3y',
	'genre:drama',
	'genre:fiction',
	'genre:drama,animation',
	'genre:/^s/i',
	'has:genre',
	'missing:genre',
	'country:sweden',
	'studio:a24',
	'collection:orsa',
	'label:keep',
	'has:label',
	'director:reiniger',
	'actor:holt',
	'person:mira',
	'person:="lotte reiniger"',
	'has:person',
	'has:writer',
	'missing:producer',
	'imdb:tt0013442',
	'imdb:13442',
	'tmdb:653',
	'tmdb:1,13442',
	'has:tvdb',
	'missing:imdb',
	'res:4k',
	'res:sd',
	'res:<1080p',
	'res:>=720',
	'res:720p..1080p',
	'res:4k,sd',
	'has:res',
	'codec:hevc',
	'codec:H.265',
	'hdr:dv',
	'hdr:hdr10',
	'missing:hdr',
	'container:mkv,mp4',
	'bitrate:>1Mbps',
	'bitrate:8Mbps',
	'bitrateKbps:800',
	'audio:en',
	'audio:dutch',
	'sub:nl',
	'sub:pt',
	'sub:pt-BR',
	'sub:und',
	'has:sub',
	'missing:audio',
	'dv:8',
	'channels:>2',
	'size:>30GB',
	'size:20GB',
	'size:<=40GB',
	'sizeBytes:0',
	'gbph:>10',
	'has:gbph',
	'len:90m',
	'len:1h30..2h',
	'len:>1h',
	'added:2024',
	'added:>2024-04',
	'added:<30d',
	'added:>1y',
	'added:2020..2021',
	'viewed:<1y',
	'has:viewed',
	'updated:2021',
	'has:updated',
	'watched:yes',
	'watched:no',
	'trash:yes',
	'held:no',
	'plays:>=1',
	'userRating:>8',
	'rating:7.4',
	'rating:>5',
	'type:movie',
	'type:show',
	'type:episode',
	'type:movie,season',
	'library:films',
	'library:/s$/',
	'server:attic',
	'has:server',
	'missing:server',
	'season:1',
	'episode:>7',
	'show:alien',
	`show:${randomShowId}`,
	`show:ferry,${randomShowId}`,
	'has:show',
	'versions:>1',
	'copies:1',
	'path:films',
	'path:/tv.*mkv$/',
	'has:path',
	'missing:path',
	'episodes:>5',
	'key:3',
	'any(res:4k)',
	'all(watched:no)',
	'any(alien)',
	'all(has:genre path:tv)',
	'any(-has:res year:>1900)',
	'any(size:>30GB)',
	'all(size:<=40GB)',
	'any(path:other)',
];

const {condition} = fc.letrec<{condition: string}>(tie => ({
	condition: fc.oneof(
		{maxDepth: 3, depthSize: 'small'},
		fc.constantFrom(...terms),
		fc.array(tie('condition'), {minLength: 2, maxLength: 3}).map(parts => `(${parts.join(' ')})`),
		fc.array(tie('condition'), {minLength: 2, maxLength: 3}).map(parts => `(${parts.join(' OR ')})`),
		tie('condition').map(part => `-${part}`),
	),
}));

export const randomConditions = condition;

const orders = ['', 'sort:title', 'sort:-title', 'sort:-size,title', 'sort:year', 'sort:-year,-added', 'sort:res', 'sort:-len', 'sort:watched,-rating', 'sort:codec,hdr', 'sort:gbph', 'sort:released', 'limit:3', 'sort:-added limit:2'];

export const randomQueries = fc.tuple(fc.array(condition, {maxLength: 2}), fc.constantFrom(...orders)).map(([parts, order]) => [...parts, order].join(' '));
