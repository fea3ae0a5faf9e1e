import {sweepTemps} from '../../base/durable-write.js';
import {AppError, errorMessage} from '../../base/errors.js';
import {nodeFileSystem} from '../../base/file-system.js';
import {oneByOne} from '../../base/one-by-one.js';
import {makeOwnFolder} from '../../base/own-folder.js';
import type {ChangeListener, LockHolder} from '../../catalog/catalog-store.js';
import type {Server} from '../../catalog/types.js';
import {createBackups, isBackupDue} from '../backups.js';
import type {OpenCatalogOptions, OpenedCatalog} from '../catalog-context.js';
import {checkCatalog, requireNone} from '../check-catalog.js';
import {catalogFiles} from '../folders.js';
import {withoutRewound} from '../history-files.js';
import {writesWords} from '../../catalog/writer-words.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {untilFree} from '../until-free.js';
import {createAnswers} from './answers/answers.js';
import {createDatabaseConnections, type Connections, type StoreLogin} from './connections.js';
import {withDocument} from './document-copy.js';
import {isStandby, isWritingRefused} from './failure.js';
import {followCommits, isOvertaken, newsAfter} from './follow-commits.js';
import {readHead, type Head} from './header.js';
import {createKeptJobs} from './kept-jobs.js';
import {lackOfExtension} from './late-indexes.js';
import {createItemLookup} from './lookup.js';
import {createReading, linesOf} from './read-tables.js';
import {replaceCatalog} from './replace.js';
import {requireTables, storedServers} from './tables.js';
import {createTransactions} from './transactions.js';
import {firstHolder, isSeatFree, seatHolders} from './seat-locks.js';
import {takeSeat, type WriterSeat} from './writer-seat.js';

export type PostgresOptions = Pick<OpenCatalogOptions, 'folder' | 'access' | 'writesFor' | 'now' | 'fs' | 'restoreFrom' | 'startsAnew'> & {
	login: StoreLogin;
	/**
	Opens it for reading where the database does not let this process write; `fault` then says why.
	*/
	readsIfRefused?: boolean | undefined;
	/**
	Called with the servers that are there before anything is changed. What it throws refuses them.
	*/
	judgeServers?: (servers: readonly Server[]) => void;
};

/**
Opens the catalogue in a PostgreSQL database (15 and newer). `folder` is that of this machine, for its backups. One process writes, or several, each for its own servers; every other one reads and follows what was committed. No record is held in memory, so `load` has nothing to do.

@throws {AppError} `unreachable`, `unauthorized`, `forbidden`, `tls`, `usage`, `newer`, `damaged`, `disk-full`, `not-writable`
*/
export const openPostgresCatalog = async ({login, folder, access = 'write', writesFor, now = () => new Date(), fs = nodeFileSystem, restoreFrom, startsAnew = false, readsIfRefused = false, judgeServers}: PostgresOptions): Promise<OpenedCatalog> => {
	const connections = await createDatabaseConnections(login);
	const {schema} = login.address;
	judgeServers?.(await connections.opening(async () => storedServers(connections.db, schema)));
	await makeOwnFolder(folder, {fs, isOnlyOurs: false});
	const opening = {connections, login, place: {folder, fs}};
	if (access === 'read') {
		return openReader({...opening, holder: undefined, wanted: undefined});
	}

	// What a backup or a check that was killed has left is as large as the catalogue.
	await sweepTemps(folder, {fs, now});
	const isShared = writesFor !== undefined;
	const seat = await connections.opening(async () => takeSeat({
		...connections, schema, now, isShared,
	})).catch((error: unknown) => {
		if (readsIfRefused && isWritingRefused(error)) {
			return {holder: undefined, fault: error as AppError};
		}

		throw error;
	});
	if ('holder' in seat) {
		return openReader({...opening, ...seat, wanted: isShared ? [] : undefined});
	}

	try {
		const head = await connections.asking(async () => readHead(connections.db));
		const wanted = await writesFor?.(head.header) ?? [];
		for (const serverId of wanted) {
			const holder = await seat.claim(serverId);
			if (holder !== undefined) {
				await seat.release();
				return await openReader({...opening, holder, wanted});
			}
		}

		if (restoreFrom !== undefined || startsAnew) {
			// Cut off at its commit, nobody would know which catalogue is there.
			connections.outlastStop();
			await replaceCatalog({
				...connections, seat, schema, place: opening.place, restoreFrom, now,
			});
		}

		// Who had the right to write for a server before may have committed until it was claimed.
		const isHeadOld = wanted.length > 0 || restoreFrom !== undefined || startsAnew;
		return await openWriter({
			...opening, seat, now, head: isHeadOld ? await connections.asking(async () => readHead(connections.db)) : head,
		});
	} catch (error) {
		await seat.release();
		throw error;
	}
};

type Place = {folder: string; fs: typeof nodeFileSystem};
type Opening = {connections: Connections; login: StoreLogin; place: Place};

/**
What readers and writers do in the same way. `head` is the one to begin with.
*/
const createShared = ({connections, login, place}: Opening, head: Head) => {
	const {db, asking} = connections;
	const listeners = new Set<ChangeListener>();
	const {history, ...reading} = createReading(connections);
	const {inTurn} = oneByOne();
	let current = head;
	let timesSetBack = 0;
	let lossNotice: string | undefined;

	const tell = (...[change, fresh]: Parameters<ChangeListener>) => {
		for (const listener of listeners) {
			listener(change, fresh);
		}
	};

	const catchUp = async () => {
		const {header: {revision}, token} = current;
		const {changes, isSetBack, ...next} = await asking(async () => newsAfter(db, {revision, token}));
		if (changes?.length === 0) {
			return;
		}

		current = next;
		if (isSetBack) {
			timesSetBack++;
			lossNotice = `The database no longer has the commit that was read last (revision ${revision}; it is at ${next.header.revision} now), as after a failover that lost changes, or a restored backup. The catalogue was read anew; a sync finds what is missing.`;
		}

		for (const change of changes ?? [{
			revision: next.header.revision, upserted: [], removed: [], isReload: true, ...isSetBack && {notice: lossNotice},
		}]) {
			tell(change);
		}
	};

	return {
		head: () => current,
		timesSetBack: () => timesSetBack,
		/**
		What was found when the tables were set back, and what else there is to say.
		*/
		notice(other: string | undefined) {
			const all = [lossNotice, other].filter(text => text !== undefined);
			return all.length === 0 ? undefined : all.join(' ');
		},
		/**
		Does one piece of work after the other that moves the header, so that each commit is told once.
		*/
		inTurn,
		/**
		Takes the head of a commit and tells of it. Call it in turn.
		*/
		committed(next: Head, ...told: Parameters<ChangeListener>) {
			current = next;
			tell(...told);
		},
		/**
		Reads what others have committed, and tells of it. Call it in turn.
		*/
		catchUp,
		/**
		Listens to the commits of others. `notice` says why that is not possible at the moment.
		*/
		follow(schema: string) {
			let notice: string | undefined;
			const {close} = followCommits({
				keep: connections.keep,
				schema,
				look: async () => inTurn(catchUp),
				onState(error) {
					notice = error === undefined ? undefined : `Changes of the catalogue cannot be followed at the moment. ${errorMessage(error)}`;
				},
			});
			return {close, notice: () => notice};
		},
		methods: {
			...reading,
			header: () => current.header,
			commitToken: () => current.token,
			writers: async () => asking(async () => seatHolders(db)),
			history: (query = {}) => withoutRewound(history(query), () => current.header.rewinds),
			async load(onProgress) {
				onProgress?.({readBytes: 0, totalBytes: 0});
			},
			async changesSince(revision) {
				const {changes} = await asking(async () => newsAfter(db, {revision}));
				return changes;
			},
			subscribe(listener) {
				listeners.add(listener);
				return () => {
					listeners.delete(listener);
				};
			},
			advice: async () => asking(async () => lackOfExtension(db, login.address)),
			check: async see => withDocument(connections, place, async data => checkCatalog(data, see)),
			// PostgreSQL finds its own damaged pages when it reads them.
			async prove() {/* there are no files to read */},
			kept: () => undefined,
			answers: createAnswers(connections),
			lookup: createItemLookup(connections),
			keptJobs: createKeptJobs({...connections, token: undefined, now: () => new Date()}),
		} satisfies Partial<OpenedCatalog>,
	};
};

type WriterOpening = Opening & {seat: WriterSeat; now: () => Date; head: Head};

const openWriter = async ({
	connections, login, place, seat, now, head: first,
}: WriterOpening): Promise<OpenedCatalog> => {
	const {db, asking, working} = connections;
	const lack = seat.hasMadeTables ? await asking(async () => lackOfExtension(db, login.address)) : undefined;
	const advice = lack && `${lack.text} ${lack.hint}`;
	connections.outlastStop();
	let hasCommitted = false;
	const {head, timesSetBack, notice, committed, catchUp, inTurn, follow, methods} = createShared({connections, login, place}, first);
	// Beside a writer of the whole catalogue nobody else commits.
	const following = seat.servers() === undefined ? undefined : follow(login.address.schema);
	methods.subscribe(() => {
		hasCommitted = true;
	});
	const transactions = createTransactions({
		seat,
		working,
		schema: login.address.schema,
		head,
		timesSetBack,
		linesOf: async ids => asking(async () => linesOf(db, ids)),
		revisionOf: async token => asking(async () => {
			const found = await db.selectFrom('commits').select('revision').where('token', '=', token).executeTakeFirst();
			return found?.revision;
		}),
		isOvertaken: async revision => asking(async () => isOvertaken(db, revision, seat.servers())),
		inTurn,
		catchUp,
		committed,
		subscribe(listener) {
			methods.subscribe(listener);
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
		writers: async () => asking(async () => seatHolders(db, {besides: seat.token})),
		keptJobs: createKeptJobs({...connections, token: seat.token, now}),
		backup,
		async backupIfDue() {
			return hasCommitted && isBackupDue(await backups.list(), now()) ? backup() : undefined;
		},
		...following !== undefined && {
			async claim(serverId: string) {
				if (seat.servers()?.has(serverId) === true) {
					return async () => {/* it was claimed before */};
				}

				// A commit has the connection for itself.
				const holder = await inTurn(async () => seat.claim(serverId));
				if (holder !== undefined) {
					throw new AppError('locked', `${writesWords(holder)} to this catalogue for the same server.`, {hint: 'Wait until it has ended, or end it, and try again.'});
				}

				// Whoever had the right before may have committed until this moment.
				await inTurn(catchUp);
				return async () => inTurn(async () => seat.disclaim(serverId));
			},
		},
		get notice() {
			return notice(following?.notice() ?? transactions.notice() ?? advice);
		},
		async close() {
			await transactions.end();
			await following?.close();
			await seat.release();
		},
	};
};

type ReaderOpening = Opening & {
	holder: LockHolder | undefined;
	fault?: AppError;
	/**
	The servers for which it would write, were it not for the holder; undefined for the whole catalogue.
	*/
	wanted: readonly string[] | undefined;
};

const openReader = async ({connections, login, place, holder, fault, wanted}: ReaderOpening): Promise<OpenedCatalog> => {
	const {db, opening} = connections;
	const [read, holders] = await opening(async () => {
		await requireTables(db, login.address);
		return Promise.all([readHead(db), seatHolders(db)]);
	});
	const writer = holder ?? firstHolder(holders);
	const {follow, notice, methods} = createShared({connections, login, place}, read);
	const following = follow(login.address.schema);
	const refuse = async () => {
		throw new AppError('locked', writer === undefined ? 'This catalogue was opened for reading only.' : `${writesWords(writer)} this catalogue.`, {
			hint: 'Close the other one and open the catalogue again to change it.',
		});
	};

	return {
		...methods,
		mode: 'reader',
		holder: writer,
		...fault !== undefined && {fault},
		begin: refuse,
		backup: refuse,
		backupIfDue: async () => undefined,
		get notice() {
			return notice(following.notice());
		},
		// Who has no right to write gets none by waiting.
		...(fault === undefined || isStandby(fault)) && {
			whenFree: async (signal: AbortSignal) => untilFree(async () => isSeatFree(db, wanted), signal),
		},
		close: following.close,
	};
};
