#!/usr/bin/env bash
# No reader finds a QR code that is drawn with `##` in a terminal, and zbar and ZXing find one of half blocks only where the terminal is dark.
#
# Seen with qrencode 4.1.1, xterm 379 under Xvfb and zbar 0.23.92 (Debian 12, packages qrencode, xterm, zbar-tools), jsqr 1.4.0 and
# @zxing/library 0.23.0 (2026-12-01).
#
# Expected: each of the types that qrencode has for terminals can be read from the screen, since that is what they are for;
# readers also know codes whose light and dark are exchanged.
#
# Seen: the letters of ASCII, which stand for modules, are found by none of the three, on any background, because the gaps
# between and within them are no area. UTF8, whose half blocks have the colour of the text, is read by zbar and ZXing only on a dark
# background; jsQR reads both. ANSI, which fills cells with colours, is read everywhere, and needs no UTF-8.
#
# Consequence: a program that shows a sign-in as a QR code sets the colour of the modules and that behind them by itself, and
# fills cells in place of letters where it has no blocks. Without colours it also shows the link.
set -euo pipefail
for program in Xvfb xterm xwd convert qrencode zbarimg npm; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: xvfb, xterm, x11-apps, imagemagick, qrencode, zbar-tools, npm)." >&2; exit 2; }
done
versions=$(dpkg-query --show --showformat='${Package} ${Version} ' qrencode xterm zbar-tools)
case $versions in
	'qrencode 4.1.1-'*'xterm 379-'*'zbar-tools 0.23.92-'*) ;;
	*) echo "This was seen with qrencode 4.1.1, xterm 379 and zbar 0.23.92 of Debian 12, and here is: $versions" >&2; exit 2 ;;
esac
folder=$(mktemp -d)
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts jsqr@1.4.0 @zxing/library@0.23.0 pngjs@7.0.0
Xvfb -displayfd 3 -nolisten tcp -screen 0 1000x900x24 3>display >/dev/null 2>&1 &
xvfb=$!
trap 'kill "$xvfb"; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
	[[ -s display ]] && break
	sleep 0.1
done
DISPLAY=:$(cat display)
export DISPLAY LANG=C.UTF-8
cat >read.mjs <<'JS'
import {readFileSync} from 'node:fs';
import {execFileSync} from 'node:child_process';
import {PNG} from 'pngjs';
import jsqr from 'jsqr';
import {BinaryBitmap, DecodeHintType, HybridBinarizer, QRCodeReader, RGBLuminanceSource} from '@zxing/library';

const file = process.argv[2];
const {width, height, data} = PNG.sync.read(readFileSync(file));
const zxing = () => new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(Uint8ClampedArray.from({length: width * height}, (_, index) => data[4 * index]), width, height))), new Map([[DecodeHintType.TRY_HARDER, true]])).getText();
const readers = {
	zbar: () => execFileSync('zbarimg', ['-q', '--raw', file], {stdio: ['ignore', 'pipe', 'ignore']}).toString().trim(),
	ZXing: zxing,
	jsQR: () => (jsqr.default ?? jsqr)(new Uint8ClampedArray(data), width, height)?.data,
};
console.log(Object.entries(readers).filter(([, read]) => {
	try {
		return read() === 'https://plex.tv/link/?pin=FILM';
	} catch {
		return false;
	}
}).map(([name]) => name).join(', ') || 'nobody');
JS
for type in ASCII ASCIIi UTF8 ANSI; do
	for colors in 'black white' 'white black'; do
		read -r background text <<<"$colors"
		printf '#!/bin/sh\nqrencode -t %s https://plex.tv/link/?pin=FILM\ntouch shown\nsleep 30\n' "$type" >show
		chmod +x show
		rm -f shown
		xterm -geometry 90x50 -fa 'DejaVu Sans Mono' -fs 8 -bg "$background" -fg "$text" -e ./show 2>/dev/null &
		xterm=$!
		until [[ -e shown ]]; do
			sleep 0.1
		done
		sleep 1
		xwd -root -silent -out screen.xwd
		kill "$xterm"
		wait "$xterm" 2>/dev/null || true
		convert xwd:screen.xwd screen.png
		echo "$type on $background: $(node read.mjs screen.png)"
	done
done | tee seen.txt
diff - seen.txt <<'SEEN'
ASCII on black: nobody
ASCII on white: nobody
ASCIIi on black: nobody
ASCIIi on white: nobody
UTF8 on black: zbar, ZXing, jsQR
UTF8 on white: jsQR
ANSI on black: zbar, ZXing, jsQR
ANSI on white: zbar, ZXing, jsQR
SEEN
