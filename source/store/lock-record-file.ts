import {Buffer} from 'node:buffer';
import {constants, type Stats} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {AppError, errorCode} from '../base/errors.js';
import {writeFully} from '../base/durable-write.js';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';
import {writesWords} from '../catalog/writer-words.js';
import {type LockRecord, lockRecordSchema} from './lock-record.js';

type OwnRecord = LockRecord & {token: string};

// The record is never written or read through a link, which may point outside of our folder. Windows has no such flag.
const noLink = constants.O_NOFOLLOW ?? 0;

const maxBytes = 2 ** 16;

/**
The file with the record of the writer. It need not be durable: after a power cut nobody holds the lock.
*/
export const createRecordFile = (file: string, fs: FileSystem) => {
	// How the file was when this writer last saw its own record in it.
	let seen: string | undefined;

	const readText = async (): Promise<string | undefined> => {
		const handle = await fs.open(file, constants.O_RDONLY | noLink); // eslint-disable-line no-bitwise
		try {
			const {size} = await handle.stat();
			return size > maxBytes ? undefined : await handle.readFile('utf8');
		} finally {
			await handle.close();
		}
	};

	/**
	Returns `undefined` if there is no record, or none that can be read.
	*/
	const read = async (): Promise<LockRecord | undefined> => {
		try {
			return lockRecordSchema.safeParse(JSON.parse(await readText() ?? '')).data;
		} catch (error) {
			// An error without a code is a text that is not JSON.
			if (errorCode(error) === undefined && !(error instanceof SyntaxError)) {
				throw error;
			}

			return undefined;
		}
	};

	const stampOf = ({dev, ino, size, mtimeMs}: Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs'>) => `${dev} ${ino} ${size} ${mtimeMs}`;

	const stamp = async () => {
		const stats = await ifExists(fs.stat(file));
		return stats && stampOf(stats);
	};

	const write = async (flags: number, record: LockRecord) => {
		const handle = await fs.open(file, flags | noLink, 0o600); // eslint-disable-line no-bitwise
		try {
			await writeFully(handle, Buffer.from(`${JSON.stringify(record)}\n`), 0);
			// Of the handle, because the path may lead to the file of another writer by now.
			seen = stampOf(await handle.stat());
		} finally {
			await handle.close();
		}
	};

	/**
	Makes the file with this record. Returns false if there is a file already.
	*/
	const isMade = async (record: OwnRecord): Promise<boolean> => guarded(file, 'written', async () => {
		try {
			await write(constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, record); // eslint-disable-line no-bitwise
		} catch (error) {
			if (errorCode(error) === 'EEXIST') {
				return false;
			}

			await fs.unlink(file).catch(() => undefined);
			throw error;
		}

		return true;
	});

	const wait = async (): Promise<LockRecord | undefined> => {
		// Another process writes the file just after it has taken the lock.
		for (let attempt = 0; attempt < 10; attempt++) {
			const record = await read();
			if (record !== undefined) {
				return record;
			}

			await setTimeout(20);
		}

		return undefined;
	};

	const remove = async () => {
		await ifExists(fs.unlink(file));
	};

	return {
		read,
		wait,
		isMade,
		/**
		Removes the record of a writer that is gone, unless another one has taken its place meanwhile.
		*/
		async removeStale(token: string | undefined) {
			const record = await read();
			if (record?.token === token) {
				await guarded(file, 'removed', remove);
			}
		},
		/**
		Removes the own record.
		*/
		async remove(token: string) {
			const record = await read();
			if (record?.token === token) {
				await remove();
			}
		},
		/**
		Says that the writer is still there. The record has the same length each time, so it is overwritten in place.
		*/
		async refresh(token: string, now: Date) {
			const record = await read();
			if (record?.token !== token) {
				return;
			}

			await write(constants.O_WRONLY, {...record, refreshedAt: now.toISOString()});
		},
		isAsLeft: async () => guarded(file, 'read', async () => {
			const found = await stamp();
			return found !== undefined && found === seen;
		}),
		/**
		@throws {AppError} `locked` if the record is one of another writer.
		*/
		async check(own: OwnRecord) {
			await guarded(file, 'read', async () => {
				const found = await stamp();
				const record = await read();
				if (record?.token === own.token) {
					seen = found;
					return;
				}

				// Someone who thought that this writer was gone has removed it, and may have ended since.
				if (record === undefined && await isMade(own)) {
					return;
				}

				throw new AppError('locked', record === undefined
					? `${file} was replaced by something that is no record of a writer.`
					: `${writesWords(record)} to this catalogue by another path.`, {
					hint: 'End the other one, then start this one again. Nothing was overwritten.',
				});
			});
		},
	};
};

export type RecordFile = ReturnType<typeof createRecordFile>;
