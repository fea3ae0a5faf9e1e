import * as z from 'zod';
import {
	fieldList,
	readField,
	type DetailResolver,
	type Field,
	type FieldType,
	type NamedField,
	type Resolver,
} from './field.js';
import type {RelatedText, RelatedTexts} from './related-texts.js';

const nameList = () => z.array(z.string());

/**
The schema of an exported field with its description, unit and example. What the schema says of itself goes before what the row says.
*/
const explained = <Schema extends z.ZodType>(schema: Schema, {description, unit, example}: Pick<NamedField<never>, 'description' | 'unit' | 'example'>): Schema => {
	const known = schema.meta();
	const words = known?.description ?? description;
	return schema.meta({
		...known,
		description: unit === undefined || words.includes('Unit:') ? words : `${words}. Unit: ${unit}`,
		...(example !== undefined && {examples: [example]}),
	});
};

const isOfNames = (type: FieldType) => type === 'people' || type === 'tags';

type ExportedName<Name, Row> = Row extends {exported: infer Facet} ? Facet extends {as: infer As extends string} ? As : Name : never;

type ExportedSchema<Name, Row, Shape> = Row extends {exported: {schema: () => infer Schema}}
	? Schema
	: Row extends {type: 'people' | 'tags'} ? ReturnType<typeof nameList> : Name extends keyof Shape ? Shape[Name] : never;

export type ExportedShape<Fields, Shape> = {[Name in keyof Fields as ExportedName<Name, Fields[Name]>]: ExportedSchema<Name, Fields[Name], Shape>};

/**
The zod shape of the exported fields; `shape` is the shape of the record that they are read from.
*/
export const exportedShape = <Fields extends Readonly<Record<string, Field<never>>>, Shape extends Readonly<Record<string, z.ZodType>>>(fields: Fields, shape: Shape): ExportedShape<Fields, Shape> => {
	const result = new Map<string, z.ZodType>();
	for (const field of fieldList(fields)) {
		const {name, type, exported} = field;
		if (exported === true) {
			result.set(name, explained(isOfNames(type) ? nameList() : shape[name as keyof Shape]!, field));
		} else if (exported !== undefined) {
			result.set(exported.as ?? name, explained(exported.schema(), field));
		}
	}

	return Object.fromEntries(result) as ExportedShape<Fields, Shape>;
};

/**
The name of a field in the export record; undefined if it is not in there.
*/
export const exportedName = ({name, exported}: Pick<NamedField<never>, 'name' | 'exported'>): string | undefined => {
	if (exported === undefined) {
		return undefined;
	}

	return exported === true ? name : exported.as ?? name;
};

type Exporting<Source extends Record<string, unknown>> = {fields: ReadonlyArray<NamedField<Source>>; source: Source; detail: DetailResolver};

/**
Adds the exported fields of a record to `result`, with the names of people and tags. Unknown values are left out.
*/
export const addExported = <Source extends Record<string, unknown>>(result: Record<string, unknown>, {fields, source, detail}: Exporting<Source>): void => {
	for (const {as, value: read} of exportedReaders(fields)) {
		const value = read(source, detail);
		if (value !== undefined) {
			result[as] = value;
		}
	}
};

type ExportedReader<Source> = {as: string; value: (source: Source, detail: DetailResolver) => unknown};

const readersOf = new WeakMap<ReadonlyArray<NamedField<never>>, ReadonlyArray<ExportedReader<never>>>();

/**
How the exported ones of these fields are read. It is the same for hundreds of thousands of records, so it is found out once for a table of fields.
*/
const exportedReaders = <Source extends Record<string, unknown>>(fields: ReadonlyArray<NamedField<Source>>): ReadonlyArray<ExportedReader<Source>> => {
	const known = readersOf.get(fields) as ReadonlyArray<ExportedReader<Source>> | undefined;
	if (known !== undefined) {
		return known;
	}

	const readers = fields.flatMap(field => exportedReader(field) ?? []);
	readersOf.set(fields, readers);
	return readers;
};

const exportedReader = <Source extends Record<string, unknown>>(field: NamedField<Source>): ExportedReader<Source> | undefined => {
	const as = exportedName(field);
	if (as === undefined) {
		return undefined;
	}

	const own = typeof field.exported === 'object' ? field.exported.value : undefined;
	if (own !== undefined) {
		return {as, value: own};
	}

	return {
		as,
		value: isOfNames(field.type)
			? (source, detail) => {
				const ids = readField(field, source, detail) as readonly string[] | undefined;
				return ids && knownNames(ids, detail);
			}
			: (source, detail) => readField(field, source, detail),
	};
};

/**
Writes a field with its name, if it is known.
*/
type ExportedWriter<Source> = (source: Source, detail: DetailResolver, texts: RelatedTexts) => string;

const writersOf = new WeakMap<ReadonlyArray<NamedField<never>>, ReadonlyArray<ExportedWriter<never>>>();

/**
The exported fields of a record in JSON, each with a comma before it: what `addExported` and `JSON.stringify` give, without making the objects.
*/
export const exportedText = <Source extends Record<string, unknown>>({fields, source, detail}: Exporting<Source>, texts: RelatedTexts): string => {
	let text = '';
	for (const write of exportedWriters(fields)) {
		text += write(source, detail, texts);
	}

	return text;
};

const exportedWriters = <Source extends Record<string, unknown>>(fields: ReadonlyArray<NamedField<Source>>): ReadonlyArray<ExportedWriter<Source>> => {
	const known = writersOf.get(fields) as ReadonlyArray<ExportedWriter<Source>> | undefined;
	if (known !== undefined) {
		return known;
	}

	const writers = fields.flatMap(field => exportedWriter(field) ?? []);
	writersOf.set(fields, writers);
	return writers;
};

const exportedWriter = <Source extends Record<string, unknown>>(field: NamedField<Source>): ExportedWriter<Source> | undefined => {
	const reader = exportedReader(field);
	if (reader === undefined) {
		return undefined;
	}

	const {as, value: read} = reader;
	const start = `,${JSON.stringify(as)}:`;
	const own = typeof field.exported === 'object' ? field.exported.text : undefined;
	if (own !== undefined) {
		return (source, detail, texts) => {
			const text = own(source, detail, texts);
			return text === undefined ? '' : start + text;
		};
	}

	if (isOfNames(field.type) && field.exported === true) {
		const name = field.name as keyof RelatedTexts;
		return (_source, _detail, texts) => start + textList(texts[name], textOfName);
	}

	const {name, from} = field;
	const isPlain = field.read === undefined && (field.exported === true || field.exported?.value === undefined);
	if (isPlain) {
		return from === undefined
			? source => written(start, source[name])
			: source => written(start, (source[from] as Record<string, unknown> | undefined)?.[name]);
	}

	return (source, detail) => written(start, read(source, detail));
};

const written = (start: string, value: unknown): string => value === undefined ? '' : start + (typeof value === 'number' ? String(value) : JSON.stringify(value));

const textOfName = ({name}: RelatedText) => name;

/**
A JSON array of those that have a text.
*/
export const textList = <Entry>(entries: readonly Entry[], textOf: (entry: Entry, index: number) => string | undefined): string => {
	let list = '';
	for (const [index, entry] of entries.entries()) {
		const text = textOf(entry, index);
		if (text !== undefined) {
			list += list === '' ? text : `,${text}`;
		}
	}

	return `[${list}]`;
};

export const exportedValues = <Source extends Record<string, unknown>>(fields: ReadonlyArray<NamedField<Source>>, source: Source, detail: DetailResolver): Record<string, unknown> => {
	const result: Record<string, unknown> = {};
	addExported(result, {fields, source, detail});
	return result;
};

export const knownNames = (ids: readonly string[], {name}: Resolver): string[] => ids.map(id => name(id)).filter(text => text !== undefined);
