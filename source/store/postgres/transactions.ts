import {randomUUID} from 'node:crypto';
import {AppError, errorMessage, isAppError} from '../../base/errors.js';
import type {
	Change,
	ChangeListener,
	StoreTransaction,
} from '../../catalog/catalog-store.js';
import type {CatalogRecord} from '../../catalog/types.js';
import {createOneTransaction} from '../one-transaction.js';
import {makeLateIndexes, writeCommit, type Committed} from './commit.js';
import type {Connections, KeptConnection} from './connections.js';
import {failureKind} from './failure.js';
import {isSameCommit, type LastCommit} from './follow-commits.js';
import type {Head} from './header.js';
import {requireOwn} from './own-changes.js';
import {stageChanges, type StagedTransaction, type StoredLine} from './staged-changes.js';
import type {WriterSeat} from './writer-seat.js';

type TransactionOptions = Pick<Connections, 'working'> & {
	seat: WriterSeat;
	schema: string;
	head: () => Head;
	/**
	How often the tables were found set back.
	*/
	timesSetBack: () => number;
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
	Takes in what was committed and is not in the head. Call it in turn.
	*/
	catchUp: () => Promise<void>;
	committed: (head: Head, change: Change, fresh: ReadonlyMap<string, CatalogRecord>) => void;
	subscribe: (listener: ChangeListener) => void;
};

const mostAttempts = 3;

/**
A transaction with what it was begun on.
*/
type Begun = {staged: StagedTransaction; revision: number; timesSetBack: number; connection: KeptConnection};

/**
What is left to do at the end of the first run, and where an index is gone. Its commit is done whatever becomes of this, and the end of the next run tries it again.
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
Knows the connection since which the head has all that was committed, if it lacks nothing.
*/
const createSeating = ({seat, catchUp, timesSetBack}: Pick<TransactionOptions, 'seat' | 'catchUp' | 'timesSetBack'>) => {
	let seated: KeptConnection | undefined;
	let seatedSince = timesSetBack();
	return {
		keep(connection: KeptConnection) {
			seated = connection;
		},
		forget() {
			seated = undefined;
		},
		/**
		Takes in what was committed since. Call it in turn.
		*/
		async sit(): Promise<KeptConnection> {
			let connection = await seat.connection();
			if (connection !== seated) {
				await catchUp();
			}

			if (timesSetBack() !== seatedSince) {
				// Its locks may be those of tables that were replaced, so that another process could write at the same time.
				await connection.end();
				connection = await seat.connection();
				await catchUp();
				seatedSince = timesSetBack();
			}

			seated = connection;
			return connection;
		},
	};
};

/**
The transactions of a writer, one at a time. Others may write for other servers meanwhile: what they commit is taken in before this process commits.
*/
export const createTransactions = ({
	working, seat, schema, head, timesSetBack, linesOf, revisionOf, isOvertaken, inTurn, catchUp, committed, subscribe,
}: TransactionOptions) => {
	const transactions = createOneTransaction();
	const header = () => head().header;
	const isLast = (commit: LastCommit) => isSameCommit({revision: header().revision, token: head().token}, commit);
	const seating = createSeating({seat, catchUp, timesSetBack});
	const {sit} = seating;
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
	The changes on top of the last commit, while nobody else can commit. As long as the connection is the one of the beginning, nobody else has written for our servers.
	*/
	const changesAfter = async (last: LastCommit, {staged, revision, timesSetBack: known, connection: begunOn}: Begun, connection: KeptConnection) => {
		if (!isLast(last)) {
			await catchUp();
		}

		if (!isLast(last) || timesSetBack() !== known || (connection !== begunOn && last.revision !== revision && await isOvertaken(revision))) {
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
					changesAfter: async last => changesAfter(last, begun, connection), token, servers: seat.servers(), schema,
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

		seating.forget();
		const written = await write(begun);
		if (written === undefined) {
			return {revision: header().revision, writtenBytes: 0};
		}

		if ('revision' in written) {
			// Others may have committed since, which is told as well. If that fails, the next transaction does it: this commit has not failed.
			await sit().catch(() => undefined);
			return {revision: written.revision, writtenBytes: 0};
		}

		const {writtenBytes, next, changes: {puts, removes}, connection, areIndexesMissing} = written;
		seating.keep(connection);
		committed(next, {revision: next.header.revision, upserted: puts.keys().toArray(), removed: [...removes]}, new Map(puts.entries().map(([id, {record}]) => [id, record])));
		if (areIndexesMissing && puts.values().some(({record}) => record.kind === 'run' && record.finishedAt !== undefined)) {
			await finish.makeIndexes(connection);
		}

		return {revision: next.header.revision, writtenBytes};
	};

	const begin = async (): Promise<StoreTransaction> => {
		let begun: Begun;
		return transactions.begin(async () => {
			const connection = await inTurn(sit);
			const staged = stageChanges({header, linesOf});
			begun = {
				staged, revision: header().revision, timesSetBack: timesSetBack(), connection,
			};
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
