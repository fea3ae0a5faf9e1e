import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {
	chmod,
	mkdtemp,
	rm,
	writeFile,
} from 'node:fs/promises';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {readStoreAddress, type StoreAddress} from '../../source/store/postgres/address.js';
import {freePort, identity} from './postgres-server.js';

const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(file => existsSync(file));

/**
A test with PgBouncer, which is skipped without it; `reason` for its name tells so.
*/
export const poolerTest = program === undefined ? test.skip : test.serial;
export const reason = program === undefined ? ' (PgBouncer is not installed)' : '';

export type Pooler = {
	/**
	The same database through the pooler.
	*/
	through: (address: StoreAddress) => StoreAddress;
	close: () => Promise<void>;
};

const isAnswering = async (port: number): Promise<boolean> => {
	const socket = connect(port, '127.0.0.1');
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
A real PgBouncer before the server on a port of this machine. It leaves out the options of a login, as it must for programs that send any.
*/
export const startPooler = async (target: number, mode: 'session' | 'transaction', own: readonly string[] = []): Promise<Pooler> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'reelcat-pooler-'));
	await chmod(folder, 0o755);
	const port = await freePort();
	const users = path.join(folder, 'users');
	const settings = path.join(folder, 'pgbouncer.ini');
	await writeFile(users, '"reelcat" ""\n');
	await writeFile(settings, [
		'[databases]',
		`* = host=127.0.0.1 port=${target}`,
		'[pgbouncer]',
		'listen_addr = 127.0.0.1',
		`listen_port = ${port}`,
		'unix_socket_dir =',
		'auth_type = trust',
		`auth_file = ${users}`,
		`pool_mode = ${mode}`,
		'ignore_startup_parameters = options',
		...own,
		'',
	].join('\n'));
	const child = spawn(program!, ['-q', settings], {...identity, stdio: 'ignore'});
	const exit = once(child, 'exit');
	while (!await isAnswering(port)) {
		if (child.exitCode !== null) {
			throw new Error(`PgBouncer did not start; it ended with ${child.exitCode}.`);
		}

		await delay(20);
	}

	return {
		through: ({text}) => readStoreAddress(text.replace(/:\d+\//v, () => `:${port}/`)),
		async close() {
			child.kill('SIGKILL');
			await exit;
			await rm(folder, {recursive: true, force: true});
		},
	};
};
