import path from 'node:path';
import process from 'node:process';
import type {DatabaseSync} from 'node:sqlite';
import {setTimeout as sleep} from 'node:timers/promises';
import {temporaryName} from '../base/durable-write.js';
import {AppError, errorCode} from '../base/errors.js';
import {loadSqlite} from '../base/load-sqlite.js';
import type {LockHolder} from '../catalog/catalog-store.js';
import {
	guarded,
	ifExists,
	type FileSystem,
	nodeFileSystem,
} from '../base/file-system.js';
import {
	holderOf,
	isHolderAlive,
	isNextDoor,
	type LockRecord,
	ownRecord,
	refreshMs,
	wayOut,
} from './lock-record.js';
import {createRecordFile, type RecordFile} from './lock-record-file.js';
import {catalogFiles} from './folders.js';

export type Lock = {
	isHeld: true;
	/**
	Whether the record beside the lock is as this writer left it. Costs one call of the file system.
	*/
	isAsLeft: () => Promise<boolean>;
	/**
	Reads the record, and puts it back if it is missing.

	@throws {AppError} `locked` if another writer has put its own there.
	*/
	check: () => Promise<void>;
	release: () => Promise<void>;
};

type LockRefusal = {
	isHeld: false;
	// `undefined` if the other process has not written yet who it is.
	holder: LockHolder | undefined;
};

type LockOptions = {
	fs?: FileSystem;
	now?: () => Date;
};

/**
Make this process the only writer. The kernel holds the lock, through SQLite, and releases it when the process dies, however that happens. The file beside it says who holds it, and keeps out whoever reaches the folder by another path or from another machine, where the kernel lock may not be seen. Nothing else in this process may open the lock file: closing it anywhere would release the lock.

@throws {AppError} `not-writable` if the lock file cannot be made, or the catalogue belongs to another user.
*/
export const takeLock = async (file: string, {fs = nodeFileSystem, now = () => new Date()}: LockOptions = {}): Promise<Lock | LockRefusal> => {
	await refuseLink(file, fs);
	const database = lockFile(file);
	const record = createRecordFile(`${file}.json`, fs);
	if (database === undefined) {
		const holder = await record.wait();
		return {isHeld: false, holder: holder && holderOf(holder)};
	}

	let timer: NodeJS.Timeout | undefined;
	try {
		await refuseOtherOwner(file, fs);
		await closeToOthers(file, fs);
		const own = await ownRecord({now: now(), path: path.resolve(file), lockFile: await identityOf(file, fs)});
		const other = await claim(record, own, async other => await isHolderAlive(other, own, now()) && await isSameFolder(file, other, own, fs));
		if (other !== undefined) {
			database.close();
			return {isHeld: false, holder: {...holderOf(other), wayOut: wayOut(other, own, `${file}.json`)}};
		}

		timer = setInterval(() => {
			// A record that cannot be refreshed now is refreshed next time; one of another writer is noticed before the next commit.
			void record.refresh(own.token, now()).catch(() => undefined);
		}, refreshMs);
		timer.unref();
		return {
			isHeld: true,
			isAsLeft: record.isAsLeft,
			async check() {
				await record.check(own);
			},
			async release() {
				clearInterval(timer);
				try {
					await record.remove(own.token);
				} finally {
					database.close();
				}
			},
		};
	} catch (error) {
		clearInterval(timer);
		database.close();
		throw error;
	}
};

// Two writers that find the record of a dead one at the same time may both remove it, the second after the first has put its own there. After this time, which is long for that, the last one is left.
const settleMs = 100;

/**
Puts the own record in place. Returns the record of another writer that may be alive.
*/
const claim = async (record: RecordFile, own: Parameters<RecordFile['isMade']>[0], isHolding: (other: LockRecord) => Promise<boolean>): Promise<LockRecord | undefined> => {
	let hasRemoved = false;
	for (let attempt = 0; attempt < 3; attempt++) {
		if (await record.isMade(own)) {
			if (hasRemoved) {
				await sleep(settleMs);
			}

			const written = hasRemoved ? await record.read() : own;
			if (written?.token === own.token) {
				return undefined;
			}
		}

		const other = await record.wait();
		if (other !== undefined && await isHolding(other)) {
			return other;
		}

		await record.removeStale(other?.token);
		hasRemoved = true;
	}

	return record.wait();
};

/**
Who holds the lock, if anyone. Does not take the lock, so a writer that starts at the same moment is not kept out.
*/
export const lockHolder = async (file: string, {fs = nodeFileSystem, now = () => new Date()}: LockOptions = {}): Promise<LockHolder | undefined> => {
	const record = await createRecordFile(`${file}.json`, fs).read();
	if (record === undefined) {
		return undefined;
	}

	// The file of a process that was killed stays, so ask the lock itself, which only a writer by another path holds unseen.
	if (isLocked(file)) {
		return holderOf(record);
	}

	const own = await ownRecord({now: now(), path: path.resolve(file), lockFile: await identityOf(file, fs)});
	return await isHolderAlive(record, own, now()) && !isNextDoor(record, own) ? holderOf(record) : undefined;
};

/**
Whether the folder is the one in which the writer of the record is, and not a copy that was made while it was writing. It is a copy if a file that is made here does not show there. Where that cannot be tried, it counts as the same.
*/
const isSameFolder = async (file: string, record: LockRecord, own: LockRecord, fs: FileSystem): Promise<boolean> => {
	if (record.path === undefined || !isNextDoor(record, own)) {
		return true;
	}

	const there = path.dirname(record.path);
	try {
		const seen = await withProbe(file, fs, async name => ifExists(fs.stat(path.join(there, name))));
		return seen !== undefined;
	} catch (error) {
		if (errorCode(error) === undefined) {
			throw error;
		}

		return true;
	}
};

/**
Makes a file in the folder of the lock for as long as `look` takes, which gets its name.
*/
const withProbe = async <Seen>(file: string, fs: FileSystem, look: (name: string) => Promise<Seen>): Promise<Seen> => {
	const name = temporaryName(path.basename(file));
	const probe = path.join(path.dirname(file), name);
	try {
		const handle = await fs.open(probe, 'wx', 0o600);
		await handle.close();
		return await look(name);
	} finally {
		// If it stays, the next start sweeps it.
		await fs.unlink(probe).catch(() => undefined);
	}
};

/**
Root may write in the folder of another user, who could then not read the catalogue any more. Some disks give every file to the same user, so a file that is made there decides.
*/
const refuseOtherOwner = async (file: string, fs: FileSystem) => {
	const lock = await ifExists(fs.stat(file));
	if (lock === undefined || process.getuid === undefined || process.getuid() === lock.uid) {
		return;
	}

	const folder = path.dirname(file);
	const {document} = catalogFiles(folder);
	const theirs = await ifExists(fs.stat(document));
	const own = await withProbe(file, fs, async name => fs.stat(path.join(folder, name)));
	if (theirs !== undefined && theirs.uid !== own.uid) {
		throw new AppError('not-writable', `${document} belongs to the user ${theirs.uid}, who could not read what the user ${own.uid} writes.`, {
			hint: `Run reelcat as that user, as with "sudo -H -u '#${theirs.uid}'", or give the folder to another user with chown.`,
		});
	}
};

const identityOf = async (file: string, fs: FileSystem): Promise<string | undefined> => {
	const stats = await guarded(file, 'read', async () => ifExists(fs.stat(file)));
	return stats && `${stats.dev}:${stats.ino}`;
};

/**
SQLite would make or lock the file that the link points to, which lies outside of our folder.
*/
const refuseLink = async (file: string, fs: FileSystem) => {
	const stats = await guarded(file, 'read', async () => ifExists(fs.lstat(file)));
	if (stats?.isSymbolicLink() === true) {
		throw new AppError('not-writable', `The lock file ${file} is a symbolic link, and reelcat writes only in its own folders.`, {hint: 'Remove the link; the lock file is made anew.'});
	}
};

// SQLite makes it readable for all.
const closeToOthers = async (file: string, fs: FileSystem) => {
	await fs.chmod(file, 0o600).catch(() => undefined);
};

const busy = 5;

const isLocked = (file: string): boolean => {
	const sqlite = loadSqlite();
	let database: DatabaseSync | undefined;
	try {
		database = new sqlite.DatabaseSync(file, {readOnly: true});
		database.exec('SELECT * FROM sqlite_schema');
		return false;
	} catch (error) {
		// Nobody can hold a lock file that cannot be opened at all.
		return isBusy(error);
	} finally {
		database?.close();
	}
};

const sqliteCode = (error: unknown) => error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;

const isBusy = (error: unknown) => (sqliteCode(error) ?? 0) % 256 === busy;

const lockFile = (file: string): {close: () => void} | undefined => {
	const sqlite = loadSqlite();
	let database: DatabaseSync | undefined;
	try {
		database = new sqlite.DatabaseSync(file);
		// In memory, because a journal in the folder would outlive a process that is killed.
		database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
		return database;
	} catch (error) {
		database?.close();
		if (isBusy(error)) {
			return undefined;
		}

		const code = sqliteCode(error);
		throw new AppError('not-writable', `The lock file ${file} cannot be used (SQLite ${code ?? 'failure'}).`, {
			hint: 'Give your user the right to write there, or choose another folder with REELCAT_DATA_DIR; network disks may not support locks.',
			cause: error,
		});
	}
};
