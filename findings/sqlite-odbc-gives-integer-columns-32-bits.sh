#!/usr/bin/env bash
# The ODBC driver for SQLite wraps numbers above 2 GB of INTEGER columns and of all sums, without an error.
#
# Seen with libsqliteodbc 0.9998, unixODBC 2.3.11, pyodbc 4.0.34 and SQLite 3.40 (Debian 12) (2026-12-01).
#
# Expected: INTEGER of SQLite has 64 bits, so a driver tells programs a type of that width, or refuses what does not fit.
#
# Seen: what is declared INTEGER or INT, or not declared at all, is told as a number of 32 bits, and a value is cut to its
# lower half: 8,589,934,592,123 becomes 123. So is whatever is computed, also `sum` and `max` of a column with BIGINT and
# `CAST(… AS BIGINT)`, because an expression has no declared type. Only the declaration BIGINT itself, also through a
# view, keeps a column whole. The table of isql shows the same number cut after ten characters: 8589934592.
#
# Consequence: sizes of files and times in milliseconds come wrong to whatever reads a database over ODBC. Declare such
# columns as BIGINT, which means the same to SQLite, and connect with `BigInt=1`, which is off by default; sums need it.
set -euo pipefail
for package in libsqliteodbc unixodbc python3-pyodbc sqlite3; do
	version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || true)
	case $package=$version in
		libsqliteodbc=0.9998-* | unixodbc=2.3.11-* | python3-pyodbc=4.0.34-* | sqlite3=3.40.*) echo "$package $version" ;;
		*) echo "This was seen with Debian 12 (packages libsqliteodbc, unixodbc, python3-pyodbc, sqlite3), and $package is: ${version:-none}." >&2; exit 2 ;;
	esac
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
sqlite3 files.sqlite 'CREATE TABLE files (narrow INTEGER, wide BIGINT); INSERT INTO files VALUES (8589934592123, 8589934592123); CREATE VIEW seen AS SELECT wide FROM files;'
driver=$(dpkg-query -L libsqliteodbc | grep 'libsqlite3odbc\.so$')
cat >look.py <<'PY'
import pyodbc, sys

for option in ('', 'BigInt=1'):
    database = pyodbc.connect(f'Driver={sys.argv[1]};Database=files.sqlite;{option}')
    print(option or 'default')
    for query in ('narrow FROM files', 'wide FROM files', 'wide FROM seen', 'sum(wide) FROM files', 'CAST(sum(wide) AS BIGINT) FROM files'):
        print(f'  SELECT {query}: {database.execute("SELECT " + query).fetchone()[0]}')
PY
{
	/usr/bin/python3 look.py "$driver"
	echo "isql: $(echo 'SELECT narrow FROM files' | isql -b -k "Driver=$driver;Database=files.sqlite" | grep -o '[0-9]\{4,\}')"
} >seen.txt
cat seen.txt
diff - seen.txt <<'SEEN'
default
  SELECT narrow FROM files: 123
  SELECT wide FROM files: 8589934592123
  SELECT wide FROM seen: 8589934592123
  SELECT sum(wide) FROM files: 123
  SELECT CAST(sum(wide) AS BIGINT) FROM files: 123
BigInt=1
  SELECT narrow FROM files: 8589934592123
  SELECT wide FROM files: 8589934592123
  SELECT wide FROM seen: 8589934592123
  SELECT sum(wide) FROM files: 8589934592123
  SELECT CAST(sum(wide) AS BIGINT) FROM files: 8589934592123
isql: 8589934592
SEEN
