import path from 'node:path';
import * as z from 'zod';
import {isAppError, type AppError} from '../../base/errors.js';
import {
	guarded,
	ifExists,
	nodeFileSystem,
	type FileSystem,
} from '../../base/file-system.js';
import {sweepTemps} from '../../base/durable-write.js';
import {createKeptFile} from '../../base/kept-file.js';
import {newerStamp} from '../newer-stamp.js';
import type {StandingState} from './standing-state.js';

const ids = z.array(z.string()).transform(list => new Set(list));

const stamp = {format: 'reelcat-standing', version: 1} as const;

const standingSchema = z.object({
	format: z.literal(stamp.format),
	version: z.literal(stamp.version),
	meaning: z.string(),
	revision: z.int().nonnegative(),
	libraries: ids,
	members: ids,
	untold: z.object({came: ids, left: ids}),
	batch: z.string(),
	since: z.iso.datetime().optional(),
}).transform(({format, version, ...state}) => state);

const toText = ({libraries, members, untold: {came, left}, ...rest}: StandingState): string => `${JSON.stringify({
	...stamp, ...rest, libraries: [...libraries], members: [...members], untold: {came: [...came], left: [...left]},
})}\n`;

/**
The folder with one file for each standing query, so that a look writes only what has changed.
*/
export type StandingFiles = {
	/**
	Undefined if there is no file, or none that can be used; `onLost` is told of the latter.

	@throws AppError 'newer'
	*/
	load: (name: string) => Promise<StandingState | undefined>;
	/**
	@throws AppError 'disk-full' or 'not-writable'
	*/
	save: (name: string, state: StandingState) => Promise<void>;
	/**
	Removes the files of all other queries, and what a writer that died has left.

	@throws AppError 'not-writable'
	*/
	keepOnly: (names: ReadonlySet<string>) => Promise<void>;
};

type StandingFilesOptions = {
	fs?: FileSystem;
	onLost: (name: string, error: AppError) => void;
};

// The names of queries are safe in the names of files; some of them alone, such as con, are not on Windows.
const prefix = 'query-';
const suffix = '.json';

/**
The folder is `standing` in the data folder; it is made when something is saved.
*/
export const openStandingFiles = (folder: string, {fs = nodeFileSystem, onLost}: StandingFilesOptions): StandingFiles => {
	const files = new Map<string, ReturnType<typeof createKeptFile<StandingState>>>();

	const fileOf = (name: string) => {
		const file = path.join(folder, `${prefix}${name}${suffix}`);
		const known = files.get(name) ?? createKeptFile<StandingState>(file, {
			schema: standingSchema,
			toText,
			makesFolder: true,
			fs,
			newer: newerStamp(stamp, file, 'Update reelcat, or move the file away; then the query is noted anew.'),
		});
		files.set(name, known);
		return known;
	};

	return {
		async load(name) {
			try {
				return await fileOf(name).read();
			} catch (error) {
				if (!isAppError(error) || isAppError(error, 'newer')) {
					throw error;
				}

				onLost(name, error);
				return undefined;
			}
		},
		async save(name, state) {
			await fileOf(name).write(state);
		},
		async keepOnly(names) {
			await guarded(folder, 'changed', async () => {
				const found = await ifExists(fs.readdir(folder));
				if (found !== undefined) {
					await sweepTemps(folder, {fs});
				}

				for (const file of found ?? []) {
					const isOurs = file.startsWith(prefix) && file.endsWith(suffix);
					const name = file.slice(prefix.length, -suffix.length);
					if (!isOurs || names.has(name)) {
						continue;
					}

					files.delete(name);
					await ifExists(fs.unlink(path.join(folder, file)));
				}
			});
		},
	};
};
