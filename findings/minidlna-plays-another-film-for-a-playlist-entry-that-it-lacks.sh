#!/usr/bin/env bash
# Where MiniDLNA lacks the file of an entry of a playlist, it takes another one whose path ends alike, even within a name: `m.mkv` is `Film.mkv`.
#
# Seen with MiniDLNA (ReadyMedia) 1.3.0 (Debian 12, package minidlna) (2026-11-30).
#
# Expected: an entry of an M3U playlist is the file at this path, or nothing. What is encoded in a file:// address is decoded.
#
# Seen: MiniDLNA looks for a file whose path ends like the entry. While there is none, it takes a folder off the front of the
# entry and looks again, at last for the mere name, and then a longer name that ends so will do. So an episode that is gone
# is played as the one of another show with the same name of the file. This is also why paths of another machine and of
# Windows work. An address is found as long as nothing in it is encoded.
#
# Consequence: write plain paths for MiniDLNA, and only those of files that are there. Names such as `S01E01.mkv`, which are
# in every folder, are not safe in a playlist.
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
mkdir -p shows/Harbour shows/Lantern database
ffmpeg -v error -f lavfi -i testsrc=duration=2:size=64x64:rate=5 -c:v mpeg4 film.mkv </dev/null
for film in Harbour/S01E01 Harbour/S01E02 Lantern/S01E01 'Salt #2' Film; do
	cp film.mkv "shows/$film.mkv"
done
playlist() {
	printf '#EXTM3U\n#EXTINF:2,Title\n%s\n' "$2" >"shows/$1.m3u"
}
playlist '1 a path' "$folder/shows/Lantern/S01E01.mkv"
playlist '2 an episode that is gone' "$folder/shows/Lantern/S01E02.mkv"
playlist '3 a show that is gone' "$folder/shows/Orchard/S01E02.mkv"
playlist '4 a path of Windows' 'D:\shows\Harbour\S01E02.mkv'
playlist '5 the end of a name' /srv/shows/m.mkv
playlist '6 a path with a sign' "$folder/shows/Salt #2.mkv"
playlist '7 an address' "file://$folder/shows/Film.mkv"
playlist '8 an address with a sign' "file://$folder/shows/Salt%20%232.mkv"
cat >minidlna.conf <<CONF
media_dir=$folder/shows
db_dir=$folder/database
log_dir=$folder/database
inotify=no
port=8200
CONF
# It gets a network of its own, with nothing but the loopback device. Playlists come last, when all files are known.
cat >inside.sh <<'SH'
set -eu
ip link set lo up
minidlnad -S -r -f minidlna.conf -P "$PWD/pid" >out 2>&1 &
server=$!
turn=0
until [ "$(sqlite3 database/files.db 'SELECT count(*) FROM PLAYLISTS WHERE FOUND > 0' 2>/dev/null)" = 7 ] || [ "$turn" -gt 30 ]; do
	sleep 0.5
	turn=$((turn + 1))
done
sleep 2
kill "$server"
wait "$server" || true
SH
unshare --net --map-root-user sh inside.sh
sqlite3 -separator ': ' database/files.db "SELECT NAME, coalesce((SELECT replace(PATH, '$folder/shows/', '') FROM OBJECTS JOIN DETAILS ON DETAILS.ID = DETAIL_ID WHERE PARENT_ID = '1\$F\$' || printf('%X', PLAYLISTS.ID)), 'nothing') FROM PLAYLISTS ORDER BY NAME" | tee seen.txt
diff - seen.txt <<'SEEN'
1 a path: Lantern/S01E01.mkv
2 an episode that is gone: Harbour/S01E02.mkv
3 a show that is gone: Harbour/S01E02.mkv
4 a path of Windows: Harbour/S01E02.mkv
5 the end of a name: Film.mkv
6 a path with a sign: Salt #2.mkv
7 an address: Film.mkv
8 an address with a sign: nothing
SEEN
