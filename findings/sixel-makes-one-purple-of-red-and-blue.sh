#!/usr/bin/env bash
# A picture that is half red and half blue comes out of sixel as one even purple, however many colours it may use.
#
# Seen with sixel 0.16.0 from npm on node 24.21.0 (2026-12-01).
#
# Expected: a picture of two colours keeps both where 256 are allowed, as it does for red and white, or for red and orange.
#
# Seen: `image2sixel` divides the pixels, again and again, along the direction in which they differ most. It looks for this direction
# from the grey axis on, and finds none that is at a right angle to it: then nothing is divided, and all of these pixels get their
# average. This is so for pure red, green and blue with each other, and for cyan, magenta and yellow, with or without white beside them.
# One pixel that is another by one bit is enough to keep them apart.
#
# Consequence: drawn pictures, such as flags, signs and generated covers, have such colours; photographs have enough noise. Give
# `sixelEncode` a palette of your own for them, or change the last bit of a pixel here and there.
set -euo pipefail
command -v npm >/dev/null || { echo 'This needs npm.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 sixel@0.16.0
cat >colors.mjs <<'JS'
import {image2sixel} from 'sixel';

const [width, height] = [60, 30];
const bitmap = colors => Uint8Array.from({length: width * height * 4}, (_, index) => [...colors[Math.floor((Math.floor(index / 4) % width) * colors.length / width)], 255][index % 4]);
// The palette of a sixel picture is in per cent.
const inSixel = data => image2sixel(data, width, height, 256, 1).matchAll(/#\d+;2;(\d+;\d+;\d+)/g).map(match => match[1]).toArray();
const [red, green, blue, cyan, magenta, yellow, white, orange] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 255, 255], [255, 0, 255], [255, 255, 0], [255, 255, 255], [255, 165, 0]];
const pictures = [
	['red, blue', red, blue],
	['green, blue', green, blue],
	['yellow, magenta', yellow, magenta],
	['cyan, magenta', cyan, magenta],
	['red, white', red, white],
	['red, orange', red, orange],
	['red, blue, white', red, blue, white],
];
for (const [name, ...colors] of pictures) {
	console.log(`${name}: ${inSixel(bitmap(colors)).join(' and ')}`);
}

const nudged = bitmap([red, blue]);
nudged[1] = 1;
console.log(`red, blue and one pixel by one bit: ${inSixel(nudged).join(' and ')}`);
JS
node_modules/.bin/node colors.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
red, blue: 50;0;50
green, blue: 0;50;50
yellow, magenta: 100;50;50
cyan, magenta: 50;50;100
red, white: 100;0;0 and 100;100;100
red, orange: 100;0;0 and 100;65;0
red, blue, white: 50;0;50 and 100;100;100
red, blue and one pixel by one bit: 0;0;100 and 100;0;0
SEEN
