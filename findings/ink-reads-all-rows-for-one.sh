#!/usr/bin/env bash
# For one row that has changed, Ink measures and reads all rows of the frame again.
#
# Seen with ink 8.0.0, react 19.3.1 on Node.js 24, Linux (2026-11-29).
#
# Expected: Ink keeps what it has measured of a row, as it keeps the wrapped text of one (it does both in maps),
# so a frame in which one of 40 rows has changed costs about what that row costs.
#
# Seen: the maps of widths and characters belong to the object that draws one frame, and each frame makes a new one.
# So all rows are cut into graphemes again: the calls of Intl.Segmenter for a frame grow with the rows on the screen,
# not with the rows that changed.
#
# Consequence: an app that fills a large screen spends most of a frame on rows that stay as they are, also where React
# has skipped their components (React.memo). It can give Ink a string-width and an ansi-tokenize that remember.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ink@8.0.0 react@19.3.1
cat >frames.mjs <<'JS'
import {EventEmitter} from 'node:events';

let calls = 0;
const {segment} = Intl.Segmenter.prototype;
Intl.Segmenter.prototype.segment = function (text) {
	calls++;
	return segment.call(this, text);
};

const React = await import('react');
const {render, Box, Text} = await import('ink');
const {createElement: h, memo} = React.default;

class Screen extends EventEmitter {
	isTTY = true;
	columns = 80;
	rows = 60;
	frame = '';
	write(text) {
		this.frame = text;
		return true;
	}
}

const Row = memo(({text}) => h(Text, {color: 'green'}, text));
const frame = (rows, count) => h(Box, {flexDirection: 'column'}, Array.from({length: rows}, (_, row) => h(Row, {key: row, text: row === 0 ? `● changed ${count} times` : `● row ${row} stays`})));
for (const rows of [10, 40]) {
	const screen = new Screen();
	const app = render(frame(rows, 0), {stdout: screen, stderr: new Screen(), debug: true, patchConsole: false, exitOnCtrlC: false});
	for (let count = 1; count <= 3; count++) {
		calls = 0;
		app.rerender(frame(rows, count));
		await new Promise(resolve => setTimeout(resolve, 100));
		if (!screen.frame.includes(`changed ${count} times`)) {
			throw new Error('The frame was not drawn.');
		}
	}

	const perRow = calls / rows;
	console.log(`one of ${rows} rows changed: ${perRow >= 1 ? 'every row is' : 'not every row is'} cut into graphemes again`);
	app.unmount();
}
JS
node frames.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
one of 10 rows changed: every row is cut into graphemes again
one of 40 rows changed: every row is cut into graphemes again
SEEN
