import * as z from 'zod';
import {formatBytes} from '../../base/text/format.js';
import {splitPath} from '../folder.js';
import {copyFileIds, fileIdsOf} from '../item.js';
import {bestVersion} from '../quality.js';
import {fileSchema, partSchema} from '../schema.js';
import type {
	Item,
	MediaFile,
	Part,
	Version,
} from '../types.js';
import {
	exportedShape,
	exportedText,
	exportedValues,
	textList,
} from './exported.js';
import {
	byPlace,
	fieldList,
	toldLines,
	type DetailResolver,
	type Field,
	type FieldLine,
	type Resolver,
} from './field.js';
import type {RelatedTexts} from './related-texts.js';
import {joinTexts, versionFieldList} from './version-fields.js';

/**
A file as a version plays it: `position` counts from 0 and is below `parts`.
*/
export type PlayedFile = {
	part: Part;
	file: MediaFile | undefined;
	position: number;
	parts: number;
	isCopy: boolean;
};

/**
The fields of a file, in the order of the export.
*/
const fileFields = {
	id: {
		label: 'Id',
		description: 'The id of the file in the catalogue',
		example: 'f0a1b2c3d4e5f6074',
		read: ({part}) => part.fileId,
		exported: {schema: () => z.string()},
	},
	path: {
		isPath: true,
		label: 'File',
		description: 'The path as the server sees it; some tokens may not see it',
		example: '/srv/films/Orsa (2016)/Orsa.mkv',
		read: ({file}) => file?.path,
		pane: {
			section: 'Version',
			place: 10,
			lines: ({part, file, position, parts}) => [[parts === 1 ? 'File' : `File, part ${position + 1} of ${parts}`, file?.path ?? `not shown to this user (${part.fileId})`]],
		},
		exported: {schema: () => fileSchema().shape.path},
	},
	sizeBytes: {
		type: 'bytes',
		label: 'Size',
		description: 'The size of the file',
		example: 20_512_345_678,
		read: ({file}) => file?.sizeBytes,
		pane: {section: 'Version', place: 20},
		exported: {schema: () => fileSchema().shape.sizeBytes},
	},
	durationMs: {
		type: 'duration',
		label: 'Length',
		description: 'How long the part or the file plays',
		example: 6_723_000,
		read: ({part, file}) => part.durationMs ?? file?.durationMs,
		pane: {section: 'Version', place: 30},
		exported: {schema: () => partSchema().shape.durationMs},
	},
	part: {
		type: 'number',
		label: 'Part',
		description: 'The place of the file in its version, from 1',
		example: 1,
		read: ({position}) => position + 1,
		exported: {schema: () => z.int().positive().meta({description: 'Place in its version, from 1'})},
	},
	parts: {
		type: 'number',
		label: 'Parts',
		description: 'How many files the version has; more than 1 for a split item',
		example: 1,
		exported: {schema: () => z.int().positive().meta({description: 'More than 1 for a split item'})},
	},
	sharedWith: {
		type: 'texts',
		label: 'Also in this file',
		description: 'Ids of the other items in the same physical file',
		example: ['i0a1b2c3d4e5f6075'],
		pane: {
			section: 'Version',
			place: 50,
			lines: ({part}, {sharedWith, titleOf}) => [['Also in this file', sharedWith(part.fileId).map(id => titleOf(id) ?? id).join(', ')]],
		},
		exported: {
			schema: () => z.array(z.string()).meta({description: 'Ids of the other items in the same physical file'}),
			value: ({part}, {sharedWith}) => [...sharedWith(part.fileId)],
		},
	},
	unavailable: {
		type: 'flag',
		label: 'Unavailable',
		description: 'The server cannot find or read the file',
		example: true,
		read: ({part}) => part.unavailable,
		pane: {section: 'Version', place: 15, lines: ({part}) => [['Unavailable', part.unavailable === true ? 'the server cannot find or read this file' : undefined]]},
		exported: {schema: () => partSchema().shape.unavailable},
	},
	optimized: {
		type: 'flag',
		label: 'Copy',
		description: 'Only a copy that Plex made plays it, so it is in no total',
		example: true,
		since: 2,
		read: ({isCopy}) => isCopy ? true : undefined,
		exported: {schema: () => z.boolean().optional()},
	},
	container: {
		label: 'File type',
		description: 'The container of the file',
		example: 'mkv',
		since: 2,
		read: ({file}) => file?.container,
		exported: {schema: () => fileSchema().shape.container},
		pane: {section: 'Version', place: 40},
	},
	partId: {
		label: 'Plex part id',
		description: 'The id of the part on the server',
		example: '901',
		since: 2,
		read: ({part}) => part.partId,
		exported: {schema: () => partSchema().shape.partId},
	},
	partKey: {
		isPath: true,
		label: 'Plex part key',
		description: 'The path of the part on the server; its number follows the modification of the file',
		example: '/library/parts/901/1600100500/file.mkv',
		since: 2,
		read: ({part}) => part.key,
		exported: {schema: () => partSchema().shape.key},
	},
	plexPart: {
		isPath: true,
		label: 'Plex part',
		description: 'The id and the key of the part on the server',
		read: ({part}) => joinTexts(part.partId, part.key),
		pane: {section: 'Version', place: 60},
	},
} as const satisfies Readonly<Record<string, Field<PlayedFile>>>;

type SeenFile = Pick<MediaFile, 'path' | 'sizeBytes'> & {isCopy?: boolean};

/**
The names, sizes and folders of files, for the changes of an item.
*/
export const fileLines = (files: readonly SeenFile[]): FieldLine[] => [
	['files', files.map(file => fileText(file)).join('; ')],
	['folder', joinTexts(...new Set(files.map(({path}) => path === undefined ? undefined : splitPath(path).folder)))],
];

const fileText = ({path, sizeBytes, isCopy = false}: SeenFile) => joinTexts(
	path === undefined ? 'a file not shown to this user' : splitPath(path).name,
	sizeBytes === undefined ? undefined : formatBytes(sizeBytes),
	isCopy ? 'a copy that Plex made' : undefined,
);

export const fileFieldList = fieldList<PlayedFile>(fileFields);
export const exportedFileSchema = () => z.object(exportedShape(fileFields, {}));

const noVersion: Version = {id: '', parts: []};
const toldOfVersions = versionFieldList.filter(({told}) => told !== undefined).toSorted((left, right) => byPlace(left.told, right.told));
const placeOfFiles = 45;

/**
The quality of the best version, the files of all versions, then the tracks of the best version.
*/
export const versionLines = (item: Item, resolver: Resolver): FieldLine[] => {
	const best = bestVersion(item.versions) ?? noVersion;
	const lines = (isBefore: boolean) => toldOfVersions
		.filter(({told}) => ((told?.place ?? Infinity) < placeOfFiles) === isBefore)
		.flatMap(field => toldLines(field, best, resolver));
	const copies = copyFileIds(item);
	const files = fileIdsOf(item).map((id): SeenFile => ({...resolver.file(id), isCopy: copies.includes(id)}));
	return [...lines(true), ...fileLines(files), ...lines(false)];
};

/**
Each file once, as the first version that plays it has it, with that version.
*/
export const playedFiles = ({versions}: Pick<Item, 'versions'>, {file}: Pick<DetailResolver, 'file'>): Array<PlayedFile & {version: Version}> => {
	const played = new Map<string, PlayedFile & {version: Version}>();
	const copies = copyFileIds({versions});
	for (const version of versions) {
		for (const [position, part] of version.parts.entries()) {
			if (!played.has(part.fileId)) {
				played.set(part.fileId, {
					part, file: file(part.fileId), position, parts: version.parts.length, isCopy: copies.includes(part.fileId), version,
				});
			}
		}
	}

	return played.values().toArray();
};

export const exportedFiles = (item: Item, detail: DetailResolver) => playedFiles(item, detail).map(file => exportedValues(fileFieldList, file, detail));

export const exportedFilesText = (item: Item, detail: DetailResolver, texts: RelatedTexts): string =>
	textList(playedFiles(item, detail), file => `{${exportedText({fields: fileFieldList, source: file, detail}, texts).slice(1)}}`);
