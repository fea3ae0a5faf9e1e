import type * as z from 'zod';
import {
	readField,
	type FieldType,
	type NamedField,
	type Resolver,
} from '../../../catalog/fields/field.js';
import {
	fitted,
	keptText,
	typeName,
	type ColumnType,
} from './fit.js';

/**
A column of a readable table, and how its value is read from what the row is made of.
*/
export type Column<Row> = {
	type: ColumnType;
	comment: string;
	of: (row: Row) => unknown;
	/**
	What follows the type in the definition of the column.
	*/
	rest?: string;
};

/**
A readable table. `columns` are in the order in which people read them.
*/
export type Shape<Row> = {
	name: string;
	comment: string;
	columns: Readonly<Record<string, Column<Row>>>;
	key: readonly string[];
	/**
	Constraints over several columns.
	*/
	constraints?: readonly string[];
	/**
	Indexes by their names, each from `ON` on.
	*/
	indexes?: Readonly<Record<string, string>>;
};

export type ReadableRow = Record<string, unknown>;

const entriesOf = new WeakMap<Readonly<Record<string, unknown>>, ReadonlyArray<readonly [name: string, column: Column<never>]>>();

/**
The value of a column. One that cannot be read, because the record has another form there, is `undefined`, which becomes NULL.
*/
export const readColumn = <Row>({type, of}: Column<Row>, source: Row): unknown => {
	try {
		return fitted(type, of(source));
	} catch {
		return undefined;
	}
};

/**
The row of a table.
*/
export const rowOf = <Row>(columns: Shape<Row>['columns'], source: Row): ReadableRow => {
	const entries = (entriesOf.get(columns) ?? Object.entries(columns)) as ReadonlyArray<readonly [name: string, column: Column<Row>]>;
	entriesOf.set(columns, entries);
	const row: ReadableRow = {};
	for (const [name, column] of entries) {
		row[name] = readColumn(column, source);
	}

	return row;
};

/**
@example
```
snakeCase('durationMs'); //=> 'duration_ms'
```
*/
export const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/gv, letter => `_${letter.toLowerCase()}`);

const columnTypes: Record<FieldType, ColumnType> = {
	text: 'text',
	date: 'date',
	instant: 'timestamptz',
	number: 'integer',
	rating: 'numeric',
	count: 'integer',
	duration: 'bigint',
	bytes: 'bigint',
	flag: 'boolean',
	texts: 'text[]',
	people: 'text[]',
	tags: 'text[]',
	record: 'jsonb',
	records: 'jsonb',
};

const noNames: Resolver = {name: () => undefined, file: () => undefined};

/**
What the field table says of a field.
*/
export const fieldWords = (fields: ReadonlyArray<NamedField<never>>, name: string): string => {
	const field = fields.find(candidate => candidate.name === name);
	if (field === undefined) {
		throw new TypeError(`There is no field ${name}.`);
	}

	return field.unit === undefined ? field.description : `${field.description}. Unit: ${field.unit}`;
};

/**
Columns of fields of the field table, by their names.
*/
export const fieldColumns = <Source extends Record<string, unknown>, Row>(fields: ReadonlyArray<NamedField<Source>>, names: readonly string[], sourceOf: (row: Row) => Source): Record<string, Column<Row>> => Object.fromEntries(names.map(name => {
	const field = fields.find(candidate => candidate.name === name)!;
	const comment = fieldWords(fields, name);
	const isFlag = field.type === 'flag';
	return [snakeCase(name), {
		type: field.isDecimal === true ? 'numeric' : columnTypes[field.type],
		comment,
		of(row) {
			const value = readField(field, sourceOf(row), noNames);
			// A mark that is absent is not set.
			return isFlag ? value === true : value;
		},
	} satisfies Column<Row>];
}));

/**
What a schema says of one of its properties.
*/
export const schemaWords = (schema: z.ZodType): string => {
	const words = schema.meta()?.description;
	if (words === undefined) {
		throw new TypeError('The schema says nothing of this property.');
	}

	return words;
};

type SchemaColumn = readonly [property: string, type: ColumnType, name?: string];

/**
Columns of properties that a schema describes.
*/
export const schemaColumns = <Row>(shape: Readonly<Record<string, z.ZodType>>, columns: readonly SchemaColumn[], sourceOf: (row: Row) => Record<string, unknown> | undefined): Record<string, Column<Row>> => Object.fromEntries(columns.map(([property, type, name = snakeCase(property)]) => [name, {
	type,
	comment: schemaWords(new Map(Object.entries(shape)).get(property)!),
	of(row) {
		const value = sourceOf(row)?.[property];
		return type === 'boolean' ? value === true : value;
	},
} satisfies Column<Row>]));

/**
The definition of a column, from its type on.
*/
export const definitionOf = ({type, rest}: Pick<Column<never>, 'type' | 'rest'>): string => rest === undefined ? typeName(type) : `${typeName(type)} ${rest}`;

/**
The objects in what should be a list of objects.
*/
export const objectsIn = <Entry extends Record<string, unknown>>(value: readonly Entry[] | undefined): Entry[] => Array.isArray(value) ? value.filter(entry => typeof entry === 'object' && entry !== null) as Entry[] : [];

/**
The texts in what should be a list of ids.
*/
export const idsIn = (value: readonly unknown[] | undefined): string[] => Array.isArray(value) ? value.map(id => idIn(id)).filter(id => id !== undefined) : [];

export const idIn = (value: unknown): string | undefined => typeof value === 'string' && value !== '' ? keptText(value) : undefined;
