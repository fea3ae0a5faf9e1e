import {Buffer} from 'node:buffer';
import {sql, type Kysely, type Transaction} from 'kysely';
import type {HistoryEvent} from '../../catalog/history.js';
import type {
	CatalogRecord,
	ItemCounts,
	ItemType,
	Library,
	Server,
} from '../../catalog/types.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {noItems} from '../record-kinds.js';
import {putListRows} from './answers/put-list.js';
import {readHead, tellCommit, type Head} from './header.js';
import {dropLateIndexesAtFirst, lackOfIndexes, lateIndexStatements} from './late-indexes.js';
import {inPieces} from './pieces.js';
import {historyColumns, historyRow} from './readable/header-columns.js';
import {putReadable, putReadableHeader} from './readable/put-readable.js';
import {insertRows, putRows, skipReferenceChecks} from './readable/write-rows.js';
import type {StagedChanges, StagedPut} from './staged-changes.js';
import type {Tables} from './table-types.js';

export type Commit = {
	/**
	The changes that are written on top of this commit; undefined if there are none. While it works, nobody else commits.
	*/
	changesAfter: (last: {revision: number; token: string | undefined}) => Promise<StagedChanges | undefined>;
	/**
	Tells this commit from every other one, so that it can be found when its answer got lost.
	*/
	token: string;
	/**
	Ids of the servers for which this process writes; undefined for the whole catalogue.
	*/
	servers: Iterable<string> | undefined;
	schema: string;
};

/**
Older commits than so many are forgotten: whoever has not followed for so long reads everything again.
*/
export const keptCommits = 2000;

/**
From so many records on, a commit looks after its foreign keys itself.
*/
const manyPuts = 100;

export type Committed = {
	writtenBytes: number;
	next: Head;
	changes: StagedChanges;
	/**
	Whether indexes are missing that a first import does without.
	*/
	areIndexesMissing: boolean;
};

/**
"turn" in ASCII, the first half of the key of a lock that whoever commits has until the end of the transaction.
*/
const turnClass = 0x74_75_72_6E;

/**
Whoever else writes waits here, in the order in which they came.
*/
const waitForTurn = async (db: Transaction<Tables>) => {
	await sql`
		WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', '50s', true))
		SELECT pg_advisory_xact_lock(${turnClass}, 'catalog'::regclass::oid::integer) FROM patience
	`.execute(db);
};

const inTurn = async <Value>(db: Kysely<Tables>, work: (transaction: Transaction<Tables>) => Promise<Value>): Promise<Value> => db.transaction().execute(async transaction => {
	await waitForTurn(transaction);
	return work(transaction);
});

/**
Makes the indexes that a first import did without. Others may commit between two of them.
*/
export const makeLateIndexes = async (db: Kysely<Tables>): Promise<void> => {
	for (const statement of lateIndexStatements) {
		await inTurn(db, async transaction => sql.raw(statement).execute(transaction));
	}
};

/**
Writes the changes, all or nothing.

@returns the header afterwards, how many bytes were sent, and the changes; undefined if there are none
@throws what `changesAfter` throws
*/
export const writeCommit = async (db: Kysely<Tables>, {changesAfter, token, servers, schema}: Commit): Promise<Committed | undefined> => inTurn(db, async transaction => {
	const stored = await transaction.selectFrom('catalog').leftJoin('commits', 'commits.revision', 'catalog.revision').select(['catalog.revision', 'token', lackOfIndexes.as('areIndexesMissing')]).executeTakeFirst();
	const after = stored?.revision ?? 0;
	const changes = await changesAfter({revision: after, token: stored?.token ?? undefined});
	if (changes === undefined) {
		return undefined;
	}

	const revision = after + 1;
	await transaction.insertInto('catalog').values({schema_version: schemaVersionOf(migrations), revision})
		.onConflict(conflict => conflict.column('singleton').doUpdateSet({revision})).execute();
	const {puts, before, removes, events, servers: newServers, libraries} = changes;
	const records = puts.values().map(({record}) => record).toArray();
	// A record that was of another kind before leaves the table of that kind.
	const moved = records.filter(({id, kind}) => (before.get(id)?.kind ?? kind) !== kind).map(({id}) => id);
	const gone = [...removes, ...moved];
	await putServers(transaction, newServers);
	await putLibraries(transaction, libraries);
	await count(transaction, changes);
	await putReadableHeader(transaction, {servers: newServers, libraries});
	if (puts.size >= manyPuts) {
		await dropLateIndexesAtFirst(transaction);
		if (gone.length === 0) {
			await skipReferenceChecks(transaction);
		}
	}

	const touched = await putReadable(transaction, {
		puts: records, known: before, removes: gone, others: [...newServers, ...libraries].map(({id}) => id),
	});
	await putRecords(transaction, puts.values(), id => before.has(id));
	const historyBytes = await addHistory(transaction, events.map(event => ({...event, revision})));
	for (const ids of inPieces(removes)) {
		await transaction.deleteFrom('records').where('id', '=', sql<string>`ANY(${ids}::text[])`).execute();
	}

	await putListRows(transaction, {
		puts: records, known: before, removes: gone, touched,
	});
	await transaction.insertInto('commits').values({
		revision, token, upserted: changes.puts.keys().toArray(), removed: [...changes.removes], servers: servers && [...servers],
	}).execute();
	await transaction.deleteFrom('commits').where('revision', '<=', revision - keptCommits).execute();
	await tellCommit(transaction, schema, revision);
	const writtenBytes = puts.values().reduce((sum, {line}) => sum + Buffer.byteLength(line), historyBytes);
	return {
		writtenBytes, changes, next: await readHead(transaction), areIndexesMissing: stored?.areIndexesMissing === true,
	};
});

const typeOf = (record: CatalogRecord) => record.kind === 'item' ? record.type : undefined;
const libraryOf = (record: CatalogRecord) => record.kind === 'item' ? record.libraryId : undefined;

export const recordColumns = {
	id: {type: 'id'}, kind: {type: 'text'}, type: {type: 'text'}, library_id: {type: 'id'}, line: {type: 'text'},
} as const;

/**
Inserts records in their order. What `isThere` says of is replaced and keeps its place.
*/
export const putRecords = async (db: Transaction<Tables>, puts: Iterable<StagedPut>, isThere: (id: string) => boolean): Promise<void> => {
	const rows = Iterator.from(puts).map(({record, line}) => ({
		id: record.id, kind: record.kind, type: typeOf(record), library_id: libraryOf(record), line,
	}));
	await putRows(db, {name: 'records', columns: recordColumns, key: ['id']}, rows, isThere);
};

const eventColumns = {
	at: {type: 'text'}, revision: {type: 'bigint'}, line: {type: 'text'}, ...historyColumns,
} as const;

/**
@returns the bytes of the lines
*/
export const addHistory = async (db: Transaction<Tables>, events: readonly HistoryEvent[]): Promise<number> => {
	let bytes = 0;
	for (const piece of inPieces(events)) {
		const lines = piece.map(event => JSON.stringify(event));
		await insertRows(db, 'history', eventColumns, piece.map((event, index) => ({
			at: event.at, revision: event.revision, line: lines[index], ...historyRow(event),
		})));
		bytes += lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
	}

	return bytes;
};

export const putServers = async (db: Transaction<Tables>, servers: readonly Server[]): Promise<void> => {
	for (const server of servers) {
		const line = JSON.stringify(server);
		await db.insertInto('servers').values({id: server.id, line}).onConflict(conflict => conflict.column('id').doUpdateSet({line})).execute();
	}
};

/**
A new library gets the numbers of the records that are there; one that is known keeps its own.
*/
export const putLibraries = async (db: Transaction<Tables>, libraries: readonly Library[]): Promise<void> => {
	for (const library of libraries) {
		const line = JSON.stringify(library);
		const known = await db.updateTable('libraries').set({line}).where('id', '=', library.id).returning('id').executeTakeFirst();
		if (known !== undefined) {
			continue;
		}

		await db.insertInto('libraries').values({id: library.id, line}).execute();
		await sql`
			UPDATE libraries SET movies = counted.movies, shows = counted.shows, seasons = counted.seasons, episodes = counted.episodes
						FROM (
							SELECT count(*) FILTER (WHERE type = 'movie') AS movies, count(*) FILTER (WHERE type = 'show') AS shows,
								count(*) FILTER (WHERE type = 'season') AS seasons, count(*) FILTER (WHERE type = 'episode') AS episodes
							FROM records WHERE library_id = ${library.id}
						) AS counted
						WHERE id = ${library.id}
		`.execute(db);
	}
};

/**
Adds to the counts of the libraries what the changes add, so the work grows with what changed.
*/
const count = async (db: Transaction<Tables>, {puts, before, removes}: StagedChanges): Promise<void> => {
	const steps = new Map<string, ItemCounts>();
	const step = (libraryId: string | undefined, type: string | undefined, by: 1 | -1) => {
		if (libraryId === undefined || type === undefined) {
			return;
		}

		const ofLibrary = steps.get(libraryId) ?? noItems();
		ofLibrary[type as ItemType] += by;
		steps.set(libraryId, ofLibrary);
	};

	for (const id of [...puts.keys(), ...removes]) {
		const was = before.get(id);
		step(was?.libraryId, was?.type, -1);
	}

	for (const {record} of puts.values()) {
		step(libraryOf(record), typeOf(record), 1);
	}

	for (const [id, {movie, show, season, episode}] of steps) {
		if (movie !== 0 || show !== 0 || season !== 0 || episode !== 0) {
			await sql`
				UPDATE libraries SET movies = movies + ${movie}, shows = shows + ${show}, seasons = seasons + ${season}, episodes = episodes + ${episode}
								WHERE id = ${id}
			`.execute(db);
		}
	}
};
