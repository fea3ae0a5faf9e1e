#!/usr/bin/env bash
# node:sqlite cannot load what `sqlite3 .dump` writes of a database with a search table (FTS5), and keeps a journal that was switched off.
#
# Seen with Node.js 24.21.0 (SQLite 3.53.4) and sqlite3 3.40.1 (Debian 12, package sqlite3) (2026-11-30).
#
# Expected: what `.dump` writes is SQL, and `database.exec(dump)` makes the same database of it. `PRAGMA journal_mode = OFF`, by
# which a new database is filled more quickly, either does so or is an error.
#
# Seen: DatabaseSync opens every database with the defence of SQLite (SQLITE_DBCONFIG_DEFENSIVE), which the program sqlite3 and
# Python do not. For a virtual table `.dump` writes a row of sqlite_schema, with PRAGMA writable_schema=ON before it. With
# the defence, this pragma does nothing, so the load ends with "table sqlite_master may not be modified". `journal_mode = OFF`
# does nothing either: the answer is `delete`, which `exec` does not show, and the file NAME-journal is there, and stays when the
# process is killed. `journal_mode = MEMORY` is obeyed.
# With `defensive: false` both work, and the search table is there for the next connection.
#
# Consequence: open with `{defensive: false}` what only your own statements fill, and ask for the journal mode with a statement
# that shows the answer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
node=node_modules/node/bin/node
sqlite3 films.db "CREATE TABLE films (title TEXT); INSERT INTO films VALUES ('The Lighthouse'), ('Metropolis');
CREATE VIRTUAL TABLE search USING fts5 (title, content='films'); INSERT INTO search (search) VALUES ('rebuild');"
sqlite3 films.db .dump >films.sql
count="SELECT count(*) FROM search WHERE search MATCH 'lighthouse'"
sqlite3 program.db <films.sql
echo "sqlite3: $(sqlite3 program.db "$count") found" >seen.txt
cat >look.mjs <<'JS'
import {existsSync, readFileSync} from 'node:fs';
import {DatabaseSync} from 'node:sqlite';

for (const [name, options] of Object.entries({usual: {}, undefended: {defensive: false}})) {
	try {
		new DatabaseSync(`${name}.db`, options).exec(readFileSync('films.sql', 'utf8'));
		const {found} = new DatabaseSync(`${name}.db`).prepare('SELECT count(*) AS found FROM search WHERE search MATCH \'lighthouse\'').get();
		console.log(`${name}: ${found} found`);
	} catch (error) {
		console.log(`${name}: ${error.message}`);
	}

	for (const mode of ['OFF', 'MEMORY']) {
		const file = `${name}-${mode}.db`;
		const database = new DatabaseSync(file, options);
		const answer = database.prepare(`PRAGMA journal_mode = ${mode}`).get().journal_mode;
		database.exec('CREATE TABLE films (title TEXT); BEGIN; INSERT INTO films VALUES (\'Metropolis\')');
		console.log(`${name}, journal_mode = ${mode}: ${answer}, ${existsSync(`${file}-journal`) ? 'with' : 'without'} a file`);
		database.close();
	}
}
JS
"$node" look.mjs >>seen.txt
cat seen.txt
diff - seen.txt <<'SEEN'
sqlite3: 1 found
usual: table sqlite_master may not be modified
usual, journal_mode = OFF: delete, with a file
usual, journal_mode = MEMORY: memory, without a file
undefended: 1 found
undefended, journal_mode = OFF: off, without a file
undefended, journal_mode = MEMORY: memory, without a file
SEEN
