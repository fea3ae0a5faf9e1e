#!/usr/bin/env bash
# For the same ~/.pgpass, psql and node-postgres send different passwords, or one of them sends none.
#
# Seen with pg 8.23.1 and pgpass 1.0.6 from npm, and psql 15.18 (libpq of Debian 12, package postgresql-client-15) (2026-12-01).
#
# Expected: pg reads this file with pgpass, whose README refers to libpq, so what logs psql in logs pg in as well.
#
# Seen: the same for an escaped password, and six differences. A PGPASSWORD that is set and empty (a compose file makes it of
# ${PGPASSWORD} where there is none) counts as not set for libpq, and keeps pgpass from reading the file. For a socket in the default
# folder libpq takes a line for localhost and none for the folder, pgpass the other way round. A line of fewer than eleven characters,
# such as *:*:*:*:pw, is none for pgpass. libpq drops a backslash before an ordinary letter and what follows a colon in the password,
# pgpass keeps both. A line without a password ends the search of libpq; pgpass goes on to the next line.
#
# Consequence: try a password file with each program that is to use it. Write \: and \\ for a colon and a backslash, unset PGPASSWORD
# in place of emptying it, and for a socket write one line with its folder and one with localhost.
set -euo pipefail
for program in node npm psql; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: nodejs, npm, postgresql-client)." >&2; exit 2; }
done
libpq=$(psql --version)
[[ $libpq == *' 15.'* ]] || { echo "This was seen with psql 15, and here is: $libpq" >&2; exit 2; }
sockets=/var/run/postgresql
[[ -w $sockets ]] || { echo "This makes a socket in $sockets, the default folder of Debian, and may not." >&2; exit 2; }
folder=$(mktemp -d)
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 pgpass@1.0.6
# A server that asks for the password in the clear, and tells which one came.
cat >server.mjs <<'JS'
import {appendFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';

const listener = socket => {
	let isAsked = false;
	socket.on('error', () => {});
	socket.on('data', bytes => {
		if (!isAsked) {
			isAsked = true;
			socket.write(Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 3]));
			return;
		}

		appendFileSync('came.txt', bytes.subarray(5, -1));
		const words = Buffer.from('SFATAL\0C28P01\0Menough\0\0');
		socket.end(Buffer.concat([Buffer.from([69, 0, 0, 0, words.length + 4]), words]));
	});
};

const server = createServer(listener).listen(0, '127.0.0.1', () => {
	const {port} = server.address();
	createServer(listener).listen(`${process.argv[2]}/.s.PGSQL.${port}`, () => {
		writeFileSync('port', String(port));
	});
});
JS
cat >ask.mjs <<'JS'
import pg from 'pg';

const [, , host, port] = process.argv;
await new pg.Client({host, port: Number(port), user: 'me', database: 'films'}).connect().catch(() => {});
JS
unset PGPASSWORD PGPASS_NO_DEESCAPE
export PGPASSFILE=$folder/pass NODE_NO_WARNINGS=1
node server.mjs "$sockets" &
server=$!
trap 'kill "$server"; rm -rf "$folder" "$sockets/.s.PGSQL.${port:-none}"' EXIT
for _ in $(seq 100); do
	[[ -s port ]] && break
	sleep 0.1
done
port=$(cat port)
sent() {
	rm -f came.txt
	"$@" >/dev/null 2>&1 || true
	cat came.txt 2>/dev/null || printf 'no answer'
}
try() {
	local what=$1 host=$2
	printf '%b' "$3" >pass
	chmod 600 pass
	printf '%s: psql "%s", pg "%s"\n' "$what" "$(sent psql --no-password "host=$host port=$port user=me dbname=films sslmode=disable gssencmode=disable" --command '')" "$(sent node ask.mjs "$host" "$port")"
}
{
	try 'escaped' 127.0.0.1 '127.0.0.1:*:films:me:se\\:cr\\\\et\n'
	PGPASSWORD='' try 'PGPASSWORD empty' 127.0.0.1 '127.0.0.1:*:films:me:secret\n'
	try 'socket, line for localhost' "$sockets" 'localhost:*:films:me:secret\n'
	try 'socket, line for its folder' "$sockets" "$sockets:*:films:me:secret\n"
	try 'ten characters' 127.0.0.1 '*:*:*:*:pw\n'
	try 'eleven characters' 127.0.0.1 '*:*:*:*:pwd\n'
	try 'backslash' 127.0.0.1 '*:*:*:*:se\\cret\n'
	try 'colon' 127.0.0.1 '*:*:*:*:se:cret\n'
	try 'line without password' 127.0.0.1 '*:*:films:me:\n*:*:*:*:second\n'
} | tee seen.txt
diff - seen.txt <<'SEEN'
escaped: psql "se:cr\et", pg "se:cr\et"
PGPASSWORD empty: psql "secret", pg ""
socket, line for localhost: psql "secret", pg ""
socket, line for its folder: psql "no answer", pg "secret"
ten characters: psql "pw", pg ""
eleven characters: psql "pwd", pg "pwd"
backslash: psql "secret", pg "se\cret"
colon: psql "se", pg "se:cret"
line without password: psql "no answer", pg "second"
SEEN
