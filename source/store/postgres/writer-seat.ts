import {randomUUID} from 'node:crypto';
import {hostname} from 'node:os';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {sql} from 'kysely';
import {AppError, isAppError} from '../../base/errors.js';
import type {LockHolder} from '../../catalog/catalog-store.js';
import {instantOf} from '../../catalog/values.js';
import {writerWords} from '../lock-record.js';
import type {Connections, KeptConnection} from './connections.js';
import {migrateTables} from './tables.js';

/**
The right to write, which one process has at a time. PostgreSQL keeps it as an advisory lock of the connection over which everything is written: when that connection ends, so does the right, and nothing can be written over it any more.
*/
export type WriterSeat = {
	/**
	The connection to write over.

	@throws {AppError} `locked` if the connection broke off and another process writes by now; `not-writable` if it cannot be made again
	*/
	connection: () => Promise<KeptConnection>;
	release: () => Promise<void>;
};

/**
The first half of the keys of reelcat's advisory locks: "reel" in ASCII. The second half is the oid of the table `catalog`, so each schema has a lock of its own.
*/
const lockClass = 0x72_65_65_6C;

// In `pg_locks`.
const theLock = sql`
	locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND classid = ${lockClass}::bigint::oid AND objid = 'catalog'::regclass::oid AND granted
`;

// How long a writer tries to get its seat back, and how often. The server may take as long to notice that the old connection is gone.
const regainMs = 15_000;
const retryMs = 500;

type Holder = LockHolder & {token: string};

type SeatOptions = Pick<Connections, 'keep' | 'working'> & {schema: string; now: () => Date};

/**
@returns the seat, or who has it
@throws {AppError} `unreachable`, `unauthorized`, `tls`, `newer`
*/
export const takeSeat = async ({keep, working, schema, now}: SeatOptions): Promise<WriterSeat | {holder: LockHolder}> => {
	let kept = await keep();
	let isReleased = false;
	// Tells this holding of the seat from every other one, also when the server has not noticed yet that its connection is gone.
	const token = randomUUID();
	// The processes of the server that have served this seat.
	const own = [kept.processId()];
	const sit = async (connection: KeptConnection): Promise<Holder | undefined> => working(async () => {
		const {pid} = process;
		const startedAt = instantOf(now());
		const {rows} = await sql`
			WITH lock AS (SELECT pg_try_advisory_lock(${lockClass}, 'catalog'::regclass::oid::integer) AS taken)
			INSERT INTO writer (pid, host, started_at, token)
			SELECT ${pid}::integer, ${hostname()}::text, ${startedAt}::text, ${token}::text FROM lock WHERE taken
			ON CONFLICT (singleton) DO UPDATE SET pid = excluded.pid, host = excluded.host, started_at = excluded.started_at, token = excluded.token
			RETURNING token
		`.execute(connection.db);
		return rows.length === 0 ? holderOf(connection, now) : undefined;
	});

	try {
		await migrateTables(kept.db, schema);
		const holder = await sit(kept);
		if (holder !== undefined) {
			await kept.end();
			return {holder};
		}
	} catch (error) {
		await kept.end();
		throw error;
	}

	/**
	Takes the seat again on another connection, if nobody has it.
	*/
	const sitAgain = async (): Promise<void> => {
		const fresh = await keep();
		try {
			const holder = await sit(fresh);
			if (holder === undefined) {
				kept = fresh;
				own.push(fresh.processId());
				return;
			}

			if (holder.token !== token) {
				throw new AppError('locked', `The connection to the database broke off, and ${writerWords(holder)} writes the catalogue now.`, {hint: 'Wait until it has ended, or end it, and start reelcat again.'});
			}

			// The server has not noticed yet that the old connection is gone, and may still be at work for it.
			await working(async () => sql`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE ${theLock} AND pid = ANY(${own}::integer[])`.execute(fresh.db));
		} catch (error) {
			await fresh.end();
			throw error;
		}

		await fresh.end();
	};

	return {
		async connection() {
			const untilMs = performance.now() + regainMs;
			while (kept.isBroken()) {
				if (isReleased) {
					throw closed();
				}

				try {
					await sitAgain();
				} catch (error) {
					if (!isAppError(error) || error.code === 'locked') {
						throw error;
					}

					if (performance.now() > untilMs) {
						// It is no fault of a server of Plex, for which these codes usually stand.
						throw new AppError('not-writable', error.message, {hint: error.hint ?? 'Nothing is saved until the database can be reached again.', cause: error});
					}
				}

				if (kept.isBroken()) {
					await delay(retryMs);
				}
			}

			if (isReleased) {
				await kept.end();
				throw closed();
			}

			return kept;
		},
		async release() {
			// Who wrote stays known, but only the lock counts.
			isReleased = true;
			await kept.end();
		},
	};
};

const closed = () => new TypeError('This catalogue is closed.');

/**
Who has the right to write, as that process has told. It may have ended in this moment.
*/
const holderOf = async ({db}: KeptConnection, now: () => Date): Promise<Holder> => {
	const row = await db.selectFrom('writer').selectAll().executeTakeFirst();
	return row === undefined
		? {
			pid: 0, host: 'another machine', startedAt: instantOf(now()), token: '',
		}
		: {
			pid: row.pid, host: row.host, startedAt: row.started_at, token: row.token,
		};
};

/**
Who writes at the moment, if anyone.
*/
export const seatHolder = async ({db}: Pick<Connections, 'db'>): Promise<LockHolder | undefined> => {
	const {rows} = await sql<{pid: number; host: string; startedAt: string}>`
		SELECT pid, host, started_at AS "startedAt" FROM writer
		WHERE EXISTS (SELECT FROM pg_locks WHERE ${theLock})
	`.execute(db);
	return rows[0];
};
