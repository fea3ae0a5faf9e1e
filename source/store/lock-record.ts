import {randomUUID} from 'node:crypto';
import {readFile, readlink} from 'node:fs/promises';
import {hostname, uptime} from 'node:os';
import process from 'node:process';
import * as z from 'zod';
import {errorCode} from '../base/errors.js';
import {formatInstant} from '../base/text/format.js';
import type {LockHolder} from '../catalog/catalog-store.js';

/**
The record of the writer, in `catalog.lock.json`. The kernel lock does not cross from one view of a folder to another (mergerfs and its branch, sshfs and its source), so whoever has taken it also asks this record.
*/
export const lockRecordSchema = z.object({
	pid: z.number(),
	host: z.string(),
	startedAt: z.string(),
	/**
	The last time when the writer said that it is still there.
	*/
	refreshedAt: z.string().optional(),
	/**
	Tells this holding of the lock from every other one.
	*/
	token: z.string().optional(),
	/**
	The id of the running kernel.
	*/
	boot: z.string().optional(),
	/**
	The installation of the system, which has the same id after a restart.
	*/
	machine: z.string().optional(),
	/**
	The name space in which `pid` has its meaning.
	*/
	pidSpace: z.string().optional(),
	/**
	When the process started, in ticks of the kernel: a later process with the same pid has another number.
	*/
	processStart: z.string().optional(),
	/**
	The name space in which `path` has its meaning.
	*/
	mountSpace: z.string().optional(),
	/**
	The lock file as the writer sees it: its path, and its device and inode.
	*/
	path: z.string().optional(),
	lockFile: z.string().optional(),
});

export type LockRecord = z.infer<typeof lockRecordSchema>;

/**
How often a writer refreshes its record, and after how long without a refresh a writer on another machine counts as gone. The first is long, so that a disk can sleep.
*/
export const refreshMs = 60 * 60_000;
export const staleMs = 3 * refreshMs;

/**
The record that this process would write now.
*/
export const ownRecord = async ({now, path, lockFile}: {now: Date; path: string; lockFile: string | undefined}): Promise<LockRecord & {token: string; refreshedAt: string}> => {
	const [boot, machine, pidSpace, mountSpace, processStart] = await Promise.all([
		textOf('/proc/sys/kernel/random/boot_id'),
		textOf('/etc/machine-id'),
		linkOf('/proc/self/ns/pid'),
		linkOf('/proc/self/ns/mnt'),
		processStartOf(process.pid),
	]);
	return {
		pid: process.pid,
		host: hostname(),
		startedAt: now.toISOString(),
		refreshedAt: now.toISOString(),
		token: randomUUID(),
		boot,
		machine,
		pidSpace,
		mountSpace,
		processStart,
		path,
		lockFile,
	};
};

/**
Whether the writer of a record may still be there, although this process could take the kernel lock. `own` is the record that this process would write.
*/
export const isHolderAlive = async (record: LockRecord, own: LockRecord, now: Date): Promise<boolean> => {
	if (record.boot !== undefined && own.boot !== undefined) {
		if (record.boot === own.boot) {
			// For one and the same file the kernel lock decides, and it is free.
			if (record.lockFile !== undefined && record.lockFile === own.lockFile) {
				return false;
			}

			return record.pidSpace === own.pidSpace ? isRunning(record, own, now) : isFresh(record, now);
		}

		// This machine has been restarted since.
		return record.host === own.host && record.machine === own.machine ? false : isFresh(record, now);
	}

	return record.host === own.host ? isRunning(record, own, now) : isFresh(record, now);
};

/**
Whether this process sees the same processes and paths as the writer of the record.
*/
export const isNextDoor = (record: LockRecord, own: LockRecord): boolean =>
	record.host === own.host && record.boot === own.boot && record.pidSpace === own.pidSpace && record.mountSpace === own.mountSpace;

const isRunning = async ({pid, startedAt, processStart}: LockRecord, own: LockRecord, now: Date): Promise<boolean> => {
	const signal = signalOf(pid);
	if (signal === undefined) {
		return false;
	}

	if (own.processStart !== undefined) {
		const start = await processStartOf(pid);
		if (start === undefined) {
			// It has ended, unless the system hides the processes of other users.
			return signal === 'EPERM';
		}

		if (processStart !== undefined) {
			return start === processStart;
		}
	}

	// If the machine has been restarted since, the pid belongs to something else.
	return Date.parse(startedAt) >= now.getTime() - (uptime() * 1000) - 60_000;
};

/**
A record from the future is fresh: clocks of machines differ, and a writer must not be pushed aside for that.
*/
const isFresh = ({refreshedAt, startedAt}: LockRecord, now: Date) => now.getTime() - Date.parse(refreshedAt ?? startedAt) < staleMs;

const signalOf = (pid: number): 'OK' | 'EPERM' | undefined => {
	try {
		process.kill(pid, 0);
		return 'OK';
	} catch (error) {
		return errorCode(error) === 'EPERM' ? 'EPERM' : undefined;
	}
};

const processStartOf = async (pid: number): Promise<string | undefined> => {
	const stat = await textOf(`/proc/${pid}/stat`);
	// The name of the program, in parentheses, may hold spaces. The state comes first after it, and the start is the 20th field from there.
	const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
	return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
};

// Only Linux has these files.
const textOf = async (file: string): Promise<string | undefined> => readFile(file, 'utf8').then(text => text.trim()).catch(() => undefined);

const linkOf = async (file: string): Promise<string | undefined> => readlink(file).catch(() => undefined);

/**
Says when a writer on another machine counts as gone, and what to do if it is known to be gone earlier.
*/
export const wayOut = (record: LockRecord, own: LockRecord, file: string): string => {
	const seenAt = record.refreshedAt ?? record.startedAt;
	const isHere = record.host === own.host || (record.boot !== undefined && record.boot === own.boot);
	return isHere
		? `It reaches this folder by another path. If it does not run any more, or if this folder is a copy, remove ${file}.`
		: `It was there at ${formatInstant(seenAt)}. If it has crashed, or if this folder is a copy, remove ${file}, or wait until it has been silent for ${staleMs / refreshMs} hours.`;
};

export const holderOf = ({pid, host, startedAt}: LockRecord): LockHolder => ({pid, host, startedAt});
