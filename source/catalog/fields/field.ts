import * as z from 'zod';
import {
	formatBytes,
	formatCount,
	formatDate,
	formatDurationMs,
	formatInstant,
	formatShortDuration,
} from '../../base/text/format.js';
import type {
	Item,
	ItemType,
	Library,
	MediaFile,
	Server,
	Version,
} from '../types.js';

/**
What the readers of a field give, by its type. `people` and `tags` are ids; `rating` is a number from 0 to 10.
*/
type Values = {
	text: string;
	date: string;
	instant: string;
	number: number;
	rating: number;
	count: number;
	duration: number;
	bytes: number;
	flag: boolean;
	texts: readonly string[];
	people: readonly string[];
	tags: readonly string[];
	record: unknown;
	records: unknown;
};

export type FieldType = keyof Values;

/**
Finds what a record refers to.
*/
export type Resolver = {
	/**
	The name or title of a person, tag, library, server, show or season.
	*/
	name: (id: string) => string | undefined;
	file: (id: string) => MediaFile | undefined;
};

/**
Finds everything that the details of one item refer to.
*/
export type DetailResolver = Resolver & {
	server: Server | undefined;
	library: Library | undefined;
	show: Item | undefined;
	season: Item | undefined;
	/**
	Ids of the other items in the same physical file.
	*/
	sharedWith: (fileId: string) => readonly string[];
	/**
	The title of an item that shares a file.
	*/
	titleOf: (id: string) => string | undefined;
	/**
	Missing episodes of a season, missing seasons of a show.
	*/
	gaps: readonly number[];
};

/**
A label and what stands behind it. A line without text is left out.
*/
export type FieldLine = readonly [label: string, text: string | undefined];

export const paneSections = ['Overview', 'View state', 'Ratings', 'People', 'Cast', 'Version', 'Ids', 'Images', 'Dates'] as const;

type SortValue = string | number | undefined;

/**
The facets of a field. Each `place` orders the fields within one facet only; a field without a place comes last.
*/
type Facets<Source, Summary, Value> = {
	/**
	The property of the record that it is read from; by default the one of the same name.
	*/
	from?: string;
	/**
	In the detail pane and in `reelcat show`. By default one line with the label and the printed value.
	*/
	pane?: {
		section: typeof paneSections[number];
		place?: number;
		lines?: (source: Source, detail: DetailResolver) => readonly FieldLine[];
	};
	/**
	Among the changes of the history. By default one line with the label in lower case and the printed value.
	*/
	told?: {
		place?: number;
		name?: string;
		print?: (value: Value, resolver: Resolver) => string;
		lines?: (source: Source, resolver: Resolver) => readonly FieldLine[];
	};
	/**
	In the export record, in the order of the table. By default under the name of the field, with the schema that the record has for it, and as it is read.
	*/
	exported?: true | {
		as?: string;
		schema: z.ZodType;
		value?: (source: Source, detail: DetailResolver) => unknown;
	};
	/**
	Kept in memory for every item. Columns, sorting and filters read only what is kept. `isShared`: many items have the same text, which is kept once.
	*/
	kept?: {
		place?: number;
		isShared?: true;
		read?: (source: Source, best: Version | undefined) => unknown;
	};
	/**
	A column of the lists on the screen, by item type. Where the columns do not fit, those with the highest place are left out.
	*/
	column?: {
		places: Partial<Record<ItemType, number>>;
		heading?: string;
		width: number;
		align?: 'left' | 'right';
		/**
		The sort field whose arrow the heading shows; by default the field's own.
		*/
		sort?: string;
		text?: (summary: Summary) => string;
	};
	/**
	A column of the table that `reelcat ls` prints. It is left out where it is empty in every row, unless `isKept`.
	*/
	table?: {
		place?: number;
		heading?: string;
		align?: 'left' | 'right';
		isFlexible?: true;
		isKept?: true;
		text?: (summary: Summary, titleOf: (id: string) => string | undefined) => string | undefined;
	};
	/**
	In the objects of `reelcat ls --json`.
	*/
	listed?: {place?: number};
	/**
	In the sort menu of lists of these types. `values` are compared one after the other.
	*/
	sort?: {
		place?: number;
		as?: string;
		label?: string;
		types: readonly ItemType[];
		startsDescending?: true;
		values: ReadonlyArray<(summary: Summary) => SortValue>;
	};
	/**
	The filter of a list looks for words in it.
	*/
	isSearched?: true;
};

type FieldOf<Type extends FieldType, Source, Summary> = Facets<Source, Summary, Values[Type]> & {
	type: Type;
	unit?: 'ms' | 'bytes' | 'kbps' | 'pixels';
	label: string;
	description: string;
	/**
	By default the property of the same name.
	*/
	read?: (source: Source, resolver: Resolver) => Values[Type] | undefined;
	print?: (value: Values[Type], resolver: Resolver) => string;
};

/**
One row of a field table. `Summary` is what lists keep of an item; the tables themselves do not know it, because it is made of them.
*/
export type Field<Source, Summary = never> = {[Type in FieldType]: FieldOf<Type, Source, Summary>}[FieldType];

/**
A row whose reader and printer can be called without knowing the type of the value.
*/
type AnyField<Source> = Facets<Source, never, unknown> & {
	type: FieldType;
	unit?: string;
	label: string;
	description: string;
	read?: (source: Source, resolver: Resolver) => unknown;
	print?: (value: unknown, resolver: Resolver) => string;
};

export type NamedField<Source> = AnyField<Source> & {name: string};

/**
The rows of a table as a list, each with its name.
*/
export const fieldList = <Source>(fields: Readonly<Record<string, Field<Source>>>): Array<NamedField<Source>> =>
	Object.entries(fields).map(([name, field]) => ({...field as AnyField<Source>, name}));

/**
Sorts by place; what has none comes last, in the order of the table.
*/
export const byPlace = (left: {place?: number} | undefined, right: {place?: number} | undefined): number => {
	const [leftPlace, rightPlace] = [left?.place ?? Infinity, right?.place ?? Infinity];
	return leftPlace === rightPlace ? 0 : leftPlace - rightPlace;
};

const joinNames = (ids: readonly string[], {name}: Resolver) => ids.map(id => name(id) ?? id).join(', ');

const printers: {[Type in FieldType]: (value: Values[Type], resolver: Resolver) => string} = {
	text: value => value,
	date: value => value,
	instant: value => formatInstant(value),
	number: String,
	rating: String,
	count: value => formatCount(value),
	duration: value => formatDurationMs(value),
	bytes: value => formatBytes(value),
	flag: value => value ? 'yes' : '',
	texts: value => value.join(', '),
	people: joinNames,
	tags: joinNames,
	record: String,
	records: String,
};

/**
The printed form in a column, where every cell counts.
*/
const shortPrinters: {[Type in FieldType]?: (value: Values[Type]) => string} = {
	instant: value => formatDate(value),
	rating: value => value.toFixed(1),
	count: String,
	duration: value => formatShortDuration(value),
};

const noNames: Resolver = {name: () => undefined, file: () => undefined};

const printed = ({type, print}: AnyField<never>, value: unknown, resolver: Resolver): string | undefined => {
	if (value === undefined) {
		return undefined;
	}

	const own = print ?? printers[type] as (value: unknown, resolver: Resolver) => string;
	return own(value, resolver);
};

/**
A kept value as a cell of a list; nothing to say is the empty text.
*/
export const shortText = (type: FieldType, value: unknown): string => {
	const print = (shortPrinters[type] ?? printers[type]) as (value: unknown, resolver: Resolver) => string;
	return value === undefined ? '' : print(value, noNames);
};

export const readField = <Source extends Record<string, unknown>>({name, read}: NamedField<Source>, source: Source, resolver: Resolver): unknown =>
	read === undefined ? (source as Record<string, unknown>)[name] : read(source, resolver);

export const paneLines = <Source extends Record<string, unknown>>(field: NamedField<Source>, source: Source, detail: DetailResolver): readonly FieldLine[] =>
	field.pane?.lines?.(source, detail) ?? [[field.label, printed(field, readField(field, source, detail), detail)]];

export const toldLines = <Source extends Record<string, unknown>>(field: NamedField<Source>, source: Source, resolver: Resolver): readonly FieldLine[] => {
	const {told, label} = field;
	if (told?.lines !== undefined) {
		return told.lines(source, resolver);
	}

	const value = readField(field, source, resolver);
	return [[
		told?.name ?? `${label.charAt(0).toLowerCase()}${label.slice(1)}`,
		value !== undefined && told?.print !== undefined ? told.print(value, resolver) : printed(field, value, resolver),
	]];
};

const nameList = z.array(z.string());

type ExportedName<Name, Row> = Row extends {exported: infer Facet} ? Facet extends {as: infer As extends string} ? As : Name : never;

type ExportedSchema<Name, Row, Shape> = Row extends {exported: {schema: infer Schema}}
	? Schema
	: Row extends {type: 'people' | 'tags'} ? typeof nameList : Name extends keyof Shape ? Shape[Name] : never;

export type ExportedShape<Fields, Shape> = {[Name in keyof Fields as ExportedName<Name, Fields[Name]>]: ExportedSchema<Name, Fields[Name], Shape>};

/**
The zod shape of the exported fields; `shape` is that of the record they are read from.
*/
export const exportedShape = <Fields extends Readonly<Record<string, Field<never>>>, Shape extends Readonly<Record<string, z.ZodType>>>(fields: Fields, shape: Shape): ExportedShape<Fields, Shape> => {
	const result: Record<string, z.ZodType> = {};
	for (const {name, type, exported} of fieldList(fields)) {
		if (exported === true) {
			result[name] = type === 'people' || type === 'tags' ? nameList : shape[name]!;
		} else if (exported !== undefined) {
			result[exported.as ?? name] = exported.schema;
		}
	}

	return result as ExportedShape<Fields, Shape>;
};

/**
The exported fields of a record. People and tags go by name; what is unknown is left out.
*/
export const exportedValues = <Source extends Record<string, unknown>>(fields: ReadonlyArray<NamedField<Source>>, source: Source, detail: DetailResolver): Record<string, unknown> => {
	const result: Record<string, unknown> = {};
	for (const field of fields) {
		const {name, exported} = field;
		if (exported === undefined) {
			continue;
		}

		const {as = name, value: readValue} = exported === true ? {} : exported;
		const value = readValue === undefined ? exportedValue(field, source, detail) : readValue(source, detail);
		if (value !== undefined) {
			result[as] = value;
		}
	}

	return result;
};

const exportedValue = <Source extends Record<string, unknown>>(field: NamedField<Source>, source: Source, detail: DetailResolver) => {
	const value = readField(field, source, detail);
	return field.type === 'people' || field.type === 'tags' ? knownNames(value as readonly string[], detail) : value;
};

export const knownNames = (ids: readonly string[], {name}: Resolver): string[] => ids.map(id => name(id)).filter(text => text !== undefined);
