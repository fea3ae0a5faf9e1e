import {randomUUID} from 'node:crypto';
import {setTimeout as delay} from 'node:timers/promises';
import {AppError, isAppError} from '../../base/errors.js';
import type {LockHolder} from '../../catalog/catalog-store.js';
import {writesWords} from '../../catalog/writer-words.js';
import type {Connections, KeptConnection} from './connections.js';
import {createSeatLocks} from './seat-locks.js';
import {migrateTables} from './tables.js';

/**
The right to write: of the whole catalogue, which one process has at a time, or of some of its servers, beside others who write for other servers. PostgreSQL keeps it as advisory locks of the connection over which everything is written: when that connection ends, so does the right, and nothing can be written over it any more.
*/
export type WriterSeat = {
	/**
	Tells this seat from every other one.
	*/
	token: string;
	/**
	The tables were made, or brought up to date, for this seat.
	*/
	hasMadeTables: boolean;
	/**
	The connection to write over.

	@throws {AppError} `locked` if the connection broke off and another process writes by now; `not-writable` if it cannot be made again
	*/
	connection: () => Promise<KeptConnection>;
	/**
	Takes the right to write for one more server.

	@returns who has it, if another process does
	*/
	claim: (serverId: string) => Promise<LockHolder | undefined>;
	/**
	Lets go of a server.
	*/
	disclaim: (serverId: string) => Promise<void>;
	/**
	The servers for which this process may write; undefined if that is the whole catalogue.
	*/
	servers: () => ReadonlySet<string> | undefined;
	release: () => Promise<void>;
};

// How long a writer tries to get its seat back, and how often. The server may take as long to notice that the old connection is gone.
const regainMs = 15_000;
const retryMs = 500;

type SeatOptions = Pick<Connections, 'keep' | 'working'> & {
	schema: string;
	now: () => Date;
	/**
	Others may write for other servers meanwhile.
	*/
	isShared?: boolean;
};

/**
@returns the seat, or who has it
@throws {AppError} `unreachable`, `unauthorized`, `tls`, `newer`
*/
export const takeSeat = async ({keep, working, schema, now, isShared = false}: SeatOptions): Promise<WriterSeat | {holder: LockHolder}> => {
	let kept = await keep();
	let isReleased = false;
	// Tells this holding of the seat from every other one, also when the server has not noticed yet that its connection is gone.
	const token = randomUUID();
	const claimed = new Set<string>();
	const locks = createSeatLocks({token, isShared, now});

	const sit = async (connection: KeptConnection): Promise<LockHolder | undefined> => working(async () => {
		const holder = await locks.takeCatalog(connection.db);
		if (holder !== undefined) {
			return holder;
		}

		for (const serverId of claimed) {
			const other = await locks.takeServer(connection.db, serverId);
			if (other !== undefined) {
				return other;
			}
		}

		await locks.forgetEnded(connection.db);
		return undefined;
	});

	let hasMadeTables: boolean;
	try {
		hasMadeTables = await migrateTables(kept.db, schema) !== 'same';
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
			// The server may not have noticed yet that the old connection is gone, and may still be at work for it.
			await working(async () => locks.endOld(fresh.db, retryMs));
			const holder = await sit(fresh);
			if (holder === undefined) {
				kept = fresh;
				return;
			}

			if (holder.pid !== 0) {
				throw new AppError('locked', `The connection to the database broke off, and ${writesWords(holder)} the catalogue now.`, {hint: 'Wait until it has ended, or end it, and start reelcat again.'});
			}
		} catch (error) {
			await fresh.end();
			throw error;
		}

		await fresh.end();
	};

	const unbroken = async (): Promise<KeptConnection> => {
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
	};

	// Whoever asks while it is made again waits for the same one.
	let seating: Promise<KeptConnection> | undefined;
	const connection = async () => {
		seating ??= unbroken().finally(() => {
			seating = undefined;
		});
		return seating;
	};

	return {
		token,
		hasMadeTables,
		connection,
		async claim(serverId) {
			if (!isShared || claimed.has(serverId)) {
				return undefined;
			}

			const current = await connection();
			const holder = await working(async () => locks.takeServer(current.db, serverId));
			if (holder === undefined) {
				claimed.add(serverId);
			}

			return holder;
		},
		async disclaim(serverId) {
			if (!claimed.delete(serverId) || kept.isBroken()) {
				return;
			}

			await working(async () => locks.letGo(kept.db, serverId));
		},
		servers: () => isShared ? claimed : undefined,
		async release() {
			isReleased = true;
			await kept.end();
		},
	};
};

const closed = () => new TypeError('This catalogue is closed.');
