#!/usr/bin/env bash
# What a narrower terminal cuts off, xterm.js keeps on the alternate screen, and shows again.
#
# Seen with @xterm/headless 6.0.0 on Node.js 24 (2026-11-29).
#
# Expected: after a resize from 20 to 10 columns a line of either screen has 10 cells, so that
# `getLine(0).translateToString(true)` gives what the terminal shows.
#
# Seen: on the normal screen the line is wrapped and has 10 cells. On the alternate screen, which is
# not reflowed, its `length` stays 20 and `translateToString(true)` gives all 20 characters, 10 of which
# no user sees. A line that is written anew with `CSI K` behind it keeps the old cells beyond the edge:
# erasing ends at the edge. When the terminal is 20 columns wide again, they are on the screen again,
# behind the new text. `CSI 2 J` removes them, although it was sent while the terminal was narrow.
#
# Consequences: a test that reads such a terminal must pass the number of columns as the last argument
# of `translateToString`; and a program that fills the alternate screen (also in editors whose terminal
# is xterm.js) must write each row to its end after the terminal became wider, not only what changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @xterm/headless@6.0.0
cat >look.mjs <<'JS'
import xterm from '@xterm/headless';

const look = async isAlternate => {
	const terminal = new xterm.Terminal({cols: 20, rows: 5, allowProposedApi: true});
	const write = text => new Promise(resolve => {
		terminal.write(text, resolve);
	});
	const line = () => terminal.buffer.active.getLine(0);
	const text = () => `${line().length} ${line().translateToString(true)}`;
	const seen = [];
	await write(`${isAlternate ? '\u001B[?1049h' : ''}\u001B[H0123456789abcdefghij`);
	terminal.resize(10, 5);
	seen.push(text());
	await write('\u001B[HXY\u001B[K');
	seen.push(text());
	terminal.resize(20, 5);
	seen.push(text());
	terminal.resize(10, 5);
	await write('\u001B[2J\u001B[HXY');
	terminal.resize(20, 5);
	seen.push(text());
	return seen.join(' | ');
};

console.log(`normal: ${await look(false)}`);
console.log(`alternate: ${await look(true)}`);
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
normal: 10 0123456789 | 10 XY | 20 XY | 20 XY
alternate: 20 0123456789abcdefghij | 20 XY        abcdefghij | 20 XY        abcdefghij | 20 XY
SEEN
