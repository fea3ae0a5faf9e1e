import test from 'ava';
import * as z from 'zod';
import {jsonLine} from '../../source/base/text/json.js';
import {readField, type NamedField} from '../../source/catalog/fields/field.js';
import {fileFieldList} from '../../source/catalog/fields/file-fields.js';
import {itemFieldList} from '../../source/catalog/fields/item-fields.js';
import {versionFieldList} from '../../source/catalog/fields/version-fields.js';
import type {CatalogRecord} from '../../source/catalog/types.js';
import {exportRecord, exportRecordSchema} from '../../source/export/record.js';
import {exportLines} from '../../source/export/lines.js';
import {normalize} from '../../source/plex/normalize/normalize.js';
import type {NormalizedItem} from '../../source/plex/types.js';
import {createCatalogIndex} from '../../source/query/catalog-index.js';
import {describeItem} from '../../source/query/related.js';
import {withDemo} from '../demo/_demo.js';
import {header} from '../query/_items.js';

/**
Rows that say in another way what an exported field says.
*/
const derived = new Map([
	['rating', 'one of the ratings'],
	['resolution', 'of the best version'],
	['hdr', 'of the best version'],
	['sound', 'of the best version'],
	['number', 'season and episode number together'],
	...['videoCodec', 'audioCodec', 'audioChannels', 'container', 'bitrateKbps', 'dolbyVision'].map(name => [name, 'of the best version'] as const),
	['copies', 'the versions with optimized or proxy'],
	['audioLanguages', 'of the tracks of all versions'],
	['subtitleLanguages', 'of the tracks of all versions'],
	['person', 'people and cast'],
	...['imdb', 'tmdb', 'tvdb'].map(name => [name, 'one of the ids'] as const),
	['path', 'of the files'],
	['isWatched', 'viewCount'],
	['isBegun', 'viewOffsetMs'],
	['isTrashed', 'trashedAt'],
	['isMissing', 'missingSince'],
	['isWithoutFile', 'unavailable of a file'],
	['versions.unavailable', 'unavailable of a file'],
	['files.plexPart', 'partId and partKey'],
]);

const exportName = ({name, exported}: NamedField<never>) => exported === undefined ? undefined : (exported === true ? name : exported.as ?? name);

type JsonSchema = {properties: Record<string, {items?: JsonSchema}>};

const noNames = {name: () => undefined, file: () => undefined};

const isSaid = (value: unknown) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

test('every field of the table that the demo has is in the export of the demo, and in its JSON Schema', async t => {
	const {server, ask} = await withDemo(t);
	const normalized: NormalizedItem[] = [];
	for (const [section, type] of [['1', 1], ['2', 2], ['2', 3], ['2', 4], ['4', 2], ['4', 4], ['5', 1]] as const) {
		const keys = server.library.page(section, type, {start: 0, size: 90}).map(row => (row as {ratingKey?: string} | undefined)?.ratingKey).filter(key => key !== undefined);
		const response = await ask(`/library/metadata/${keys.join(',')}?includeChapters=1&includeMarkers=1&includeExtras=1`);
		const {MediaContainer: {Metadata}} = await response.json() as {MediaContainer: {Metadata: unknown[]}};
		normalized.push(...Metadata.map(row => normalize(row, {serverId: 'server', libraryId: 'films'})).filter(result => result.ok).map(({value}) => value));
	}

	const items = normalized.map(({item}) => item);
	const records = new Map<string, CatalogRecord>(normalized.flatMap(({item, people, tags, files}) => [item, ...people, ...tags, ...files]).map(record => [record.id, record]));
	const index = createCatalogIndex();
	index.put(items);
	const exported = items.map(item => exportRecord(describeItem(item, records, {header, index})) as unknown as Record<string, unknown>);
	let lines = '';
	for await (const batch of exportLines([items.map(({id}) => id)], {
		store: {
			getMany: async ids => ids.map(id => records.get(id)).filter(record => record !== undefined), header: () => ({
				...header, format: 'reelcat-catalog', schemaVersion: 1, revision: 1,
			}),
		},
		index,
		onItem() {/* nobody counts */},
	})) {
		lines += new TextDecoder().decode(batch);
	}

	t.is(lines, exported.map(record => jsonLine(record)).join(''));

	const jsonSchema = z.toJSONSchema(exportRecordSchema(), {io: 'input'}) as unknown as JsonSchema;

	const missingIn = <Source extends Record<string, unknown>>(
		prefix: string,
		{fields, sources, objects, schema}: {fields: ReadonlyArray<NamedField<Source>>; sources: readonly Source[]; objects: ReadonlyArray<Record<string, unknown>>; schema: JsonSchema},
	) => fields
		.filter(field => !derived.has(prefix + field.name) && sources.some(source => isSaid(readField(field, source, noNames))))
		.filter(field => {
			const name = exportName(field);
			return name === undefined || schema.properties[name] === undefined || objects.every(object => object[name] === undefined);
		})
		.map(({name}) => prefix + name);

	const of = (name: string) => exported.flatMap(record => record[name] as Array<Record<string, unknown>>);
	const played = items.flatMap(({versions}) => versions.flatMap(({parts}) => parts.map((part, position) => ({
		part, file: records.get(part.fileId) as never, position, parts: parts.length, isCopy: false,
	}))));
	t.deepEqual(missingIn('', {
		fields: itemFieldList, sources: items, objects: exported, schema: jsonSchema,
	}), []);
	t.deepEqual(missingIn('versions.', {
		fields: versionFieldList, sources: items.flatMap(({versions}) => versions), objects: of('versions'), schema: jsonSchema.properties['versions']!.items!,
	}), []);
	t.deepEqual(missingIn('files.', {
		fields: fileFieldList, sources: played, objects: of('files'), schema: jsonSchema.properties['files']!.items!,
	}), []);

	// What the demo does not show here: what reelcat itself adds, and what its rows do not have.
	const shown = new Set(exported.flatMap(record => Object.keys(record)));
	t.deepEqual(Object.keys(exportRecordSchema().shape).filter(name => !shown.has(name)), ['placeholder', 'firstSeenAt', 'missingSince']);
	const shownOfVersions = new Set(of('versions').flatMap(version => Object.keys(version)));
	t.deepEqual(Object.keys(jsonSchema.properties['versions']!.items!.properties).filter(name => !shownOfVersions.has(name)), ['proxy']);
	for (const record of exported) {
		t.deepEqual(exportRecordSchema().parse(record) as unknown, record);
	}
});
