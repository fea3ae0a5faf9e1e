import {Buffer} from 'node:buffer';
import {createRequire} from 'node:module';
import {hostname} from 'node:os';
import process from 'node:process';
import type * as sqliteModule from 'node:sqlite';
import {setTimeout} from 'node:timers/promises';
import * as z from 'zod';
import {AppError} from '../base/errors.js';
import {createKeptFile} from '../base/kept-file.js';
import type {LockHolder} from '../catalog/catalog-store.js';
import {writeFully} from '../base/durable-write.js';
import {ifExists, type FileSystem, nodeFileSystem} from '../base/file-system.js';

export type Lock = {
	isHeld: true;
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
Make this process the only writer. The kernel holds the lock, through SQLite, and releases it when the process dies, however that happens; the file beside it only says who holds it. Nothing else in this process may open the lock file: closing it anywhere would release the lock.

@throws {AppError} `not-writable` if the lock file cannot be made.
*/
export const takeLock = async (file: string, {fs = nodeFileSystem, now = () => new Date()}: LockOptions = {}): Promise<Lock | LockRefusal> => {
	const holderFile = `${file}.json`;
	const database = lockFile(file);
	if (database === undefined) {
		return {isHeld: false, holder: await waitForHolder(holderFile, fs)};
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
Who holds the lock, if anyone. Does not take the lock, so a writer that starts at the same moment is not kept out.
*/
export const lockHolder = async (file: string, {fs = nodeFileSystem}: Pick<LockOptions, 'fs'> = {}): Promise<LockHolder | undefined> => {
	const holder = await readHolder(`${file}.json`, fs);
	// The file of a process that was killed stays, so ask the lock itself.
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
	let database: sqliteModule.DatabaseSync | undefined;
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

/**
Load SQLite only when it is needed, and without the warning that Node.js 22 prints for it.
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

// This file need not be durable: after a crash nobody holds the lock.
const writeHolder = async (file: string, holder: LockHolder, fs: FileSystem) => {
	const handle = await fs.open(file, 'w', 0o600);
	try {
		await writeFully(handle, Buffer.from(`${JSON.stringify(holder)}\n`));
	} finally {
		await handle.close();
	}
};

const holderSchema = z.object({pid: z.number(), host: z.string(), startedAt: z.string()});

// Whether or not this file can be read, the lock is held.
const readHolder = async (file: string, fs: FileSystem): Promise<LockHolder | undefined> =>
	createKeptFile(file, {schema: holderSchema, fs}).readIfSound();

const waitForHolder = async (file: string, fs: FileSystem): Promise<LockHolder | undefined> => {
	// The other process writes the file just after it has taken the lock.
	for (let attempt = 0; attempt < 10; attempt++) {
		const holder = await readHolder(file, fs);
		if (holder !== undefined) {
			return holder;
		}

		await setTimeout(20);
	}

	return undefined;
};
