import {readFileSync} from 'node:fs';
import test from 'ava';
import {
	fileId,
	hiddenFileId,
	hiddenSeasonId,
	itemId,
	personId,
	tagId,
} from '../../source/catalog/identity.js';
import {audioName, dolbyVisionText, trackLanguage} from '../../source/catalog/media-words.js';
import {readListedRow} from '../../source/plex/listed-row.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {NormalizedItem, RowProblem} from '../../source/plex/types.js';

const context = {serverId: 'server', libraryId: 'library'};

const readFixture = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../fixtures/plex/${name}.json`, import.meta.url), 'utf8'));

const fixtureRows = (name: string) => (readFixture(name) as {MediaContainer: {Metadata: unknown[]}}).MediaContainer.Metadata;

const keep = (row: unknown): NormalizedItem => {
	const result = normalize(row, context);
	if (!result.ok) {
		throw new Error(result.problem.message);
	}

	return result.value;
};

const refuse = (row: unknown): RowProblem => {
	const result = normalize(row, context);
	if (result.ok) {
		throw new Error(`kept as ${result.value.item.title}`);
	}

	return result.problem;
};

const items = (name: string) => fixtureRows(name).map(row => keep(row));

const orsa = () => items('movie-versions')[0]!;

test('a movie keeps its plain fields, with dates as days and instants', t => {
	const {item} = orsa();
	t.like(item, {
		id: itemId('server', '512'),
		kind: 'item',
		type: 'movie',
		serverId: 'server',
		libraryId: 'library',
		ratingKey: '512',
		guid: 'plex://movie/5d77aaaa0001aa001f0a0001',
		titleSort: 'Last Ferry to Orsa',
		originalTitle: 'Sista färjan till Orsa',
		contentRating: 'gb/12',
		summary: 'A ferry pilot\r\nloses her licence.',
		year: 2016,
		releaseDate: '2016-09-02',
		tagline: 'Mind the tide.',
		durationMs: 6_723_000,
		addedAt: '2020-09-14T16:13:20Z',
		updatedAt: '2025-05-24T18:25:11Z',
		lockedFields: ['titleSort'],
	});
	t.false('trashedAt' in item);
	t.false('showId' in item);
});

test('what the user did is kept apart from what is true of the item', t => {
	const {item} = orsa();
	t.deepEqual(item.viewState, {
		viewCount: 1,
		viewOffsetMs: 61_000,
		lastViewedAt: '2025-06-14T11:20:00Z',
		userRating: 9,
		lastRatedAt: '2025-06-14T11:21:40Z',
	});
	t.false('viewCount' in item);
});

test('several ids of one source are kept in order and once', t => {
	t.deepEqual(orsa().item.ids, {imdb: ['tt9000512'], tmdb: ['900512', '900513'], tvdb: ['91512']});
});

test('ids of any provider are kept, under one name each', t => {
	const guids = ['imdb://tt1', 'ANIDB://112', 'mal://5114', 'mbid://0a1b', 'musicbrainz://0a1b', 'tvmaze://82', 'tmsid://SH01', 'tvdb://7?x', 'plex://movie/5d77', 'local://3', '', '://4', 'hasOwnProperty://5'];
	t.deepEqual(keep({ratingKey: '1', type: 'show', Guid: guids.map(id => ({id}))}).item.ids, {
		imdb: ['tt1'],
		tmdb: [],
		tvdb: ['7'],
		other: [
			{source: 'anidb', id: '112'},
			{source: 'mal', id: '5114'},
			{source: 'musicbrainz', id: '0a1b'},
			{source: 'tvmaze', id: '82'},
			{source: 'tmsid', id: 'SH01'},
			{source: 'hasownproperty', id: '5'},
		],
	});
});

test('the list of ratings wins over the two single ratings, and junk is dropped', t => {
	t.deepEqual(orsa().item.ratings, [
		{source: 'imdb', kind: 'audience', value: 7.4},
		{source: 'rottentomatoes', kind: 'critic', value: 7.8},
		{source: 'rottentomatoes', kind: 'audience', value: 8},
	]);
});

test('single ratings take their source from their images', t => {
	t.deepEqual(items('movie-split-legacy')[0]!.item.ratings, [{source: 'imdb', kind: 'audience', value: 8.3}]);
	const [show, legacyShow] = items('show-and-seasons');
	t.deepEqual(show!.item.ratings, [{source: 'tmdb', kind: 'audience', value: 8.1}]);
	t.deepEqual(legacyShow!.item.ratings, []);
	t.deepEqual(keep({
		ratingKey: '1', type: 'movie', rating: '7.5', audienceRating: 6,
	}).item.ratings, [
		{source: 'plex', kind: 'critic', value: 7.5},
		{source: 'plex', kind: 'audience', value: 6},
	]);
});

test('people are one record each, however many jobs they have, and cast order is billing order', t => {
	const {item, people} = orsa();
	const ines = personId('server', 'Ines Brandt', '5d7768aaaa0005ee001e0001');
	const mira = personId('server', 'Mira Holt', '5d7768aaaa0005ee001e0002');
	const jan = personId('server', 'Jan Sund');
	const ola = personId('server', 'Ola Ek');
	t.deepEqual(item.directors, [ines]);
	t.deepEqual(item.writers, [ola, ines]);
	t.deepEqual(item.producers, [personId('server', 'Olle Berg')]);
	t.deepEqual(item.cast, [
		{personId: mira, role: 'Captain Lind'},
		{personId: jan, role: 'The Mate / The Twin'},
		{personId: ines},
	]);
	t.is(people.length, 5);
	t.like(people.find(({id}) => id === ines), {name: 'Ines Brandt', plexKey: '5d7768aaaa0005ee001e0001', thumb: '/library/people/7001.jpg'});
});

test('tags are entities of their own; collections and labels belong to the library', t => {
	const {item, tags} = orsa();
	t.deepEqual(item.genres, ['Drama', 'Thriller', 'Nautical'].map(name => tagId('genre', name)));
	t.deepEqual(item.countries, [tagId('country', 'Sweden')]);
	t.deepEqual(item.studios, [tagId('studio', 'Lantern Row')]);
	t.deepEqual(item.collections, [tagId('collection', 'Orsa', 'library')]);
	t.deepEqual(item.labels, [tagId('label', 'Keep', 'library')]);
	t.deepEqual(tags.map(({name}) => name), ['Drama', 'Thriller', 'Nautical', 'Sweden', 'Lantern Row', 'Orsa', 'Keep']);
});

test('studios may be a list', t => {
	const {item} = keep({
		ratingKey: '1', type: 'movie', studio: ['A', 'B'], Studio: [{tag: 'B'}, {tag: 'C'}],
	});
	t.deepEqual(item.studios, ['A', 'B', 'C'].map(name => tagId('studio', name)));
});

test('images are paths without a token', t => {
	t.deepEqual(orsa().item.images, {
		poster: '/library/metadata/512/thumb/1748111111',
		background: '/library/metadata/512/art/1748111111',
		logo: '/library/metadata/512/clearLogo/1748111111',
		square: '/library/metadata/512/squareArt/1748111111',
	});
	t.is(items('show-and-seasons')[0]!.item.images.banner, 'http://192.168.1.2:32400/library/metadata/2001/banner/5?w=1');
	t.deepEqual(keep({
		ratingKey: '1', type: 'movie', thumb: '/photo/:/transcode?url=%2Fa%3FX-Plex-Token%3Dsecret', art: 'data:image/png;base64,AA',
	}).item.images, {});
});

test('the picture of an episode is its still', t => {
	t.deepEqual(items('episodes')[0]!.item.images, {background: '/library/metadata/2001/art/1', thumb: '/library/metadata/2021/thumb/1748200021'});
});

test('versions keep their quality, copies made by Plex are marked, and a file listed twice is one version', t => {
	const {item: {versions}, files} = orsa();
	t.deepEqual(versions.map(({id, resolution, optimized, hdr}) => [id, resolution, optimized, hdr]), [
		['801', '4k', undefined, 'Dolby Vision'],
		['803', '1080', undefined, 'HLG'],
		['802', '1080', true, undefined],
	]);
	t.like(versions[0], {
		width: 3840,
		height: 1608,
		aspectRatio: 2.35,
		videoCodec: 'hevc',
		videoProfile: 'main 10',
		frameRate: '24p',
		audioCodec: 'truehd',
		audioChannels: 8,
		container: 'mkv',
		bitrateKbps: 24_400,
		durationMs: 6_723_000,
	});
	t.is(files.length, 3);
	t.deepEqual(files[1], {
		id: fileId('server', '/srv/films/Orsa (2016)/Orsa.1080p.mkv'),
		kind: 'file',
		serverId: 'server',
		path: '/srv/films/Orsa (2016)/Orsa.1080p.mkv',
		sizeBytes: 8_512_345_678,
		container: 'mkv',
	});
});

test('audio and subtitle tracks are read from the streams of a detail row, and unknown without', t => {
	const [uhd, , optimized] = orsa().item.versions;
	t.deepEqual(uhd!.audio, [{
		codec: 'truehd',
		channels: 8,
		language: 'Swedish',
		languageCode: 'swe',
		title: 'Surround',
	}]);
	t.deepEqual(uhd!.subtitles, [
		{
			codec: 'srt',
			language: 'English',
			languageCode: 'en',
			forced: true,
			external: true,
		},
		{codec: 'pgs', languageCode: 'fra'},
	]);
	t.false('audio' in optimized!);
});

const tracksOf = (...streams: ReadonlyArray<Record<string, unknown>>) => keep({
	ratingKey: '1', type: 'movie', title: 'Heron', Media: [{
		id: 1, videoCodec: 'hevc', videoProfile: 'main 10', Part: [{id: 2, file: '/films/heron.mkv', Stream: streams}],
	}],
}).item.versions[0]!;

test('sound is named as people name it, from the profile or a title', t => {
	const nameOf = (stream: Record<string, unknown>) => {
		const {audio} = tracksOf({streamType: 2, ...stream});
		return audioName(audio![0]!);
	};

	t.is(nameOf({codec: 'dca', profile: 'ma'}), 'DTS-HD MA');
	t.is(nameOf({codec: 'dca', profile: 'hra'}), 'DTS-HD HRA');
	t.is(nameOf({codec: 'dca', profile: 'es'}), 'DTS-ES');
	t.is(nameOf({codec: 'dca-ma'}), 'DTS-HD MA');
	t.is(nameOf({codec: 'dca'}), 'DTS');
	t.is(nameOf({codec: 'dca', profile: 'constructor'}), 'DTS');
	t.is(nameOf({codec: 'dca', profile: 'ma', title: 'DTS:X 7.1'}), 'DTS:X');
	t.is(nameOf({codec: 'truehd', extendedDisplayTitle: 'English (TrueHD Atmos 7.1)'}), 'TrueHD Atmos');
	t.is(nameOf({codec: 'eac3', profile: 'Dolby Digital Plus + Dolby Atmos'}), 'Dolby Digital Plus Atmos');
	t.is(nameOf({codec: 'aac', title: 'Atmospheric'}), 'AAC');
	t.is(nameOf({codec: 'ac3', title: 'About Atmos'}), 'Dolby Digital');
	t.is(nameOf({codec: '__proto__'}), '__PROTO__');
});

test('marks of tracks are kept where they are set, in whatever form', t => {
	const {audio, subtitles} = tracksOf(
		{
			streamType: '2', codec: 'ac3', default: '1', original: true, dub: 0, forced: false, visualImpaired: 1, bitrate: '448', channels: '6', audioChannelLayout: '5.1(side)', languageTag: 'pt-BR', languageCode: 'por',
		},
		{streamType: 2, codec: 'aac', title: 'Audiokommentar'},
		{
			streamType: 3, codec: 'srt', hearingImpaired: 'true', key: '/library/streams/3', displayTitle: 'English SDH (SRT External)',
		},
	);
	t.deepEqual(audio, [
		{
			codec: 'ac3', channels: 6, layout: '5.1(side)', languageCode: 'por', languageTag: 'pt-BR', default: true, original: true, visualImpaired: true, bitrateKbps: 448,
		},
		{codec: 'aac', title: 'Audiokommentar', commentary: true},
	]);
	t.deepEqual(subtitles, [{
		codec: 'srt', displayTitle: 'English SDH (SRT External)', hearingImpaired: true, external: true,
	}]);
	t.is(trackLanguage(audio![0]!), 'Brazilian Portuguese (audio description, original)');
	t.is(trackLanguage({...subtitles![0]!, language: 'English'}), 'English (SDH)');
});

test('the picture tells its depth, colours and layers, in numbers that may come as text', t => {
	const {video, hdr} = tracksOf({
		streamType: 1, codec: 'hevc', profile: 'main 10', level: '153', bitDepth: 10, chromaSubsampling: '4:2:0', colorPrimaries: 'bt2020', colorTrc: 'smpte2084', frameRate: '23.976', scanType: 'progressive', refFrames: 4, bitrate: 20_100,
		DOVIPresent: '1', DOVIProfile: '7', DOVILevel: 6, DOVIBLPresent: '1', DOVIELPresent: true, DOVIBLCompatID: '6', DOVIVersion: '1.0',
	});
	t.is(hdr, 'Dolby Vision');
	t.deepEqual(video, {
		level: 153,
		bitDepth: 10,
		chroma: '4:2:0',
		primaries: 'bt2020',
		transfer: 'smpte2084',
		frameRate: 23.976,
		scanType: 'progressive',
		refFrames: 4,
		bitrateKbps: 20_100,
		dolbyVision: {
			profile: 7, level: 6, baseLayer: true, enhancementLayer: true, compatibility: 6,
		},
	});
	t.is(dolbyVisionText(video!.dolbyVision!), 'profile 7, two layers, over HDR10');
	t.is(dolbyVisionText({profile: 5, compatibility: 0}), 'profile 5, no base that other screens show');
	t.is(dolbyVisionText({profile: 8, compatibility: 4}), 'profile 8.4, over HLG');
});

test('a split item is one version in several parts, in playing order', t => {
	const {item, files} = items('movie-split-legacy')[0]!;
	const paths = ['cd1', 'cd2'].map(part => `/srv/films/Metropolis (1927)/Metropolis ${part}.avi`);
	t.is(item.versions.length, 1);
	t.deepEqual(item.versions[0]!.parts, [
		{
			fileId: fileId('server', paths[0]!),
			partId: '911',
			key: '/library/parts/911/1501000000/file.avi',
			durationMs: 4_710_000,
		},
		{fileId: fileId('server', paths[1]!), partId: '912', key: '/library/parts/912/1501000001/file.avi'},
	]);
	t.deepEqual(files.map(({path}) => path), paths);
});

test('chapters and markers keep their times, whatever ids and forms they come in', t => {
	const {item} = keep({
		ratingKey: '1',
		type: 'episode',
		Chapter: [
			{
				id: 4, filter: 'thumb=4', index: 1, tag: 'Opening', startTimeOffset: 0, endTimeOffset: '600000', thumb: '/library/media/1/chapterImages/1',
			},
			{id: 4, startTimeOffset: '600000'},
			{id: 4, tag: 'Nowhere', startTimeOffset: -1},
		],
		Marker: [
			{
				id: 9, type: 'intro', startTimeOffset: '30000', endTimeOffset: 75_000, Attributes: {id: 9, version: 5},
			},
			{
				id: 9, type: 'credits', startTimeOffset: 6_400_000, endTimeOffset: 6_723_000, final: '1',
			},
			{type: 'commercial', startTimeOffset: 1000, endTimeOffset: 2000},
			{startTimeOffset: 1000},
		],
	});
	t.deepEqual(item.chapters, [{title: 'Opening', startMs: 0, endMs: 600_000}, {startMs: 600_000}]);
	t.deepEqual(item.markers, [
		{kind: 'intro', startMs: 30_000, endMs: 75_000},
		{
			kind: 'credits', startMs: 6_400_000, endMs: 6_723_000, final: true,
		},
		{kind: 'commercial', startMs: 1000, endMs: 2000},
	]);
	t.false('chapters' in keep({ratingKey: '1', type: 'movie', Chapter: []}).item);
});

test('extras have their kind, and the one that Plex plays first is marked', t => {
	const {extras} = keep({
		ratingKey: '512',
		type: 'movie',
		primaryExtraKey: '/library/metadata/514',
		Extras: {
			size: 4,
			Metadata: [
				{
					ratingKey: '513', subtype: 'behindTheScenes', extraType: 5, title: 'On the ferry', duration: '611000',
				},
				{
					ratingKey: 514, subtype: 'trailer', extraType: 1, title: 'Trailer', duration: 143_000,
				},
				{ratingKey: '515', extraType: '2', title: 'Cut'},
				{ratingKey: '516', subtype: 'sceneOrSample'},
				{ratingKey: '517', subtype: '__proto__', extraType: 1},
			],
		},
	}).item;
	t.deepEqual(extras, [
		{kind: 'behindTheScenes', title: 'On the ferry', durationMs: 611_000},
		{
			kind: 'trailer', title: 'Trailer', durationMs: 143_000, primary: true,
		},
		{kind: 'deletedScene', title: 'Cut'},
		{kind: 'scene'},
		{kind: '__proto__'},
	]);
});

test('a show has its folders, its order and what the user watched below it', t => {
	const {item} = keep({
		ratingKey: '1', type: 'show', Location: [{path: '/tv/a'}, {path: '/tv/b'}, {path: '/tv/a'}], showOrdering: 'dvd', episodeSort: '1', viewedLeafCount: '5', slug: 'harbour-lights', theme: '/library/metadata/1/theme/7?X-Plex-Token=secret',
	});
	t.like(item, {
		folders: ['/tv/a', '/tv/b'], showOrdering: 'dvd', episodeOrder: 'newest-first', slug: 'harbour-lights', theme: '/library/metadata/1/theme/7', viewState: {viewedLeafCount: 5},
	});
	const plain = keep({
		ratingKey: '1', type: 'show', showOrdering: '', episodeSort: '-1',
	}).item;
	t.deepEqual(Object.keys(plain).filter(name => ['folders', 'showOrdering', 'episodeOrder', 'viewState'].includes(name)), []);
});

test('a home video knows how sure its date is, and a recording its channel', t => {
	const {item} = keep({
		ratingKey: '1',
		type: 'movie',
		createdAtAccuracy: 'epoch,local',
		createdAtTZOffset: '-7200',
		Media: [
			{
				id: 1, channelTitle: 'Kanal Nord HD', channelIdentifier: '007', beginsAt: '1712340000', endsAt: 1_712_345_400, Part: [{id: 2, file: '/dvr/1.ts'}],
			},
			{
				id: 2, proxyType: '7', target: 'TV', Part: [{id: 3, file: '/dvr/2.mp4'}],
			},
		],
	});
	t.like(item, {createdAtAccuracy: 'epoch,local', createdAtOffsetSeconds: -7200});
	t.deepEqual(item.versions[0]!.recording, {
		channel: 'Kanal Nord HD', channelNumber: '007', from: '2024-04-05T18:00:00Z', to: '2024-04-05T19:30:00Z',
	});
	t.like(item.versions[1], {proxy: true, target: 'TV'});
	t.false('optimized' in item.versions[1]!);
});

test('an edition keeps its name and the guid it shares', t => {
	const {item} = items('movie-edition')[0]!;
	t.is(item.editionTitle, 'Director\'s Cut');
	t.is(item.guid, orsa().item.guid);
	t.not(item.id, orsa().item.id);
	t.false('updatedAt' in item);
});

test('episodes in one file refer to one file', t => {
	const [ebb, flow] = items('episodes');
	t.deepEqual(ebb!.files, flow!.files);
	t.not(ebb!.item.id, flow!.item.id);
});

test('an episode knows its show and season, and says what it knows of them', t => {
	const {item, parents} = items('episodes')[0]!;
	t.like(item, {
		showId: itemId('server', '2001'),
		seasonId: itemId('server', '2011'),
		seasonNumber: 1,
		episodeNumber: 1,
	});
	t.deepEqual(parents, {
		show: {
			id: itemId('server', '2001'),
			ratingKey: '2001',
			title: 'Harbour Lights',
			number: undefined,
		},
		season: {
			id: itemId('server', '2011'),
			ratingKey: '2011',
			title: 'Season 1',
			number: 1,
		},
	});
});

test('an episode whose season is hidden gets a season made of the show and the number', t => {
	const {item, parents} = items('episodes')[4]!;
	const showId = itemId('server', '2100');
	t.is(item.seasonId, hiddenSeasonId(showId, 2024));
	t.is(parents.season?.id, item.seasonId);
	t.is(parents.season?.ratingKey, undefined);
	t.is(item.releaseDate, '2024-05-01');
	t.false('episodeNumber' in item);
});

test('season 0 and episode 0 are numbers', t => {
	const {item} = items('episodes')[5]!;
	t.is(item.seasonNumber, 0);
	t.is(item.episodeNumber, 0);
	t.is(items('show-and-seasons')[2]!.item.seasonNumber, 0);
});

test('an episode without any parent is kept', t => {
	const {item, parents} = items('episodes')[6]!;
	t.false('showId' in item || 'seasonId' in item);
	t.deepEqual(parents, {show: undefined, season: undefined});
});

test('an item in the trash is marked, its versions may lack parts, and a hidden path gives a file by part', t => {
	const {item, files} = items('episodes')[3]!;
	t.is(item.trashedAt, '2025-06-15T12:20:00Z');
	t.deepEqual(item.versions.map(({parts}) => parts.length), [0, 1]);
	t.is(files[0]!.id, hiddenFileId('server', '1306'));
	t.false('path' in files[0]!);
});

test('a file that the server looked for and did not find, or cannot read, is unavailable; of others it says nothing', t => {
	const row = (part: Record<string, unknown>) => ({
		ratingKey: '1', type: 'movie', title: 'Heron', Media: [{id: 1, Part: [{id: 2, file: '/films/heron.mkv', ...part}]}],
	});
	const partOf = (part: Record<string, unknown>) => keep(row(part)).item.versions[0]!.parts[0]!;
	for (const part of [{exists: false}, {accessible: false}, {exists: '0', accessible: '0'}, {exists: true, accessible: false}]) {
		t.true(partOf(part).unavailable);
	}

	for (const part of [{}, {exists: true, accessible: true}, {exists: 'perhaps'}]) {
		t.false('unavailable' in partOf(part));
	}

	// A listing that says so differs from one that does not, but not from one that says that all is well.
	const print = (part: Record<string, unknown>) => readListedRow(row(part), {isFull: false})!.fingerprints.slim;
	t.not(print({exists: false}), print({}));
	t.is(print({exists: true, accessible: true}), print({}));
});

test('a season belongs to its show and counts its episodes', t => {
	const [show, , specials, byPath] = items('show-and-seasons');
	t.like(show!.item, {leafCount: 23, childCount: 3});
	t.is(specials!.item.showId, show!.item.id);
	t.is(specials!.parents.show?.title, 'Harbour Lights');
	t.is(byPath!.item.showId, itemId('server', '2100'));
	t.is(byPath!.item.seasonNumber, 1);
});

for (const {type, guid, ids} of readFixture('legacy-guids') as Array<{type: string; guid: string; ids: unknown}>) {
	test(`the guid "${guid}" of a ${type} gives the right ids`, t => {
		t.deepEqual(keep({ratingKey: '1', type, guid}).item.ids, ids);
	});
}

test('names of object internals are only names', t => {
	const {item, tags, people} = items('movie-odd-text')[0]!;
	t.is(item.title, '__proto__');
	t.is(item.ratingKey, '801');
	t.deepEqual(tags.map(({name}) => name), ['__proto__', 'constructor']);
	t.is(people[0]!.name, '__proto__');
	t.deepEqual(item.images, {});
	t.deepEqual(item.ids, {
		imdb: [], tmdb: [], tvdb: [], other: [{source: 'constructor', id: '2'}],
	});
	t.is(Object.getPrototypeOf(item), Object.prototype);
});

test('text is kept raw, escape sequences and all', t => {
	const [row] = fixtureRows('movie-odd-text').slice(1) as [{title: string; summary: string}];
	const {item} = keep(row);
	t.is(item.title, row.title);
	t.is(item.summary, row.summary);
});

test('a summary of 100 KB is kept whole', t => {
	const summary = 'Es war einmal. '.repeat(7000);
	t.is(keep({ratingKey: '1', type: 'movie', summary}).item.summary, summary);
});

test('nulls say nothing', t => {
	const {item} = items('movie-odd-text')[3]!;
	t.deepEqual(Object.keys(item).filter(name => ['year', 'durationMs', 'updatedAt', 'addedAt', 'guid'].includes(name)), []);
	t.deepEqual(item.versions, []);
});

test('rows that cannot be kept tell why and where to look', t => {
	const problems = fixtureRows('broken-rows').map(row => refuse(row));
	t.true(problems.every(({code, hint}) => code === 'malformed' && hint.length > 20));
	t.deepEqual(problems.map(({ratingKey, title}) => [ratingKey, title]), [
		[undefined, 'No Key'],
		[undefined, 'Two Keys'],
		['77', 'Songs \u{1B}[31mof the Quay'],
		['78', 'local://78'],
		[undefined, '/srv/films/unknown.mkv'],
		[undefined, 'All episodes'],
		[undefined, undefined],
		[undefined, undefined],
		[undefined, undefined],
	]);
	t.is(problems[2]!.message, 'The item is of the type "album", which is neither a movie nor a show, season or episode.');
	t.false(refuse({ratingKey: '1', type: 'a\u{1B}[2Jb'}).message.includes('\u{1B}'));
});
