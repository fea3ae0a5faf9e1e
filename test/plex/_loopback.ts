import {once} from 'node:events';
import http from 'node:http';
import type {AddressInfo, Server} from 'node:net';
import {inspect} from 'node:util';
import type {ExecutionContext} from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createPlexClient, type PlexClientOptions} from '../../source/plex/client.js';

/**
This occurs in no other text, so finding it anywhere proves a leak.
*/
export const canary = 'CANARYcanaryCANARY00';

/**
A client that does not wait between tries, and never tries again unless told to.
*/
export const makeClient = (t: ExecutionContext, url: string, options: Partial<PlexClientOptions> = {}) => {
	const client = createPlexClient({
		url,
		token: canary,
		clientIdentifier: 'test-client',
		version: '0.0.0',
		deviceName: 'test',
		retry: {limit: 0},
		async sleep() {
			// No test waits for a clock.
		},
		...options,
	});
	t.teardown(() => {
		client.close();
	});
	return client;
};

export const listen = async (t: ExecutionContext, server: Server) => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.close();
		if (server instanceof http.Server) {
			server.closeAllConnections();
		}
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/**
A real server on this machine, which ends with the test.
*/
export const serve = async (t: ExecutionContext, handle: http.RequestListener) => listen(t, http.createServer(handle));

export const sendJson = (response: http.ServerResponse, body: unknown, headers: http.OutgoingHttpHeaders = {}) => {
	response.writeHead(200, {'content-type': 'application/json', ...headers}).end(JSON.stringify(body));
};

export const identityBody = {
	MediaContainer: {
		size: 0,
		claimed: true,
		machineIdentifier: 'abc',
		version: '1.43.0',
	},
};

export const listBody = (rows: unknown[] = []) => ({MediaContainer: {size: rows.length, totalSize: rows.length, Metadata: rows}});

/**
@throws when the promise resolves, or rejects with anything but an `AppError`.
*/
export const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
	try {
		await promise;
	} catch (error) {
		if (error instanceof AppError) {
			return error;
		}

		throw error;
	}

	throw new Error('It did not fail.');
};

/**
Whether a token appears in any text made from an error.
*/
export const hasSecret = (error: AppError) => [
	inspect(error, {depth: 9, showHidden: true}),
	JSON.stringify(error),
	String(error),
	error.stack,
	error.hint,
].some(text => text?.includes(canary));

/**
The error code with which a call fails.
*/
export const codeOf = async (promise: Promise<unknown>) => {
	const {code} = await failureOf(promise);
	return code;
};
