import {fileIdsOf} from '../item-files.js';
import {bestVersion} from '../quality.js';
import type {Item, Version} from '../types.js';
import {
	byPlace,
	exportedValues,
	toldLines,
	type DetailResolver,
	type FieldLine,
	type Resolver,
} from './field.js';
import {fileFieldList, fileLines, type PlayedFile} from './file-fields.js';
import {versionFieldList} from './version-fields.js';

const noVersion: Version = {id: '', parts: []};
const toldOfVersions = versionFieldList.filter(({told}) => told !== undefined).toSorted((left, right) => byPlace(left.told, right.told));
const placeOfFiles = 45;

/**
The quality and the tracks of the best version; the files of all versions stand between them.
*/
export const versionLines = (item: Item, resolver: Resolver): FieldLine[] => {
	const best = bestVersion(item.versions) ?? noVersion;
	const lines = (isBefore: boolean) => toldOfVersions
		.filter(({told}) => ((told?.place ?? Infinity) < placeOfFiles) === isBefore)
		.flatMap(field => toldLines(field, best, resolver));
	return [...lines(true), ...fileLines(fileIdsOf(item).map(id => resolver.file(id) ?? {})), ...lines(false)];
};

/**
Each file once, where a version first plays it.
*/
export const exportedFiles = ({versions}: Item, detail: DetailResolver) => {
	const played = new Map<string, PlayedFile>();
	for (const {parts} of versions) {
		for (const [position, part] of parts.entries()) {
			if (!played.has(part.fileId)) {
				played.set(part.fileId, {
					part, file: detail.file(part.fileId), position, parts: parts.length,
				});
			}
		}
	}

	return Array.from(played.values(), file => exportedValues(fileFieldList, file, detail));
};
