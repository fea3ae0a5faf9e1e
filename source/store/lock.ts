import {Buffer} from 'node:buffer';
import {createRequire} from 'node:module';
import {hostname} from 'node:os';
import process from 'node:process';
import type * as sqliteModule from 'node:sqlite';
import {setTimeout} from 'node:timers/promises';
import {AppError} from '../base/errors.js';
import type {LockHolder} from '../catalog/catalog-store.js';
import {writeFully} from '../base/durable-write.js';
import {ifExists, type FileSystem, nodeFileSystem} from '../base/file-system.js';

export type Lock = {
	isHeld: true;
	release: () => Promise<void>;
};

export type LockRefusal = {
	isHeld: false;
	/**
	`undefined` when the other process has not said yet who it is.
	*/
	holder: LockHolder | undefined;
};

export type LockOptions = {
	fs?: FileSystem;
	now?: () => Date;
};

/**
Make this process the only writer. The kernel holds the lock, through SQLite, and lets go of it when the process dies, however that happens; the file beside it only tells who it is.

The lock file must be opened by nothing else in this process: closing it anywhere would drop the lock.

@throws {AppError} `not-writable` where the lock file cannot be made.
*/
export const takeLock = async (file: string, {fs = nodeFileSystem, now = () => new Date()}: LockOptions = {}): Promise<Lock | LockRefusal> => {
	const holderFile = `${file}.json`;
	const database = lockFile(file);
	if (database === undefined) {
		return {isHeld: false, holder: await readHolder(holderFile, fs)};
	}

	const holder: LockHolder = {pid: process.pid, host: hostname(), startedAt: now().toISOString()};
	try {
		await writeHolder(holderFile, holder, fs);
	} catch (error) {
		database.close();
		throw error;
	}

	return {
		isHeld: true,
		async release() {
			try {
				await ifExists(fs.unlink(holderFile));
			} finally {
				database.close();
			}
		},
	};
};

/**
Who holds the lock, if anyone, without taking it: a writer that starts at the same moment is not kept out.
*/
export const lockHolder = async (file: string, {fs = nodeFileSystem}: Pick<LockOptions, 'fs'> = {}): Promise<LockHolder | undefined> => {
	// It only tells who: what cannot be read must not keep a reader from the catalogue.
	const holder = await readHolderOnce(`${file}.json`, fs).catch(() => undefined);
	// The file goes with the lock, unless the process was killed. Only then the lock itself has to be asked.
	return holder !== undefined && isLocked(file) ? holder : undefined;
};

const busy = 5;

const isLocked = (file: string): boolean => {
	const sqlite = loadSqlite();
	let database: sqliteModule.DatabaseSync | undefined;
	try {
		database = new sqlite.DatabaseSync(file, {readOnly: true});
		database.exec('SELECT * FROM sqlite_schema');
		return false;
	} catch (error) {
		// A file that cannot be opened at all is nobody's lock.
		return isBusy(error);
	} finally {
		database?.close();
	}
};

const sqliteCode = (error: unknown) => error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;

const isBusy = (error: unknown) => (sqliteCode(error) ?? 0) % 256 === busy;

const lockFile = (file: string): {close: () => void} | undefined => {
	const sqlite = loadSqlite();
	let database: sqliteModule.DatabaseSync | undefined;
	try {
		database = new sqlite.DatabaseSync(file);
		database.exec('BEGIN EXCLUSIVE');
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

/**
Loaded only where it is needed, and without the warning that Node.js 22 prints for it.
*/
const loadSqlite = (): typeof sqliteModule => {
	const {emitWarning} = process;
	process.emitWarning = ((warning: string | Error, ...details: never[]) => {
		if (!String(warning).includes('SQLite')) {
			emitWarning.call(process, warning, ...details);
		}
	});
	try {
		return createRequire(import.meta.url)('node:sqlite') as typeof sqliteModule;
	} finally {
		process.emitWarning = emitWarning;
	}
};

// It needs no durability: after a crash nobody holds the lock.
const writeHolder = async (file: string, holder: LockHolder, fs: FileSystem) => {
	const handle = await fs.open(file, 'w', 0o600);
	try {
		await writeFully(handle, Buffer.from(`${JSON.stringify(holder)}\n`));
	} finally {
		await handle.close();
	}
};

const readHolder = async (file: string, fs: FileSystem): Promise<LockHolder | undefined> => {
	// The winner writes it just after it has the lock.
	for (let attempt = 0; attempt < 10; attempt++) {
		const holder = await readHolderOnce(file, fs);
		if (holder !== undefined) {
			return holder;
		}

		await setTimeout(20);
	}

	return undefined;
};

const readHolderOnce = async (file: string, fs: FileSystem): Promise<LockHolder | undefined> => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		const {pid, host, startedAt} = JSON.parse(String(await handle.readFile())) as Partial<LockHolder>;
		return pid === undefined || host === undefined || startedAt === undefined ? undefined : {pid, host, startedAt};
	} catch {
		// It only tells who; without it the lock holds all the same.
		return undefined;
	} finally {
		await handle.close();
	}
};
