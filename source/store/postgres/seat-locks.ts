import {hostname} from 'node:os';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {sql, type Kysely} from 'kysely';
import type {LockHolder} from '../../catalog/catalog-store.js';
import {defined, instantOf} from '../../catalog/values.js';
import type {Tables} from './table-types.js';

/**
The first half of the keys of reelcat's advisory locks: "reel" in ASCII. The second half is the oid of the table `catalog`, so each schema has a lock of its own. Who writes for some servers shares it, and who writes all of the catalogue has it alone.
*/
const lockClass = 0x72_65_65_6C;
const catalogKey = sql`${lockClass}, 'catalog'::regclass::oid::integer`;

/**
The lock of one server, which has a key of 64 bits and so is apart from all keys of two halves. Where two servers should have the same one, they only wait for each other.
*/
const serverKey = (serverId: string) => sql`hashtextextended(${serverId}::text, 'catalog'::regclass::oid::bigint)`;

// In `pg_locks`.
const catalogLock = sql`
	locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND classid = ${lockClass}::bigint::oid AND objid = 'catalog'::regclass::oid AND objsubid = 2 AND granted
`;
/**
Whether a row of the table of writers is of one that has not ended. A standby server has the rows and not the locks, so there each may be.
*/
export const living = sql`(pg_is_in_recovery() OR EXISTS (SELECT FROM pg_locks WHERE ${catalogLock} AND pid = writer.backend))`;

// Who has a lock may not have told yet that it does.
const tellMs = 100;
const mostTries = 5;

/**
The locks of one seat, and its row in the table of writers. `token` tells the seat from every other one, also after its connection was made again.
*/
export const createSeatLocks = ({token, isShared, now}: {token: string; isShared: boolean; now: () => Date}) => {
	const isCatalogTaken = async (db: Kysely<Tables>): Promise<boolean> => {
		const {rows} = await sql`
			WITH lock AS MATERIALIZED (SELECT ${sql.raw(isShared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock')}(${catalogKey}) AS taken)
			INSERT INTO writer (token, backend, pid, host, started_at, servers)
			SELECT ${token}::text, pg_backend_pid(), ${process.pid}::integer, ${hostname()}::text, ${instantOf(now())}::text, ${isShared ? [] : undefined}::text[] FROM lock WHERE taken
			ON CONFLICT (token) DO UPDATE SET backend = excluded.backend, started_at = excluded.started_at, servers = excluded.servers
			RETURNING token
		`.execute(db);
		return rows.length > 0;
	};

	const isServerTaken = async (db: Kysely<Tables>, serverId: string): Promise<boolean> => {
		const {rows} = await sql`
			WITH lock AS MATERIALIZED (SELECT pg_try_advisory_lock(${serverKey(serverId)}) AS taken)
			UPDATE writer SET servers = array_append(servers, ${serverId}::text) FROM lock WHERE taken AND token = ${token}
			RETURNING token
		`.execute(db);
		return rows.length > 0;
	};

	/**
	@returns who is in the way; undefined if the lock was taken
	*/
	const take = async (isTaken: () => Promise<boolean>, db: Kysely<Tables>, wanted: readonly string[] | undefined): Promise<LockHolder | undefined> => {
		for (let attempt = 1; ; attempt++) {
			if (await isTaken()) {
				return undefined;
			}

			const holder = firstHolder(await seatHolders(db, {wanted, besides: token}));
			if (holder !== undefined || attempt === mostTries) {
				return holder ?? {pid: 0, host: 'another machine', startedAt: instantOf(now())};
			}

			await delay(tellMs);
		}
	};

	return {
		/**
		@returns who keeps this process from it; with the pid 0 if nobody has told
		*/
		takeCatalog: async (db: Kysely<Tables>) => take(async () => isCatalogTaken(db), db, isShared ? [] : undefined),
		/**
		@returns the same for one server. Needs the lock of the catalogue.
		*/
		takeServer: async (db: Kysely<Tables>, serverId: string) => take(async () => isServerTaken(db, serverId), db, [serverId]),
		async letGo(db: Kysely<Tables>, serverId: string): Promise<void> {
			await sql`
				WITH told AS (UPDATE writer SET servers = array_remove(servers, ${serverId}::text) WHERE token = ${token})
				SELECT pg_advisory_unlock(${serverKey(serverId)})
			`.execute(db);
		},
		/**
		Ends the connection from before, which the server may not have noticed to be gone, and waits for that.
		*/
		async endOld(db: Kysely<Tables>, patienceMs: number): Promise<void> {
			await sql`SELECT pg_terminate_backend(backend, ${patienceMs}) FROM writer WHERE token = ${token} AND ${living}`.execute(db);
		},
		/**
		Takes away what writers have left that ended, so that a later connection with the same number is not taken for one of theirs.
		*/
		async forgetEnded(db: Kysely<Tables>): Promise<void> {
			await sql`
				DELETE FROM writer WHERE token IN (
					SELECT token FROM writer WHERE token <> ${token} AND (backend = pg_backend_pid() OR NOT ${living}) FOR UPDATE SKIP LOCKED
				)
			`.execute(db);
		},
	};
};

/**
Who writes at the moment, the first one first; on a standby server also who has ended since. With `wanted`, only who keeps another process from writing for these servers; nobody but whoever writes the whole catalogue does so for none.
*/
export const seatHolders = async (db: Kysely<Tables>, {wanted, besides = ''}: {wanted?: readonly string[] | undefined; besides?: string} = {}): Promise<LockHolder[]> => {
	const {rows} = await sql<Omit<LockHolder, 'mayHaveEnded'> & {mayHaveEnded: boolean}>`
		SELECT pid, host, started_at AS "startedAt", pg_is_in_recovery() AS "mayHaveEnded", CASE WHEN writer.servers IS NOT NULL THEN (
			SELECT coalesce(json_agg(json_build_object('id', given.id, 'name', coalesce(servers.name, given.id)) ORDER BY given.place), '[]')
			FROM unnest(writer.servers) WITH ORDINALITY AS given (id, place) LEFT JOIN servers ON servers.id = given.id
		) END AS servers
		FROM writer
		WHERE ${living} AND token <> ${besides} AND (${wanted === undefined} OR writer.servers IS NULL OR writer.servers && ${wanted ?? []}::text[])
		ORDER BY started_at, writer.servers, token
	`.execute(db);
	return rows.map(({servers, mayHaveEnded, ...holder}) => defined({...holder, servers: servers ?? undefined, mayHaveEnded: mayHaveEnded || undefined}));
};

/**
The first of those who write, with the others.
*/
export const firstHolder = ([first, ...others]: readonly LockHolder[]): LockHolder | undefined => first && {...first, ...others.length > 0 && {others}};

/**
Whether nobody is in the way, and the database lets anybody write: a standby server does not, until it is promoted.
*/
export const isSeatFree = async (db: Kysely<Tables>, wanted: readonly string[] | undefined): Promise<boolean> => {
	const {rows} = await sql<{isOff: boolean}>`SELECT current_setting('transaction_read_only') = 'off' AS "isOff"`.execute(db);
	const holders = await seatHolders(db, {wanted});
	return rows[0]!.isOff && holders.length === 0;
};
