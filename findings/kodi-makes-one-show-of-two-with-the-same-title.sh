#!/usr/bin/env bash
# Kodi makes one show of two that have the same title, even if their ids at TVDB differ, unless their first days differ as well.
#
# Seen with Kodi 20.1 (Debian 12, package kodi) under Xvfb, with "local information only" (2026-11-30).
#
# Expected: two folders, each with a tvshow.nfo that has an id of its own (`uniqueid` with `default="true"`), are two shows.
#
# Seen: with "local information only", a show is looked for by its title and the day on which it began. No day, or a year
# (`<year>` is ignored for shows), is 1970-01-01 for all. So a show and its remake become one, with both folders, two
# episodes S01E01, and one of the ids. Two shows with the same id and other titles stay two.
#
# Consequence: who writes a tvshow.nfo without `<premiered>` must make the titles differ, for instance by the year.
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
mkdir home films
show() {
	mkdir "films/$1"
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<tvshow><title>%s</title>%s</tvshow>\n' "$2" "$3" >"films/$1/tvshow.nfo"
	echo 'no episode' >"films/$1/S01E01.mkv"
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<episodedetails><title>First of %s</title><season>1</season><episode>1</episode></episodedetails>\n' "$1" >"films/$1/S01E01.nfo"
}

show 'Harbour A' Harbour '<year>1978</year>'
show 'Harbour B' Harbour '<year>2004</year>'
show 'Lantern A' Lantern '<uniqueid type="tvdb" default="true">71</uniqueid>'
show 'Lantern B' Lantern '<uniqueid type="tvdb" default="true">72</uniqueid>'
show 'Orchard A' Orchard '<premiered>1990-01-01</premiered><uniqueid type="tvdb" default="true">81</uniqueid>'
show 'Orchard B' Orchard '<premiered>1990-01-01</premiered><uniqueid type="tvdb" default="true">82</uniqueid>'
show 'Signal A' Signal '<premiered>1990-01-01</premiered>'
show 'Signal B' Signal '<premiered>2004-01-01</premiered>'
show 'Tide A' 'Tide (1978)' '<uniqueid type="tvdb" default="true">91</uniqueid>'
show 'Tide B' 'Tide (2004)' '<uniqueid type="tvdb" default="true">91</uniqueid>'
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
SELECT c00 || ': ' || count(*) || CASE count(*) WHEN 1 THEN ' show' ELSE ' shows' END || ', episodes ' || group_concat((SELECT group_concat(name, ' and ') FROM (SELECT c00 AS name FROM episode WHERE episode.idShow = tvshow.idShow ORDER BY c00)), '; ')
FROM (SELECT * FROM tvshow ORDER BY c00, c05) AS tvshow GROUP BY c00 ORDER BY c00" | tee seen.txt
diff - seen.txt <<'SEEN'
Harbour: 1 show, episodes First of Harbour A and First of Harbour B
Lantern: 1 show, episodes First of Lantern A and First of Lantern B
Orchard: 1 show, episodes First of Orchard A and First of Orchard B
Signal: 2 shows, episodes First of Signal A; First of Signal B
Tide (1978): 1 show, episodes First of Tide A
Tide (2004): 1 show, episodes First of Tide B
SEEN
