import path from 'node:path';
import * as z from 'zod';
import {durableWrite} from '../base/durable-write.js';
import {ifExists, nodeFileSystem, type FileSystem} from '../base/file-system.js';
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
Who watches over the catalogue of a data folder, and how to talk to it.
*/
export type DaemonFile = z.infer<typeof daemonFileSchema>;

const fileOf = (folder: string) => path.join(folder, 'daemon.json');

/**
@throws AppError 'disk-full', 'not-writable'
*/
export const writeDaemonFile = async (folder: string, content: DaemonFile): Promise<void> => {
	await durableWrite(fileOf(folder), [`${JSON.stringify(content)}\n`]);
};

/**
The daemon that is alive: the file of one that was killed is as good as none.
*/
export const readDaemonFile = async (folder: string, {fs = nodeFileSystem}: {fs?: FileSystem} = {}): Promise<DaemonFile | undefined> => {
	const content = await readContent(fileOf(folder), fs);
	if (content === undefined) {
		return undefined;
	}

	const holder = await lockHolder(path.join(folder, 'catalog.lock'), {fs});
	return holder?.pid === content.pid && holder.host === content.host ? content : undefined;
};

export const removeDaemonFile = async (folder: string, {fs = nodeFileSystem}: {fs?: FileSystem} = {}): Promise<void> => {
	await ifExists(fs.unlink(fileOf(folder)));
};

const readContent = async (file: string, fs: FileSystem): Promise<DaemonFile | undefined> => {
	const handle = await ifExists(fs.open(file, 'r')).catch(() => undefined);
	if (handle === undefined) {
		return undefined;
	}

	try {
		const text = String(await handle.readFile());
		return daemonFileSchema.safeParse(JSON.parse(text)).data;
	} catch {
		// Half a file, or another program's: nobody to talk to.
		return undefined;
	} finally {
		await handle.close();
	}
};
