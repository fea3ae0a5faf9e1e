import {ifExists} from './file-error.js';
import type {FileSystem} from './file-system.js';

/**
Move a file that cannot be read out of the way, to `<file>.corrupt-<utc>`. Never over another one. Returns the new path, `undefined` when there was no file.
*/
export const setAside = async (file: string, {fs, now}: {fs: FileSystem; now: () => Date}): Promise<string | undefined> => {
	const stamp = now().toISOString().replaceAll(/[\-:]|\.\d+/gv, '');
	let target = `${file}.corrupt-${stamp}`;
	for (let number = 2; await ifExists(fs.stat(target)) !== undefined; number++) {
		target = `${file}.corrupt-${stamp}-${number}`;
	}

	return ifExists(fs.rename(file, target).then(() => target));
};
