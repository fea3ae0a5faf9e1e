import {randomUUID} from 'node:crypto';
import {AppError, isAppError} from '../../base/errors.js';
import type {Change, StoreTransaction} from '../../catalog/catalog-store.js';
import type {CatalogHeader, CatalogRecord} from '../../catalog/types.js';
import {writeCommit} from './commit.js';
import type {Connections, KeptConnection} from './connections.js';
import {stageChanges, type StagedChanges, type StoredLine} from './staged-changes.js';
import type {WriterSeat} from './writer-seat.js';

type TransactionOptions = Pick<Connections, 'working'> & {
	seat: WriterSeat;
	schema: string;
	header: () => CatalogHeader;
	/**
	The header as it is in the tables now.
	*/
	readNow: () => Promise<CatalogHeader>;
	linesOf: (ids: readonly string[]) => Promise<StoredLine[]>;
	/**
	Whether the commit with this token is in the tables.
	*/
	hasToken: (token: string) => Promise<boolean>;
	/**
	Takes in what others have committed. Called when the right to write was lost for a while.
	*/
	catchUp: () => Promise<void>;
	committed: (header: CatalogHeader, change: Change, fresh: ReadonlyMap<string, CatalogRecord>) => void;
};

const mostAttempts = 3;

/**
The transactions of a writer, one at a time.
*/
export const createTransactions = ({
	working, seat, schema, header, readNow, linesOf, hasToken, catchUp, committed,
}: TransactionOptions) => {
	let open: symbol | undefined;
	let seated: KeptConnection | undefined;

	/**
	If the connection breaks off before the answer comes, nobody knows whether the changes were committed. Once this process has the right to write again, or another one has it, the old connection can change nothing any more, so the token of the commit is there or will never be.
	*/
	const wasCommitted = async (token: string) => {
		try {
			await seat.connection();
		} catch (error) {
			if (!isAppError(error, 'locked')) {
				throw error;
			}
		}

		return hasToken(token);
	};

	const write = async (changes: StagedChanges) => {
		const token = randomUUID();
		const {revision: after} = header();
		for (let attempt = 1; ; attempt++) {
			const connection = await seat.connection();
			try {
				return await working(async () => writeCommit(connection.db, {
					changes, after, revision: after + 1, token, schema,
				}));
			} catch (error) {
				if (attempt === mostAttempts || !isAppError(error, 'not-writable')) {
					throw error;
				}

				await connection.end();
				if (await wasCommitted(token)) {
					return 0;
				}
			}
		}
	};

	const commit = async (changes: StagedChanges | undefined) => {
		if (changes === undefined) {
			return {revision: header().revision, writtenBytes: 0};
		}

		const writtenBytes = await write(changes);
		const next = await readNow();
		const upserted = changes.puts.keys().toArray();
		committed(next, {revision: next.revision, upserted, removed: [...changes.removes]}, new Map(changes.puts.entries().map(([id, {record}]) => [id, record])));
		return {revision: next.revision, writtenBytes};
	};

	return {
		async begin(): Promise<StoreTransaction> {
			if (open !== undefined) {
				throw new AppError('locked', 'Another change of the catalogue is still under way.', {hint: 'Wait for it to end, then try again.'});
			}

			const self = Symbol('transaction');
			open = self;
			try {
				const connection = await seat.connection();
				if (seated !== undefined && connection !== seated) {
					await catchUp();
				}

				seated = connection;
			} catch (error) {
				open = undefined;
				throw error;
			}

			const staged = stageChanges({header, linesOf});
			const whileOpen = <Arguments extends unknown[], Result>(method: (...values: Arguments) => Promise<Result>) => async (...values: Arguments) => {
				if (open !== self) {
					throw new TypeError('This transaction has ended.');
				}

				return method(...values);
			};

			const end = () => {
				open = open === self ? undefined : open;
			};

			return {
				upsert: whileOpen(staged.upsert),
				remove: whileOpen(staged.remove),
				putServer: whileOpen(staged.putServer),
				putLibrary: whileOpen(staged.putLibrary),
				record: whileOpen(staged.record),
				commit: whileOpen(async () => {
					try {
						return await commit(staged.changes());
					} finally {
						end();
					}
				}),
				async abort() {
					end();
				},
			};
		},
		end() {
			open = undefined;
		},
	};
};
