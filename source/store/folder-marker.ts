import {randomUUID} from 'node:crypto';
import {durableWrite} from '../base/durable-write.js';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';

/**
The file by which a writer recognises its folder. Where the disk of the folder is no longer mounted, another folder shows under the same path, and this file is not in it.
*/
export type FolderMarker = {
	isThere: () => Promise<boolean>;
};

/**
Reads the marker, or makes it in a folder that has none yet.

@throws {AppError} `disk-full` or `not-writable`
*/
export const openFolderMarker = async (file: string, fs: FileSystem): Promise<FolderMarker> => {
	const read = async () => guarded(file, 'read', async () => ifExists(readText(file, fs)));
	let text = await read();
	if (text === undefined) {
		text = `${JSON.stringify({about: 'reelcat knows its data folder by this file. Do not remove it.', id: randomUUID()})}\n`;
		await durableWrite(file, [text], {fs});
	}

	return {isThere: async () => await read() === text};
};

const readText = async (file: string, fs: FileSystem): Promise<string> => {
	const handle = await fs.open(file, 'r');
	try {
		return await handle.readFile('utf8');
	} finally {
		await handle.close();
	}
};
