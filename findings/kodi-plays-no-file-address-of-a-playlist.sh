#!/usr/bin/env bash
# Kodi plays no entry of an M3U playlist that is a file:// address, however plain the name of the file is.
#
# Seen with Kodi 20.1 (Debian 12, package kodi) under Xvfb, and mpv 0.35.1 (Debian 12, package mpv) (2026-11-30).
#
# Expected: an entry of a playlist may be a path or an address, so `file:///srv/films/Plain.mkv` is played like
# `/srv/films/Plain.mkv`. mpv does so.
#
# Seen: Kodi lists the entry with its title from the playlist, and then cannot open it, also when nothing in the address is
# encoded. It plays absolute and relative paths as they are written, and decodes nothing in them: a name with `#` or `%20`
# is found by its plain path.
#
# Consequence: a playlist with addresses, which is the safe form for VLC (there, `#` in a path ends the name), does
# nothing in Kodi. Who writes playlists needs a second form for it, with plain paths.
set -euo pipefail
kodi=$(dpkg-query -W -f '${Version}' kodi-bin 2>/dev/null || true)
mpv=$(dpkg-query -W -f '${Version}' mpv 2>/dev/null || true)
case "$kodi, $mpv" in
	*:20.1+dfsg-*', 0.35.1-'*) echo "kodi-bin $kodi, mpv $mpv" ;;
	*) echo "This was seen with Kodi 20.1 and mpv 0.35.1 of Debian 12 (packages kodi and mpv), and here are: ${kodi:-none} and ${mpv:-none}." >&2; exit 2 ;;
esac
for program in Xvfb ffmpeg unshare ip node; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: xvfb, ffmpeg, util-linux, iproute2, nodejs)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/home" "$folder/films"
cd "$folder"
ffmpeg -v error -f lavfi -i testsrc=duration=30:size=64x64:rate=5 -c:v mpeg4 films/Plain.mkv </dev/null
cp films/Plain.mkv 'films/Harbour #2 100%20.mkv'
cat >look.mjs <<'JS'
import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';

const open = async () => {
	const socket = connect(9090, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return socket;
	} catch {
		await delay(500);
		return undefined;
	}
};

let socket;
for (let turn = 0; socket === undefined; turn++) {
	if (turn === 120) {
		throw new Error('Kodi does not listen.');
	}

	socket = await open();
}

// Kodi writes one JSON object after the other; the one that answers has the number of the question.
let heard = '';
socket.setEncoding('utf8').on('data', data => {
	heard += data;
});
let asked = 0;
const ask = async (method, parameters = {}) => {
	const id = ++asked;
	heard = '';
	socket.write(JSON.stringify({jsonrpc: '2.0', id, method, params: parameters}));
	for (let turn = 0; turn < 100 && !heard.includes(`"id":${id},`); turn++) {
		await delay(100);
	}

	return heard;
};

const films = `${process.cwd()}/films`;
const places = {
	'address, plain name': `file://${films}/Plain.mkv`,
	'path, plain name': `${films}/Plain.mkv`,
	'address, odd name': `file://${films}/Harbour%20%232%20100%2520.mkv`,
	'path, odd name': `${films}/Harbour #2 100%20.mkv`,
	'relative path, odd name': 'films/Harbour #2 100%20.mkv',
};
await delay(3000);
for (const [what, place] of Object.entries(places)) {
	writeFileSync('list.m3u', `#EXTM3U\n#EXTINF:30,Film\n${place}\n`);
	const mpv = spawnSync('mpv', ['--no-config', '--no-terminal', '--vo=null', '--ao=null', '--frames=1', 'list.m3u'], {stdio: 'ignore'}).status === 0;
	await ask('Player.Open', {item: {file: `${process.cwd()}/list.m3u`}});
	let isPlayed = false;
	for (let turn = 0; turn < 10 && !isPlayed; turn++) {
		await delay(500);
		isPlayed = (await ask('Player.GetActivePlayers')).includes('"playerid"');
	}

	await ask('Player.Stop', {playerid: 1});
	await delay(1000);
	console.log(`${what}: mpv ${mpv ? 'plays' : 'does not play'} it, Kodi ${isPlayed ? 'plays' : 'does not play'} it`);
}

process.exit();
JS
# Kodi gets a home and a network of its own, with nothing but the loopback device.
cat >inside.sh <<'SH'
set -eu
ip link set lo up
Xvfb -displayfd 3 -nolisten tcp -screen 0 640x480x24 3>display >/dev/null 2>&1 &
xvfb=$!
while ! [ -s display ]; do sleep 0.2; done
HOME=$PWD/home DISPLAY=:$(cat display) LANG=C.UTF-8 setsid kodi --standalone >/dev/null 2>&1 &
kodi=$!
status=0
node look.mjs || status=$?
kill -TERM -"$kodi" || true
sleep 3
kill -KILL -"$kodi" 2>/dev/null || true
kill "$xvfb"
exit "$status"
SH
unshare --net --map-root-user sh inside.sh | tee seen.txt
diff - seen.txt <<'SEEN'
address, plain name: mpv plays it, Kodi does not play it
path, plain name: mpv plays it, Kodi plays it
address, odd name: mpv plays it, Kodi does not play it
path, odd name: mpv plays it, Kodi plays it
relative path, odd name: mpv plays it, Kodi plays it
SEEN
