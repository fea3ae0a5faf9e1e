import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {orNearest} from '../base/text/nearest.js';
import {exportedName, exportedValues} from '../catalog/fields/exported.js';
import type {FieldType, NamedField} from '../catalog/fields/field.js';
import {fileFieldList, type PlayedFile} from '../catalog/fields/file-fields.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import {versionFieldList} from '../catalog/fields/version-fields.js';
import type {Version} from '../catalog/types.js';
import {
	askedFields,
	askedNames,
	findAskedField,
	type AskedField,
} from '../query/language/asked-fields.js';
import {detailResolver} from '../query/related.js';
import type {ItemDetail} from '../query/types.js';
import {hasNameAndId, itemColumn, type ItemRow} from '../query/item-columns.js';
import {rowLevels, type RowLevel} from './levels.js';
import {allReferences, type ReferencesOf} from './related-records.js';

/**
`version` is there in rows of versions and files, `file` in rows of files.
*/
export type ExportRow = ItemRow & {detail: ItemDetail; version?: Version | undefined; file?: PlayedFile | undefined};

/**
How a column is typed in a format that has types. `json` is an object or a list of objects.
*/
export type CellType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'instant' | 'list' | 'json';

/**
The value of a cell: what its type says, a list as texts, JSON as a text. Unknown is undefined.
*/
export type CellValue = string | number | boolean | readonly string[] | undefined;

export type ExportColumn = {
	/**
	As it was asked for; it is the heading.
	*/
	name: string;
	level: RowLevel;
	type: CellType;
	label: string;
	unit: string | undefined;
	description: string;
	/**
	The name in docs/fields.md.
	*/
	field: string;
	cell: (row: ExportRow) => CellValue;
	/**
	For programs that read JSON: objects stay objects.
	*/
	value: (row: ExportRow) => unknown;
	/**
	The people and tags that it reads.
	*/
	referencesOf: ReferencesOf;
};

const cellTypes: Readonly<Record<FieldType, CellType>> = {
	text: 'text',
	date: 'date',
	instant: 'instant',
	number: 'integer',
	rating: 'decimal',
	count: 'integer',
	duration: 'integer',
	bytes: 'integer',
	flag: 'boolean',
	texts: 'list',
	people: 'list',
	tags: 'list',
	record: 'json',
	records: 'json',
};

const typeOf = ({type, isDecimal}: Pick<NamedField<never>, 'type' | 'isDecimal'>): CellType => isDecimal === true ? 'decimal' : cellTypes[type];

type Described = Pick<ExportColumn, 'name' | 'level' | 'type' | 'value' | 'referencesOf'> & {field: NamedField<never>; path: string};

const column = ({name, level, type, value, referencesOf, field: {label, unit, description}, path}: Described): ExportColumn => ({
	name, level, type, label, unit, description, field: path, value, referencesOf, cell: row => cellOf(type, value(row)),
});

/**
A value as a cell; one that does not have the type is a text.
*/
const cellOf = (type: CellType, value: unknown): CellValue => {
	if (value === undefined || value === null) {
		return undefined;
	}

	if (type === 'list') {
		return (Array.isArray(value) ? value : [value]).map(String);
	}

	if (type === 'json') {
		return JSON.stringify(value);
	}

	return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : JSON.stringify(value);
};

/**
The type of what a column of the query language gives: names of people and languages are a list, and an item's versions are counted.
*/
const askedType = ({kind, field, source}: AskedField): CellType => {
	if (kind === 'names' || kind === 'language') {
		return 'list';
	}

	const type = typeOf(field);
	return type === 'json' && source === 'column' ? 'integer' : type;
};

const noReferences: ReferencesOf = () => [];

const askedColumn = (name: string, asked: AskedField): ExportColumn => {
	const {value} = itemColumn(name, asked);
	const {kind, field} = asked;
	return column({
		name,
		level: 'item',
		type: askedType(asked),
		field,
		path: asked.name,
		value,
		referencesOf: kind === 'names' ? field.asked?.list?.of as ReferencesOf | undefined ?? allReferences : noReferences,
	});
};

type Sourced<Source extends Record<string, unknown>> = {
	level: RowLevel;
	prefix: string;
	fields: ReadonlyArray<NamedField<Source>>;
	source: (row: ExportRow) => Source | undefined;
};

const exportedColumns = <Source extends Record<string, unknown>>({level, prefix, fields, source}: Sourced<Source>): ExportColumn[] => fields.flatMap(field => {
	const exported = exportedName(field);
	const alone = [field];
	return exported === undefined
		? []
		: [column({
			name: `${prefix}${exported}`,
			level,
			type: typeOf(field),
			field,
			path: `${prefix}${field.name}`,
			referencesOf: level === 'item' ? allReferences : noReferences,
			value(row) {
				const read = source(row);
				return read === undefined ? undefined : exportedValues(alone, read, detailResolver(row.detail))[exported];
			},
		})];
});

const otherColumns: readonly ExportColumn[] = [
	...exportedColumns({
		level: 'item', prefix: '', fields: itemFieldList.filter(({asked}) => asked === undefined), source: ({detail}) => detail.item,
	}),
	...exportedColumns({
		level: 'version', prefix: 'version.', fields: versionFieldList, source: ({version}) => version,
	}),
	...exportedColumns({
		level: 'file', prefix: 'file.', fields: fileFieldList, source: ({file}) => file,
	}),
];

const others = new Map(otherColumns.map(entry => [entry.name.toLowerCase(), entry]));

/**
Everything that a column can be called: the names of the query language, those of the export record, and `version.` and `file.` with the names of their fields.
*/
export const columnNames: readonly string[] = [...askedNames, ...otherColumns.map(({name}) => name)];

const levelsOf = (level: RowLevel) => rowLevels.slice(0, rowLevels.indexOf(level) + 1);

const allColumns = (level: RowLevel): ExportColumn[] => [
	// A library, a server and a show by their names as well.
	...askedFields.flatMap(asked => [...hasNameAndId(asked) ? [askedColumn(asked.names[0]!, asked)] : [], askedColumn(asked.name, asked)]),
	...otherColumns.filter(entry => levelsOf(level).includes(entry.level)),
];

/**
Finds the columns with these names for rows of a level. The one name `all` stands for every field once.

@throws {AppError} 'usage' for a name of no column, for one that needs other rows, and for one that is there twice
*/
export const exportColumns = (names: readonly string[], level: RowLevel): ExportColumn[] => {
	if (names.length === 1 && names[0]!.toLowerCase() === 'all') {
		return allColumns(level);
	}

	const taken = new Set<string>();
	return names.map(name => {
		const found = findColumn(name);
		if (!levelsOf(level).includes(found.level)) {
			throw new AppError('usage', `The column ${found.name} needs a row for each ${found.level}.`, {hint: `Add --rows ${found.level}.`});
		}

		if (taken.has(found.name.toLowerCase())) {
			throw new AppError('usage', `The column ${clean(found.name)} is there twice.`);
		}

		taken.add(found.name.toLowerCase());
		return found;
	});
};

const findColumn = (name: string): ExportColumn => {
	const asked = findAskedField(name);
	const found = asked === undefined ? others.get(name.toLowerCase()) : askedColumn(name, asked);
	if (found === undefined) {
		throw new AppError('usage', `There is no column "${clean(name)}".`, {hint: orNearest(name, columnNames, '"reelcat export --explain --format csv --columns all" lists them.')});
	}

	return found;
};

/**
The people and tags that these columns read; without columns, all of them.
*/
export const referencesOf = (columns: readonly ExportColumn[]): ReferencesOf => {
	if (columns.length === 0) {
		return allReferences;
	}

	const readers = [...new Set(columns.map(({referencesOf: reader}) => reader))].filter(reader => reader !== noReferences);
	return item => readers.flatMap(reader => reader(item));
};

const itemDefaults = [
	'id',
	'type',
	'server',
	'library',
	'show',
	'seasonNumber',
	'episodeNumber',
	'title',
	'originalTitle',
	'editionTitle',
	'year',
	'releaseDate',
	'contentRating',
	'durationMs',
	'rating',
	'userRating',
	'viewCount',
	'lastViewedAt',
	'genres',
	'countries',
	'studio',
	'directors',
	'collections',
	'labels',
	'resolution',
	'hdr',
	'videoCodec',
	'audioCodec',
	'audioChannels',
	'audioLanguages',
	'subtitleLanguages',
	'versions',
	'sizeBytes',
	'imdb',
	'tmdb',
	'tvdb',
	'addedAt',
	'ratingKey',
	'guid',
	'path',
] as const;

const nameDefaults = ['id', 'type', 'library', 'show', 'seasonNumber', 'episodeNumber', 'title', 'editionTitle', 'year'] as const;

const isPlain = ({type}: ExportColumn) => type !== 'list' && type !== 'json';

/**
The columns of a row where none are named: of a version or a file, what names its item and all that is one value.
*/
export const defaultColumns = (level: RowLevel): ExportColumn[] => level === 'item'
	? exportColumns(itemDefaults, level)
	: [...exportColumns(nameDefaults, level), ...otherColumns.filter(entry => entry.level !== 'item' && levelsOf(level).includes(entry.level) && isPlain(entry))];

/**
Those that were asked for, else the default ones.
*/
export const chosenColumns = (names: readonly string[] | undefined, level: RowLevel): ExportColumn[] => names === undefined ? defaultColumns(level) : exportColumns(names, level);
