#!/usr/bin/env bash
# A terminal that counts by grapheme clusters (mode 2027) gives half-width kana, Tamil and Thai fewer cells, not only emoji other ones.
#
# Seen with ghostty-opentui 1.5.0 (the terminal of Ghostty as a library), @xterm/headless 6.0.0 with @xterm/addon-unicode-graphemes
# 0.4.0, and string-width 8.3.0 on Node.js 24, Linux x64 (2026-12-01).
#
# Expected: the mode is there for emoji. What is written with letters keeps the cells that every terminal gives it, so a
# program that turns it on, or finds it on, has to measure emoji anew and nothing else; and string-width, which counts
# grapheme clusters, tells the cells that such a terminal takes.
#
# Seen: a cluster has the width of its widest character, whatever stands in it. The voiced mark of half-width kana, the vowel
# signs of Tamil, Lao and Thai that have a cell of their own elsewhere, and the number sign of Arabic belong to the cluster
# of their neighbour and lose it: `ｶﾞ` and `நி` and `กำ` take one cell instead of two. string-width agrees for Thai, Lao
# and Arabic, and counts two for kana and Tamil. The addon of xterm.js also gives U+200E and U+200B, which had none, a
# cell. Ghostty gives the dash of two ems two cells with and without the mode.
#
# Consequence: neither table holds for both. In a column with such titles, send the cursor to where the next column
# begins (CSI G) instead of counting, and write the rest of a row again when a text in it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ghostty-opentui@1.5.0 @xterm/headless@6.0.0 @xterm/addon-unicode-graphemes@0.4.0 string-width@8.3.0
cat >look.mjs <<'JS'
import graphemes from '@xterm/addon-unicode-graphemes';
import xterm from '@xterm/headless';
import {ptyToJson} from 'ghostty-opentui';
import stringWidth from 'string-width';

const inGhostty = text => ptyToJson(text, {cols: 80, rows: 4}).cursor[0];
const inXterm = async (text, hasGraphemes) => {
	const terminal = new xterm.Terminal({cols: 80, rows: 4, allowProposedApi: true});
	if (hasGraphemes) {
		terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
	}

	await new Promise(resolve => {
		terminal.write(text, resolve);
	});
	return terminal.buffer.active.cursorX;
};

console.log('string-width, xterm.js, with graphemes, Ghostty, with mode 2027');
for (const [name, text] of [
	['kana ga, full width', 'ガ'],
	['kana ga, half width', '\uFF76\uFF9E'],
	['Tamil ni', '\u0BA8\u0BBF'],
	['Thai kam', '\u0E01\u0E33'],
	['Lao kam', '\u0E81\u0EB3'],
	['Hindi kshi', '\u0915\u094D\u0937\u093F'],
	['Arabic number sign and digit', '\u0600\u0661'],
	['e with acute', 'e\u0301'],
	['a, U+200E, b', 'a\u200Eb'],
	['a, U+200B, b', 'a\u200Bb'],
	['dash of two ems', '\u2E3A'],
]) {
	console.log(`${name}: ${[stringWidth(text), await inXterm(text, false), await inXterm(text, true), inGhostty(text), inGhostty(`\u001B[?2027h${text}`)].join(' ')}`);
}
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
string-width, xterm.js, with graphemes, Ghostty, with mode 2027
kana ga, full width: 2 2 2 2 2
kana ga, half width: 2 2 1 2 1
Tamil ni: 2 2 1 2 1
Thai kam: 1 2 1 2 1
Lao kam: 1 2 1 2 1
Hindi kshi: 2 3 2 3 2
Arabic number sign and digit: 1 2 1 2 1
e with acute: 1 1 1 1 1
a, U+200E, b: 2 2 3 2 2
a, U+200B, b: 2 2 3 2 2
dash of two ems: 1 1 1 2 2
SEEN
