import path from 'node:path';
import * as z from 'zod';
import {AppError} from '../errors.js';
import {durableWrite} from './durable-write.js';
import {guarded, ifExists} from './file-error.js';
import {type FileSystem, nodeFileSystem} from './file-system.js';

const entrySchema = z.object({id: z.string(), url: z.string(), token: z.string()});
const entriesSchema = z.array(entrySchema);
const credentialsSchema = z.object({
	format: z.literal('reelcat-credentials'),
	version: z.literal(1),
	servers: entriesSchema,
});

type Entry = z.infer<typeof entrySchema>;

export type Credentials = {
	/**
	The token of a server.
	*/
	get: (serverId: string) => string | undefined;
	set: (serverId: string, token: string, url: string) => Promise<void>;
	delete: (serverId: string) => Promise<void>;
	/**
	Without tokens.
	*/
	list: () => Array<{serverId: string; url: string}>;
};

/**
Tokens per server, in a file of their own that only its owner may read.

@throws {AppError} `damaged` when the file is not what it should be: it is never emptied silently. `disk-full` and `not-writable` keep the old file.
*/
export const openCredentials = async (file: string, {fs = nodeFileSystem}: {fs?: FileSystem} = {}): Promise<Credentials> => {
	let entries = await read(file, fs);
	let turn: Promise<unknown> = Promise.resolve();

	// Read again before each write: another reelcat may have added a server.
	const change = async (next: (current: readonly Entry[]) => Entry[]) => {
		const run = async () => {
			const changed = next(await read(file, fs));
			const document: z.infer<typeof credentialsSchema> = {format: 'reelcat-credentials', version: 1, servers: changed};
			await guarded(path.dirname(file), 'made', async () => fs.mkdir(path.dirname(file), {recursive: true, mode: 0o700}));
			await durableWrite(file, [`${JSON.stringify(document, undefined, '\t')}\n`], {fs, mode: 0o600});
			entries = changed;
		};

		const mine = turn.catch(() => undefined).then(run);
		turn = mine;
		await mine;
	};

	return {
		get: serverId => entries.find(({id}) => id === serverId)?.token,
		set: async (serverId, token, url) => change(current => [...current.filter(({id}) => id !== serverId), {id: serverId, url, token}]),
		delete: async serverId => change(current => current.filter(({id}) => id !== serverId)),
		list: () => entries.map(({id, url}) => ({serverId: id, url})),
	};
};

const read = async (file: string, fs: FileSystem): Promise<Entry[]> => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return [];
	}

	try {
		return parse(await handle.readFile('utf8'), file);
	} finally {
		await handle.close();
	}
});

const parse = (text: string, file: string): Entry[] => {
	try {
		return credentialsSchema.parse(JSON.parse(text)).servers;
	} catch {
		// The cause may quote the text, and with it a token.
		throw new AppError('damaged', `${file}, which holds the tokens, cannot be read.`, {
			hint: 'Move it away and connect to the server again, or give the token with PLEX_TOKEN.',
		});
	}
};
