import {randomUUID} from 'node:crypto';
import {isAppError} from '../../base/errors.js';
import type {Change, StoreTransaction} from '../../catalog/catalog-store.js';
import type {CatalogHeader, CatalogRecord} from '../../catalog/types.js';
import {createOneTransaction} from '../one-transaction.js';
import {writeCommit} from './commit.js';
import type {Connections, KeptConnection} from './connections.js';
import {failureKind} from './failure.js';
import {stageChanges, type StagedChanges, type StoredLine} from './staged-changes.js';
import type {WriterSeat} from './writer-seat.js';

type TransactionOptions = Pick<Connections, 'working'> & {
	seat: WriterSeat;
	schema: string;
	header: () => CatalogHeader;
	linesOf: (ids: readonly string[]) => Promise<StoredLine[]>;
	/**
	Whether the commit with this token is in the tables.
	*/
	hasToken: (token: string) => Promise<boolean>;
	/**
	Takes in what was committed and is not in the header.
	*/
	catchUp: () => Promise<void>;
	committed: (header: CatalogHeader, change: Change, fresh: ReadonlyMap<string, CatalogRecord>) => void;
};

const mostAttempts = 3;

/**
The transactions of a writer, one at a time.
*/
export const createTransactions = ({
	working, seat, schema, header, linesOf, hasToken, catchUp, committed,
}: TransactionOptions) => {
	const transactions = createOneTransaction();
	// The connection since which the header has all that was committed; undefined if it may lack something.
	let seated: KeptConnection | undefined;
	let committing: Promise<unknown> = Promise.resolve();

	/**
	If the connection breaks off before the answer comes, nobody knows whether the changes were committed. Once this process has the right to write again, or another one has it, the old connection can change nothing any more, so the token of the commit is there or will never be.
	*/
	const wasCommitted = async (connection: KeptConnection, token: string): Promise<boolean> => {
		await connection.end();
		try {
			await seat.connection();
		} catch (error) {
			if (!isAppError(error, 'locked')) {
				throw error;
			}
		}

		return hasToken(token);
	};

	/**
	@returns undefined if the answer got lost, and the changes were committed all the same
	*/
	const write = async (changes: StagedChanges): Promise<{writtenBytes: number; next: CatalogHeader; connection: KeptConnection} | undefined> => {
		const token = randomUUID();
		const {revision: after} = header();
		for (let attempt = 1; ; attempt++) {
			const connection = await seat.connection();
			try {
				const written = await working(async () => writeCommit(connection.db, {
					changes, after, revision: after + 1, token, schema,
				}));
				return {...written, connection};
			} catch (error) {
				const kind = failureKind(error);
				if (kind === 'lost' && await wasCommitted(connection, token)) {
					return undefined;
				}

				if (kind === undefined || attempt === mostAttempts) {
					throw error;
				}
			}
		}
	};

	const commit = async (changes: StagedChanges | undefined) => {
		const {revision: after} = header();
		if (changes === undefined) {
			return {revision: after, writtenBytes: 0};
		}

		seated = undefined;
		const written = await write(changes);
		if (written === undefined) {
			// Others may have committed since, which is told as well. If that fails, the next transaction does it: this commit has not failed.
			await sit().catch(() => undefined);
			return {revision: after + 1, writtenBytes: 0};
		}

		const {writtenBytes, next, connection} = written;
		seated = connection;
		const upserted = changes.puts.keys().toArray();
		committed(next, {revision: next.revision, upserted, removed: [...changes.removes]}, new Map(changes.puts.entries().map(([id, {record}]) => [id, record])));
		return {revision: next.revision, writtenBytes};
	};

	const sit = async () => {
		const connection = await seat.connection();
		if (connection !== seated) {
			await catchUp();
		}

		seated = connection;
	};

	return {
		begin: async (): Promise<StoreTransaction> => transactions.begin(async () => {
			await sit();
			return stageChanges({header, linesOf});
		}, async staged => {
			const work = commit(staged.changes());
			committing = work.catch(() => undefined);
			return work;
		}),
		/**
		Ends the open transaction, and waits for a commit that is under way.
		*/
		async end(): Promise<void> {
			transactions.abortOpen();
			await committing;
		},
	};
};
