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
import {createConnections, type Connections, type StoreLogin} from './connections.js';
import {withDocument} from './document-copy.js';
import {followCommits, newsAfter} from './follow-commits.js';
import {atOneMoment, readHeader} from './header.js';
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
	const connections = await createConnections(login);
	const {schema} = login.address;
	await makeOwnFolder(folder, {fs, isOnlyOurs: false});
	const place = {folder, fs};
	if (access === 'read') {
		return openReader({connections, login, place, holder: undefined});
	}

	const seat = await connections.opening(async () => takeSeat({keep: connections.keep, schema, now}));
	if ('holder' in seat) {
		return openReader({connections, login, place, holder: seat.holder});
	}

	try {
		const notice = restoreFrom !== undefined || startsAnew
			? await replaceCatalog({
				seat, schema, place, restoreFrom, now,
			})
			: undefined;
		return await openWriter({
			connections, login, place, seat, now, notice,
		});
	} catch (error) {
		await seat.release();
		throw error;
	}
};

type Place = {folder: string; fs: typeof nodeFileSystem};
type Opening = {connections: Connections; login: StoreLogin; place: Place};

/**
What readers and writers do in the same way.
*/
const createShared = ({connections, place}: Opening, header: () => CatalogHeader) => {
	const listeners = new Set<ChangeListener>();
	const {history, ...reading} = createReading(connections);
	return {
		tell(...[change, fresh]: Parameters<ChangeListener>) {
			for (const listener of listeners) {
				listener(change, fresh);
			}
		},
		methods: {
			...reading,
			header,
			history: (query = {}) => withoutRewound(history(query), () => header().rewinds),
			async load(onProgress) {
				onProgress?.({readBytes: 0, totalBytes: 0});
			},
			async changesSince(revision) {
				const {changes} = await connections.asking(async () => newsAfter(connections.db, revision));
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
		} satisfies Partial<OpenedCatalog>,
	};
};

type WriterOpening = Opening & {seat: WriterSeat; now: () => Date; notice: string | undefined};

const openWriter = async ({connections, login, place, seat, now, notice}: WriterOpening): Promise<OpenedCatalog> => {
	const {db, asking} = connections;
	let header = await asking(async () => atOneMoment(db, readHeader));
	let hasCommitted = false;
	const {tell, methods} = createShared({connections, login, place}, () => header);
	const transactions = createTransactions({
		seat,
		asking,
		schema: login.address.schema,
		header: () => header,
		linesOf: async ids => asking(async () => linesOf(db, ids)),
		committed(next, change, fresh) {
			header = next;
			hasCommitted = true;
			tell(change, fresh);
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
		get notice() {
			return notice;
		},
		async close() {
			transactions.end();
			await seat.release();
		},
	};
};

const openReader = async ({connections, login, place, holder}: Opening & {holder: LockHolder | undefined}): Promise<OpenedCatalog> => {
	const {db, asking, opening} = connections;
	let [header, writer] = await opening(async () => {
		await requireTables(db, login.address);
		return Promise.all([atOneMoment(db, readHeader), holder ?? seatHolder(connections)]);
	});
	let notice: string | undefined;
	const {tell, methods} = createShared({connections, login, place}, () => header);

	const look = async () => {
		const {header: next, changes} = await asking(async () => newsAfter(db, header.revision));
		if (next.revision === header.revision) {
			return;
		}

		header = next;
		for (const change of changes ?? [{
			revision: next.revision, upserted: [], removed: [], isReload: true,
		}]) {
			tell(change);
		}
	};

	const following = followCommits({
		keep: connections.keep,
		schema: login.address.schema,
		look,
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
		close: following.close,
	};
};
