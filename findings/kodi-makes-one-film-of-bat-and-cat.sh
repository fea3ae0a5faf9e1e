#!/usr/bin/env bash
# Kodi makes one film of Bat.mkv and Cat.mkv, and of others whose names differ in one letter from a to d, and leaves out a film called Free Sample.
#
# Seen with Kodi 20.1 (Debian 12, package kodi) under Xvfb, with "local information only" (2026-11-30).
#
# Expected: a file with an NFO file beside it is a film in the library, unless its name ends like a part (part1, cd2).
#
# Seen: the last of the patterns by which Kodi finds parts is a single letter from a to d, anywhere in a name. So
# two files that come one after the other and differ in such a letter alone are the parts of one film: Bat and Cat,
# Plan A (2021) and Plan B (2021). The word before a number need not be a word either: Script 1 and Script 2 are parts by
# the "pt". The NFO file of the second one is never read. Names with "-trailer" or with the word "sample", and
# everything in a folder called Proof or Subs, are left out without a word in the library, whatever their NFO files say.
#
# Consequence: where films share a folder, some can go missing. A folder for each film keeps apart what looks like
# parts. Who writes NFO files can only warn.
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
mkdir home films films/Proof films/Subs
for name in 'Bat' 'Cat' 'Plan A (2021)' 'Plan B (2021)' 'Script 1' 'Script 2' 'Kiln 1' 'Kiln 2' 'Free Sample (2012)' 'Free Samples' 'My-Trailer-Park' 'The Trailer' 'Proof/Proof (2005)' 'Subs/Deep'; do
	echo 'no film' >"films/$name.mkv"
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<movie><title>%s</title><year>1927</year></movie>\n' "${name##*/}" >"films/$name.nfo"
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
sqlite3 home/.kodi/userdata/Database/MyVideos121.db "INSERT INTO path (strPath, strContent, strScraper, scanRecursive, useFolderNames, strSettings, noUpdate, exclude) VALUES ('$PWD/films/', 'movies', 'metadata.local', 2147483647, 0, '', 0, 0)"
sed -i 's|\(id="videolibrary.updateonstartup"\)[^>]*>false<|\1>true<|' home/.kodi/userdata/guisettings.xml
rm "$log"
run_until 'VideoInfoScanner: Finished scan'
kill "$xvfb"
SH
unshare --net --map-root-user sh inside.sh
sqlite3 home/.kodi/userdata/Database/MyVideos121.db "
SELECT c00 || ': ' || replace(replace(c22, 'stack://', ''), '$PWD/films/', '') FROM movie ORDER BY c00" | tee seen.txt
diff - seen.txt <<'SEEN'
Bat: Bat.mkv , Cat.mkv
Free Samples: Free Samples.mkv
Kiln 1: Kiln 1.mkv
Kiln 2: Kiln 2.mkv
Plan A (2021): Plan A (2021).mkv , Plan B (2021).mkv
Script 1: Script 1.mkv , Script 2.mkv
The Trailer: The Trailer.mkv
SEEN
