#!/usr/bin/env bash
# A terminal that xterm.js's serialize addon has restored reports clicks in a form that the program did not ask for: a click is typed as the key Q.
#
# Seen with @xterm/headless 6.0.0 and @xterm/addon-serialize 0.14.0 on Node.js 24, Linux x64 (2026-12-01).
#
# Expected: what the addon writes brings another terminal to the same state, modes included (`excludeModes` is off). A program that
# still runs in it, and knows nothing of the change, is used as before.
#
# Seen: the mode of the mouse is kept (`?1002`), and the form in which a program asked for its reports is not (`?1006`, SGR). So the
# same click, at column 49, comes as `CSI M`, a blank, `Q` and `=`. What knows only SGR reads Q and = as keys. Beyond column 95 the
# old form is no UTF-8. A hidden cursor is shown again, and the scroll region is gone; autowrap, bracketed paste and reports of the
# focus are kept.
#
# Consequence: a program in a terminal that comes back so, as after the window of an editor was loaded anew, must read the old form
# as well or at least drop its three characters, and must set all its modes when it is told to repaint.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @xterm/headless@6.0.0 @xterm/addon-serialize@0.14.0
cat >look.cjs <<'JS'
const {Terminal} = require('@xterm/headless');
const {SerializeAddon} = require('@xterm/addon-serialize');

const open = async text => {
	const terminal = new Terminal({cols: 100, rows: 30, allowProposedApi: true});
	const addon = new SerializeAddon();
	terminal.loadAddon(addon);
	await new Promise(resolve => {
		terminal.write(text, resolve);
	});
	return {terminal, serialize: () => addon.serialize()};
};

const clicked = ({terminal}) => {
	let heard = '';
	const hear = text => {
		heard += text;
	};

	terminal.onData(hear);
	terminal.onBinary(hear);
	// What the browser part calls when the left button goes down; columns and rows count from 0.
	terminal._core.coreMouseService.triggerMouseEvent({col: 48, row: 28, x: 400, y: 500, button: 0, action: 1, ctrl: false, alt: false, shift: false});
	return JSON.stringify(heard);
};

(async () => {
	const first = await open('\u001B[?1000h\u001B[?1002h\u001B[?1006h');
	const second = await open(first.serialize());
	console.log(`a click before: ${clicked(first)}`);
	console.log(`a click after: ${clicked(second)}`);
	for (const [name, sequence] of [['SGR reports', '\u001B[?1002h\u001B[?1006h'], ['hidden cursor', '\u001B[?25l'], ['scroll region', '\u001B[3;10r'], ['no autowrap', '\u001B[?7l'], ['bracketed paste', '\u001B[?2004h'], ['focus', '\u001B[?1004h']]) {
		console.log(`${name}, ${JSON.stringify(sequence)}: ${JSON.stringify((await open(sequence)).serialize())}`);
	}
})();
JS
NODE_NO_WARNINGS=1 node look.cjs | tee seen.txt
diff - seen.txt <<'SEEN'
a click before: "\u001b[<0;49;29M"
a click after: "\u001b[M Q="
SGR reports, "\u001b[?1002h\u001b[?1006h": "\u001b[?1002h"
hidden cursor, "\u001b[?25l": ""
scroll region, "\u001b[3;10r": ""
no autowrap, "\u001b[?7l": "\u001b[?7l"
bracketed paste, "\u001b[?2004h": "\u001b[?2004h"
focus, "\u001b[?1004h": "\u001b[?1004h"
SEEN
