import {sql, type Kysely, type Transaction} from 'kysely';
import {AppError} from '../../base/errors.js';
import {plural} from '../../base/text/format.js';
import type {CatalogHeader} from '../../catalog/types.js';
import {
	fingerprintOf,
	notEmpty,
	otherCopy,
	writtenByOther,
	type CopySource,
	type CopyTarget,
} from '../copy/copy-ends.js';
import type {LineBytes} from '../line-reader.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {canonicalJson, lineFacts} from '../record-line.js';
import {fillListRows} from './answers/put-list.js';
import {addHistory, putServers, recordColumns} from './commit.js';
import {createDatabaseConnections, type StoreLogin} from './connections.js';
import {failureKind} from './failure.js';
import {readHeader, tellCommit} from './header.js';
import {dropLateIndexes, lackOfExtension, makeIndexesNow} from './late-indexes.js';
import {emptyTables, fillReadable} from './readable/make-readable.js';
import {insertRows, skipReferenceChecks} from './readable/write-rows.js';
import {storedAmounts, storedContents} from './stored-contents.js';
import type {Tables} from './table-types.js';
import {tablesState} from './tables.js';
import {takeSeat} from './writer-seat.js';

type DatabaseTargetOptions = {
	login: StoreLogin;
	source: Pick<CopySource, 'id' | 'header' | 'records'>;
	now?: () => Date;
};

/**
Takes a catalogue into the tables of a database. The table `copying` says how much is there, in the same transaction as each piece; the row in `catalog` comes last.

@throws {AppError} `locked`, `usage`, `newer`, `unreachable`, `unauthorized`, `forbidden`, `tls`
*/
export const openDatabaseTarget = async ({login, source, now = () => new Date()}: DatabaseTargetOptions): Promise<CopyTarget> => {
	const {address: {schema, text}} = login;
	const {working, opening, keep, outlastStop} = await createDatabaseConnections(login);
	const seat = await opening(async () => takeSeat({
		keep, working, schema, now,
	}));
	if ('holder' in seat) {
		throw writtenByOther(seat.holder, text);
	}

	try {
		const connection = await seat.connection();
		const {db} = connection;
		const fingerprint = fingerprintOf(source);
		const {isAnew} = await working(async () => db.transaction().execute(async transaction => begin(transaction, {
			name: text, schema, source, fingerprint,
		})));
		const progress = async () => working(async () => db.selectFrom('copying').select(['records', 'events']).executeTakeFirstOrThrow());
		outlastStop();
		const inTransaction = async (work: (transaction: Transaction<Tables>) => Promise<unknown>) => {
			await working(async () => db.transaction().execute(work));
		};

		return {
			...storedContents(db, working),
			name: text,
			isAnew,
			advice: seat.hasMadeTables ? await working(async () => lackOfExtension(db, login.address)) : undefined,
			async eventsHere() {
				const {events} = await progress();
				return events;
			},
			async addEvents(events) {
				await inTransaction(async transaction => {
					await addHistory(transaction, events);
					await sql`UPDATE copying SET events = events + ${events.length}`.execute(transaction);
				});
			},
			async recordsHere() {
				const {records} = await progress();
				return records;
			},
			async addLines(lines) {
				await inTransaction(async transaction => {
					await insertLines(transaction, lines);
					await sql`UPDATE copying SET records = records + ${lines.length}`.execute(transaction);
				});
			},
			async seal() {
				// The database learns what it has, so that the first questions are answered quickly.
				await working(async () => sql`ANALYZE records, history`.execute(db));
			},
			async finish() {
				try {
					await inTransaction(async transaction => makeCatalog(transaction, source.header, schema));
				} catch (error) {
					if (failureKind(error) !== 'lost') {
						throw error;
					}

					// The answer may have got lost on its way. Nothing can come of the old connection once this process has its seat again.
					await connection.end();
					const again = await seat.connection();
					const made = await working(async () => again.db.selectFrom('catalog').select('revision').executeTakeFirst());
					if (made?.revision !== source.header.revision) {
						throw error;
					}
				}
			},
			async reject() {
				await working(async () => db.updateTable('copying').set({fingerprint: ''}).execute());
			},
			async close() {
				await seat.release();
			},
		};
	} catch (error) {
		await seat.release();
		throw error;
	}
};

/**
Looks into a target without changing it, for a dry run.

@throws {AppError} what `openDatabaseTarget` throws for a target that cannot be used
*/
export const examineDatabaseTarget = async ({login, source}: Pick<DatabaseTargetOptions, 'login' | 'source'>): Promise<void> => {
	const {address: {schema, text}} = login;
	const {db, opening, working} = await createDatabaseConnections(login);
	const state = await opening(async () => tablesState(db, schema));
	if (state === 'same') {
		await working(async () => requireRoom(db, {name: text, schema, source}));
	} else if (state !== 'none') {
		throw new AppError(state === 'newer' ? 'newer' : 'usage', `The tables in ${text} were made by ${state === 'newer' ? 'a newer' : 'an older'} reelcat.`, {hint: 'Name another schema in the address.'});
	}
};

type Beginning = {name: string; schema: string; source: Pick<CopySource, 'id' | 'header'>; fingerprint: string};

/**
@returns the fingerprint of an unfinished copy of the same source, if there is one
@throws {AppError} `usage` if anything else is there
*/
const requireRoom = async (db: Kysely<Tables>, {name, schema, source}: Omit<Beginning, 'fingerprint'>): Promise<string | undefined> => {
	const copying = await db.selectFrom('copying').select(['source', 'fingerprint']).executeTakeFirst();
	if (copying !== undefined) {
		if (copying.source !== source.id) {
			throw otherCopy(name, `drop the schema ${schema}`);
		}

		return copying.fingerprint;
	}

	const {revision, servers, libraries} = await readHeader(db);
	const {records, eventCount} = await storedAmounts(db, schema);
	if (records + eventCount + servers.length + libraries.length > 0 || revision >= source.header.revision) {
		throw notEmpty(name, `revision ${revision}, ${plural(records, 'record')}`);
	}

	return undefined;
};

const begin = async (transaction: Transaction<Tables>, {fingerprint, ...place}: Beginning): Promise<{isAnew: boolean}> => {
	const found = await requireRoom(transaction, place);
	if (found === fingerprint) {
		return {isAnew: false};
	}

	await emptyTables(transaction);
	await sql`TRUNCATE copying, catalog, history, commits RESTART IDENTITY`.execute(transaction);
	await transaction.insertInto('copying').values({source: place.source.id, fingerprint}).execute();
	return {isAnew: found !== undefined};
};

const insertLines = async (transaction: Transaction<Tables>, lines: readonly LineBytes[]): Promise<void> =>
	insertRows(transaction, 'records', recordColumns, lines.values().map(line => {
		const found = lineFacts(line);
		if (found === undefined) {
			throw new AppError('damaged', `A line of the catalogue is not a record: ${line.toString('utf8', 0, 60)}`, {hint: '"reelcat verify" names all that is wrong.'});
		}

		const {libraryId, ...facts} = found;
		return {...facts, library_id: libraryId, line: line.toString('utf8')};
	}));

/**
The header is the last to come, and with it the catalogue is there for everyone.
*/
const makeCatalog = async (transaction: Transaction<Tables>, header: CatalogHeader, schema: string): Promise<void> => {
	await putServers(transaction, header.servers);
	for (const library of header.libraries) {
		const {movie, show, season, episode} = library.counts;
		await transaction.insertInto('libraries').values({
			id: library.id, line: JSON.stringify(library), movies: movie, shows: show, seasons: season, episodes: episode,
		}).execute();
	}

	await skipReferenceChecks(transaction);
	await dropLateIndexes(transaction);
	await fillReadable(transaction);
	await fillListRows(transaction);
	await makeIndexesNow(transaction);
	await transaction.insertInto('catalog').values({schema_version: schemaVersionOf(migrations), revision: header.revision, rewinds: JSON.stringify(header.rewinds ?? [])}).execute();
	await transaction.deleteFrom('copying').execute();
	if (canonicalJson(await readHeader(transaction)) !== canonicalJson(header)) {
		throw new AppError('damaged', 'The servers and libraries of the copy are not those of the catalogue. It was not made a catalogue.', {hint: '"reelcat verify" names what is wrong.'});
	}

	await tellCommit(transaction, schema, header.revision);
};
