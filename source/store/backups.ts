import {Buffer} from 'node:buffer';
import path from 'node:path';
import {Readable} from 'node:stream';
import {constants, createZstdCompress, createZstdDecompress} from 'node:zlib';
import {errorCode, isAppError, requireAppError} from '../base/errors.js';
import {durableWrite, syncFolder, type Chunks} from '../base/durable-write.js';
import {
	fileError,
	guarded,
	ifExists,
	makeFolders,
	nodeFileSystem,
	type FileSystem,
} from '../base/file-system.js';
import type {CatalogData} from './catalog-data.js';
import type {BackupCheck} from './checked-commits.js';
import {
	damaged,
	documentStream,
	proveDocument,
} from './document-format.js';
import {catalogFiles} from './folders.js';
import {migrations, schemaVersionOf} from './migrations.js';

export type BackupInfo = {
	file: string;
	madeAt: string;
	schemaVersion: number;
	revision: number;
	sizeBytes: number;
};

const namePattern = /^catalog-(?<stamp>\d{8}T\d{6}Z)-v(?<version>\d+)-r(?<revision>\d+)\.json\.zst$/v;

/**
Verified, compressed copies of the catalogue in a folder.
*/
export const createBackups = (folder: string, {fs, now, schemaVersion}: {fs: FileSystem; now: () => Date; schemaVersion: number}) => {
	const read = async (name: string): Promise<BackupInfo | undefined> => {
		const {stamp, version, revision} = namePattern.exec(name)?.groups ?? {};
		if (stamp === undefined) {
			return undefined;
		}

		const file = path.join(folder, name);
		const stats = await guarded(file, 'read', async () => ifExists(fs.stat(file)));
		return stats && {
			file, madeAt: instantOfStamp(stamp), schemaVersion: Number(version), revision: Number(revision), sizeBytes: stats.size,
		};
	};

	const list = async () => {
		const names = await guarded(folder, 'read', async () => ifExists(fs.readdir(folder)));
		const backups = await Promise.all((names ?? []).map(async name => read(name)));
		return backups.filter(backup => backup !== undefined).toSorted((left, right) => left.madeAt === right.madeAt ? right.revision - left.revision : (left.madeAt < right.madeAt ? 1 : -1));
	};

	const prove = async (file: string) => proveDocument(unpacked(file, fs), file, schemaVersion);

	const tidy = async () => {
		for (const {file} of backupsToDrop(await list(), now())) {
			await ifExists(fs.unlink(file));
		}

		for (const name of await fs.readdir(folder)) {
			if (name.endsWith('.unproven')) {
				await ifExists(fs.unlink(path.join(folder, name)));
			}
		}
	};

	const keep = async (chunks: Chunks, about: Pick<BackupInfo, 'revision' | 'schemaVersion'>, check?: BackupCheck): Promise<BackupInfo> => {
		await guarded(folder, 'made', async () => makeFolders(folder, {fs, mode: 0o700}));
		const name = `catalog-${stampOf(now())}-v${about.schemaVersion}-r${about.revision}.json.zst`;
		const file = path.join(folder, name);
		const unproven = `${file}.unproven`;
		await durableWrite(unproven, packed(chunks), {fs});
		try {
			check?.end();
			await prove(unproven);
			await guarded(file, 'written', async () => fs.rename(unproven, file));
			await guarded(folder, 'synced', async () => syncFolder(folder, fs));
		} catch (error) {
			// If it stays, nobody takes it for a backup because of its name, and the next backup removes it.
			await fs.unlink(unproven).catch(() => undefined);
			throw error;
		}

		// An old backup that cannot be removed only takes up room.
		await tidy().catch(() => undefined);
		return (await read(name))!;
	};

	return {
		/**
		Newest first.
		*/
		list,
		/**
		Reads a backup from beginning to end.

		@throws {AppError} `damaged` or `newer`.
		*/
		prove,
		/**
		Writes a backup, which is checked meanwhile, reads it back, and only then deletes old ones.

		@throws {AppError} `disk-full`, `not-writable`, or `damaged` if it could not be restored or cannot be read back; it is then removed.
		*/
		make: async (data: CatalogData, check: BackupCheck) => keep(
			documentStream({...data, header: {...data.header, schemaVersion}}, {see: check.take, chunkBytes: pieceBytes}).chunks,
			{revision: data.header.revision, schemaVersion},
			check,
		),
		/**
		The same for a document on the disk, before it is migrated.
		*/
		async copy(document: string, about: Pick<BackupInfo, 'revision' | 'schemaVersion'>) {
			const handle = await guarded(document, 'read', async () => fs.open(document, 'r'));
			try {
				return await keep(handle.createReadStream({autoClose: false}), about);
			} finally {
				await guarded(document, 'read', async () => handle.close());
			}
		},
		/**
		The newest backup that `prove` accepts.

		@throws {AppError} `not-writable` if the disk fails.
		*/
		async newestGood(): Promise<BackupInfo | undefined> {
			for (const backup of await list()) {
				try {
					await prove(backup.file);
					return backup;
				} catch (error) {
					// An older backup may be good. But a disk that cannot be read says nothing about the backup on it.
					if (!isAppError(error, 'damaged') && !isAppError(error, 'newer')) {
						throw error;
					}
				}
			}

			return undefined;
		},
	};
};

// As much as is read at once. The usual pieces are a quarter of it, and handing them over takes much of the time of unpacking.
const pieceBytes = 2 ** 17;

/**
The uncompressed bytes of a backup.

@throws {AppError} `damaged` if they cannot be unpacked, `not-writable` if the disk fails.
*/
export async function * unpacked(file: string, fs: FileSystem): AsyncGenerator<Uint8Array> {
	const handle = await guarded(file, 'read', async () => fs.open(file, 'r'));
	const source = handle.createReadStream({autoClose: false});
	const stream = createZstdDecompress({chunkSize: pieceBytes});
	source.once('error', error => {
		stream.destroy(error);
	});
	try {
		yield * source.pipe(stream) as AsyncIterable<Uint8Array>;
	} catch (error) {
		// An error of the disk does not mean that the file is damaged.
		throw /^(?:ZSTD|Z_|ERR_)/v.test(errorCode(error) ?? 'ERR_') ? damaged(file, 'it cannot be unpacked') : fileError(error, file);
	} finally {
		source.destroy();
		stream.destroy();
		await guarded(file, 'read', async () => handle.close());
	}
}

// It takes about a quarter less time than the usual level 3, and makes a backup of the demo library a fiftieth larger.
const level = 2;

async function * packed(chunks: Chunks): AsyncGenerator<Uint8Array> {
	// Copy each chunk: the producer uses its memory again while the packer may still read it.
	const source = Readable.from(copied(chunks), {objectMode: false});
	const stream = createZstdCompress({chunkSize: pieceBytes, params: {[constants.ZSTD_c_compressionLevel]: level}});
	source.once('error', error => {
		stream.destroy(error);
	});
	try {
		yield * source.pipe(stream) as AsyncIterable<Uint8Array>;
	} finally {
		source.destroy();
		stream.destroy();
	}
}

async function * copied(chunks: Chunks): AsyncGenerator<Uint8Array> {
	for await (const chunk of chunks) {
		yield Buffer.from(chunk);
	}
}

const dayMs = 86_400_000;

/**
The backups to delete. We keep the 3 newest, and the newest of each of the last 7 days and 4 weeks that have one. `backups` come newest first. A backup with a time in the future stays and does not count.
*/
export const backupsToDrop = (backups: readonly BackupInfo[], now: Date): BackupInfo[] => {
	const days = new Set<number>();
	const weeks = new Set<number>();
	return backups.filter(({madeAt}) => Date.parse(madeAt) <= now.getTime()).filter(({madeAt}, index) => {
		const day = Math.floor(Date.parse(madeAt) / dayMs);
		const week = Math.floor(day / 7);
		const isFirstOfDay = days.size < 7 && !days.has(day);
		const isFirstOfWeek = weeks.size < 4 && !weeks.has(week);
		if (isFirstOfDay) {
			days.add(day);
		}

		if (isFirstOfWeek) {
			weeks.add(week);
		}

		return index >= 3 && !isFirstOfDay && !isFirstOfWeek;
	});
};

/**
Whether the daily backup is due; it is if the clock was set back, and then no sooner again than after a day.
*/
export const isBackupDue = (backups: ReadonlyArray<Pick<BackupInfo, 'madeAt'>>, now: Date): boolean =>
	backups.every(({madeAt}) => Math.abs(now.getTime() - Date.parse(madeAt)) >= dayMs);

const stampOf = (date: Date) => date.toISOString().replaceAll(/[\-:]|\.\d+/gv, '');

const instantOfStamp = (stamp: string) => {
	const part = (start: number) => stamp.slice(start, start + 2);
	return `${stamp.slice(0, 4)}-${part(4)}-${part(6)}T${part(9)}:${part(11)}:${part(13)}Z`;
};

export type Backups = ReturnType<typeof createBackups>;

export type ListedBackup = BackupInfo & {
	/**
	Absent if the backup cannot be read; `problem` then says why.
	*/
	records?: number;
	problem?: string;
};

/**
All backups of a data folder, newest first, each read from beginning to end.
*/
export const listBackups = async (folder: string): Promise<ListedBackup[]> => {
	const backups = createBackups(catalogFiles(folder).backups, {fs: nodeFileSystem, now: () => new Date(), schemaVersion: schemaVersionOf(migrations)});
	const listed: ListedBackup[] = [];
	for (const backup of await backups.list()) {
		try {
			const {recordCount} = await backups.prove(backup.file);
			listed.push({...backup, records: recordCount});
		} catch (error) {
			requireAppError(error);

			listed.push({...backup, problem: error.message});
		}
	}

	return listed;
};
