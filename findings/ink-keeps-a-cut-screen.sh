#!/usr/bin/env bash
# What a terminal cuts from an Ink app while it is smaller stays lost, unless the output of the app changes.
#
# Seen with ink 8.0.0, react 19.3.1, @lydell/node-pty 1.1.0, @xterm/headless 6.0.0 on Node.js 24, Linux (2026-11-29).
#
# Expected: an app on the alternate screen is drawn again after its terminal was smaller for a while.
#
# Seen: a terminal cuts or moves its rows as soon as it becomes smaller. Ink compares the new output with
# the last one and writes nothing when they are equal, also after a `resize`; only where the terminal has
# become narrower it clears the screen first and draws all. So an app whose output is the same at both
# heights stays cut. Where the old size is back before the process has read the new one (a window that
# is dragged, a busy machine), Node.js emits no `resize` at all, and an app cannot notice it by its size.
#
# Consequence: an app that fills the screen should listen to SIGWINCH itself, and make sure that all is
# drawn again once the size is at rest.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ink@8.0.0 react@19.3.1 @lydell/node-pty@1.1.0 @xterm/headless@6.0.0
cat >app.mjs <<'JS'
import React from 'react';
import {render, Text} from 'ink';

const lines = Array.from({length: process.stdout.rows}, (_, row) => `row ${row + 1}`).join('\n');
setInterval(() => {}, 1000);
render(React.createElement(Text, null, lines), {alternateScreen: true});
JS
cat >look.mjs <<'JS'
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';

const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
const terminal = new xterm.Terminal({cols: 40, rows: 12, allowProposedApi: true});
const pty = spawn(process.execPath, ['app.mjs'], {name: 'xterm-256color', cols: 40, rows: 12});
pty.onData(data => terminal.write(data));
const resize = (cols, rows) => {
	terminal.resize(cols, rows);
	pty.resize(cols, rows);
};
const shown = () => Array.from({length: terminal.rows}, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '').filter(line => line.startsWith('row ')).length;
const seen = async isShown => {
	for (let turn = 0; turn < 100 && !isShown(); turn++) {
		await wait(100);
	}
};

await seen(() => shown() === 12);
console.log(`at first: ${shown()} of 12 rows`);
// The process is stopped, so that it surely reads no size in between.
process.kill(pty.pid, 'SIGSTOP');
resize(40, 5);
resize(40, 12);
process.kill(pty.pid, 'SIGCONT');
await wait(3000);
console.log(`after 12, 5 and 12 rows, unnoticed: ${shown() === 12 ? 'all' : 'not all'} rows`);
const after = async sizes => {
	for (const [cols, rows] of sizes) {
		resize(cols, rows);
		await wait(1500);
	}

	return shown() === 12 ? 'all' : 'not all';
};

console.log(`after 12, 5 and 12 rows, noticed: ${await after([[40, 5], [40, 12]])} rows`);
console.log(`after 40, 30 and 40 columns, noticed: ${await after([[30, 12], [40, 12]])} rows`);
pty.kill();
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
at first: 12 of 12 rows
after 12, 5 and 12 rows, unnoticed: not all rows
after 12, 5 and 12 rows, noticed: not all rows
after 40, 30 and 40 columns, noticed: all rows
SEEN
