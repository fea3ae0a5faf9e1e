import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import * as fsp from 'node:fs/promises';
import {createConnection, isIPv6, type AddressInfo} from 'node:net';
import path from 'node:path';
import type {FastifyInstance} from 'fastify';
import {AppError, errorCode, isAppError} from '../base/errors.js';
import {makeFolders} from '../base/file-system.js';

export type ApiAddress = {host: string; port: number} | {socketPath: string};

export const defaultPort = 32_480;

/**
Reads `HOST:PORT`, `PORT`, `[::1]:PORT` or `unix:/path`.

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
		throw new AppError('usage', `--api cannot be "${text}".`, {hint: `Write HOST:PORT, such as 127.0.0.1:${defaultPort}, or unix:/path/to/socket; --no-api turns the API off.`});
	}

	return {host: host.replaceAll(/^\[|\]$/gv, ''), port: Number(port)};
};

/**
Some kernels limit the path of a socket to 104 bytes. This also holds for the hidden folder in which `listenPrivately` makes it.
*/
const isShortEnough = (socketPath: string) =>
	Buffer.byteLength(socketPath) < 104 && Buffer.byteLength(path.dirname(socketPath)) + '/.XXXXXX/s'.length < 104;

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/v.test(host);

/**
@throws AppError 'usage'
*/
export const requireSafe = (address: ApiAddress, token: string | undefined): void => {
	if (token === undefined && 'host' in address && !isLoopback(address.host)) {
		throw new AppError('usage', `The API does not listen on ${address.host} without a token: everybody in the network could control it.`, {
			hint: 'Set REELCAT_API_TOKEN or REELCAT_API_TOKEN_FILE, or listen on 127.0.0.1.',
		});
	}
};

const ownHosts = new Map([['0.0.0.0', '127.0.0.1'], ['::', '::1']]);

/**
@returns Where the API can be called, with the actual port
@throws AppError 'usage'; the app is closed then
*/
export const listenOn = async (app: FastifyInstance, address: ApiAddress): Promise<{url: string} | {socketPath: string}> => {
	try {
		if ('socketPath' in address) {
			await clearSocket(address.socketPath);
			await listenPrivately(address.socketPath, async made => app.listen({path: made}));
			return address;
		}

		await app.listen(address);
		const {port} = app.server.address() as AddressInfo;
		const host = ownHosts.get(address.host) ?? address.host;
		return {url: `http://${isIPv6(host) ? `[${host}]` : host}:${port}`};
	} catch (error) {
		await app.close();
		throw isAppError(error) ? error : listenFault(error, address);
	}
};

const listenFault = (error: unknown, address: ApiAddress): AppError => {
	const code = errorCode(error) ?? 'unknown reason';
	const where = 'host' in address ? `${address.host}:${address.port}` : address.socketPath;
	const why = code === 'EADDRINUSE' ? 'something else listens there already' : code;
	return new AppError('usage', `The API cannot listen on ${where}: ${why}.`, {
		hint: 'Choose another address with --api HOST:PORT, or turn the API off with --no-api.',
		cause: error,
	});
};

/**
Removes the socket of a process that is gone. A socket that answers is left alone.

@throws AppError 'usage'
*/
const clearSocket = async (socketPath: string): Promise<void> => {
	const stats = await fsp.lstat(socketPath).catch(() => undefined);
	if (stats === undefined) {
		return;
	}

	if (!stats.isSocket()) {
		throw new AppError('usage', `The API cannot listen on ${socketPath}: a file that is not a socket is already there.`, {hint: 'Choose another path.'});
	}

	if (await isAnswered(socketPath)) {
		throw listenFault(Object.assign(new Error('in use'), {code: 'EADDRINUSE'}), {socketPath});
	}

	await fsp.unlink(socketPath);
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
Makes a socket in a folder that nobody else can enter, restricts its permissions, and moves it to its place. So it is never open to others.
*/
const listenPrivately = async (socketPath: string, listenAt: (path: string) => Promise<unknown>): Promise<void> => {
	const folder = path.dirname(socketPath);
	await makeFolders(folder, {mode: 0o700});
	const hidden = await fsp.mkdtemp(path.join(folder, '.'));
	const made = path.join(hidden, 's');
	try {
		await listenAt(made);
		await fsp.chmod(made, 0o600);
		await fsp.rename(made, socketPath);
	} finally {
		await fsp.rmdir(hidden).catch(() => undefined);
	}
};
