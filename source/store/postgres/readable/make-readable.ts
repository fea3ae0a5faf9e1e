import {sql, type Kysely} from 'kysely';
import pg from 'pg';
import type {HistoryEvent} from '../../../catalog/history.js';
import type {CatalogRecord, Library, Server} from '../../../catalog/types.js';
import type {Tables} from '../table-types.js';
import {listShapes} from '../answers/list-shapes.js';
import {catalogComments} from './catalog-comments.js';
import {
	historyColumns,
	historyRow,
	libraryColumns,
	serverColumns,
} from './header-columns.js';
import {
	itemFileShape,
	itemPersonShape,
	itemShape,
	itemTagShape,
	trackShape,
	versionShape,
} from './item-shapes.js';
import {putReadable, putReadableHeader} from './put-readable.js';
import {
	collectionItemShape,
	collectionShape,
	fileShape,
	missingShape,
	personShape,
	playlistItemShape,
	playlistShape,
	runLibraryShape,
	runProblemShape,
	runShape,
	tagShape,
	tombstoneShape,
} from './record-shapes.js';
import {definitionOf, type Column, type Shape} from './shape.js';
import {views} from './views.js';
import {fillRows} from './write-rows.js';

/**
The readable tables; one that refers to another comes after it.
*/
export const readableShapes: ReadonlyArray<Shape<never>> = [
	personShape,
	tagShape,
	fileShape,
	itemShape,
	versionShape,
	itemFileShape,
	trackShape,
	itemPersonShape,
	itemTagShape,
	collectionShape,
	collectionItemShape,
	playlistShape,
	playlistItemShape,
	tombstoneShape,
	runShape,
	runLibraryShape,
	runProblemShape,
	missingShape,
];

/**
Columns of tables that the catalogue itself needs.
*/
const addedColumns: ReadonlyArray<readonly [table: 'servers' | 'libraries' | 'history', columns: Readonly<Record<string, Column<never>>>]> = [
	['servers', serverColumns],
	['libraries', libraryColumns],
	['history', historyColumns],
];

export const otherIndexes: Readonly<Record<string, string>> = {
	history_by_moment: 'ON history (happened_at)',
	history_of_item: 'ON history USING hash (item_id)',
	items_by_words: 'ON items USING gin (words)',
};

// PostgreSQL refuses to take more than a megabyte of text apart, so only the beginning is searched.
const wordsColumn = `ALTER TABLE items ADD COLUMN words tsvector GENERATED ALWAYS AS (
	to_tsvector('simple', left(coalesce(title, ''), 2000) || ' ' || left(coalesce(original_title, ''), 2000) || ' ' || left(coalesce(summary, ''), 20000))
) STORED`;

const wordsComment = 'The words of the title, the original title and the summary, to search in: WHERE words @@ websearch_to_tsquery(\'simple\', \'ferry -rain\')';

/**
Finds texts by any part of them. Many servers have the extension pg_trgm, and the owner of a database may add it; without it the same queries are only slower.
*/
const trigramIndex = (name: string, table: string, column: string): string => `DO $do$
DECLARE place text;
BEGIN
	CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
	SELECT quote_ident(nspname) INTO STRICT place FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm';
	EXECUTE format('CREATE INDEX IF NOT EXISTS ${name} ON ${table} USING gin (${column} %s.gin_trgm_ops)', place);
EXCEPTION WHEN OTHERS THEN
	NULL;
END
$do$`;

/**
By their names, what makes each of them.
*/
export const trigramIndexes = {
	items_by_part_of_title: trigramIndex('items_by_part_of_title', 'items', 'title'),
	list_rows_by_part: trigramIndex('list_rows_by_part', 'list_rows', 'haystack'),
	list_names_by_part: trigramIndex('list_names_by_part', 'list_names', 'words'),
};

export const createTable = ({name, columns, key, constraints = []}: Shape<never>) => `CREATE TABLE ${name} (
	${[...Object.entries(columns).map(([column, definition]) => `${column} ${definitionOf(definition)}`), `PRIMARY KEY (${key.join(', ')})`, ...constraints].join(',\n\t')}
)`;

export const indexesOf = ({indexes = {}}: Pick<Shape<never>, 'indexes'>): string[] => Object.entries(indexes).map(([name, on]) => `CREATE INDEX ${name} ${on}`);

/**
Makes the tables, columns, indexes and views for people who ask with SQL, and fills them. They hold nothing that is not in the records.

They are made as this version declares them. A later step that adds a column therefore says ADD COLUMN IF NOT EXISTS.
*/
export const makeReadable = async (db: Kysely<Tables>): Promise<void> => {
	// Several statements in one text, since there are some hundred.
	const run = async (...statements: readonly string[]) => sql.raw(statements.join(';\n')).execute(db);
	await run(
		...addedColumns.map(([table, columns]) => `ALTER TABLE ${table} ${Object.entries(columns).map(([name, definition]) => `ADD COLUMN ${name} ${definitionOf(definition)}`).join(', ')}`),
		...readableShapes.flatMap(shape => [createTable(shape), ...indexesOf(shape)]),
		wordsColumn,
	);
	await fillHistory(db);
	await fillReadable(db);
	// No table can be changed before its references were checked. Each of these may take a while, and a statement has only so much time.
	for (const statement of ['SET CONSTRAINTS ALL IMMEDIATE', ...indexesOf({indexes: otherIndexes}), trigramIndexes.items_by_part_of_title]) {
		await run(statement);
	}

	await run(...views.map(({name, query}) => `CREATE VIEW ${name} AS ${query}`), ...comments());
};

const comments = (): string[] => {
	const say = (what: string, text: string) => `COMMENT ON ${what} IS ${pg.escapeLiteral(text)}`;
	const sayColumns = (table: string, columns: Readonly<Record<string, string>>) => Object.entries(columns).map(([column, text]) => say(`COLUMN ${table}.${column}`, text));
	const sayShape = (table: string, columns: Readonly<Record<string, {comment: string}>>) => sayColumns(table, Object.fromEntries(Object.entries(columns).map(([name, {comment}]) => [name, comment])));
	return [
		...Object.entries(catalogComments).flatMap(([table, {comment, columns}]) => [say(`TABLE ${table}`, comment), ...sayColumns(table, columns)]),
		...addedColumns.flatMap(([table, columns]) => sayShape(table, columns)),
		...readableShapes.flatMap(({name, comment, columns}) => [say(`TABLE ${name}`, comment), ...sayShape(name, columns)]),
		say('COLUMN items.words', wordsComment),
		...views.map(({name, comment}) => say(`VIEW ${name}`, comment)),
	];
};

const linesPerPage = 1000;

/**
What others refer to comes first; otherwise it would be written twice.
*/
const order: ReadonlyArray<readonly [kind: CatalogRecord['kind'], type?: string]> = [
	['person'],
	['tag'],
	['file'],
	['item', 'movie'],
	['item', 'show'],
	['item', 'season'],
	['item', 'episode'],
	['collection'],
	['playlist'],
	['tombstone'],
	['run'],
];

/**
Fills the readable tables, which must be empty, and the readable columns of servers and libraries from the records that are there.
*/
export const fillReadable = async (db: Kysely<Tables>): Promise<void> => {
	const [servers, libraries] = await Promise.all([
		db.selectFrom('servers').select('line').execute(),
		db.selectFrom('libraries').select('line').execute(),
	]);
	await putReadableHeader(db, {servers: servers.map(({line}) => JSON.parse(line) as Server), libraries: libraries.map(({line}) => JSON.parse(line) as Library)});
	for (const [kind, type] of order) {
		await fillKind(db, kind, type);
	}
};

const fillKind = async (db: Kysely<Tables>, kind: CatalogRecord['kind'], type: string | undefined) => {
	let after = 0;
	for (;;) {
		let page = db.selectFrom('records').select(['position', 'line']).where('kind', '=', kind).where('position', '>', after).orderBy('position').limit(linesPerPage);
		if (type !== undefined) {
			page = page.where('type', '=', type);
		}

		const rows = await page.execute();
		await putReadable(db, {puts: rows.map(({line}) => JSON.parse(line) as CatalogRecord), removes: []});
		if (rows.length < linesPerPage) {
			return;
		}

		after = rows.at(-1)!.position;
	}
};

/**
Empties the tables of the catalogue, without its history.
*/
export const emptyTables = async (db: Kysely<Tables>): Promise<void> => {
	// Tables that refer to one another are emptied by one statement. The first one is that which readers lock first (`atOneMoment`).
	await sql`TRUNCATE records, servers, libraries, ${sql.join([...readableShapes, ...listShapes].map(({name}) => sql.table(name)))}`.execute(db);
};

const fillHistory = async (db: Kysely<Tables>) => {
	let after = 0;
	for (;;) {
		const rows = await db.selectFrom('history').select(['number', 'line']).where('number', '>', after).orderBy('number').limit(linesPerPage).execute();
		await fillRows(db, 'history', {key: {number: {type: 'bigint'}}, columns: historyColumns}, rows.map(({number, line}) => ({number, ...historyRow(JSON.parse(line) as HistoryEvent)})));
		if (rows.length < linesPerPage) {
			return;
		}

		after = rows.at(-1)!.number;
	}
};
