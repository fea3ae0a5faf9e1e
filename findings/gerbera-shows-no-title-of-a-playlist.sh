#!/usr/bin/env bash
# Gerbera shows the names of the files and no title of an M3U playlist, and makes of an entry with a file:// address a song that nothing can play.
#
# Seen with Gerbera 1.1.0 (Debian 12, packages gerbera and libduktape207 2.7.0) (2026-12-01).
#
# Expected: the entries of a playlist have the titles that stand in it behind #EXTINF, as the script playlists.js of Gerbera
# means to do, and an entry is found by its path or by its address.
#
# Seen: each entry has the name of its file. The script asks RegExp.$2 for the title, which browsers and Node.js have, but
# not Duktape, the engine that Gerbera is built with, so the title is undefined, and no error is said. With the result of
# match() in its place in the script, the titles are there. An address becomes a reference of the kind audio/mpeg over
# http-get, with the address as its title, to something that only the server has.
#
# Consequence: playlists for Gerbera have paths, and titles of films show only where the files have them as names. Who
# writes scripts for it takes what a pattern found from the result of match().
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' gerbera libduktape207 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'gerbera 1.1.0+'*' libduktape207 2.7.0-'*) echo "$versions" ;;
	*) echo "This was seen with gerbera 1.1.0 and libduktape207 2.7.0 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
for program in ffmpeg ip sqlite3 unshare; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: ffmpeg, iproute2, sqlite3, util-linux)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir films home
ffmpeg -v error -f lavfi -i testsrc=duration=1:size=64x64:rate=5 -c:v mpeg4 films/m.mkv </dev/null
cp films/m.mkv films/n.mkv
cat >films/list.m3u <<M3U
#EXTM3U
#EXTINF:9180,Metropolis
$folder/films/m.mkv
#EXTINF:5640,Nosferatu
file://$folder/films/n.mkv
M3U
cat >config.xml <<XML
<?xml version="1.0" encoding="UTF-8"?>
<config version="2" xmlns="http://mediatomb.cc/config/2">
	<server>
		<ui enabled="no"/>
		<name>Films</name>
		<udn>uuid:3c8a5a52-7b0e-4a63-9d3e-1f1c3a7b9d10</udn>
		<home>$folder/home</home>
		<webroot>/usr/share/gerbera/web</webroot>
		<storage caching="yes"><sqlite3 enabled="yes"><database-file>$folder/home/gerbera.db</database-file></sqlite3></storage>
	</server>
	<import hidden-files="no">
		<scripting script-charset="UTF-8">
			<common-script>/usr/share/gerbera/js/common.js</common-script>
			<playlist-script>/usr/share/gerbera/js/playlists.js</playlist-script>
			<virtual-layout type="builtin"/>
		</scripting>
		<mappings>
			<extension-mimetype ignore-unknown="no"><map from="mkv" to="video/x-matroska"/><map from="m3u" to="audio/x-mpegurl"/></extension-mimetype>
			<mimetype-upnpclass><map from="video/*" to="object.item.videoItem"/></mimetype-upnpclass>
			<mimetype-contenttype><treat mimetype="audio/x-mpegurl" as="playlist"/></mimetype-contenttype>
		</mappings>
	</import>
</config>
XML
# Gerbera gets a network of its own, with one card that leads nowhere. It asks for an address that IPv6 has tried out.
cat >inside.sh <<'SH'
set -eu
ip link set lo up
ip link add card type veth peer name wall
ip addr add 10.99.0.1/24 dev card
ip link set card up
ip link set wall up
ip route add default dev card
sleep 4
gerbera --interface card --port 49200 --config "$PWD/config.xml" --home "$PWD/home" --add "$PWD/films" >gerbera.log 2>&1 &
gerbera=$!
for turn in $(seq 60); do
	sleep 0.5
	[ "$(sqlite3 home/gerbera.db "SELECT count(*) FROM mt_cds_object WHERE location LIKE 'file:%'" 2>/dev/null)" = 2 ] && break
done
sleep 2
kill "$gerbera"
wait "$gerbera" || true
SH
unshare --net --map-root-user sh inside.sh
grep -o 'Processing playlist' gerbera.log
sqlite3 home/gerbera.db "SELECT DISTINCT 'entry: ' || replace(entry.dc_title, '$folder', '…') || ', ' || entry.mime_type
	FROM mt_cds_object AS entry JOIN mt_cds_object AS list ON list.id = entry.parent_id WHERE list.dc_title = 'list' ORDER BY 1" | tee seen.txt
diff - seen.txt <<'SEEN'
entry: file://…/films/n.mkv, audio/mpeg
entry: m.mkv, video/x-matroska
SEEN
