import path from 'node:path';
import process from 'node:process';
import {errorCode} from '../base/errors.js';
import {ifExists} from './file-error.js';
import {type FileSystem, nodeFileSystem} from './file-system.js';

/**
Names of the temporary files that this process is writing now.
*/
export const activeTemps = new Set<string>();

export const temporaryName = (base: string, pid: number, random: string) => `.${base}.${pid}.${random}.tmp`;

const pattern = /^\.(?<base>.+)\.(?<pid>\d+)\.[\da-f]{16}\.tmp$/v;

export type SweepOptions = {
	fs?: FileSystem;
	/**
	Files that only the caller may write, because it holds their lock: their left-overs are dead whoever's pid they carry.
	*/
	owned?: readonly string[];
	now?: () => Date;
};

/**
Remove temporary files of writers that died. Returns how many.

Ids of processes mean nothing across containers, so a file of a living pid goes too once it is an hour old.
*/
export const sweepTemps = async (folder: string, {fs = nodeFileSystem, owned = [], now = () => new Date()}: SweepOptions = {}): Promise<number> => {
	let swept = 0;
	for (const name of await fs.readdir(folder)) {
		const {base, pid} = pattern.exec(name)?.groups ?? {};
		const file = path.join(folder, name);
		if (base === undefined || activeTemps.has(name)) {
			continue;
		}

		const stats = await ifExists(fs.stat(file));
		const isOld = stats !== undefined && now().getTime() - stats.mtimeMs > 3_600_000;
		if (!isOld && !owned.includes(base) && isAlive(Number(pid))) {
			continue;
		}

		await ifExists(fs.unlink(file));
		swept++;
	}

	return swept;
};

const isAlive = (pid: number): boolean => {
	// After a restart in a container the same number comes back: what this process writes now is known above.
	if (pid === process.pid) {
		return false;
	}

	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return errorCode(error) === 'EPERM';
	}
};
