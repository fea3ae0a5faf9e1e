import type * as z from 'zod';
import {
	formatBytes,
	formatCount,
	formatDate,
	formatDurationMs,
	formatInstant,
	formatShortDuration,
} from '../../base/text/format.js';
import type {SizeOf} from '../item.js';
import type {
	Item,
	ItemType,
	Library,
	MediaFile,
	Person,
	Server,
	Version,
} from '../types.js';
import type {AskedFacet} from './asked.js';
import type {RelatedTexts} from './related-texts.js';

/**
The values of a field by its type. `people` and `tags` are ids; `rating` is a number from 0 to 10.
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

export type Resolver = {
	/**
	The name or title of a person, tag, library, server, show or season.
	*/
	name: (id: string) => string | undefined;
	file: (id: string) => MediaFile | undefined;
	/**
	How an instant is printed; by default in the time zone of this machine.
	*/
	instant?: ((instant: string) => string) | undefined;
};

export type DetailResolver = Resolver & {
	server: Server | undefined;
	library: Library | undefined;
	show: Item | undefined;
	season: Item | undefined;
	person: (id: string) => Person | undefined;
	/**
	Ids of the other items in the same physical file.
	*/
	sharedWith: (fileId: string) => readonly string[];
	titleOf: (id: string) => string | undefined;
	/**
	Missing episodes of a season, missing seasons of a show.
	*/
	gaps: readonly number[];
};

/**
A label and its text. A line without text is left out.
*/
export type FieldLine = readonly [label: string, text: string | undefined];

export const paneSections = ['Overview', 'View state', 'Ratings', 'People', 'Cast', 'Chapters', 'Extras', 'Version', 'Ids', 'Images', 'Dates'] as const;

type SortValue = string | number | undefined;

/**
The facets of a field. Each `place` orders the fields within one facet only; a field without a place comes last.
*/
type Facets<Source, Summary, Value> = {
	/**
	The property of the record that holds it or contains it; by default the one of the same name.
	*/
	from?: string;
	/**
	The detail pane and `reelcat show`. By default one line with the label and the printed value.
	*/
	pane?: {
		section: typeof paneSections[number];
		place?: number;
		lines?: (source: Source, detail: DetailResolver) => readonly FieldLine[];
	};
	/**
	The changes of the history. By default one line with the label in lower case and the printed value.
	*/
	told?: {
		place?: number;
		name?: string;
		print?: (value: Value, resolver: Resolver) => string;
		lines?: (source: Source, resolver: Resolver) => readonly FieldLine[];
	};
	/**
	The export record, in the order of the table. By default with the name of the field, its schema in the record, and the value that is read.
	*/
	exported?: true | {
		as?: string;
		schema: () => z.ZodType;
		value?: (source: Source, detail: DetailResolver) => unknown;
		/**
		The JSON of that value, where it is quicker than to make the value first.
		*/
		text?: (source: Source, detail: DetailResolver, texts: RelatedTexts) => string | undefined;
	};
	/**
	Kept in memory for every item; columns, sorting and filters read nothing else. `isShared`: many items have the same text, which is kept once.
	*/
	kept?: {
		place?: number;
		isShared?: true;
		read?: (source: Source, best: Version | undefined, sizeOf: SizeOf) => unknown;
	};
	/**
	A column that the lists on the screen have without being asked, by item type; people can choose every field that can be asked for. If they do not fit, those with the highest places are left out.
	*/
	column?: {
		places: Partial<Record<ItemType, number>>;
		heading?: string;
		align?: 'left' | 'right';
		/**
		The sort field whose arrow the heading shows; by default the field's own.
		*/
		sort?: string;
		text?: (summary: Summary) => string;
	};
	/**
	A column of the table that `reelcat ls` prints. Without `isKept` it is left out if it is empty in every row.
	*/
	table?: {
		place?: number;
		heading?: string;
		align?: 'left' | 'right';
		isFlexible?: true;
		isKept?: true;
		minColumns?: number;
		text?: (summary: Summary, titleOf: (id: string) => string | undefined) => string | undefined;
	};
	/**
	A key or an id: the first column to go where there is too little room.
	*/
	isKey?: true;
	/**
	The objects of `reelcat ls --json`.
	*/
	listed?: {place?: number};
	/**
	The sort menu of lists of these types. `values` are compared one after the other.
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
	/**
	What a query can ask of it, under its name, its name in the export and the short `names`. Its values come from its list in the index, else from the kept value, else `of` the summary; without any of them the record is read.
	*/
	asked?: AskedFacet<Source, Summary>;
};

type FieldOf<Type extends FieldType, Source, Summary> = Facets<Source, Summary, Values[Type]> & (Type extends 'text' ? {type?: Type} : {type: Type}) & {
	unit?: 'kbps' | 'pixels';
	/**
	It tells where files lie on the server, which is left out of what may be given to others.
	*/
	isPath?: true;
	/**
	A number that need not be whole.
	*/
	isDecimal?: true;
	label: string;
	description: string;
	/**
	One value of the export, for its JSON Schema.
	*/
	example?: unknown;
	/**
	The first schema of the export that has the field; without it the first one of all.
	*/
	since?: 2;
	/**
	By default the property of the same name, of the record or of what `from` names.
	*/
	read?: (source: Source, resolver: Resolver) => Values[Type] | undefined;
	print?: (value: Values[Type], resolver: Resolver) => string;
};

/**
One row of a field table; without a `type` it is text. `Summary` is what lists keep of an item. The tables themselves do not know it, because it is made of them.
*/
export type Field<Source, Summary = never> = {[Type in FieldType]: FieldOf<Type, Source, Summary>}[FieldType];

/**
A row with its name, whose reader and printer can be called without knowing the type of the value.
*/
export type NamedField<Source> = Facets<Source, never, unknown> & {
	name: string;
	type: FieldType;
	unit?: string | undefined;
	isPath?: true;
	isDecimal?: true;
	label: string;
	description: string;
	example?: unknown;
	since?: 2;
	read?: (source: Source, resolver: Resolver) => unknown;
	print?: (value: unknown, resolver: Resolver) => string;
};

const units: Partial<Record<FieldType, string>> = {duration: 'ms', bytes: 'bytes'};

type PanePlace = Pick<NamedField<never>, 'example' | 'since'> & {
	section?: typeof paneSections[number];
	pane: number;
};

/**
A row that has a line in the pane.
*/
export const shownField = <Type extends FieldType>(type: Type, label: string, description: string, {section = 'Overview', pane, ...others}: PanePlace) =>
	({
		type, label, description, pane: {section, place: pane}, ...others,
	} as const);

/**
A row that is also among the changes and in the export.
*/
export const plainField = <Type extends FieldType>(type: Type, label: string, description: string, {told, ...place}: PanePlace & {told: number}) =>
	({...shownField(type, label, description, place), told: {place: told}, exported: true} as const);

/**
The rows with their names. What a later schema of the export added comes after what was there before.
*/
export const fieldList = <Source>(fields: Readonly<Record<string, Field<Source>>>): Array<NamedField<Source>> =>
	Object.entries(fields)
		.map(([name, {type = 'text', ...field}]): NamedField<Source> => ({
			unit: units[type], ...field as Omit<NamedField<Source>, 'type' | 'name'>, type, name,
		}))
		.toSorted((left, right) => (left.since ?? 1) - (right.since ?? 1));

/**
Sorts by place. Rows without a place come last, in the order of the table.
*/
export const byPlace = (left: {place?: number} | undefined, right: {place?: number} | undefined): number => {
	const [leftPlace, rightPlace] = [left?.place ?? Infinity, right?.place ?? Infinity];
	return leftPlace === rightPlace ? 0 : leftPlace - rightPlace;
};

const joinNames = (ids: readonly string[], {name}: Resolver) => ids.map(id => name(id) ?? id).join(', ');

const printers: {[Type in FieldType]: (value: Values[Type], resolver: Resolver) => string} = {
	text: value => value,
	date: value => value,
	instant: (value, {instant = formatInstant}) => instant(value),
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

/**
The printed form of a value, unknown as undefined.
*/
export const printed = ({type, print}: NamedField<never>, value: unknown, resolver: Resolver): string | undefined => {
	if (value === undefined) {
		return undefined;
	}

	const own = print ?? printers[type] as (value: unknown, resolver: Resolver) => string;
	return own(value, resolver);
};

/**
A kept value as a cell of a list; an unknown value is the empty text.
*/
export const shortText = ({type, print}: Pick<NamedField<never>, 'type' | 'print'>, value: unknown): string => {
	const own = print ?? (shortPrinters[type] ?? printers[type]) as (value: unknown, resolver: Resolver) => string;
	return value === undefined ? '' : own(value, noNames);
};

/**
The value of a field, unknown as undefined.
*/
export const readField = <Source extends Record<string, unknown>>({name, from, read}: NamedField<Source>, source: Source, resolver: Resolver): unknown =>
	read === undefined ? ((from === undefined ? source : source[from]) as Record<string, unknown> | undefined)?.[name] : read(source, resolver);

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
