import test from 'ava';
import * as z from 'zod';
import {jsonLine} from '../../source/base/text/json.js';
import type {CatalogRecord, Item} from '../../source/catalog/types.js';
import {exportRecord, exportRecordSchema} from '../../source/export/record.js';
import {exportLines} from '../../source/export/lines.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {describeItem} from '../../source/query/related.js';
import type {CatalogIndex} from '../../source/query/types.js';
import {
	fullDetail,
	header,
	makeItem,
	records,
	showItems,
} from '../query/_items.js';

test('a record has the promised fields in the promised order', t => {
	const record = exportRecord(fullDetail());
	t.deepEqual(Object.keys(record), [
		'schema',
		'id',
		'type',
		'server',
		'library',
		'ratingKey',
		'guid',
		'ids',
		'title',
		'titleSort',
		'originalTitle',
		'editionTitle',
		'year',
		'releaseDate',
		'summary',
		'tagline',
		'contentRating',
		'studio',
		'durationMs',
		'ratings',
		'userRating',
		'genres',
		'countries',
		'collections',
		'labels',
		'directors',
		'writers',
		'producers',
		'cast',
		'images',
		'addedAt',
		'updatedAt',
		'lastViewedAt',
		'viewCount',
		'show',
		'season',
		'seasonNumber',
		'episodeNumber',
		'versions',
		'files',
		'trashedAt',
		// Since schema 2.
		'subtype',
		'placeholder',
		'people',
		'viewOffsetMs',
		'lastRatedAt',
		'leafCount',
		'childCount',
		'firstSeenAt',
		'missingSince',
		'lockedFields',
		'chapters',
		'markers',
		'extras',
		'folders',
		'showOrdering',
		'episodeOrder',
		'viewedLeafCount',
		'slug',
		'theme',
		'createdAtAccuracy',
		'createdAtOffsetSeconds',
	]);
	t.deepEqual(Object.keys(exportRecordSchema().shape).filter(name => name !== 'gaps'), Object.keys(record));
});

test('a record says what the catalogue knows', t => {
	const record = exportRecord(fullDetail());
	t.like(record, {
		schema: 2,
		server: {id: 'server', name: 'Attic'},
		library: {id: 'films', key: '1', title: 'Films'},
		studio: 'Prana',
		ratings: [{source: 'imdb', kind: 'audience', value: 7.9}],
		userRating: 7.5,
		viewCount: 73,
		viewedLeafCount: 70,
		chapters: [{title: 'The ferry leaves', startMs: 0, endMs: 601_000}, {startMs: 601_000}],
		extras: [{
			kind: 'deletedScene', title: 'A lost scene', durationMs: 93_000, primary: true,
		}],
		lastViewedAt: '2024-04-05T12:00:00Z',
		genres: ['Horror'],
		directors: ['Murnau'],
		show: {id: 'show1', ratingKey: '1', title: 'The Show'},
		season: {id: 'season11', ratingKey: '11', number: 1},
	});
	t.deepEqual(record.cast, [{name: 'Schreck', role: 'Orlok', personId: 'pa'}, {name: 'Murnau', personId: 'pd'}]);
	t.deepEqual(record.people, [{id: 'pd', name: 'Murnau'}, {id: 'pw', name: 'Galeen'}, {id: 'pp', name: 'Grau'}, {
		id: 'pa', name: 'Schreck', plexKey: '5d77', picture: '/library/people/pa.jpg',
	}]);
	t.deepEqual(record.versions, [{
		id: 'media1',
		resolution: '1080',
		width: 1920,
		height: 1036,
		videoCodec: 'hevc',
		audioCodec: 'eac3',
		container: 'mkv',
		bitrateKbps: 12_345,
		durationMs: 5_700_000,
		hdr: 'Dolby Vision',
		fileIds: ['file1', 'file2'],
		title: 'Blue-ray rip',
		optimized: true,
		proxy: true,
		target: 'Mobile',
		recording: {
			channel: 'Kanal Nord', channelNumber: '7.1', from: '2024-06-07T18:00:00Z', to: '2024-06-07T19:30:00Z',
		},
		aspectRatio: 1.85,
		videoProfile: 'main 10',
		frameRate: '24p',
		video: {
			codec: 'hevc',
			profile: 'main 10',
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
		audioProfile: 'profiled',
		audioChannels: 6,
		audio: [{
			codec: 'truehd',
			profile: 'profiled',
			name: 'TrueHD Atmos',
			spatial: 'Atmos',
			channels: 8,
			layout: '7.1',
			language: 'Deutsch',
			languageCode: 'deu',
			title: 'Director speaks',
			displayTitle: 'Deutsch (TRUEHD 7.1)',
			commentary: true,
			bitrateKbps: 4321,
		}],
		subtitles: [{
			codec: 'srt', languageCode: 'fra', title: 'Songs', displayTitle: 'French (SRT External)', forced: true, hearingImpaired: true, external: true,
		}],
	}]);
	t.deepEqual(record.files, [
		{
			id: 'file1', path: '/films/n1.mkv', sizeBytes: 20_512_000_000, durationMs: 3_000_000, part: 1, parts: 2, sharedWith: ['movie43'], unavailable: true, container: 'matroska', partId: 'part81', partKey: '/library/parts/81/file.mkv',
		},
		{
			id: 'file2', path: '/films/n2.mkv', part: 2, parts: 2, sharedWith: [],
		},
	]);
});

test('every record is valid by its schema, and nothing in it is lost by parsing', t => {
	const index = createCatalogIndex();
	index.put(showItems());
	const details = [fullDetail(), ...[makeItem('movie1'), ...showItems()].map(item => describeItem(item, records, {header, index}))];
	for (const detail of details) {
		const record = exportRecord(detail);
		t.deepEqual(exportRecordSchema().parse(record), record);
	}
});

type JsonSchema = {
	description?: string;
	examples?: unknown[];
	properties?: Record<string, JsonSchema>;
	items?: JsonSchema;
};

/**
The paths of all properties of a schema that do not say what they mean, or give no example.
*/
const unexplained = ({properties = {}, items}: JsonSchema, path: string): string[] => [
	...Object.entries(properties).flatMap(([name, property]) => [
		...((property.description ?? '') === '' || property.examples === undefined ? [`${path}.${name}`] : []),
		...unexplained(property, `${path}.${name}`),
	]),
	...(items === undefined ? [] : unexplained(items, `${path}[]`)),
];

test('every field of the JSON Schema has a description and an example, which is valid', t => {
	const jsonSchema = z.toJSONSchema(exportRecordSchema(), {io: 'input'}) as JsonSchema;
	t.deepEqual(unexplained(jsonSchema, ''), []);
	for (const [name, schema] of Object.entries<z.ZodType>(exportRecordSchema().shape)) {
		const [example] = jsonSchema.properties![name]!.examples!;
		t.true(['versions', 'files'].includes(name) || schema.safeParse(example).success, name);
	}

	const units = (names: RegExp) => Object.entries(jsonSchema.properties!).filter(([name]) => names.test(name)).map(([, {description}]) => description!);
	t.true(units(/Ms$/v).every(text => text.endsWith('Unit: ms')));
});

test('fields with nothing to say are left out, arrays may be empty', t => {
	const record = exportRecord(describeItem(makeItem('movie1', {title: 'Bare'}), new Map(), {header, index: createCatalogIndex()}));
	t.is(jsonLine(record), `${JSON.stringify({
		schema: 2,
		id: 'movie1',
		type: 'movie',
		server: {id: 'server', name: 'Attic'},
		library: {id: 'films', key: '1', title: 'Films'},
		ratingKey: '1',
		ids: {imdb: [], tmdb: [], tvdb: []},
		title: 'Bare',
		ratings: [],
		genres: [],
		countries: [],
		collections: [],
		labels: [],
		directors: [],
		writers: [],
		producers: [],
		cast: [],
		versions: [],
		files: [],
	})}\n`);
});

test('a line is one line that a terminal does not obey, and parses to what went in', t => {
	const title = '\u{9B}2J\n\u{1B}]0;x\u{7}\u{202E}\u{2028}\u{D800}東京 "quoted" \\';
	const record = exportRecord(describeItem(makeItem('movie1', {title}), new Map(), {header, index: createCatalogIndex()}));
	const line = jsonLine(record);
	t.is((JSON.parse(line) as {title: string}).title, title);
	t.notRegex(line.slice(0, -1), /[\p{Control}\p{Surrogate}\u{2028}\u{202E}]/v);
	t.true(line.includes('東京'));
});

/**
The line that is written from the fields, without an export record in between.
*/
const writtenLine = async (item: Item, known: ReadonlyMap<string, CatalogRecord>, index: CatalogIndex): Promise<string> => {
	const store = {
		getMany: async (ids: readonly string[]) => ids.map(id => id === item.id ? item : known.get(id)).filter(record => record !== undefined),
		header: () => ({
			...header, format: 'reelcat-catalog' as const, schemaVersion: 1, revision: 1,
		}),
	};
	let written = '';
	for await (const lines of exportLines([[item.id], ['nothing']], {store, index, onItem() {/* nobody counts */}})) {
		written += new TextDecoder().decode(lines);
	}

	return written;
};

test('a line that is written from the fields is that of the export record, whatever an item has', async t => {
	const hostile = '\u{9B}2J\n\u{1B}]0;x\u{7}\u{202E}\u{2028}\u{D800}東京 "quoted" \\';
	const known = new Map<string, CatalogRecord>([
		...records,
		['po', {
			id: 'po', kind: 'person', name: hostile, plexKey: hostile, thumb: hostile,
		}],
		['to', {
			id: 'to', kind: 'tag', tagKind: 'genre', name: hostile,
		}],
	]);
	const index = createCatalogIndex();
	const twin = makeItem('movie43', {title: 'Twin', versions: [{id: 'm', parts: [{fileId: 'file1'}]}]});
	const everything = fullDetail().item;
	const items: Item[] = [
		everything,
		twin,
		...showItems(),
		makeItem('bare'),
		makeItem('hostile', {
			title: hostile, summary: hostile, genres: ['to', 'nobody', 'to'], studios: ['to', 'ts'], directors: ['po', 'po', 'pd'], cast: [{personId: 'po', role: hostile}, {personId: 'nobody'}, {personId: 'pd'}],
		}),
		makeItem('numbers', {
			year: -0, durationMs: 0, ratings: [{source: 'imdb', kind: 'audience', value: 7.25}], viewState: {userRating: 0.5, viewCount: 0},
		}),
	];
	index.put(items);
	for (const item of items) {
		t.is(await writtenLine(item, known, index), jsonLine(exportRecord(describeItem(item, known, {header, index}))), item.id);
	}
});
