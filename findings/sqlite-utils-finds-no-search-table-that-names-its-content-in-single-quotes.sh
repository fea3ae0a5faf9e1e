#!/usr/bin/env bash
# sqlite-utils and Datasette find no search table that was made as the manual of SQLite makes it, with content='films' in single quotes.
#
# Seen with sqlite-utils 3.30 and SQLite 3.40.1 (Debian 12, packages sqlite-utils and sqlite3), and in the sources of sqlite-utils
# 4.2.1 and Datasette 1.0a37 (2026-12-01).
#
# Expected: a table with a full-text index (FTS5) that names it as its content can be searched with `sqlite-utils search`, and
# has a field for words in Datasette, which looks for the index in the same way.
#
# Seen: both look for the text content="films" or content=[films] in the definition of the index. SQLite takes
# content='films' and content=films as well, its manual has single quotes, and they mean the same, but there sqlite-utils says that the
# table has no full-text search. A blank before or behind the sign has the same effect.
#
# Consequence: who gives out a database with a search table writes content="films", with double quotes and without blanks.
set -euo pipefail
versions=$(dpkg-query --show --showformat='${Package} ${Version} ' sqlite-utils sqlite3 2>/dev/null || true)
case $versions in
	'sqlite-utils 3.30-'*'sqlite3 3.40.1-'*) ;;
	*) echo "This was seen with sqlite-utils 3.30 and sqlite3 3.40.1 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for content in "content='films'" 'content=films' 'content = "films"' 'content="films"' 'content=[films]'; do
	rm -f films.sqlite
	sqlite3 films.sqlite <<SQL
CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT);
INSERT INTO films (title) VALUES ('The General'), ('Metropolis'), ('The Lodger');
CREATE VIRTUAL TABLE words USING fts5 (title, $content, content_rowid='id');
INSERT INTO words (words) VALUES ('rebuild');
SQL
	printf '%s: SQLite finds %s, sqlite-utils %s\n' "$content" \
		"$(sqlite3 films.sqlite "SELECT films.title FROM films JOIN words ON words.rowid = films.id WHERE words MATCH 'metropolis'")" \
		"$(sqlite-utils search films.sqlite films metropolis --column title --csv --no-headers 2>&1 | tr -d '\r' | sed 's/^Error: //')"
done | tee seen.txt
diff - seen.txt <<'SEEN'
content='films': SQLite finds Metropolis, sqlite-utils Table 'films' is not configured for full-text search
content=films: SQLite finds Metropolis, sqlite-utils Table 'films' is not configured for full-text search
content = "films": SQLite finds Metropolis, sqlite-utils Table 'films' is not configured for full-text search
content="films": SQLite finds Metropolis, sqlite-utils Metropolis
content=[films]: SQLite finds Metropolis, sqlite-utils Metropolis
SEEN
