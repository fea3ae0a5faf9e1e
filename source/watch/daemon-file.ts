import path from 'node:path';
import * as z from 'zod';
import {ifExists, nodeFileSystem, type FileSystem} from '../base/file-system.js';
import {createKeptFile} from '../base/kept-file.js';
import {lockHolder} from '../store/lock.js';

const addressSchema = z.union([
	z.object({url: z.url()}),
	z.object({socketPath: z.string().min(1)}),
]);

const daemonFileSchema = z.object({
	schema: z.literal(1),
	pid: z.int().positive(),
	host: z.string(),
	startedAt: z.iso.datetime(),
	version: z.string(),
	api: addressSchema.optional().meta({description: 'Where it listens; absent with --no-api'}),
});

/**
The daemon that watches over the catalogue of a data folder, and its address.
*/
export type DaemonFile = z.infer<typeof daemonFileSchema>;

const fileOf = (folder: string) => path.join(folder, 'daemon.json');

const keptFile = (folder: string, fs = nodeFileSystem) => createKeptFile(fileOf(folder), {schema: daemonFileSchema, fs});

/**
@throws AppError 'disk-full', 'not-writable'
*/
export const writeDaemonFile = async (folder: string, content: DaemonFile): Promise<void> => {
	await keptFile(folder).write(content);
};

/**
Reads the file of a living daemon; the file of a daemon that was killed is ignored.
*/
export const readDaemonFile = async (folder: string, {fs = nodeFileSystem}: {fs?: FileSystem} = {}): Promise<DaemonFile | undefined> => {
	const content = await keptFile(folder, fs).readIfSound();
	if (content === undefined) {
		return undefined;
	}

	const holder = await lockHolder(path.join(folder, 'catalog.lock'), {fs});
	return holder?.pid === content.pid && holder.host === content.host ? content : undefined;
};

export const removeDaemonFile = async (folder: string, {fs = nodeFileSystem}: {fs?: FileSystem} = {}): Promise<void> => {
	await ifExists(fs.unlink(fileOf(folder)));
};
