import {once} from 'node:events';
import {createServer, type RequestListener} from 'node:http';
import {mkdir} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {healthcheckCommand} from '../../source/commands/entries/daemon.js';
import {askHealth} from '../../source/service/ask-health.js';
import {takeLock} from '../../source/store/lock.js';
import {writeDaemonFile, type DaemonFile} from '../../source/watch/daemon-file.js';
import {setUp as setUpHome} from './_context.js';

/**
A daemon of this process as far as lock and file tell, and something that answers in its place.
*/
const setUp = async (t: ExecutionContext) => {
	const world = await setUpHome(t);
	const data = path.join(world.home, '.local/share/reelcat');
	await mkdir(data, {recursive: true});

	const listen = async (listener: RequestListener, at?: string) => {
		const server = createServer(listener);
		server.listen(at ?? {host: '127.0.0.1', port: 0});
		await once(server, 'listening');
		t.teardown(() => {
			server.closeAllConnections();
			server.close();
		});
		const address = server.address();
		return typeof address === 'string' || address === null ? 0 : address.port;
	};

	const daemon = async (api: DaemonFile['api']) => {
		const lock = await takeLock(path.join(data, 'catalog.lock'));
		t.teardown(async () => lock.isHeld && lock.release());
		await writeDaemonFile(data, {
			schema: 1, pid: process.pid, host: hostname(), startedAt: '2026-03-01T12:00:00.000Z', version: '0.1.0', api,
		});
	};

	return {
		data,
		listen,
		daemon,
		check: async (...argv: string[]) => world.run(healthcheckCommand, 'healthcheck', ...argv),
	};
};

test('a daemon that answers is well', async t => {
	const {listen, daemon, check} = await setUp(t);
	const asked: Array<string | undefined> = [];
	const port = await listen((request, response) => {
		asked.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers.authorization ?? 'without a token'}`);
		response.end('{"status":"ok"}');
	});
	await daemon({url: `http://127.0.0.1:${port}`});
	t.deepEqual(await check(), {exitCode: 0, stdout: `The daemon is healthy (process ${process.pid}).\n`, stderr: ''});
	t.deepEqual(asked, [`GET /healthz 127.0.0.1:${port} without a token`]);
});

test('a daemon at a Unix socket is asked there', async t => {
	const {data, listen, daemon, check} = await setUp(t);
	const socketPath = path.join(data, 'api.sock');
	await listen((_request, response) => {
		response.end();
	}, socketPath);
	await daemon({socketPath});
	t.is((await check()).exitCode, 0);
});

test('one that listens everywhere is asked on this machine', async t => {
	const {listen, daemon, check} = await setUp(t);
	const port = await listen((_request, response) => {
		response.end();
	});
	await daemon({url: `http://0.0.0.0:${port}`});
	t.is((await check()).exitCode, 0);
});

test('a daemon that says it is not well is not well', async t => {
	const {listen, daemon, check} = await setUp(t);
	const port = await listen((_request, response) => {
		response.writeHead(503).end();
	});
	await daemon({url: `http://127.0.0.1:${port}`});
	const {exitCode, stdout} = await check();
	t.is(exitCode, 1);
	t.is(stdout, `The daemon is running (process ${process.pid}), but is not healthy. It answered with HTTP 503.\n`);
});

test('where nobody listens, nobody is well', async t => {
	const {data, daemon, check} = await setUp(t);
	await daemon({socketPath: path.join(data, 'gone.sock')});
	const {exitCode, stdout} = await check();
	t.is(exitCode, 1);
	t.regex(stdout, /It could not be asked \(ENOENT\)/v);
});

test('an answer that never comes, and one that never ends, do not hold it up', async t => {
	const {listen} = await setUp(t);
	const silent = await listen(() => {/* never answers */});
	t.deepEqual(await askHealth({url: `http://127.0.0.1:${silent}`}, {timeoutMs: 50}), {isHealthy: false, reason: 'It did not answer within 0.05 seconds.'});
	const endless = await listen((_request, response) => {
		response.writeHead(200);
		response.write('x'.repeat(1000));
	});
	t.deepEqual(await askHealth({url: `http://127.0.0.1:${endless}`}), {isHealthy: true});
});

test('no daemon is not well, and neither is the file of one that was killed', async t => {
	const {data, check} = await setUp(t);
	t.is((await check()).exitCode, 1);
	await writeDaemonFile(data, {
		schema: 1, pid: process.pid, host: hostname(), startedAt: '2026-03-01T12:00:00.000Z', version: '0.1.0',
	});
	const {exitCode, stdout} = await check();
	t.is(exitCode, 1);
	t.is(stdout, `No daemon is running for the catalogue in ${data}. "reelcat --watch" starts one.\n`);
});

test('without an API it is well as long as it runs', async t => {
	const {daemon, check} = await setUp(t);
	await daemon(undefined);
	const {exitCode, stdout} = await check('--json');
	t.is(exitCode, 0);
	t.like(JSON.parse(stdout), {
		schema: 1, ok: true, isHealthy: true, pid: process.pid, version: '0.1.0',
	});
});
