import {durableWrite} from './durable-write.js';
import {ifExists} from './file-error.js';
import type {FileSystem} from './file-system.js';

type Options = {fs: FileSystem; now: () => Date};

/**
Move a file that cannot be read out of the way, to `<file>.corrupt-<utc>`. Never over another one. Returns the new path, `undefined` when there was no file.
*/
export const setAside = async (file: string, options: Options): Promise<string | undefined> => {
	const target = await freeName(file, options);
	return ifExists(options.fs.rename(file, target).then(() => target));
};

/**
As `setAside`, but the file stays where it is, too. Returns the path of the copy.
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
