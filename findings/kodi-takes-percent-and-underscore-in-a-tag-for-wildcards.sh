#!/usr/bin/env bash
# Kodi makes another tag, set, studio or name out of one that has `%` or `_`, if the library has one that fits it as a pattern.
#
# Seen with Kodi 20.1 (Debian 12, package kodi) under Xvfb, with "local information only" (2026-11-30).
#
# Expected: a film whose NFO file has <tag>100%</tag> has the tag 100% after a scan.
#
# Seen: before Kodi adds a tag, it looks for it with LIKE, where `%` stands for anything and `_` for any character, and
# takes what it finds. So the tag 100% becomes 100 Greatest, if that is in the library already, and best_of becomes
# best of. The same happens to the set of a film, its studio, country, genre and the names of its people. What comes
# first wins, so another order of the same films gives another library. Because LIKE is used, `drama` becomes
# `Drama`, too, while `élan` and `Élan` stay two tags: only letters of ASCII have no case there.
#
# Consequence: who writes NFO files from data of users (labels often have underscores) cannot rely on finding the same
# tags in Kodi.
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
film() {
	echo 'no film' >"films/$1.mkv"
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<movie><title>%s</title><year>1927</year>%s</movie>\n' "$1" "$2" >"films/$1.nfo"
}

film First '<tag>100 Greatest</tag><tag>best of</tag><tag>Élan</tag><genre>Drama</genre><studio>Lantern A</studio><director>Ada Brink</director><set><name>Set of A</name></set>'
film Second '<tag>100%</tag><tag>best_of</tag><tag>élan</tag><genre>drama</genre><studio>Lantern _</studio><director>Ada_Brink</director><set><name>Set of _</name></set>'
film Third '<tag>to_watch</tag>'
film Zulu '<tag>to watch</tag>'
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
sqlite3 home/.kodi/userdata/Database/MyVideos121.db "INSERT INTO path (strPath, strContent, strScraper, scanRecursive, useFolderNames, strSettings, noUpdate, exclude) VALUES ('$PWD/films/', 'movies', 'metadata.local', 2147483647, 0, '', 0, 0)"
sed -i 's|\(id="videolibrary.updateonstartup"\)[^>]*>false<|\1>true<|' home/.kodi/userdata/guisettings.xml
rm "$log"
run_until 'VideoInfoScanner: Finished scan'
kill "$xvfb"
SH
unshare --net --map-root-user sh inside.sh
sqlite3 home/.kodi/userdata/Database/MyVideos121.db "
SELECT c00 || ': tags ' || (SELECT group_concat(name, ', ') FROM tag_link JOIN tag USING (tag_id) WHERE media_id = idMovie)
	|| coalesce('; genre ' || (SELECT name FROM genre_link JOIN genre USING (genre_id) WHERE media_id = idMovie), '')
	|| coalesce('; studio ' || (SELECT name FROM studio_link JOIN studio USING (studio_id) WHERE media_id = idMovie), '')
	|| coalesce('; director ' || (SELECT name FROM director_link JOIN actor USING (actor_id) WHERE media_id = idMovie), '')
	|| coalesce('; set ' || (SELECT strSet FROM sets WHERE sets.idSet = movie.idSet), '')
FROM movie ORDER BY c00" | tee seen.txt
diff - seen.txt <<'SEEN'
First: tags 100 Greatest, best of, Élan; genre Drama; studio Lantern A; director Ada Brink; set Set of A
Second: tags 100 Greatest, best of, élan; genre Drama; studio Lantern A; director Ada Brink; set Set of A
Third: tags to_watch
Zulu: tags to watch
SEEN
