import {durableWrite} from './durable-write.js';
import {ifExists, type FileSystem} from './file-system.js';

type Options = {fs: FileSystem; now: () => Date};

/**
Move a damaged file out of the way, to `<file>.corrupt-<utc>`, never over another file. Returns the new path, or `undefined` if there was no file.
*/
export const setAside = async (file: string, options: Options): Promise<string | undefined> => {
	const target = await freeName(file, options);
	return ifExists(options.fs.rename(file, target).then(() => target));
};

/**
Like `setAside`, but copies the file instead of moving it. Returns the path of the copy.
*/
export const copyAside = async (file: string, options: Options): Promise<string> => {
	const {fs} = options;
	const target = await freeName(file, options);
	const handle = await fs.open(file, 'r');
	try {
		await durableWrite(target, handle.createReadStream({autoClose: false}), {fs});
	} finally {
		await handle.close();
	}

	return target;
};

const freeName = async (file: string, {fs, now}: Options): Promise<string> => {
	const stamp = now().toISOString().replaceAll(/[\-:]|\.\d+/gv, '');
	let target = `${file}.corrupt-${stamp}`;
	for (let number = 2; await ifExists(fs.stat(target)) !== undefined; number++) {
		target = `${file}.corrupt-${stamp}-${number}`;
	}

	return target;
};
