import {type AppError, isAppError} from '../../source/base/errors.js';
import {type FileSystem, nodeFileSystem} from '../../source/base/file-system.js';

export type Faults = {
	fs: FileSystem;
	/**
	The number of calls so far.
	*/
	calls: () => number;
	/**
	Make the n-th call from now on fail with `code`; 1 is the next call.
	*/
	failAt: (n: number, code?: string) => void;
	/**
	Fail every call for which this is true.
	*/
	failWhen: (test: ((method: string) => string | undefined) | undefined) => void;
	hasFired: () => boolean;
	names: string[];
};

const handleMethods = new Set(['write', 'read', 'sync', 'datasync', 'truncate', 'stat', 'close', 'readFile']);

/**
The real file system, whose calls can be made to fail before they do anything (a failing `close` closes first).
*/
export const createFaults = (): Faults => {
	let calls = 0;
	let failingCall = Infinity;
	let failingCode = 'EIO';
	let test: ((method: string) => string | undefined) | undefined;
	let hasFired = false;
	const names: string[] = [];

	const failure = (method: string): Error | undefined => {
		calls++;
		names.push(method);
		const code = calls === failingCall ? failingCode : test?.(method);
		if (code === undefined) {
			return undefined;
		}

		hasFired = true;
		return Object.assign(new Error(`${code}: injected, ${method}`), {code});
	};

	const wrap = (target: Record<string, unknown>, isFaulty: (name: string) => boolean): unknown => new Proxy(target, {
		get(object, name) {
			const value: unknown = Reflect.get(object, name, object);
			if (typeof value !== 'function' || typeof name !== 'string') {
				return value;
			}

			const method = value.bind(object) as (...values: unknown[]) => unknown;
			return isFaulty(name)
				? async (...values: unknown[]) => {
					const error = failure(name);
					if (error !== undefined && name !== 'close') {
						throw error;
					}

					const result = await method(...values);
					if (error !== undefined) {
						throw error;
					}

					return name === 'open' ? wrap(result as Record<string, unknown>, inner => handleMethods.has(inner)) : result;
				}
				: method;
		},
	});

	return {
		fs: wrap({...nodeFileSystem}, () => true) as FileSystem,
		calls: () => calls,
		failAt(n, code = 'EIO') {
			failingCall = calls + n;
			failingCode = code;
			hasFired = false;
		},
		failWhen(next) {
			test = next;
			hasFired = false;
		},
		hasFired: () => hasFired,
		names,
	};
};

const codes = ['EIO', 'ENOSPC', 'EROFS'];

/**
Call `didFire` with the first call failing, then the second, and so on until one run meets no failure. `didFire` returns whether the failure fired.
*/
export const everyCall = async (didFire: (n: number, code: string) => Promise<boolean>): Promise<number> => {
	for (let n = 1; ; n++) {
		if (!await didFire(n, codes[n % codes.length]!)) {
			return n - 1;
		}
	}
};

/**
What went wrong, or `undefined`. Anything but an AppError is a bug and fails the test.
*/
export const failureOf = async (work: Promise<unknown>): Promise<AppError | undefined> => {
	try {
		await work;
		return undefined;
	} catch (error) {
		if (isAppError(error)) {
			return error;
		}

		throw error;
	}
};
