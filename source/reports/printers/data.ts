import * as z from 'zod';
import {clean} from '../../base/text/clean.js';

export const countSchema = z.int().nonnegative();

/**
Makes the schema of the object that a command prints with `--json`. Additions are new fields; any other change raises `schema`.
*/
export const jsonSchema = <Shape extends z.core.$ZodLooseShape>(command: string, shape: Shape, title = `reelcat ${command}`) =>
	z.object({schema: z.literal(1), ...shape}).meta({title, description: `The one object that \`reelcat ${command} --json\` writes to stdout.`});

/**
Picks the fields that a schema has, in its order, so that what is printed is what is documented.
*/
export const pickFields = <Schema extends z.ZodObject>(schema: Schema, source: z.infer<Schema>): z.infer<Schema> =>
	Object.fromEntries(Object.keys(schema.shape).map(name => [name, source[name]])) as z.infer<Schema>;

/**
A column of a CSV file: its name and how its value is read from a row.
*/
export type CsvColumn<Row> = readonly [name: string, value: (row: Row) => string | number | undefined];

/**
A table for a spreadsheet. Text is clean.
*/
export type CsvTable = {names: readonly string[]; rows: ReadonlyArray<ReadonlyArray<string | number | undefined>>};

export const csvTable = <Row>(columns: ReadonlyArray<CsvColumn<Row>>, rows: readonly Row[]): CsvTable => ({
	names: columns.map(([name]) => name),
	rows: rows.map(row => columns.map(([, value]) => {
		const cell = value(row);
		return typeof cell === 'string' ? clean(cell) : cell;
	})),
});
