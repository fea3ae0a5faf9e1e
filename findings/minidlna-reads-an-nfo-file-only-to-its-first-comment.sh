#!/usr/bin/env bash
# MiniDLNA reads an NFO file, from which it takes what it tells of a film, only as far as the first comment in it.
#
# Seen with MiniDLNA (ReadyMedia) 1.3.0 (Debian 12, package minidlna) (2026-11-30).
#
# Expected: a comment in an XML file changes nothing for a program that reads it.
#
# Seen: MiniDLNA takes title, plot, genre and more from an NFO file beside a film, those for Kodi included. Of a file with
# a comment it takes what stands above the comment, and says nothing. So with a comment between the declaration and the
# first element it takes nothing and shows the name of the file. Of several genres it takes the last one, and of several
# episodes in one file the title of the last one.
#
# Consequence: a program that marks the NFO files that it writes, so that it knows them again, should put its comment at
# the end of the file.
set -euo pipefail
minidlna=$(dpkg-query -W -f '${Version}' minidlna 2>/dev/null || true)
case $minidlna in
	1.3.0+dfsg-*) echo "minidlna $minidlna" ;;
	*) echo "This was seen with MiniDLNA 1.3.0 of Debian 12 (package minidlna), and here is: ${minidlna:-none}." >&2; exit 2 ;;
esac
for program in ffmpeg unshare ip sqlite3; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: ffmpeg, util-linux, iproute2, sqlite3)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir films database
ffmpeg -v error -f lavfi -i testsrc=duration=2:size=64x64:rate=5 -c:v mpeg4 film.mkv </dev/null
film() {
	cp film.mkv "films/$1.mkv"
	printf '%b' "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n$2" >"films/$1.nfo"
}

comment='<!-- written by a program -->\n'
film 'No comment' '<movie>\n<title>From the file</title>\n<plot>Its plot</plot>\n</movie>\n'
film 'Comment above' "$comment<movie>\n<title>From the file</title>\n<plot>Its plot</plot>\n</movie>\n"
film 'Comment within' "<movie>\n<title>From the file</title>\n$comment<plot>Its plot</plot>\n</movie>\n"
film 'Comment below' "<movie>\n<title>From the file</title>\n<plot>Its plot</plot>\n</movie>\n$comment"
film 'Genres' '<movie>\n<title>From the file</title>\n<genre>Drama</genre>\n<genre>Western</genre>\n</movie>\n'
film 'Episodes' '<episodedetails>\n<title>First</title>\n</episodedetails>\n<episodedetails>\n<title>Second</title>\n</episodedetails>\n'
cat >minidlna.conf <<CONF
media_dir=V,$folder/films
db_dir=$folder/database
log_dir=$folder/database
inotify=no
port=8200
CONF
# It gets a network of its own, with nothing but the loopback device.
cat >inside.sh <<'SH'
set -eu
ip link set lo up
minidlnad -S -r -f minidlna.conf -P "$PWD/pid" >out 2>&1 &
server=$!
turn=0
until [ "$(sqlite3 database/files.db 'SELECT count(*) FROM DETAILS WHERE MIME IS NOT NULL' 2>/dev/null)" = 6 ] || [ "$turn" -gt 60 ]; do
	sleep 0.5
	turn=$((turn + 1))
done
sleep 1
kill "$server"
wait "$server" || true
SH
unshare --net --map-root-user sh inside.sh
sqlite3 -separator '' database/files.db "SELECT replace(replace(PATH, rtrim(PATH, replace(PATH, '/', '')), ''), '.mkv', ''), ': ', TITLE, coalesce(', ' || COMMENT, '') || coalesce(', ' || GENRE, '') FROM DETAILS WHERE MIME IS NOT NULL ORDER BY PATH" | tee seen.txt
diff - seen.txt <<'SEEN'
Comment above: Comment above
Comment below: From the file, Its plot
Comment within: From the file
Episodes: Second
Genres: From the file, Western
No comment: From the file, Its plot
SEEN
