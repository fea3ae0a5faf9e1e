import path from 'node:path';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';
import {parseJson} from './document-format.js';
import {historyNames} from './history-files.js';
import {readLines} from './line-reader.js';

/**
Every line of every file of the history is one of JSON. Who reads the history stops at a line that is none, as the end of what is being written: without this look, damage in the middle would pass for a short history.

@returns what is wrong, in sentences
*/
export const checkHistoryFiles = async (folder: string, fs: FileSystem): Promise<string[]> => {
	const names = await historyNames(folder, fs);
	const problems: string[] = [];
	for (const name of names) {
		problems.push(...await checkFile(path.join(folder, name), {fs, isNewest: name === names.at(-1)}));
	}

	return problems;
};

const checkFile = async (file: string, {fs, isNewest}: {fs: FileSystem; isNewest: boolean}): Promise<string[]> => {
	const handle = await guarded(file, 'read', async () => ifExists(fs.open(file, 'r')));
	if (handle === undefined) {
		// Summed up meanwhile, under another name.
		return [];
	}

	try {
		const {size} = await handle.stat();
		let number = 0;
		let end = 0;
		for await (const {lines, endOffset} of readLines(handle)) {
			const broken = lines.findIndex(line => parseJson(line.toString('utf8')) === undefined);
			if (broken !== -1) {
				return [`${file}: line ${number + broken + 1} is no JSON; nothing behind it in this file can be read.`];
			}

			number += lines.length;
			end = endOffset;
		}

		// Someone may be writing the newest one.
		return !isNewest && end < size ? [`${file}: its last line is cut short.`] : [];
	} finally {
		await handle.close();
	}
};
