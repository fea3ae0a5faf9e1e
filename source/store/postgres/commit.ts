import {Buffer} from 'node:buffer';
import {sql, type Kysely, type Transaction} from 'kysely';
import type {HistoryEvent} from '../../catalog/history.js';
import type {
	CatalogHeader,
	CatalogRecord,
	ItemCounts,
	ItemType,
	Library,
	Server,
} from '../../catalog/types.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {noItems} from '../record-kinds.js';
import {putListRows} from './answers/put-list.js';
import {readHeader, tellCommit} from './header.js';
import {inPieces} from './pieces.js';
import {historyColumns, historyRow} from './readable/header-columns.js';
import {putReadable, putReadableHeader} from './readable/put-readable.js';
import {insertRows} from './readable/write-rows.js';
import type {StagedChanges, StagedPut} from './staged-changes.js';
import type {Tables} from './table-types.js';

export type Commit = {
	/**
	The changes that are written on top of this revision; undefined if there are none. While it works, nobody else commits.
	*/
	changesAfter: (revision: number) => Promise<StagedChanges | undefined>;
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
const keptCommits = 2000;

export type Committed = {writtenBytes: number; next: CatalogHeader; changes: StagedChanges};

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

/**
Writes the changes, all or nothing.

@returns the header afterwards, how many bytes were sent, and the changes; undefined if there are none
@throws what `changesAfter` throws
*/
export const writeCommit = async (db: Kysely<Tables>, {changesAfter, token, servers, schema}: Commit): Promise<Committed | undefined> => db.transaction().execute(async transaction => {
	await waitForTurn(transaction);
	const stored = await transaction.selectFrom('catalog').select('revision').executeTakeFirst();
	const after = stored?.revision ?? 0;
	const changes = await changesAfter(after);
	if (changes === undefined) {
		return undefined;
	}

	const revision = after + 1;
	await transaction.insertInto('catalog').values({schema_version: schemaVersionOf(migrations), revision})
		.onConflict(conflict => conflict.column('singleton').doUpdateSet({revision})).execute();
	const puts = changes.puts.values().toArray();
	const writtenBytes = await putRecords(transaction, puts) + await addHistory(transaction, changes.events.map(event => ({...event, revision})));
	for (const ids of inPieces(changes.removes)) {
		await transaction.deleteFrom('records').where('id', '=', sql<string>`ANY(${ids}::text[])`).execute();
	}

	await putServers(transaction, changes.servers);
	await count(transaction, changes);
	await putLibraries(transaction, changes.libraries);
	await tellReadable(transaction, changes);
	await transaction.insertInto('commits').values({
		revision, token, upserted: changes.puts.keys().toArray(), removed: [...changes.removes], servers: servers && [...servers],
	}).execute();
	await transaction.deleteFrom('commits').where('revision', '<=', revision - keptCommits).execute();
	await tellCommit(transaction, schema, revision);
	return {writtenBytes, changes, next: await readHeader(transaction)};
});

/**
A record that was of another kind before leaves the table of that kind.
*/
const tellReadable = async (db: Transaction<Tables>, {puts, before, removes, servers, libraries}: StagedChanges) => {
	await putReadableHeader(db, {servers, libraries});
	const moved = puts.values().filter(({record: {id, kind}}) => (before.get(id)?.kind ?? kind) !== kind).map(({record: {id}}) => id);
	const gone = [...removes, ...moved];
	const touched = await putReadable(db, {puts: puts.values().map(({record}) => record), removes: gone, others: [...servers, ...libraries].map(({id}) => id)});
	await putListRows(db, {puts: puts.values().map(({record}) => record), removes: gone, touched});
};

const typeOf = (record: CatalogRecord) => record.kind === 'item' ? record.type : undefined;
const libraryOf = (record: CatalogRecord) => record.kind === 'item' ? record.libraryId : undefined;

/**
Inserts or replaces. What is replaced keeps its place in the order.

@returns the bytes of the lines
*/
export const putRecords = async (db: Transaction<Tables>, puts: readonly StagedPut[]): Promise<number> => {
	let bytes = 0;
	for (const piece of inPieces(puts)) {
		const [ids, kinds, types, libraries, lines] = [
			piece.map(({record}) => record.id),
			piece.map(({record}) => record.kind),
			piece.map(({record}) => typeOf(record)),
			piece.map(({record}) => libraryOf(record)),
			piece.map(({line}) => line),
		];
		await sql`
			INSERT INTO records (id, kind, type, library_id, line)
						SELECT id, kind, type, library_id, line
						FROM unnest(${ids}::text[], ${kinds}::text[], ${types}::text[], ${libraries}::text[], ${lines}::text[]) WITH ORDINALITY AS put (id, kind, type, library_id, line, place)
						ORDER BY place
						ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, type = excluded.type, library_id = excluded.library_id, line = excluded.line
		`.execute(db);
		bytes += lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
	}

	return bytes;
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
A new library is counted; one that is known keeps its numbers.
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
Adds to the counts of the libraries that are there what the changes add, so the work grows with what changed.
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
