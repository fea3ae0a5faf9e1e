import {
	chmod,
	lstat,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	writeFile,
} from 'node:fs/promises';
import {createServer} from 'node:net';
import {once} from 'node:events';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fork} from 'node:child_process';
import test, {type ExecutionContext} from 'ava';
import * as fc from 'fast-check';
import {parseApiAddress} from '../../source/api/listen.js';
import {AppError, isAppError} from '../../source/base/errors.js';
import {openWorld} from './_api.js';

const makeFolder = async (t: ExecutionContext) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'rc-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	return folder;
};

test('a socket is for its owner alone, needs no token, and refuses a wrong one', async t => {
	const socketPath = path.join(await makeFolder(t), 'api', 'reelcat.sock');
	const umask = process.umask(0);
	const {call, api} = await openWorld(t, {address: {socketPath}, limits: {perMinute: 3}});
	process.umask(umask);
	const {mode} = await stat(socketPath);
	t.is((mode % 0o1000).toString(8), '600');
	t.is(((await stat(path.dirname(socketPath))).mode % 0o1000).toString(8), '700');
	t.deepEqual(await readdir(path.dirname(socketPath)), ['reelcat.sock']);
	t.is((await call('/api/v1/status', {token: undefined})).status, 200);
	t.is((await call('/api/v1/status')).status, 200);
	t.is((await call('/api/v1/status', {token: 'another one'})).status, 401);
	t.is((await call('/api/v1/status', {headers: {Origin: 'https://evil.example'}})).status, 403);
	t.is((await call('/api/v1/status', {token: undefined})).status, 200);
	t.is((await call('/api/v1/status', {token: undefined})).status, 429);
	await api.close();
	t.deepEqual(await readdir(path.dirname(socketPath)), []);
});

test('a socket that nobody answers is replaced, one that is answered is left alone', async t => {
	const folder = await makeFolder(t);
	const socketPath = path.join(folder, 'reelcat.sock');
	// Only a process that is killed leaves its socket behind.
	const script = path.join(folder, 'listen.mjs');
	await writeFile(script, 'import {createServer} from "node:net"; createServer().listen(process.argv[2], () => process.send("listening"));');
	const child = fork(script, [socketPath]);
	await once(child, 'message');
	const error = await t.throwsAsync<AppError>(openWorld(t, {address: {socketPath}}), {instanceOf: AppError, code: 'usage'});
	t.regex(error.message, /something else listens there already/v);
	child.kill('SIGKILL');
	await once(child, 'exit');
	t.true((await lstat(socketPath)).isSocket());
	const {call} = await openWorld(t, {address: {socketPath}});
	t.is((await call('/healthz')).status, 200);
	await t.throwsAsync(openWorld(t, {address: {socketPath}}), {code: 'usage'});
	t.is((await call('/healthz')).status, 200);
});

test('a file that is no socket is not removed', async t => {
	const socketPath = path.join(await makeFolder(t), 'notes.txt');
	await writeFile(socketPath, 'mine');
	await t.throwsAsync(openWorld(t, {address: {socketPath}}), {code: 'usage', message: /not a socket/v});
	t.is(String(await readFile(socketPath)), 'mine');
});

test('a folder that cannot be written is told of', async t => {
	const folder = await makeFolder(t);
	const file = path.join(folder, 'file');
	await writeFile(file, '');
	await chmod(file, 0o400);
	const error = await t.throwsAsync<AppError>(openWorld(t, {address: {socketPath: path.join(file, 'reelcat.sock')}}), {instanceOf: AppError, code: 'usage'});
	t.regex(error.hint!, /--api HOST:PORT.*--no-api/v);
});

test('the longest socket path that is taken can be listened on', async t => {
	const folder = await makeFolder(t);
	const longest = Array.from({length: 110}, (_, length) => path.join(folder, 'd'.repeat(length + 1), 's')).findLast(socketPath => {
		try {
			return 'socketPath' in parseApiAddress(`unix:${socketPath}`);
		} catch {
			return false;
		}
	})!;
	t.true(longest.length > 80);
	const {call} = await openWorld(t, {address: {socketPath: longest}});
	t.is((await call('/healthz')).status, 200);
});

test('a port that is taken is told of with a way out', async t => {
	const {tcpPort} = await openWorld(t);
	const error = await t.throwsAsync<AppError>(openWorld(t, {address: {host: '127.0.0.1', port: tcpPort}}), {instanceOf: AppError, code: 'usage'});
	t.is(error.message, `The API cannot listen on 127.0.0.1:${tcpPort}: something else listens there already.`);
	t.is(error.hint, 'Choose another address with --api HOST:PORT, or turn the API off with --no-api.');
});

test('an address that this machine does not have is told of', async t => {
	await t.throwsAsync(openWorld(t, {address: {host: '192.0.2.1', port: 0}}), {code: 'usage', message: /The API cannot listen on 192\.0\.2\.1/v});
});

test('it listens where it is told to, and nowhere else', async t => {
	const {tcpPort, call} = await openWorld(t, {address: {host: '127.0.0.1', port: 0}});
	t.is((await call('/healthz')).status, 200);
	// The same port of another address of this machine is free.
	const other = createServer();
	t.teardown(() => {
		other.close();
	});
	other.listen(tcpPort, '127.0.0.2');
	await t.notThrowsAsync(once(other, 'listening'));
});

const addresses: ReadonlyArray<readonly [string, unknown]> = [
	['127.0.0.1:80', {host: '127.0.0.1', port: 80}],
	['8080', {host: '127.0.0.1', port: 8080}],
	['[::1]:5', {host: '::1', port: 5}],
	['nas.local:0', {host: 'nas.local', port: 0}],
	['0.0.0.0:32480', {host: '0.0.0.0', port: 32_480}],
	['unix:/run/reelcat.sock', {socketPath: '/run/reelcat.sock'}],
	['/run/reelcat.sock', {socketPath: '/run/reelcat.sock'}],
];

for (const [text, expected] of addresses) {
	test(`--api ${text} is understood`, t => {
		t.deepEqual(parseApiAddress(text), expected);
	});
}

for (const text of ['', 'nas.local', '127.0.0.1:', ':80', '1:2:3', '127.0.0.1:65536', '127.0.0.1:-1', 'http://127.0.0.1:80', 'unix:relative', 'unix:', `unix:/${'x'.repeat(200)}`, `unix:/${'é'.repeat(60)}`]) {
	test(`--api ${text.slice(0, 40)} is refused with a hint`, t => {
		const {hint} = t.throws<AppError>(() => parseApiAddress(text), {instanceOf: AppError, code: 'usage'});
		t.truthy(hint);
	});
}

const isAddressOrRefusal = (text: string) => {
	try {
		const address = parseApiAddress(text);
		return 'socketPath' in address ? path.isAbsolute(address.socketPath) : Number.isSafeInteger(address.port) && address.port < 65_536;
	} catch (error) {
		return isAppError(error, 'usage');
	}
};

test('whatever is written as an address is either one or refused', t => {
	fc.assert(fc.property(fc.string({unit: 'binary'}), text => {
		t.true(isAddressOrRefusal(text));
	}));
});
