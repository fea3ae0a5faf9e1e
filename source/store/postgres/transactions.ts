import {randomUUID} from 'node:crypto';
import {AppError, errorMessage, isAppError} from '../../base/errors.js';
import type {
	Change,
	ChangeListener,
	StoreTransaction,
} from '../../catalog/catalog-store.js';
import type {CatalogHeader, CatalogRecord} from '../../catalog/types.js';
import {createOneTransaction} from '../one-transaction.js';
import {makeLateIndexes, writeCommit, type Committed} from './commit.js';
import type {Connections, KeptConnection} from './connections.js';
import {failureKind} from './failure.js';
import {requireOwn} from './own-changes.js';
import {stageChanges, type StagedTransaction, type StoredLine} from './staged-changes.js';
import type {WriterSeat} from './writer-seat.js';

type TransactionOptions = Pick<Connections, 'working'> & {
	seat: WriterSeat;
	schema: string;
	header: () => CatalogHeader;
	linesOf: (ids: readonly string[]) => Promise<StoredLine[]>;
	/**
	The revision of the commit with this token, if it is in the tables.
	*/
	revisionOf: (token: string) => Promise<number | undefined>;
	/**
	Whether another process has written for our servers since a revision.
	*/
	isOvertaken: (revision: number) => Promise<boolean>;
	/**
	Does some work while the header does not move by itself.
	*/
	inTurn: <Value>(work: () => Promise<Value>) => Promise<Value>;
	/**
	Takes in what was committed and is not in the header. Call it in turn.
	*/
	catchUp: () => Promise<void>;
	committed: (header: CatalogHeader, change: Change, fresh: ReadonlyMap<string, CatalogRecord>) => void;
	subscribe: (listener: ChangeListener) => void;
};

const mostAttempts = 3;

/**
A transaction with what it was begun on.
*/
type Begun = {staged: StagedTransaction; revision: number; connection: KeptConnection};

/**
What is left to do at the end of the first run. Its commit is done whatever becomes of this, and the end of the next run tries it again.
*/
const createFinish = (working: Connections['working']) => {
	let notice: string | undefined;
	return {
		async makeIndexes({db}: KeptConnection) {
			try {
				await working(async () => makeLateIndexes(db));
				notice = undefined;
			} catch (error) {
				notice = `Queries are slow, because indexes in the database could not be made. ${errorMessage(error)}`;
			}
		},
		notice: () => notice,
	};
};

/**
The transactions of a writer, one at a time. Others may write for other servers meanwhile: what they commit is taken in before this process commits.
*/
export const createTransactions = ({
	working, seat, schema, header, linesOf, revisionOf, isOvertaken, inTurn, catchUp, committed, subscribe,
}: TransactionOptions) => {
	const transactions = createOneTransaction();
	// The connection since which the header has all that was committed; undefined if it may lack something.
	let seated: KeptConnection | undefined;
	let committing: Promise<unknown> = Promise.resolve();
	let open: StagedTransaction | undefined;
	const finish = createFinish(working);

	subscribe(({upserted, removed, isReload}) => {
		open?.outdate(isReload === true ? undefined : [...upserted, ...removed]);
	});

	/**
	If the connection breaks off before the answer comes, nobody knows whether the changes were committed. Once this process has the right to write again, or another one has it, the old connection can change nothing any more, so the token of the commit is there or will never be.
	*/
	const settledRevision = async (connection: KeptConnection, token: string): Promise<number | undefined> => {
		await connection.end();
		try {
			await seat.connection();
		} catch (error) {
			if (!isAppError(error, 'locked')) {
				throw error;
			}
		}

		return revisionOf(token);
	};

	/**
	The changes on top of a revision, while nobody else can commit. As long as the connection is the one of the beginning, nobody else has written for our servers.
	*/
	const changesAfter = async (after: number, {staged, revision, connection: begunOn}: Begun, connection: KeptConnection) => {
		if (header().revision !== after) {
			await catchUp();
		}

		if (header().revision !== after || (connection !== begunOn && after !== revision && await isOvertaken(revision))) {
			throw new AppError('locked', 'The catalogue in the database was changed by someone else since it was read.', {hint: 'Nothing was overwritten. Start the command again.'});
		}

		const changes = await staged.changes();
		if (changes !== undefined) {
			requireOwn(changes, {header: header(), servers: seat.servers()});
		}

		return changes;
	};

	/**
	@returns the revision alone if the answer got lost, and the changes were committed all the same
	*/
	const write = async (begun: Begun): Promise<Committed & {connection: KeptConnection} | {revision: number} | undefined> => {
		const token = randomUUID();
		for (let attempt = 1; ; attempt++) {
			const connection = await seat.connection();
			try {
				const written = await working(async () => writeCommit(connection.db, {
					changesAfter: async after => changesAfter(after, begun, connection), token, servers: seat.servers(), schema,
				}));
				return written && {...written, connection};
			} catch (error) {
				const kind = failureKind(error);
				const revision = kind === 'lost' ? await settledRevision(connection, token) : undefined;
				if (revision !== undefined) {
					return {revision};
				}

				if (kind === undefined || attempt === mostAttempts) {
					throw error;
				}
			}
		}
	};

	const commit = async (begun: Begun) => {
		if (await begun.staged.changes() === undefined) {
			return {revision: header().revision, writtenBytes: 0};
		}

		seated = undefined;
		const written = await write(begun);
		if (written === undefined) {
			return {revision: header().revision, writtenBytes: 0};
		}

		if ('revision' in written) {
			// Others may have committed since, which is told as well. If that fails, the next transaction does it: this commit has not failed.
			await sit().catch(() => undefined);
			return {revision: written.revision, writtenBytes: 0};
		}

		const {writtenBytes, next, changes: {puts, removes}, connection, areIndexesLate} = written;
		seated = connection;
		committed(next, {revision: next.revision, upserted: puts.keys().toArray(), removed: [...removes]}, new Map(puts.entries().map(([id, {record}]) => [id, record])));
		if (areIndexesLate && puts.values().some(({record}) => record.kind === 'run' && record.finishedAt !== undefined)) {
			await finish.makeIndexes(connection);
		}

		return {revision: next.revision, writtenBytes};
	};

	const sit = async (): Promise<KeptConnection> => {
		const connection = await seat.connection();
		if (connection !== seated) {
			await catchUp();
		}

		seated = connection;
		return connection;
	};

	const begin = async (): Promise<StoreTransaction> => {
		let begun: Begun;
		return transactions.begin(async () => {
			const connection = await inTurn(sit);
			const staged = stageChanges({header, linesOf});
			begun = {staged, revision: header().revision, connection};
			open = staged;
			return staged;
		}, async () => {
			const work = inTurn(async () => commit(begun)).finally(() => {
				open = undefined;
			});
			committing = work.catch(() => undefined);
			return work;
		});
	};

	return {
		begin,
		/**
		What went wrong beside the commits.
		*/
		notice: finish.notice,
		/**
		Ends the open transaction, and waits for a commit that is under way.
		*/
		async end(): Promise<void> {
			transactions.abortOpen();
			await committing;
		},
	};
};
