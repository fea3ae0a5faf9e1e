import fs from 'node:fs';
import path from 'node:path';
import {temporaryName} from './durable-write.js';

/**
Stands in the bundle for `atomically`, with which conf writes, see `docs/bundle.ts`. On a full disk that one keeps the beginning of a file and calls that a success. It also brings `when-exit`, which sends each first signal to the process again, and that would count as the second signal.
*/
export const writeFileSync = (file: string, data: string | Uint8Array, {mode}: {mode: number}): void => {
	const temporary = path.join(path.dirname(file), temporaryName(path.basename(file)));
	try {
		fs.writeFileSync(temporary, data, {mode, flag: 'wx', flush: true});
		keepOwner(file, temporary);
		fs.renameSync(temporary, file);
	} catch (error) {
		fs.rmSync(temporary, {force: true});
		throw error;
	}
};

const keepOwner = (file: string, temporary: string): void => {
	const before = fs.statSync(file, {throwIfNoEntry: false});
	if (before === undefined || before.uid === fs.statSync(temporary).uid) {
		return;
	}

	try {
		fs.chownSync(temporary, before.uid, before.gid);
	} catch {
		// Only root may give a file away.
	}
};
