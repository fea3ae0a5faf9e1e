import {Buffer} from 'node:buffer';
import path from 'node:path';
import {Readable} from 'node:stream';
import {createZstdCompress, createZstdDecompress} from 'node:zlib';
import {errorCode, isAppError} from '../base/errors.js';
import {durableWrite, syncFolder, type Chunks} from '../base/durable-write.js';
import {
	fileError,
	guarded,
	ifExists,
	type FileSystem,
} from '../base/file-system.js';
import type {CatalogData} from './catalog-data.js';
import {damaged, documentStream} from './document-format.js';
import {proveDocument, type ProvenDocument} from './document-proof.js';

export type BackupInfo = {
	file: string;
	/**
	Instant, in UTC.
	*/
	madeAt: string;
	schemaVersion: number;
	revision: number;
	sizeBytes: number;
};

/**
Verified copies of the catalogue, compressed, below the data folder.
*/
export type Backups = {
	/**
	Newest first.
	*/
	list: () => Promise<BackupInfo[]>;
	/**
	Write, read back, and only then let older ones go.

	@throws {AppError} `disk-full`, `not-writable`, or `damaged` when what was written cannot be read back; it is removed then.
	*/
	make: (data: CatalogData) => Promise<BackupInfo>;
	/**
	A document as it lies on the disk, before it is migrated.
	*/
	copy: (document: string, about: {revision: number; schemaVersion: number}) => Promise<BackupInfo>;
	/**
	@throws {AppError} `damaged` or `newer`.
	*/
	prove: (file: string) => Promise<ProvenDocument>;
	/**
	The newest one that can be read back.
	*/
	newestGood: () => Promise<BackupInfo | undefined>;
};

const namePattern = /^catalog-(?<stamp>\d{8}T\d{6}Z)-v(?<version>\d+)-r(?<revision>\d+)\.json\.zst$/v;

export const createBackups = (folder: string, {fs, now, schemaVersion}: {fs: FileSystem; now: () => Date; schemaVersion: number}): Backups => {
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
		return backups.filter(backup => backup !== undefined).toSorted((left, right) => left.madeAt === right.madeAt ? right.revision - left.revision : compare(right.madeAt, left.madeAt));
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

	const keep = async (chunks: Chunks, about: {revision: number; schemaVersion: number}): Promise<BackupInfo> => {
		await guarded(folder, 'made', async () => fs.mkdir(folder, {recursive: true, mode: 0o700}));
		const name = `catalog-${stampOf(now())}-v${about.schemaVersion}-r${about.revision}.json.zst`;
		const file = path.join(folder, name);
		const unproven = `${file}.unproven`;
		await durableWrite(unproven, packed(chunks), {fs});
		try {
			await prove(unproven);
			await guarded(file, 'written', async () => fs.rename(unproven, file));
			await guarded(folder, 'synced', async () => syncFolder(folder, fs));
		} catch (error) {
			// Under this name it is never taken for a backup, and the next one writes over it or sweeps it.
			await fs.unlink(unproven).catch(() => undefined);
			throw error;
		}

		// An old one that cannot be removed takes room, no more.
		await tidy().catch(() => undefined);
		return (await read(name))!;
	};

	return {
		list,
		prove,
		make: async data => keep(documentStream({...data, header: {...data.header, schemaVersion}}).chunks, {revision: data.header.revision, schemaVersion}),
		async copy(document, about) {
			const handle = await guarded(document, 'read', async () => fs.open(document, 'r'));
			try {
				return await keep(handle.createReadStream({autoClose: false}), about);
			} finally {
				await handle.close();
			}
		},
		async newestGood() {
			for (const backup of await list()) {
				try {
					await prove(backup.file);
					return backup;
				} catch (error) {
					// The next older one may be good.
					if (!isAppError(error)) {
						throw error;
					}
				}
			}

			return undefined;
		},
	};
};

/**
The bytes of a backup as they were before they were packed.

@throws {AppError} `damaged` when they cannot be unpacked.
*/
export async function * unpacked(file: string, fs: FileSystem): AsyncGenerator<Uint8Array> {
	const handle = await guarded(file, 'read', async () => fs.open(file, 'r'));
	const source = handle.createReadStream({autoClose: false});
	const stream = createZstdDecompress();
	source.once('error', error => {
		stream.destroy(error);
	});
	try {
		yield * source.pipe(stream) as AsyncIterable<Uint8Array>;
	} catch (error) {
		// A disk that cannot be read is no damage of the file.
		throw /^(?:ZSTD|Z_|ERR_)/v.test(errorCode(error) ?? 'ERR_') ? damaged(file, 'it cannot be unpacked') : fileError(error, file);
	} finally {
		source.destroy();
		stream.destroy();
		await handle.close();
	}
}

async function * packed(chunks: Chunks): AsyncGenerator<Uint8Array> {
	// The memory of a chunk is used again for the next one, while the packer may still read it.
	const source = Readable.from(copied(chunks), {objectMode: false});
	const stream = createZstdCompress();
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
What may go: all but the 3 newest, the newest of each of the last 7 days that have one, and of each of the last 4 weeks. `backups` come newest first; what claims to be from the future stays, and takes nobody's place.
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
Whether the daily one is due. A clock that was set back makes one rather than none.
*/
export const isBackupDue = (newest: BackupInfo | undefined, now: Date): boolean =>
	newest === undefined || Math.abs(now.getTime() - Date.parse(newest.madeAt)) >= dayMs;

const stampOf = (date: Date) => date.toISOString().replaceAll(/[\-:]|\.\d+/gv, '');

const instantOfStamp = (stamp: string) => {
	const part = (start: number) => stamp.slice(start, start + 2);
	return `${stamp.slice(0, 4)}-${part(4)}-${part(6)}T${part(9)}:${part(11)}:${part(13)}Z`;
};

const compare = (left: string, right: string) => left < right ? -1 : Number(left > right);
