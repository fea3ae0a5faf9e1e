import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import {AppError} from '../../source/base/errors.js';
import {createPlexClient} from '../../source/plex/client.js';

const fixture = async (name: string) => readFile(new URL(`../../fixtures/tls/${name}`, import.meta.url));

test('a certificate that nobody vouches for ends the connection before anything is sent', async t => {
	let requests = 0;
	const server = createServer({
		key: await fixture('elsewhere.example.key.pem'),
		cert: await fixture('elsewhere.example.pem'),
	}, (_request, response) => {
		requests++;
		response.end('{}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const client = createPlexClient({
		url: `https://127.0.0.1:${port}`,
		token: 'canary-token',
		clientIdentifier: 'test',
		version: '1.0.0',
		retry: {limit: 0},
	});
	try {
		const error = await t.throwsAsync<AppError>(client.server(), {instanceOf: AppError});
		t.is(error.code, 'tls');
		t.truthy(error.hint);
		t.is(requests, 0);
	} finally {
		client.close();
		server.close();
	}
});
