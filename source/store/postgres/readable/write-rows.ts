import {sql, type Kysely, type RawBuilder} from 'kysely';
import {inPieces} from '../pieces.js';
import type {Tables} from '../table-types.js';
import {typeName} from './fit.js';
import type {Column, ReadableRow, Shape} from './shape.js';

type Columns = Readonly<Record<string, Pick<Column<never>, 'type'>>>;

const names = (columns: readonly string[], print: (name: string) => RawBuilder<unknown> = name => sql.id(name)) => sql.join(columns.map(name => print(name)));

/**
Some rows as a table of a statement, in their order, with the types of its columns. One text of JSON is less work for both sides than an array for each column, above all with short keys.
*/
export const rowSource = (columns: Columns, rows: readonly ReadableRow[]): RawBuilder<unknown> => {
	const keys = Object.entries(columns).map(([name, {type}], index) => ({name, type, short: `k${index.toString(36)}`}));
	const text = JSON.stringify(rows.map(row => {
		const short: ReadableRow = {};
		for (const key of keys) {
			short[key.short] = row[key.name];
		}

		return short;
	}));
	const types = keys.map(({short, type}) => sql`${sql.id(short)} ${sql.raw(typeName(type))}`);
	return sql`ROWS FROM (json_to_recordset(${text}::json) AS (${sql.join(types)})) WITH ORDINALITY AS put (${names(Object.keys(columns))}, put_place)`;
};

/**
Inserts rows whose keys are not there.
*/
export const insertRows = async (db: Kysely<Tables>, table: string, columns: Columns, rows: readonly ReadableRow[]): Promise<void> => {
	const list = names(Object.keys(columns));
	for (const piece of inPieces(rows)) {
		await sql`INSERT INTO ${sql.id(table)} (${list}) SELECT ${list} FROM ${rowSource(columns, piece)} ORDER BY put_place`.execute(db);
	}
};

/**
Inserts rows, or replaces those with the same key.

@returns the first part of the keys that were there already
*/
export const putRows = async <Row>(db: Kysely<Tables>, {name, columns, key}: Shape<Row>, rows: readonly ReadableRow[]): Promise<string[]> => {
	const all = Object.keys(columns);
	const list = names(all);
	const others = all.filter(column => !key.includes(column));
	const change = others.length === 0 ? sql`NOTHING` : sql`UPDATE SET ${names(others, column => sql`${sql.id(column)} = excluded.${sql.id(column)}`)}`;
	const replaced: string[] = [];
	for (const piece of inPieces(rows)) {
		// A row that was there has the number of this transaction as the one that locked its old form.
		const {rows: found} = await sql<{key: string}>`
			WITH done AS (
							INSERT INTO ${sql.id(name)} (${list}) SELECT ${list} FROM ${rowSource(columns, piece)}
							ON CONFLICT (${names(key)}) DO ${change}
							RETURNING ${sql.id(key[0]!)} AS key, xmax <> 0 AS was_there
						)
						SELECT key FROM done WHERE was_there
		`.execute(db);
		for (const row of found) {
			replaced.push(row.key);
		}
	}

	return replaced;
};

/**
Fills columns of rows that are there; `key` finds them.
*/
export const fillRows = async (db: Kysely<Tables>, table: string, {key, columns}: {key: Columns; columns: Columns}, rows: readonly ReadableRow[]): Promise<void> => {
	const [found] = Object.keys(key);
	for (const piece of inPieces(rows)) {
		await sql`
			UPDATE ${sql.id(table)} SET ${names(Object.keys(columns), column => sql`${sql.id(column)} = put.${sql.id(column)}`)}
						FROM ${rowSource({...key, ...columns}, piece)}
						WHERE ${sql.id(table, found!)} = put.${sql.id(found!)}
		`.execute(db);
	}
};

/**
Deletes the rows of which `column` is one of the ids.
*/
export const deleteRows = async (db: Kysely<Tables>, table: string, column: string, ids: readonly string[]): Promise<void> => {
	for (const piece of inPieces(ids)) {
		await sql`DELETE FROM ${sql.id(table)} WHERE ${sql.id(column)} = ANY(${piece}::text[])`.execute(db);
	}
};
