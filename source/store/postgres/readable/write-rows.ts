import {
	CompiledQuery,
	sql,
	type Kysely,
	type RawBuilder,
} from 'kysely';
import pg from 'pg';
import {inPieces} from '../pieces.js';
import {CopiedRows} from '../session-client.js';
import type {Tables} from '../table-types.js';
import {typeName, type ColumnType} from './fit.js';
import {
	readColumn,
	type Column,
	type ReadableRow,
	type Shape,
} from './shape.js';

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

// Neither side has to hold more text than about this at once.
const copiedCharacters = 500_000;

type Cell<Row> = {name: string; type: ColumnType; of: (row: Row) => unknown};

/**
COPY takes a third less than INSERT, because it reads each value only once.
*/
const copyRows = async <Row>(db: Kysely<Tables>, table: string, cells: ReadonlyArray<Cell<Row>>, rows: Iterable<Row>): Promise<void> => {
	const statement = `COPY ${pg.escapeIdentifier(table)} (${cells.map(({name}) => pg.escapeIdentifier(name)).join(', ')}) FROM STDIN`;
	const printing = cells.map(({type, of}) => ({of, print: printers[type] ?? String}));
	const copy = async (text: string) => db.executeQuery(CompiledQuery.raw(statement, [new CopiedRows(text)]));
	let text = '';
	for (const row of rows) {
		let end = '';
		for (const {of, print} of printing) {
			const value = of(row);
			text += `${end}${value === undefined || value === null ? String.raw`\N` : print(value)}`;
			end = '\t';
		}

		text += '\n';
		if (text.length < copiedCharacters) {
			continue;
		}

		await copy(text);
		text = '';
	}

	if (text !== '') {
		await copy(text);
	}
};

/**
Inserts rows whose keys are not there.
*/
export const insertRows = async (db: Kysely<Tables>, table: string, columns: Columns, rows: Iterable<ReadableRow>): Promise<void> =>
	copyRows(db, table, Object.entries(columns).map(([name, {type}]) => ({name, type, of: (row: ReadableRow) => row[name]})), rows);

/**
Inserts what rows are made of, whose keys are not there. No row is made of them before.
*/
export const insertSources = async <Row>(db: Kysely<Tables>, {name: table, columns}: Pick<Shape<Row>, 'name' | 'columns'>, sources: Iterable<Row>): Promise<void> =>
	copyRows(db, table, Object.entries(columns).map(([name, column]) => ({name, type: column.type, of: (source: Row) => readColumn(column, source)})), sources);

const special = /[\t\n\r\\]/v;
const escapes: ReadonlyMap<string, string> = new Map([['\\', String.raw`\\`], ['\t', String.raw`\t`], ['\n', String.raw`\n`], ['\r', String.raw`\r`]]);

/**
A text as COPY reads it.
*/
const printText = (value: unknown): string => {
	const text = String(value);
	return special.test(text) ? text.replaceAll(/[\t\n\r\\]/gv, character => escapes.get(character)!) : text;
};

const quoted = /["\\]/gv;

/**
How a value is written whose text may need to be escaped.
*/
const printers: Partial<Record<ColumnType, (value: unknown) => string>> = {
	text: printText,
	id: printText,
	jsonb: value => printText(JSON.stringify(value)),
	'text[]': value => printText(`{${(value as string[]).map(entry => `"${entry.replaceAll(quoted, String.raw`\$&`)}"`).join(',')}}`),
	'bigint[]': value => `{${(value as number[]).join(',')}}`,
};

/**
Inserts rows, or replaces those with the same key. `isThere` says which ids may be there already; without it, any.

@returns the first part of the keys that were there already
*/
export const putRows = async (db: Kysely<Tables>, {name, columns, key}: Pick<Shape<never>, 'name' | 'key'> & {columns: Columns}, rows: Iterable<ReadableRow>, isThere: (id: string) => boolean = () => true): Promise<string[]> => {
	const all = Object.keys(columns);
	const list = names(all);
	const others = all.filter(column => !key.includes(column));
	const change = others.length === 0 ? sql`NOTHING` : sql`UPDATE SET ${names(others, column => sql`${sql.id(column)} = excluded.${sql.id(column)}`)}`;
	const replaced: string[] = [];
	for (const piece of inPieces(rows)) {
		await insertRows(db, name, columns, piece.filter(({id}) => !isThere(id as string)));
		const replacing = piece.filter(({id}) => isThere(id as string));
		if (replacing.length === 0) {
			continue;
		}

		// A row that was there has the number of this transaction as the one that locked its old form.
		const {rows: found} = await sql<{key: string}>`
			WITH done AS (
							INSERT INTO ${sql.id(name)} (${list}) SELECT ${list} FROM ${rowSource(columns, replacing)}
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
Skips the checks of foreign keys until the end of the transaction, where the server lets this user do so: they take half of the time of an import. `findLinks` has looked up what refers to what, and nobody else writes meanwhile. Triggers that somebody has made would be skipped as well, so where there is one, the checks are made. Only for transactions that delete nothing that others refer to, because nothing cascades either.
*/
export const skipReferenceChecks = async (db: Kysely<Tables>): Promise<void> => {
	await sql`
		SELECT set_config('session_replication_role', 'replica', true)
		WHERE has_parameter_privilege('session_replication_role', 'SET') AND NOT EXISTS (
			SELECT FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgenabled = 'O'
		)
	`.execute(db);
};

/**
Deletes the rows of which `column` is one of the ids.
*/
export const deleteRows = async (db: Kysely<Tables>, table: string, column: string, ids: readonly string[]): Promise<void> => {
	for (const piece of inPieces(ids)) {
		await sql`DELETE FROM ${sql.id(table)} WHERE ${sql.id(column)} = ANY(${piece}::text[])`.execute(db);
	}
};
