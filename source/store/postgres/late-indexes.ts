import {sql, type Kysely} from 'kysely';
import type {Advice} from '../catalog-context.js';
import {listNameShape, listRowShape} from './answers/list-shapes.js';
import {itemShape} from './readable/item-shapes.js';
import {otherIndexes, trigramIndexes} from './readable/make-readable.js';
import {personShape, tagShape} from './readable/record-shapes.js';
import type {Tables} from './table-types.js';

/**
Indexes for those who ask, of which an import needs none. To keep them while the tables fill takes more than to make them afterwards.
*/
const indexes: Readonly<Record<string, string>> = {
	...otherIndexes,
	...listRowShape.indexes,
	...listNameShape.indexes,
	...personShape.indexes,
	...tagShape.indexes,
	items_by_added_at: itemShape.indexes!['items_by_added_at']!,
};

const names = [...Object.keys(indexes), ...Object.keys(trigramIndexes)];

// With fewer bytes of records, a catalogue has just begun.
const fewBytes = 64 * 1024;

const dropping = `
	LOCK TABLE items, people, tags, history, list_rows, list_names IN ACCESS EXCLUSIVE MODE NOWAIT;
	DROP INDEX IF EXISTS ${names.join(', ')};
	UPDATE catalog SET are_indexes_late = true;
`;

// The indexes stay where somebody reads these tables at the moment, or where the tables belong to another role.
const unlessInUse = (statements: string) => `DO $do$
BEGIN
	${statements}
EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN
	NULL;
END
$do$`;

/**
Drops these indexes until `lateIndexStatements` make them, before all tables are filled.
*/
export const dropLateIndexes = async (db: Kysely<Tables>): Promise<void> => {
	await sql.raw(unlessInUse(dropping)).execute(db);
};

/**
The same where the catalogue has hardly any records yet.
*/
export const dropLateIndexesAtFirst = async (db: Kysely<Tables>): Promise<void> => {
	await sql.raw(unlessInUse(`IF pg_relation_size('records') < ${fewBytes} THEN ${dropping} END IF;`)).execute(db);
};

/**
They make the indexes that are not there. Each may take a while, and a statement has only so much time.
*/
export const lateIndexStatements: readonly string[] = [
	...Object.entries(indexes).map(([name, on]) => `CREATE INDEX IF NOT EXISTS ${name} ${on}`),
	...Object.values(trigramIndexes),
	'UPDATE catalog SET are_indexes_late = false',
];

/**
Whether one of them is not there, as in a restored dump without pg_trgm. Without that extension, nobody can make those that need it.
*/
export const lackOfIndexes = sql<boolean>`
	(are_indexes_late OR EXISTS (
		SELECT FROM unnest(${names}::text[]) AS given (name)
		WHERE to_regclass(name) IS NULL AND (name <> ALL(${Object.keys(trigramIndexes)}::text[]) OR EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm'))
	))
`;

/**
What only an administrator of the database can give: the extension pg_trgm, where the user of reelcat may not add it.
*/
export const lackOfExtension = async (db: Kysely<Tables>, {database}: {database: string}): Promise<Advice | undefined> => {
	const {rows} = await sql<{isThere: boolean; isInstalled: boolean}>`
		SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS "isThere", EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS "isInstalled"
	`.execute(db);
	const {isThere, isInstalled} = rows[0]!;
	return isThere
		? undefined
		: {
			text: 'Words and parts of words take longer to find, because the database lacks the extension pg_trgm.',
			hint: `${isInstalled ? 'An' : 'The package postgresql-contrib, or what its system calls that, has to come onto the server first. Then an'} administrator says "CREATE EXTENSION pg_trgm WITH SCHEMA public" in the database ${database}, and the end of the next import or sync makes the indexes.`,
		};
};

/**
Makes them in the transaction in which the tables were filled.
*/
export const makeIndexesNow = async (db: Kysely<Tables>): Promise<void> => {
	// No index can be made before the references of its table were checked.
	for (const statement of ['SET CONSTRAINTS ALL IMMEDIATE', ...lateIndexStatements]) {
		await sql.raw(statement).execute(db);
	}
};
