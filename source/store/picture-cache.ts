import {createHash} from 'node:crypto';
import {
	readdir,
	readFile,
	rename,
	rm,
	stat,
	utimes,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {temporaryName} from '../base/durable-write.js';
import {errorCode} from '../base/errors.js';
import {makeOwnFolder} from '../base/own-folder.js';

/**
Pictures on the disk, which may be lost without harm. What the disk refuses is as if it were not there.
*/
export type PictureCache = {
	get: (key: readonly string[]) => Promise<Uint8Array | undefined>;
	put: (key: readonly string[], picture: Uint8Array) => Promise<void>;
};

type PictureCacheOptions = {
	maxBytes?: number;
};

type Entry = {name: string; sizeBytes: number; usedMs: number};

const suffix = '.picture';

/**
The name says nothing about what somebody looked at.
*/
const nameOf = (key: readonly string[]) => `${createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 40)}${suffix}`;

const ignoreDisk = (error: unknown) => {
	if (errorCode(error) === undefined) {
		throw error;
	}
};

export const openPictureCache = (folder: string, {maxBytes = 64 * 1_048_576}: PictureCacheOptions = {}): PictureCache => {
	let opened: Promise<Map<string, Entry>> | undefined;

	const list = async () => {
		await makeOwnFolder(folder);
		const entries = new Map<string, Entry>();
		for (const name of await readdir(folder)) {
			const file = path.join(folder, name);
			if (name.endsWith(suffix)) {
				const {size, mtimeMs} = await stat(file);
				entries.set(name, {name, sizeBytes: size, usedMs: mtimeMs});
			} else if (name.endsWith('.tmp')) {
				// What another process writes now is a loss, too, but no harm.
				await rm(file, {force: true});
			}
		}

		return entries;
	};

	const all = async () => {
		opened ??= list();
		return opened;
	};

	const evict = async (entries: Map<string, Entry>) => {
		let bytes = entries.values().reduce((sum, {sizeBytes}) => sum + sizeBytes, 0);
		const oldest = entries.values().toArray().toSorted((a, b) => a.usedMs - b.usedMs);
		for (const {name, sizeBytes} of oldest) {
			if (bytes <= maxBytes) {
				return;
			}

			entries.delete(name);
			bytes -= sizeBytes;
			await rm(path.join(folder, name), {force: true});
		}
	};

	return {
		async get(key) {
			const name = nameOf(key);
			const file = path.join(folder, name);
			let picture: Uint8Array | undefined;
			try {
				picture = await readFile(file);
				const now = new Date();
				await utimes(file, now, now);
				const entries = await all();
				const entry = entries.get(name);
				if (entry !== undefined) {
					entry.usedMs = now.getTime();
				}
			} catch (error) {
				ignoreDisk(error);
			}

			return picture;
		},
		async put(key, picture) {
			const name = nameOf(key);
			try {
				const entries = await all();
				const temporary = path.join(folder, temporaryName(name));
				await writeFile(temporary, picture, {mode: 0o600, flag: 'wx'});
				await rename(temporary, path.join(folder, name));
				entries.set(name, {name, sizeBytes: picture.byteLength, usedMs: Date.now()});
				await evict(entries);
			} catch (error) {
				ignoreDisk(error);
			}
		},
	};
};
