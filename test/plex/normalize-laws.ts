import test from 'ava';
import fc from 'fast-check';
import * as z from 'zod';
import {recordSchema} from '../../source/catalog/schema.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import {canonicalJson} from '../../source/store/record-line.js';
import type {NormalizedItem} from '../../source/plex/types.js';

const context = {serverId: 'server', libraryId: 'library'};
const records = z.array(recordSchema());

/**
Values that a field may hold, from right to absurd.
*/
const scalar = fc.oneof(
	fc.constantFrom(null, 0, 1, '0', '1', -1, '', ' ', 'NaN', '__proto__', 'constructor', true, '\u{1B}[2J', '\u{D800}', 1e300, -0, 0.5, '2024-02-30', '2024-02-29', 9_999_999_999, 'plex://x/1', '/library/metadata/7'),
	fc.integer(),
	fc.double({noNaN: true}),
	fc.string({unit: 'binary', maxLength: 12}),
);

const named = (names: readonly string[], value: fc.Arbitrary<unknown>) => fc.record(Object.fromEntries(names.map(name => [name, value])), {requiredKeys: []});

const listOf = (element: fc.Arbitrary<unknown>) => fc.oneof(fc.array(element, {maxLength: 4}), element, scalar);

const tag = named(['tag', 'tagKey', 'role', 'thumb', 'id', 'name', 'locked', 'image', 'value', 'type', 'url', 'startTimeOffset', 'endTimeOffset', 'final', 'path'], scalar);
const stream = named(['streamType', 'codec', 'channels', 'languageTag', 'title', 'forced', 'key', 'colorTrc', 'DOVIPresent', 'profile', 'displayTitle', 'bitrate', 'level', 'frameRate', 'DOVIProfile', 'DOVIELPresent', 'hearingImpaired'], scalar);
const part = fc.tuple(named(['id', 'key', 'file', 'size', 'duration', 'container'], scalar), listOf(stream)).map(([fields, Stream]) => ({...fields, Stream}));
const media = fc.tuple(
	named(['id', 'title', 'proxyType', 'target', 'channelTitle', 'beginsAt', 'videoResolution', 'width', 'aspectRatio', 'bitrate', 'duration', 'container'], scalar),
	listOf(part),
).map(([fields, Part]) => ({...fields, Part}));

const scalars = [
	'guid',
	'titleSort',
	'originalTitle',
	'editionTitle',
	'year',
	'originallyAvailableAt',
	'summary',
	'contentRating',
	'duration',
	'rating',
	'ratingImage',
	'audienceRating',
	'audienceRatingImage',
	'userRating',
	'viewCount',
	'viewOffset',
	'lastViewedAt',
	'addedAt',
	'updatedAt',
	'deletedAt',
	'thumb',
	'art',
	'banner',
	'studio',
	'index',
	'parentIndex',
	'parentRatingKey',
	'parentKey',
	'parentTitle',
	'grandparentRatingKey',
	'grandparentKey',
	'grandparentTitle',
	'leafCount',
	'childCount',
	'title',
	'subtype',
	'slug',
	'theme',
	'viewedLeafCount',
	'showOrdering',
	'episodeSort',
	'createdAtAccuracy',
	'createdAtTZOffset',
	'primaryExtraKey',
];
const lists = ['Genre', 'Country', 'Studio', 'Collection', 'Label', 'Guid', 'Rating', 'Role', 'Director', 'Writer', 'Producer', 'Image', 'Field', 'Chapter', 'Marker', 'Location'];

const ratingKey = fc.oneof(fc.nat(), fc.nat().map(String));

const row = fc.tuple(
	fc.record({ratingKey, type: fc.constantFrom('movie', 'show', 'season', 'episode')}),
	named(scalars, scalar),
	named(lists, listOf(tag)),
	listOf(media),
	fc.oneof(named(['Metadata'], listOf(named(['ratingKey', 'title', 'subtype', 'extraType', 'duration'], scalar))), scalar),
).map(([base, some, tags, Media, Extras]) => ({
	...some,
	...tags,
	Media,
	Extras,
	...base,
}));

const anything = fc.oneof(row, fc.jsonValue({maxDepth: 4}), named(['ratingKey', 'type', ...lists, 'Media'], fc.jsonValue({maxDepth: 3})));

const throughDisk = (value: unknown): unknown => {
	const bytes = new TextEncoder().encode(JSON.stringify(value));
	return JSON.parse(new TextDecoder().decode(bytes));
};

const keep = (value: unknown): NormalizedItem => {
	const result = normalize(value, context);
	if (result.ok) {
		return result.value;
	}

	throw new Error(result.problem.message);
};

const faultsOf = (value: unknown) => {
	const result = normalize(value, context);
	if (!result.ok) {
		return result.problem.code === 'malformed' ? [] : ['a problem of another code'];
	}

	const {item, people, tags, files} = result.value;
	return records.safeParse([item, ...people, ...tags, ...files]).error?.issues ?? [];
};

const check = <Value>(arbitrary: fc.Arbitrary<Value>, predicate: (value: Value) => boolean | void, numberRuns: number) => {
	fc.assert(fc.property(arbitrary, predicate), {numRuns: numberRuns});
};

test('normalising never throws, and gives records of the schema or a problem', t => {
	check(anything, value => {
		t.deepEqual(faultsOf(value), []);
	}, 1500);
});

test('every person, tag and file that an item refers to comes with it, each once', t => {
	check(row, value => {
		const {item, people, tags, files} = keep(value);
		const given = [people, tags, files].map(list => list.map(({id}) => id).toSorted());
		const asked = [
			[...item.directors, ...item.writers, ...item.producers, ...item.cast.map(({personId}) => personId)],
			[...item.genres, ...item.countries, ...item.studios, ...item.collections, ...item.labels],
		].map(ids => [...new Set(ids)].toSorted());
		t.deepEqual(given.slice(0, 2), asked);
		t.is(new Set(given[2]).size, files.length);
		t.true(item.versions.flatMap(({parts}) => parts).every(({fileId}) => given[2]!.includes(fileId)));
	}, 700);
});

test('normalising a row again gives the same', t => {
	check(row, value => {
		t.deepEqual(keep(structuredClone(value)), keep(value));
	}, 300);
});

test('what is kept survives the way to the disk and back', t => {
	check(row, value => {
		const {item, people, tags, files} = keep(value);
		t.deepEqual(throughDisk([item, people, tags, files]), [item, people, tags, files]);
	}, 500);
});

test('every value has its keys in the order in which they are written, so that writing it needs no copy', t => {
	check(row, value => {
		const {item} = keep(value);
		t.deepEqual(Object.values(item).map(field => JSON.stringify(field)), Object.values(item).map(field => canonicalJson(field)));
	}, 500);
});

test('fields that nobody knows change nothing', t => {
	check(fc.tuple(row, fc.jsonValue({maxDepth: 2})), ([value, extra]) => {
		t.deepEqual(keep({...value, UltraBlurColors: extra, somethingNew: extra}), keep(value));
	}, 300);
});
