import {Buffer} from 'node:buffer';
import {AppError} from '../base/errors.js';
import {once} from '../base/once.js';
import {itemTypes} from '../catalog/kinds.js';
import {collectionSchema, playlistSchema} from '../catalog/list-schema.js';
import {
	fileSchema,
	itemSchema,
	personSchema,
	runSchema,
	tagSchema,
	tombstoneSchema,
} from '../catalog/schema.js';
import type {
	CatalogRecord,
	ComparedItem,
	Item,
	ItemType,
	RecordKind,
} from '../catalog/types.js';
import type {ComparedQuery} from '../catalog/catalog-store.js';
import type {LineBytes} from './line-reader.js';

const keyOrder = once((): Record<RecordKind, readonly string[]> => ({
	item: Object.keys(itemSchema().shape),
	person: Object.keys(personSchema().shape),
	tag: Object.keys(tagSchema().shape),
	file: Object.keys(fileSchema().shape),
	collection: Object.keys(collectionSchema().shape),
	playlist: Object.keys(playlistSchema().shape),
	tombstone: Object.keys(tombstoneSchema().shape),
	run: Object.keys(runSchema().shape),
}));

/**
The keys of a record in the order of its line.
*/
export const recordKeys = (kind: RecordKind): readonly string[] => keyOrder()[kind];

/**
The only way to write a record: equal records give equal lines, whatever the order of their keys. A line holds no line break. The order of the schema puts the fields that `lineFacts` reads first.
*/
export const recordLine = (record: CatalogRecord): string => {
	const fields = record as Record<string, unknown>;
	const order = keyOrder()[record.kind];
	let line = '';
	let known = 0;
	for (const key of order) {
		const value = fields[key];
		if (value === undefined) {
			known += Object.hasOwn(fields, key) ? 1 : 0;
			continue;
		}

		known++;
		line += `${line === '' ? '{' : ','}"${key}":${canonicalJson(value)}`;
	}

	// Also keep fields that the schema does not know.
	const keys = Object.keys(fields);
	if (keys.length > known) {
		const others = keys.filter(key => !order.includes(key) && fields[key] !== undefined);
		for (const key of others.toSorted()) {
			line += `,${JSON.stringify(key)}:${canonicalJson(fields[key])}`;
		}
	}

	return `${line}}`;
};

// No record of ours has a hundredth of it. `JSON.parse` reads thousands of levels, and `JSON.stringify` ends the process with an overflow of the stack at some of them.
const deepest = 1000;

/**
Whether a value is nested too deep to be written.
*/
export const isTooDeep = (value: unknown, levels = deepest): boolean =>
	typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some(inner => isTooDeep(inner, levels - 1)));

/**
JSON with the keys of every object in alphabetical order. Values that JSON does not know become null, as in `JSON.stringify`.

@throws AppError 'damaged' for a value that is nested too deep
*/
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value, deepest)) ?? 'null';

/**
Returns the value itself if its keys are in order already, which saves a copy.
*/
const ordered = (value: unknown, levels: number): unknown => {
	if (typeof value !== 'object' || value === null) {
		return value;
	}

	if (levels === 0) {
		throw new AppError('damaged', `A value of the catalogue is nested more than ${deepest} levels deep, so it cannot be written.`, {hint: '"reelcat repair" takes out the record that has it, and keeps it in a file.'});
	}

	return Array.isArray(value) ? orderedArray(value, levels - 1) : orderedObject(value as Record<string, unknown>, levels - 1);
};

// Each value is ordered once. To do it twice at each level would take twice as long for each level that is nested.
const orderedArray = (values: readonly unknown[], levels: number): readonly unknown[] => {
	for (let index = 0; index < values.length; index++) {
		const value = values[index];
		const inOrder = ordered(value, levels);
		if (inOrder !== value) {
			return [...values.slice(0, index), inOrder, ...values.slice(index + 1).map(other => ordered(other, levels))];
		}
	}

	return values;
};

const orderedObject = (fields: Record<string, unknown>, levels: number): Record<string, unknown> => {
	const keys = Object.keys(fields);
	let isOrdered = true;
	let changed: Map<string, unknown> | undefined;
	for (let index = 0; index < keys.length; index++) {
		const key = keys[index]!;
		const inOrder = ordered(fields[key], levels);
		isOrdered &&= index === 0 || keys[index - 1]! < key;
		if (inOrder === fields[key]) {
			continue;
		}

		changed ??= new Map();
		changed.set(key, inOrder);
	}

	// `fromEntries` also makes a field of the key `__proto__`.
	return isOrdered && changed === undefined ? fields : Object.fromEntries(keys.toSorted().map(key => [key, changed?.get(key) ?? fields[key]]));
};

export type LineFacts = {
	id: string;
	kind: RecordKind;
	type: ItemType | undefined;
	libraryId: string | undefined;
};

const text = (name: string) => String.raw`"(?<${name}>[\w\-.:]+)"`;
const others = '(?<other>person|tag|file|collection|playlist|tombstone|run)"';
const item = `item","type":"(?<type>movie|show|season|episode)","serverId":${text('serverId')},"libraryId":${text('libraryId')}`;
const start = new RegExp(String.raw`^\{"id":${text('id')},"kind":"(?:${others}|${item})`, 'v');

/**
Read the first fields of a line. Parses the whole line only if the regular expression does not match. Returns `undefined` if the line is not a record.
*/
export const lineFacts = (line: LineBytes): LineFacts | undefined => {
	const groups = start.exec(line.toString('latin1', 0, 300))?.groups;
	if (groups === undefined) {
		return parsedFacts(line);
	}

	const {id, other, type, libraryId} = groups;
	return {
		// Cut the id from the bytes: a part of the match would keep the whole matched text in memory.
		id: line.toString('latin1', 7, 7 + id!.length),
		kind: (other ?? 'item') as RecordKind,
		type: type as ItemType | undefined,
		libraryId,
	};
};

const parsedFacts = (line: LineBytes): LineFacts | undefined => {
	try {
		const {id, kind, type, libraryId} = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
		const isItem = kind === 'item';
		return typeof id === 'string' && typeof kind === 'string' && Object.hasOwn(keyOrder(), kind)
			&& (!isItem || (typeof libraryId === 'string' && isItemType(type)))
			? {
				id,
				kind: kind as RecordKind,
				type: isItem ? type as ItemType : undefined,
				libraryId: isItem ? libraryId as string : undefined,
			}
			: undefined;
	} catch {
		// It is not JSON or not an object. The caller reports it with its place.
		return undefined;
	}
};

const isItemType = (type: unknown): type is ItemType => (itemTypes as readonly unknown[]).includes(type);

// In a text each quote has a backslash before it, so these bytes are a key wherever they are found.
const bytesOfKey = (key: keyof Item) => Buffer.from(`,"${key}":`);
const idsKey = bytesOfKey('ids');
const collectionsKey = bytesOfKey('collections');
const labelsKey = bytesOfKey('labels');
const addedKey = bytesOfKey('addedAt');
const versionsKey = bytesOfKey('versions');
const fileIdKey = Buffer.from('"fileId":"');
const unavailableMark = Buffer.from('"unavailable":true');
const [quote, backslash] = Buffer.from('"\\');

/**
The files of the versions, which begin at `from`, as JSON with nothing but their ids; `undefined` if it takes parsing to find them.
*/
const filesJson = (line: LineBytes, from: number): string | undefined => {
	let parts = '';
	for (let place = line.indexOf(fileIdKey, from); place !== -1; place = line.indexOf(fileIdKey, place)) {
		const end = line.indexOf(quote!, place + fileIdKey.length);
		if (line[end - 1] === backslash || line[place - 1] === backslash) {
			return undefined;
		}

		parts += `${parts === '' ? '' : ','}{${line.toString('utf8', place, end + 1)}}`;
		place = end;
	}

	return parts === '' ? '[]' : `[{"parts":[${parts}]}]`;
};

/**
Parses only what a sync compares: the fields before the external ids, the collections, the fields from `addedAt` up to the versions, and with `hasFiles` the ids of the files. What lies between and behind them is most of a line, and is cut out first. The whole line is parsed if a field at which it would be cut is missing, or if the server lacks a file.
*/
export const comparedItem = (line: LineBytes, {hasFiles = false}: Pick<ComparedQuery, 'hasFiles'> = {}): ComparedItem => {
	const ids = line.indexOf(idsKey);
	const collections = line.indexOf(collectionsKey, ids);
	const labels = line.indexOf(labelsKey, collections);
	const added = line.indexOf(addedKey, labels);
	const versions = line.indexOf(versionsKey, collections);
	const isCut = ids !== -1 && ids < collections && collections < labels && labels < added && added < versions && !line.includes(unavailableMark, versions);
	const files = isCut ? (hasFiles ? filesJson(line, versions) : '[]') : undefined;
	return JSON.parse(files === undefined
		? line.toString('utf8')
		: `${line.toString('utf8', 0, ids)}${line.toString('utf8', collections, labels)}${line.toString('utf8', added, versions)},"versions":${files}}`) as ComparedItem;
};
