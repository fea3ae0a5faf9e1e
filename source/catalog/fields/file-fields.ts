import * as z from 'zod';
import {formatBytes} from '../../base/text/format.js';
import {fileSchema, partSchema} from '../schema.js';
import type {MediaFile, Part} from '../types.js';
import {
	exportedShape,
	fieldList,
	type Field,
	type FieldLine,
} from './field.js';
import {joinTexts} from './version-fields.js';

/**
A file where a version plays it. `position` counts from 0 in the version, which has so many `parts`.
*/
export type PlayedFile = {
	part: Part;
	file: MediaFile | undefined;
	position: number;
	parts: number;
};

/**
The fields of a file. The order is that of the export.
*/
const fileFields = {
	id: {
		type: 'text',
		label: 'Id',
		description: 'The id of the file in the catalogue',
		read: ({part}) => part.fileId,
		exported: {schema: z.string()},
	},
	path: {
		type: 'text',
		label: 'File',
		description: 'The path as the server sees it; some tokens may not see it',
		read: ({file}) => file?.path,
		pane: {
			section: 'Version',
			place: 10,
			lines: ({part, file, position, parts}) => [[parts === 1 ? 'File' : `File, part ${position + 1} of ${parts}`, file?.path ?? `not shown to this user (${part.fileId})`]],
		},
		exported: {schema: fileSchema.shape.path},
	},
	sizeBytes: {
		type: 'bytes',
		unit: 'bytes',
		label: 'Size',
		description: 'The size of the file',
		read: ({file}) => file?.sizeBytes,
		pane: {section: 'Version', place: 20},
		exported: {schema: fileSchema.shape.sizeBytes},
	},
	durationMs: {
		type: 'duration',
		unit: 'ms',
		label: 'Length',
		description: 'How long the part or the file plays',
		read: ({part, file}) => part.durationMs ?? file?.durationMs,
		pane: {section: 'Version', place: 30},
		exported: {schema: partSchema.shape.durationMs},
	},
	part: {
		type: 'number',
		label: 'Part',
		description: 'The place of the file in its version, from 1',
		read: ({position}) => position + 1,
		exported: {schema: z.int().positive().meta({description: 'Place in its version, from 1'})},
	},
	parts: {
		type: 'number',
		label: 'Parts',
		description: 'How many files the version has; more than 1 for a split item',
		exported: {schema: z.int().positive().meta({description: 'More than 1 for a split item'})},
	},
	sharedWith: {
		type: 'texts',
		label: 'Also in this file',
		description: 'Ids of the other items in the same physical file',
		pane: {
			section: 'Version',
			place: 50,
			lines: ({part}, {sharedWith, titleOf}) => [['Also in this file', sharedWith(part.fileId).map(id => titleOf(id) ?? id).join(', ')]],
		},
		exported: {
			schema: z.array(z.string()).meta({description: 'Ids of the other items in the same physical file'}),
			value: ({part}, {sharedWith}) => [...sharedWith(part.fileId)],
		},
	},
	container: {
		type: 'text',
		label: 'File type',
		description: 'The container of the file',
		read: ({file}) => file?.container,
		pane: {section: 'Version', place: 40},
	},
	plexPart: {
		type: 'text',
		label: 'Plex part',
		description: 'The id and the key of the part on the server',
		read: ({part}) => joinTexts(part.partId, part.key),
		pane: {section: 'Version', place: 60},
	},
} as const satisfies Readonly<Record<string, Field<PlayedFile>>>;

type SeenFile = Pick<MediaFile, 'path' | 'sizeBytes'>;

/**
The names, sizes and folders of files, as changes are told.
*/
export const fileLines = (files: readonly SeenFile[]): FieldLine[] => [
	['files', files.map(file => fileText(file)).join('; ')],
	['folder', joinTexts(...new Set(files.map(({path}) => path === undefined ? undefined : splitPath(path).folder)))],
];

const fileText = ({path, sizeBytes}: SeenFile) =>
	joinTexts(path === undefined ? 'a file not shown to this user' : splitPath(path).name, sizeBytes === undefined ? undefined : formatBytes(sizeBytes));

/**
The server may run on Windows or not, so both separators count.
*/
const splitPath = (path: string) => {
	const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
	return {folder: path.slice(0, Math.max(0, end)), name: path.slice(end + 1)};
};

export const fileFieldList = fieldList<PlayedFile>(fileFields);
export const exportedFileSchema = z.object(exportedShape(fileFields, {}));
