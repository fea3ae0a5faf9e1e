import {
	access,
	cp,
	mkdir,
	rename,
	rm,
} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {errorCode} from '../../source/base/errors.js';
import {runReelcat} from './run-reelcat.js';

// It lies beside the compiled files, which each run of the tests deletes.
const prototype = fileURLToPath(new URL('../../imported-demo', import.meta.url));

const isThere = async (folder: string) => {
	try {
		await access(folder);
		return true;
	} catch {
		return false;
	}
};

/**
Whether this process made the prototype. If another test process is making it now, its working folder exists.
*/
const isMade = async (): Promise<boolean> => {
	const making = `${prototype}.making`;
	try {
		await mkdir(making);
	} catch (error) {
		if (errorCode(error) !== 'EEXIST') {
			throw error;
		}

		return false;
	}

	// Another process may have finished between our two checks.
	if (await isThere(prototype)) {
		await rm(making, {recursive: true});
		return true;
	}

	try {
		const {exitCode, stderr} = await runReelcat(making, ['import', '--demo', '--all']);
		if (exitCode !== 0) {
			throw new Error(`The demo cannot be imported: ${stderr}`);
		}

		await rename(making, prototype);
	} catch (error) {
		await rm(making, {recursive: true, force: true});
		throw error;
	}

	return true;
};

/**
Fills a home with the imported demo. The real binary imports it once for all test processes, and each home gets a copy.
*/
export const importDemo = async (home: string): Promise<void> => {
	while (!await isThere(prototype)) {
		if (!await isMade()) {
			await sleep(20);
		}
	}

	await cp(prototype, home, {recursive: true, preserveTimestamps: true});
};
