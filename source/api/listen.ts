import {Buffer} from 'node:buffer';
import {
	chmod,
	lstat,
	mkdir,
	mkdtemp,
	rename,
	rmdir,
	unlink,
} from 'node:fs/promises';
import {createConnection, isIPv6} from 'node:net';
import {once} from 'node:events';
import path from 'node:path';
import {AppError, errorCode} from '../base/errors.js';

export type ApiAddress = {host: string; port: number} | {socketPath: string};

export const defaultPort = 32_480;

/**
`HOST:PORT`, `PORT`, `[::1]:PORT`, or `unix:/path`.

@throws AppError 'usage'
*/
export const parseApiAddress = (text: string): ApiAddress => {
	const written = text.trim();
	if (written.startsWith('unix:') || written.startsWith('/')) {
		const socketPath = written.replace(/^unix:/v, '');
		if (path.isAbsolute(socketPath) && isShortEnough(socketPath)) {
			return {socketPath};
		}

		throw new AppError('usage', `--api cannot be "${text}".`, {hint: 'The path of a socket is absolute and shorter than 90 characters.'});
	}

	const {host = '127.0.0.1', port} = /^(?:(?<host>\[[\p{ASCII_Hex_Digit}.:]+\]|[\w\-.]+):)?(?<port>\d{1,5})$/v.exec(written)?.groups ?? {};
	if (port === undefined || Number(port) > 65_535) {
		throw new AppError('usage', `--api cannot be "${text}".`, {hint: `Write HOST:PORT, such as 127.0.0.1:${defaultPort}, or unix:/path/to/socket; --no-api does without.`});
	}

	return {host: host.replaceAll(/^\[|\]$/gv, ''), port: Number(port)};
};

/**
What a kernel takes, also for the place where the socket is made.
*/
const isShortEnough = (socketPath: string) =>
	Buffer.byteLength(socketPath) < 104 && Buffer.byteLength(path.dirname(socketPath)) + '/.XXXXXX/s'.length < 104;

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/v.test(host);

/**
An address as part of a URL.
*/
export const urlHost = (host: string): string => isIPv6(host) ? `[${host}]` : host;

/**
@throws AppError 'usage'
*/
export const requireSafe = (address: ApiAddress, token: string | undefined): void => {
	if (token === undefined && 'host' in address && !isLoopback(address.host)) {
		throw new AppError('usage', `The API does not listen on ${address.host} without a token: everyone in the network could steer it.`, {
			hint: 'Set REELCAT_API_TOKEN or REELCAT_API_TOKEN_FILE, or listen on 127.0.0.1.',
		});
	}
};

export const listenFault = (error: unknown, address: ApiAddress): AppError => {
	const code = errorCode(error) ?? 'unknown reason';
	const where = 'host' in address ? `${address.host}:${address.port}` : address.socketPath;
	const why = code === 'EADDRINUSE' ? 'something else listens there already' : code;
	return new AppError('usage', `The API cannot listen on ${where}: ${why}.`, {
		hint: 'Choose another address with --api HOST:PORT, or do without with --no-api.',
		cause: error,
	});
};

/**
A socket of a process that is gone is removed; one that answers is not touched.

@throws AppError 'usage'
*/
export const clearSocket = async (socketPath: string): Promise<void> => {
	const stats = await lstat(socketPath).catch(() => undefined);
	if (stats === undefined) {
		return;
	}

	if (!stats.isSocket()) {
		throw new AppError('usage', `The API cannot listen on ${socketPath}: there is a file that is no socket.`, {hint: 'Choose another path.'});
	}

	if (await isAnswered(socketPath)) {
		throw listenFault(Object.assign(new Error('in use'), {code: 'EADDRINUSE'}), {socketPath});
	}

	await unlink(socketPath);
};

const isAnswered = async (socketPath: string) => {
	const socket = createConnection(socketPath);
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
};

/**
Make a socket in a folder that nobody else can enter, and move it to its place once it is closed to others: at no moment it is open to them.
*/
export const listenPrivately = async (socketPath: string, listen: (path: string) => Promise<unknown>): Promise<void> => {
	const folder = path.dirname(socketPath);
	await mkdir(folder, {recursive: true, mode: 0o700});
	const hidden = await mkdtemp(path.join(folder, '.'));
	const made = path.join(hidden, 's');
	try {
		await listen(made);
		await chmod(made, 0o600);
		await rename(made, socketPath);
	} finally {
		await rmdir(hidden).catch(() => undefined);
	}
};
