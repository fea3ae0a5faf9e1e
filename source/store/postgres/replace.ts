import {randomUUID} from 'node:crypto';
import {sql, type Transaction} from 'kysely';
import type {FileSystem} from '../../base/file-system.js';
import {instantOf} from '../../catalog/values.js';
import type {CatalogRecord} from '../../catalog/types.js';
import {emptyCatalog} from '../catalog-data.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {readWholeBackup} from '../replace-catalog.js';
import {fillListRows} from './answers/put-list.js';
import {putLibraries, putRecords, putServers} from './commit.js';
import type {Connections} from './connections.js';
import {failureKind} from './failure.js';
import {readHeader, tellCommit} from './header.js';
import {dropLateIndexes, makeIndexesNow} from './late-indexes.js';
import {inPieces} from './pieces.js';
import {emptyTables, fillReadable} from './readable/make-readable.js';
import {skipReferenceChecks} from './readable/write-rows.js';
import type {Tables} from './table-types.js';
import type {WriterSeat} from './writer-seat.js';

type ReplaceOptions = Pick<Connections, 'working'> & {
	seat: WriterSeat;
	schema: string;
	place: {folder: string; fs: FileSystem};
	/**
	A backup; without one the catalogue is empty afterwards.
	*/
	restoreFrom: string | undefined;
	now: () => Date;
};

/**
Puts another catalogue in the place of the one in the tables, in one transaction. Its revision is one that was never used, and the header says what of the history does not hold for it, as in a document.

@throws {AppError} `damaged`, `newer`
*/
export const replaceCatalog = async ({working, seat, schema, place, restoreFrom, now}: ReplaceOptions): Promise<void> => {
	const {header, table} = restoreFrom === undefined ? emptyCatalog() : await readWholeBackup(restoreFrom, {...place, steps: migrations});
	const token = randomUUID();
	const replace = async (transaction: Transaction<Tables>) => {
		const known = await readHeader(transaction);
		const toRevision = header.revision;
		const revision = Math.max(toRevision, known.revision) + 1;
		const rewinds = JSON.stringify([...header.rewinds ?? [], {toRevision, revision, at: instantOf(now())}]);
		// Who reads in the meantime waits, and who reads for long keeps this waiting.
		await sql`SET LOCAL lock_timeout = '20s'`.execute(transaction);
		await emptyTables(transaction);
		await dropLateIndexes(transaction);
		// The memory of a line is used again for the next one.
		for (const lines of inPieces(table.lines().map(line => line.toString('utf8')))) {
			await putRecords(transaction, lines.map(line => ({line, record: JSON.parse(line) as CatalogRecord})), () => false);
		}

		await putServers(transaction, header.servers);
		await putLibraries(transaction, header.libraries);
		await skipReferenceChecks(transaction);
		await fillReadable(transaction);
		await fillListRows(transaction);
		await makeIndexesNow(transaction);
		const values = {schema_version: schemaVersionOf(migrations), revision, rewinds};
		await transaction.insertInto('catalog').values(values).onConflict(conflict => conflict.column('singleton').doUpdateSet(values)).execute();
		await transaction.insertInto('commits').values({
			revision, token, upserted: [], removed: [], is_reload: true,
		}).execute();
		await tellCommit(transaction, schema, revision);
	};

	const connection = await seat.connection();
	try {
		await working(async () => connection.db.transaction().execute(replace));
	} catch (error) {
		if (failureKind(error) !== 'lost') {
			throw error;
		}

		// The answer may have got lost on its way. Nothing can come of the old connection once this process has its seat again.
		await connection.end();
		const {db} = await seat.connection();
		if (await working(async () => db.selectFrom('commits').select('revision').where('token', '=', token).executeTakeFirst()) === undefined) {
			throw error;
		}
	}
};
