import {randomUUID} from 'node:crypto';
import {isAppError} from '../../base/errors.js';
import type {Change, StoreTransaction} from '../../catalog/catalog-store.js';
import type {CatalogHeader, CatalogRecord} from '../../catalog/types.js';
import {createOneTransaction} from '../one-transaction.js';
import {writeCommit} from './commit.js';
import type {Connections, KeptConnection} from './connections.js';
import {stageChanges, type StagedChanges, type StoredLine} from './staged-changes.js';
import type {WriterSeat} from './writer-seat.js';

type TransactionOptions = Pick<Connections, 'working'> & {
	seat: WriterSeat;
	schema: string;
	header: () => CatalogHeader;
	linesOf: (ids: readonly string[]) => Promise<StoredLine[]>;
	/**
	The header, if the commit with this token is in the tables.
	*/
	committedWith: (token: string) => Promise<CatalogHeader | undefined>;
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
	working, seat, schema, header, linesOf, committedWith, catchUp, committed,
}: TransactionOptions) => {
	const transactions = createOneTransaction();
	let seated: KeptConnection | undefined;
	// Something may have been committed that the header does not have.
	let isBehind = true;
	let committing: Promise<unknown> = Promise.resolve();

	/**
	If the connection breaks off before the answer comes, nobody knows whether the changes were committed. Once this process has the right to write again, or another one has it, the old connection can change nothing any more, so the token of the commit is there or will never be.
	*/
	const outcomeOf = async (token: string) => {
		try {
			await seat.connection();
		} catch (error) {
			if (!isAppError(error, 'locked')) {
				throw error;
			}
		}

		return committedWith(token);
	};

	const write = async (changes: StagedChanges): Promise<{writtenBytes: number; next: CatalogHeader}> => {
		const token = randomUUID();
		const {revision: after} = header();
		for (let attempt = 1; ; attempt++) {
			const connection = await seat.connection();
			try {
				return await working(async () => writeCommit(connection.db, {
					changes, after, revision: after + 1, token, schema,
				}));
			} catch (error) {
				if (!isAppError(error, 'not-writable')) {
					throw error;
				}

				await connection.end();
				const next = await outcomeOf(token);
				if (next !== undefined) {
					return {writtenBytes: 0, next};
				}

				if (attempt === mostAttempts) {
					throw error;
				}
			}
		}
	};

	const commit = async (changes: StagedChanges | undefined) => {
		if (changes === undefined) {
			return {revision: header().revision, writtenBytes: 0};
		}

		isBehind = true;
		const {writtenBytes, next} = await write(changes);
		isBehind = false;
		const upserted = changes.puts.keys().toArray();
		committed(next, {revision: next.revision, upserted, removed: [...changes.removes]}, new Map(changes.puts.entries().map(([id, {record}]) => [id, record])));
		return {revision: next.revision, writtenBytes};
	};

	const sit = async () => {
		const connection = await seat.connection();
		if (isBehind || connection !== seated) {
			await catchUp();
		}

		seated = connection;
		isBehind = false;
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
