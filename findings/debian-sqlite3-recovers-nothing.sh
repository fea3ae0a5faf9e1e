#!/usr/bin/env bash
# The sqlite3 of Debian 12 recovers nothing: `.recover` of any database, also of a sound one, makes an empty database.
#
# Seen with sqlite3 3.40.1-2+deb12u2 (Debian 12, package sqlite3) (2026-12-01).
#
# Expected: `sqlite3 broken.db .recover | sqlite3 new.db`, the advice of SQLite's manual and of many home-server programs for
# a "database disk image is malformed", saves all that can still be read. From a sound database that is everything.
#
# Seen: `.recover` writes seven lines of settings and no table. It reads pages through the table sqlite_dbpage, and
# Debian's shell uses the SQLite library of the system, which is built without it. The error on stderr, "SQL logic error",
# does not say so, and reads like the damage. The second sqlite3 of the pipe ends with 0 and leaves a new database without
# tables, for which `PRAGMA integrity_check` says "ok". `.dump` and `.clone` copy the same database whole.
#
# Consequence: after a recovery, count the rows and not only the faults before the old file is thrown away. Whether a shell
# can recover shows in `PRAGMA compile_options`, which must have ENABLE_DBPAGE_VTAB; without it, take another build of
# sqlite3, or try `.dump`.
set -euo pipefail
version=$(dpkg-query -W -f '${Version}' sqlite3 2>/dev/null || true)
case $version in
	3.40.1-2*) echo "sqlite3 $version" ;;
	*) echo "This was seen with sqlite3 3.40.1-2 of Debian 12 (package sqlite3), and here is: ${version:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
sqlite3 sound.db "CREATE TABLE films (title TEXT, year INTEGER); INSERT INTO films VALUES ('Metropolis', 1927), ('Nosferatu', 1922);"
status() {
	local code=0
	"$@" || code=$?
	echo "$code"
}
recover() { sqlite3 sound.db .recover >recovered.sql 2>error.txt; }
load() { sqlite3 "$1.db" <"$1.sql"; }
tell() {
	echo "$1.db: $(sqlite3 "$1.db" 'SELECT count(*) FROM sqlite_schema') tables, integrity_check: $(sqlite3 "$1.db" 'PRAGMA integrity_check')"
}
{
	echo "sound.db: integrity_check: $(sqlite3 sound.db 'PRAGMA integrity_check')"
	echo ".recover ends with $(status recover), and its $(wc -l <recovered.sql) lines of SQL are loaded with $(status load recovered)"
	cat error.txt
	tell recovered
	sqlite3 sound.db .dump >dumped.sql
	load dumped
	tell dumped
	sqlite3 sound.db '.clone cloned.db' >/dev/null
	tell cloned
	echo "page table: $(sqlite3 sound.db "SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_DBPAGE_VTAB'")"
} | tee seen.txt
diff - seen.txt <<'SEEN'
sound.db: integrity_check: ok
.recover ends with 1, and its 7 lines of SQL are loaded with 0
sql error: SQL logic error (1)
recovered.db: 0 tables, integrity_check: ok
dumped.db: 1 tables, integrity_check: ok
cloned.db: 1 tables, integrity_check: ok
page table: 0
SEEN
