import {setTimeout as delay} from 'node:timers/promises';
import {sweepTemps} from '../../base/durable-write.js';
import {AppError, errorMessage} from '../../base/errors.js';
import {nodeFileSystem} from '../../base/file-system.js';
import {makeOwnFolder} from '../../base/own-folder.js';
import type {ChangeListener, LockHolder} from '../../catalog/catalog-store.js';
import type {CatalogHeader} from '../../catalog/types.js';
import {createBackups, isBackupDue} from '../backups.js';
import type {OpenCatalogOptions, OpenedCatalog} from '../catalog-context.js';
import {checkCatalog, requireNone} from '../check-catalog.js';
import {catalogFiles} from '../folders.js';
import {withoutRewound} from '../history-files.js';
import {writerWords} from '../lock-record.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {createAnswers} from './answers/answers.js';
import {createDatabaseConnections, type Connections, type StoreLogin} from './connections.js';
import {withDocument} from './document-copy.js';
import {followCommits, newsAfter} from './follow-commits.js';
import {readHeader} from './header.js';
import {createReading, linesOf} from './read-tables.js';
import {replaceCatalog} from './replace.js';
import {requireTables} from './tables.js';
import {createTransactions} from './transactions.js';
import {seatHolder, takeSeat, type WriterSeat} from './writer-seat.js';

export type PostgresOptions = Pick<OpenCatalogOptions, 'folder' | 'access' | 'now' | 'fs' | 'restoreFrom' | 'startsAnew'> & {login: StoreLogin};

/**
Opens the catalogue in a PostgreSQL database (15 and newer). `folder` is that of this machine, for its backups. One process writes; every other one reads, follows, and is told by the database what was committed. No record is held in memory, so `load` has nothing to do.

@throws {AppError} `unreachable`, `unauthorized`, `forbidden`, `tls`, `usage`, `newer`, `damaged`, `disk-full`, `not-writable`
*/
export const openPostgresCatalog = async ({login, folder, access = 'write', now = () => new Date(), fs = nodeFileSystem, restoreFrom, startsAnew = false}: PostgresOptions): Promise<OpenedCatalog> => {
	const connections = await createDatabaseConnections(login);
	const {schema} = login.address;
	await makeOwnFolder(folder, {fs, isOnlyOurs: false});
	const place = {folder, fs};
	if (access === 'read') {
		return openReader({
			connections, login, place, holder: undefined,
		});
	}

	// What a backup or a check that was killed has left is as large as the catalogue.
	await sweepTemps(folder, {fs, now});
	const seat = await connections.opening(async () => takeSeat({...connections, schema, now}));
	if ('holder' in seat) {
		return openReader({
			connections, login, place, holder: seat.holder,
		});
	}

	try {
		if (restoreFrom !== undefined || startsAnew) {
			await replaceCatalog({
				...connections, seat, schema, place, restoreFrom, now,
			});
		}

		return await openWriter({
			connections, login, place, seat, now,
		});
	} catch (error) {
		await seat.release();
		throw error;
	}
};

// How often one who stands by looks whether it may write.
const freeMs = 2000;

type Place = {folder: string; fs: typeof nodeFileSystem};
type Opening = {connections: Connections; login: StoreLogin; place: Place};

/**
What readers and writers do in the same way. `header` is the one to begin with.
*/
const createShared = ({connections, place}: Opening, header: CatalogHeader) => {
	const {db, asking} = connections;
	const listeners = new Set<ChangeListener>();
	const {history, ...reading} = createReading(connections);
	let current = header;

	const tell = (...[change, fresh]: Parameters<ChangeListener>) => {
		for (const listener of listeners) {
			listener(change, fresh);
		}
	};

	return {
		header: () => current,
		/**
		Takes the header of a commit and tells of it.
		*/
		committed(next: CatalogHeader, ...told: Parameters<ChangeListener>) {
			current = next;
			tell(...told);
		},
		/**
		Reads what others have committed, and tells of it.
		*/
		async catchUp() {
			const {header: next, changes} = await asking(async () => newsAfter(db, current.revision));
			if (next.revision === current.revision) {
				return;
			}

			current = next;
			for (const change of changes ?? [{
				revision: next.revision, upserted: [], removed: [], isReload: true,
			}]) {
				tell(change);
			}
		},
		methods: {
			...reading,
			header: () => current,
			history: (query = {}) => withoutRewound(history(query), () => current.rewinds),
			async load(onProgress) {
				onProgress?.({readBytes: 0, totalBytes: 0});
			},
			async changesSince(revision) {
				const {changes} = await asking(async () => newsAfter(db, revision));
				return changes;
			},
			subscribe(listener) {
				listeners.add(listener);
				return () => {
					listeners.delete(listener);
				};
			},
			check: async see => withDocument(connections, place, async data => checkCatalog(data, see)),
			// PostgreSQL finds its own damaged pages when it reads them.
			async prove() {/* there are no files to read */},
			kept: () => undefined,
			answers: createAnswers(connections),
		} satisfies Partial<OpenedCatalog>,
	};
};

type WriterOpening = Opening & {seat: WriterSeat; now: () => Date};

const openWriter = async ({
	connections, login, place, seat, now,
}: WriterOpening): Promise<OpenedCatalog> => {
	const {db, asking, working} = connections;
	let hasCommitted = false;
	const {header, committed, catchUp, methods} = createShared({connections, login, place}, await asking(async () => readHeader(db)));
	const transactions = createTransactions({
		seat,
		working,
		schema: login.address.schema,
		header,
		linesOf: async ids => asking(async () => linesOf(db, ids)),
		hasToken: async token => asking(async () => await db.selectFrom('commits').select('revision').where('token', '=', token).executeTakeFirst() !== undefined),
		async catchUp() {
			const {revision} = header();
			await catchUp();
			hasCommitted ||= header().revision !== revision;
		},
		committed(...told) {
			hasCommitted = true;
			committed(...told);
		},
	});
	const backups = createBackups(catalogFiles(place.folder).backups, {fs: place.fs, now, schemaVersion: schemaVersionOf(migrations)});
	const backup = async () => {
		const made = await withDocument(connections, place, async (data, file) => {
			const {problems} = await checkCatalog(data);
			requireNone(problems);
			return backups.copy(file, {revision: data.header.revision, schemaVersion: data.header.schemaVersion});
		});
		hasCommitted = false;
		return made;
	};

	return {
		...methods,
		mode: 'writer',
		holder: undefined,
		begin: transactions.begin,
		backup,
		async backupIfDue() {
			const [newest] = await backups.list();
			return hasCommitted && isBackupDue(newest, now()) ? backup() : undefined;
		},
		async close() {
			await transactions.end();
			await seat.release();
		},
	};
};

const openReader = async ({connections, login, place, holder}: Opening & {holder: LockHolder | undefined}): Promise<OpenedCatalog> => {
	const {db, opening} = connections;
	const [read, writer] = await opening(async () => {
		await requireTables(db, login.address);
		return Promise.all([readHeader(db), holder ?? seatHolder(connections)]);
	});
	let notice: string | undefined;
	const {catchUp, methods} = createShared({connections, login, place}, read);
	const following = followCommits({
		keep: connections.keep,
		schema: login.address.schema,
		look: catchUp,
		onState(error) {
			notice = error === undefined ? undefined : `Changes of the catalogue cannot be followed at the moment. ${errorMessage(error)}`;
		},
	});
	const refuse = async () => {
		throw new AppError('locked', writer === undefined ? 'This catalogue was opened for reading only.' : `${writerWords(writer)} writes this catalogue.`, {
			hint: 'Close the other one and open the catalogue again to change it.',
		});
	};

	return {
		...methods,
		mode: 'reader',
		holder: writer,
		begin: refuse,
		backup: refuse,
		backupIfDue: async () => undefined,
		get notice() {
			return notice;
		},
		async whenFree(signal) {
			while (!signal.aborted) {
				await delay(freeMs, undefined, {signal}).catch(() => undefined);
				// Where the database is away, nobody knows who writes.
				if (await seatHolder(connections).catch(() => writer) === undefined) {
					return;
				}
			}
		},
		close: following.close,
	};
};
