import path from 'node:path';
import {AppError, isAppError} from '../../base/errors.js';
import {durableWrite, setAside} from '../../base/durable-write.js';
import {
	guarded,
	ifExists,
	type FileSystem,
	nodeFileSystem,
} from '../../base/file-system.js';
import {emptyQueue, type Queue} from './queue.js';
import {parseQueue, queueText} from './queue-text.js';

const maxBytes = 2 ** 24;

export type QueueFile = {
	/**
	As it was left: a job that ran then still does, `recover` deals with it. Empty where there is no file, and where it cannot be understood; that one is set aside.

	@throws AppError 'newer' for the file of a newer version, which stays; 'not-writable' when the disk does not give it
	*/
	load: () => Promise<Queue>;
	/**
	Resolves once this queue, or one that was saved after it, is on the disk. What is there already is not written again.

	@throws AppError 'disk-full' or 'not-writable'; the old file is whole then
	*/
	save: (queue: Queue) => Promise<void>;
	/**
	Waits for what is being written. Nothing can be saved after it.
	*/
	close: () => Promise<void>;
};

export type QueueFileOptions = {
	/**
	The data folder; it must exist.
	*/
	folder: string;
	fs?: FileSystem | undefined;
	now?: (() => Date) | undefined;
	/**
	Told in sentences of what was set aside.
	*/
	note?: ((text: string) => void) | undefined;
};

/**
The queue in `jobs.json`, so that it survives a restart. One process at a time.
*/
export const openQueueFile = ({folder, fs = nodeFileSystem, now = () => new Date(), note}: QueueFileOptions): QueueFile => {
	const file = path.join(folder, 'jobs.json');
	let onDisk: string | undefined;
	let wanted: string | undefined;
	let isWriting = false;
	let isClosed = false;
	let lastWrite = Promise.resolve();

	const write = async () => {
		isWriting = true;
		let failure: {error: unknown} | undefined;
		try {
			while (wanted !== undefined) {
				const text = wanted;
				wanted = undefined;
				// Of those that failed only the last one matters: it holds what the others did.
				failure = text === onDisk ? undefined : await attempt(text);
			}
		} finally {
			isWriting = false;
		}

		if (failure !== undefined) {
			throw failure.error;
		}
	};

	const attempt = async (text: string): Promise<{error: unknown} | undefined> => {
		try {
			await durableWrite(file, [text], {fs});
			onDisk = text;
			return undefined;
		} catch (error) {
			return {error};
		}
	};

	return {
		async load() {
			const text = await guarded(file, 'read', async () => readText(file, fs));
			if (text === undefined) {
				return emptyQueue;
			}

			try {
				const queue = parseQueue(text, file);
				onDisk = text;
				return queue;
			} catch (error) {
				if (!isAppError(error, 'damaged')) {
					throw error;
				}

				const aside = await guarded(file, 'set aside', async () => setAside(file, {fs, now}));
				note?.(`${error.message} It was set aside as ${aside ?? file}; the queue begins empty, and the schedule brings back what is due.`);
				return emptyQueue;
			}
		},
		async save(queue) {
			if (isClosed) {
				throw new AppError('cancelled', `${file} is closed: reelcat is ending.`);
			}

			wanted = queueText(queue);
			if (!isWriting) {
				lastWrite = write();
			}

			await lastWrite;
		},
		async close() {
			isClosed = true;
			// Who saved it was told of its failure.
			await lastWrite.catch(() => undefined);
		},
	};
};

const readText = async (file: string, fs: FileSystem): Promise<string | undefined> => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		const {size} = await handle.stat();
		// Nothing that is written here is as long; what is cannot be read as a queue.
		return size > maxBytes ? '' : await handle.readFile('utf8');
	} finally {
		await handle.close();
	}
};
