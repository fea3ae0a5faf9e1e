#!/usr/bin/env bash
# Kodi finds an episode 1080 in S01E02_1080p.mkv, and an episode 264 in S01E03-x264.mkv, although their NFO files have one episode.
#
# Seen with Kodi 20.1 (Debian 12, package kodi) under Xvfb, with "local information only" (2026-11-30).
#
# Expected: a file of which the NFO file describes one episode is that episode, or at most those of the file name that
# look like episodes (S01E06-E07).
#
# Seen: a number right behind that of the episode is one more episode, if `-`, `_` or `x` stands between them, or
# several of these: the height of the picture, the codec, a year. It has the title and everything else from the NFO file of the
# first one. Behind a blank or a full stop, or with a letter of another kind before it, the number is none.
#
# Consequence: a season of files with such names has twice the episodes, with numbers up to 2024. Only another file name
# helps; an NFO file cannot.
set -euo pipefail
kodi=$(dpkg-query -W -f '${Version}' kodi-bin 2>/dev/null || true)
case $kodi in
	*:20.1+dfsg-*) echo "kodi-bin $kodi" ;;
	*) echo "This was seen with Kodi 20.1 of Debian 12 (package kodi), and here is: ${kodi:-none}." >&2; exit 2 ;;
esac
for program in Xvfb unshare ip sqlite3; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: xvfb, util-linux, iproute2, sqlite3)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p home films/Harbour
echo '<tvshow><title>Harbour</title><premiered>2001-01-01</premiered></tvshow>' >films/Harbour/tvshow.nfo
number=0
for name in 'S01E01-720p' 'S01E02_1080p' 'S01E03-x264' 'S01E04x265' '1x05-1080p' 'S01E06-2024' 'S01E07.720p' 'S01E08 1080p x264' 'S01E09-WEB-1080p' 'S01E10 - 7 Days'; do
	number=$((number + 1))
	echo 'no episode' >"films/Harbour/$name.mkv"
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<episodedetails><title>Day %s</title><season>1</season><episode>%s</episode></episodedetails>\n' "$number" "$number" >"films/Harbour/$name.nfo"
done
# Kodi gets a home and a network of its own, with nothing but the loopback device. Its first start makes the database.
cat >inside.sh <<'SH'
set -eu
ip link set lo up
Xvfb -displayfd 3 -nolisten tcp -screen 0 640x480x24 3>display >/dev/null 2>&1 &
xvfb=$!
while ! [ -s display ]; do sleep 0.2; done
export HOME="$PWD/home" DISPLAY=":$(cat display)" LANG=C.UTF-8 TZ=UTC
log=home/.kodi/temp/kodi.log
run_until() {
	setsid kodi --standalone >/dev/null 2>&1 &
	kodi=$!
	turn=0
	until grep -q "$1" "$log" 2>/dev/null || [ "$turn" -gt 180 ]; do
		sleep 0.5
		turn=$((turn + 1))
	done
	kill -TERM -"$kodi"
	turn=0
	while kill -0 -"$kodi" 2>/dev/null && [ "$turn" -lt 60 ]; do
		sleep 0.5
		turn=$((turn + 1))
	done
	kill -KILL -"$kodi" 2>/dev/null || true
}
run_until 'ES: Starting UDP Event server'
sqlite3 home/.kodi/userdata/Database/MyVideos121.db "INSERT INTO path (strPath, strContent, strScraper, scanRecursive, useFolderNames, strSettings, noUpdate, exclude) VALUES ('$PWD/films/', 'tvshows', 'metadata.local', 0, 0, '', 0, 0)"
sed -i 's|\(id="videolibrary.updateonstartup"\)[^>]*>false<|\1>true<|' home/.kodi/userdata/guisettings.xml
rm "$log"
run_until 'VideoInfoScanner: Finished scan'
kill "$xvfb"
SH
unshare --net --map-root-user sh inside.sh
sqlite3 home/.kodi/userdata/Database/MyVideos121.db "
SELECT replace(c18, '$PWD/films/Harbour/', '') || ': ' || group_concat(c13 || ' (' || c00 || ')', ', ') FROM (SELECT * FROM episode ORDER BY c13 + 0) GROUP BY c18 ORDER BY min(c13 + 0)" | tee seen.txt
diff - seen.txt <<'SEEN'
S01E01-720p.mkv: 1 (Day 1), 720 (Day 1)
S01E02_1080p.mkv: 2 (Day 2), 1080 (Day 2)
S01E03-x264.mkv: 3 (Day 3), 264 (Day 3)
S01E04x265.mkv: 4 (Day 4), 265 (Day 4)
1x05-1080p.mkv: 5 (Day 5), 1080 (Day 5)
S01E06-2024.mkv: 6 (Day 6), 2024 (Day 6)
S01E07.720p.mkv: 7 (Day 7)
S01E08 1080p x264.mkv: 8 (Day 8)
S01E09-WEB-1080p.mkv: 9 (Day 9)
S01E10 - 7 Days.mkv: 10 (Day 10)
SEEN
