import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import type {FileHandle} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {AppError, errorCode} from './errors.js';
import {
	fileError,
	type FileSystem,
	ifExists,
	nodeFileSystem,
} from './file-system.js';
import {firstBytes} from './text/bytes.js';

export type Chunks = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

type DurableWriteOptions = {
	mode?: number;
	// A file that is replaced keeps the permissions that somebody gave it.
	keepsMode?: boolean;
	fs?: FileSystem;
	// Called when everything is written and synced, just before the new file, which is still called `temporary`, replaces the old one. If it throws, the old file stays.
	beforeRename?: (temporary: string) => Promise<void>;
};

export type DurableWriteResult = {
	sizeBytes: number;
	// False when the file is in place but its folder could not be synced: a power cut may bring the old file back.
	isDurable: boolean;
};

const queues = new Map<string, Promise<unknown>>();

/**
What the name of a temporary file has of that of its target.
*/
export const temporaryBase = (base: string): string => firstBytes(base, 90);

/**
Makes the name of a temporary file or folder for `base`; `sweepTemps` removes it if this process dies. A long name is cut, because what is added must not make it longer than a file system takes: eCryptfs, with which Synology encrypts shared folders, takes 143 bytes.
*/
export const temporaryName = (base: string) => `.${temporaryBase(base)}.${process.pid}.${randomBytes(8).toString('hex')}.tmp`;

/**
Names of the temporary files and folders that this process is writing now.
*/
export const activeTemps = new Set<string>();

/**
Replaces a file so that after a crash or a power cut either the old one or the new one is there, whole. Calls for the same target run one after the other. A chunk is written before the next one is requested, so the caller may reuse its memory.

@throws {AppError} `disk-full` or `not-writable`; the old file is then untouched
*/
export const durableWrite = async (target: string, chunks: Chunks, options: DurableWriteOptions = {}): Promise<DurableWriteResult> =>
	inTurn(target, async () => replace(target, async handle => fill(handle, chunks), options));

/**
Does the same for a file that another program or library writes: `make` gets the path of an empty file, and the file is synced and put into its place when it resolves. `make` must leave no other files beside it.

@throws {AppError} `disk-full` or `not-writable`; the old file is then untouched
*/
export const durableFile = async (target: string, make: (temporary: string) => Promise<void>, options: DurableWriteOptions = {}): Promise<DurableWriteResult> =>
	inTurn(target, async () => replace(target, async (handle, temporary) => {
		await handle.close();
		await make(temporary);
		return syncedSize(temporary, options.fs);
	}, options));

const inTurn = async (target: string, work: () => Promise<DurableWriteResult>): Promise<DurableWriteResult> => {
	const key = path.resolve(target);
	const before = queues.get(key) ?? Promise.resolve();
	// The previous caller got its own error; it must not fail this call.
	const turn = before.catch(() => undefined).then(work);
	queues.set(key, turn);
	try {
		return await turn;
	} catch (error) {
		throw fileError(error, target);
	} finally {
		if (queues.get(key) === turn) {
			queues.delete(key);
		}
	}
};

const syncedSize = async (file: string, fs: FileSystem = nodeFileSystem): Promise<number> => {
	const handle = await fs.open(file, 'r+');
	try {
		await handle.sync();
		const {size} = await handle.stat();
		return size;
	} finally {
		await handle.close();
	}
};

/**
Makes the names in a folder durable. We assume that file systems that cannot sync a folder need no sync.
*/
export const syncFolder = async (folder: string, fs: FileSystem = nodeFileSystem): Promise<void> => {
	// Windows cannot open folders, and writes names through.
	if (process.platform === 'win32') {
		return;
	}

	const handle = await fs.open(folder, 'r');
	try {
		await handle.sync();
	} catch (error) {
		if (!['ENOTSUP', 'EOPNOTSUPP', 'EINVAL'].includes(errorCode(error) ?? '')) {
			throw error;
		}
	} finally {
		await handle.close();
	}
};

/**
Writes all of `bytes`, even if the system takes only a few at a time.

@throws {AppError} `disk-full` when it takes none
*/
export const writeFully = async (handle: FileHandle, bytes: Uint8Array, position?: number): Promise<void> => {
	for (let done = 0; done < bytes.length;) {
		const at = position === undefined ? null : position + done;
		const {bytesWritten} = await handle.write(bytes, done, bytes.length - done, at);
		if (bytesWritten === 0) {
			throw new AppError('disk-full', 'The disk took no more data.', {hint: 'Make room on this disk and try again.'});
		}

		done += bytesWritten;
	}
};

type Filler = (handle: FileHandle, temporary: string) => Promise<number>;

const replace = async (target: string, fillFile: Filler, {mode = 0o600, keepsMode = false, fs = nodeFileSystem, beforeRename}: DurableWriteOptions): Promise<DurableWriteResult> => {
	// A link stays a link: the file it points to is replaced. The temporary file is opened with O_EXCL, which follows no link.
	const real = await ifExists(fs.realpath(target)) ?? target;
	const name = temporaryName(path.basename(real));
	const temporary = path.join(path.dirname(real), name);
	activeTemps.add(name);
	let isMade = false;
	try {
		const before = keepsMode ? await ifExists(fs.stat(real)) : undefined;
		const handle = await fs.open(temporary, 'wx', mode);
		isMade = true;
		const sizeBytes = await fillFile(handle, temporary);
		// Some disks have no permissions to give.
		await (before && fs.chmod(temporary, before.mode % 0o1000).catch(() => undefined));
		await beforeRename?.(temporary);
		await fs.rename(temporary, real);
		isMade = false;
		// The new file is already in place, so a folder that cannot be synced is a doubt, not a failure.
		const isDurable = await syncFolder(path.dirname(real), fs).then(() => true).catch(() => false);
		return {sizeBytes, isDurable};
	} catch (error) {
		if (isMade) {
			// Report the first failure; a temporary file that stays is swept at the next start.
			await fs.unlink(temporary).catch(() => undefined);
		}

		throw error;
	} finally {
		activeTemps.delete(name);
	}
};

const fill = async (handle: FileHandle, chunks: Chunks): Promise<number> => {
	let sizeBytes = 0;
	try {
		for await (const chunk of chunks) {
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
			await writeFully(handle, bytes);
			sizeBytes += bytes.length;
		}

		await handle.sync();
		const {size} = await handle.stat();
		if (size !== sizeBytes) {
			throw new AppError('not-writable', `The disk kept ${size} of ${sizeBytes} bytes.`, {hint: 'Check the disk, then try again.'});
		}
	} catch (error) {
		await handle.close().catch(() => undefined);
		throw error;
	}

	// Quotas and network disks may report a failed write only on close.
	await handle.close();
	return sizeBytes;
};

const temporaryPattern = /^\.(?<base>.+)\.(?<pid>\d+)\.[\da-f]{16}\.tmp$/v;

type SweepOptions = {fs?: FileSystem; owned?: readonly string[]; isSwept?: (base: string) => boolean; now?: () => Date};

/**
Removes temporary files and folders of writers that died, and returns how many.

Only the caller may write the `owned` files, because it holds their lock: their temporary files are dead, whatever pid they carry. Process ids mean nothing across containers, so the file of a living pid goes too once it is an hour old. `isSwept` leaves the temporary files of other targets alone.
*/
export const sweepTemps = async (folder: string, {fs = nodeFileSystem, owned = [], isSwept = () => true, now = () => new Date()}: SweepOptions = {}): Promise<number> => {
	let swept = 0;
	for (const name of await fs.readdir(folder)) {
		const {base, pid} = temporaryPattern.exec(name)?.groups ?? {};
		const file = path.join(folder, name);
		if (base === undefined || activeTemps.has(name) || !isSwept(base)) {
			continue;
		}

		const stats = await ifExists(fs.stat(file));
		const isOld = stats !== undefined && now().getTime() - stats.mtimeMs > 3_600_000;
		if (!isOld && !owned.includes(base) && isAlive(Number(pid))) {
			continue;
		}

		await ifExists(stats?.isDirectory() === true ? fs.rm(file, {recursive: true}) : fs.unlink(file));
		swept++;
	}

	return swept;
};

const isAlive = (pid: number): boolean => {
	// After a restart in a container the same pid comes back; `activeTemps` knows what this process writes now.
	if (pid === process.pid) {
		return false;
	}

	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return errorCode(error) === 'EPERM';
	}
};

type AsideOptions = {fs: FileSystem; now: () => Date};

/**
Moves a damaged file out of the way, to `<file>.corrupt-<utc>`, never over another file. Returns the new path, or `undefined` if there was no file.
*/
export const setAside = async (file: string, options: AsideOptions): Promise<string | undefined> => {
	const target = await freeName(file, options);
	return ifExists(options.fs.rename(file, target).then(() => target));
};

/**
Keeps the file under the name to which `setAside` moves it, while it stays in its place: a second name for the same file, which takes no room, or a copy where there are no such names. Returns the new path, or `undefined` if there was no file.
*/
export const keepAside = async (file: string, options: AsideOptions): Promise<string | undefined> => {
	const target = await freeName(file, options);
	return (await isLinked(file, target, options.fs)) ? target : copyTo(file, target, options.fs);
};

/**
Copies the file where `setAside` moves it, for a file that is changed in its place. Returns the path of the copy, or `undefined` if there was no file.
*/
export const copyAside = async (file: string, options: AsideOptions): Promise<string | undefined> => copyTo(file, await freeName(file, options), options.fs);

/**
Gives the file that `file` names a second name, and returns whether it has one now: not if there is no file, or if the disk has no second names, as FAT, some network disks and some containers. An rclone mount says EIO, CryFS says ERANGE.
*/
export const isLinked = async (file: string, target: string, fs: FileSystem): Promise<boolean> => {
	try {
		await fs.link(await fs.realpath(file), target);
		return true;
	} catch (error) {
		if (!['ENOENT', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES', 'EIO', 'ERANGE'].includes(errorCode(error) ?? '')) {
			throw error;
		}

		return false;
	}
};

const copyTo = async (file: string, target: string, fs: FileSystem): Promise<string | undefined> => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		await durableWrite(target, handle.createReadStream({autoClose: false}), {fs});
	} finally {
		await handle.close();
	}

	return target;
};

const freeName = async (file: string, {fs, now}: AsideOptions): Promise<string> => {
	const stamp = now().toISOString().replaceAll(/[\-:]|\.\d+/gv, '');
	let target = `${file}.corrupt-${stamp}`;
	for (let number = 2; await ifExists(fs.stat(target)) !== undefined; number++) {
		target = `${file}.corrupt-${stamp}-${number}`;
	}

	return target;
};
