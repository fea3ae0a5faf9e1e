#!/usr/bin/env bash
# PuTTY prints the question by which programs find out whether a terminal has kitty graphics, and puts a wide character below the edge although lines do not wrap.
#
# Seen with pterm 0.78 (Debian 12, package pterm: PuTTY's terminal for X), zutty 0.14 and xterm 379 under Xvfb (2026-11-30).
#
# Expected: the question is an APC (ESC _ … ESC \), a string that terminals swallow where they do not know what it is. The
# specification of the protocol counts on that: ask, and ask for the attributes (CSI c) behind it, which every terminal answers.
# xterm, foot, VTE, alacritty and mosh do swallow it.
#
# Seen: PuTTY and zutty know no APC and show all of it, `Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA`, where the cursor is. zutty also shows the
# last letter of a question for a mode (CSI ? 2026 $ p). With autowrap off (CSI ? 7 l), PuTTY writes a character of two
# cells that has only the last cell of the line into the next line. PuTTY calls itself xterm in TERM, and answers no
# question for its name, so it can be known only afterwards.
#
# Consequence: who uses PuTTY from Windows sees this text on the first screen of a program that asks. Ask before the first frame, or
# draw the screen again unless the terminal has said its name (CSI > 0 q), which all do that have kitty graphics. Where a
# row must not run over, leave its last cell to no wide character.
set -euo pipefail
for program in Xvfb pterm zutty xterm node; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: xvfb, pterm, zutty, xterm)." >&2; exit 2; }
done
version=$(dpkg-query --show --showformat='${Version}' pterm 2>/dev/null || true)
case $version in
	0.78-*) ;;
	*) echo "This was seen with pterm 0.78 of Debian 12, and here is: ${version:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
cd "$folder"
Xvfb -displayfd 3 -nolisten tcp -screen 0 1024x768x24 3>display >/dev/null 2>&1 &
xvfb=$!
trap 'kill "$xvfb"; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
	[[ -s display ]] && break
	sleep 0.1
done
DISPLAY=:$(cat display)
export DISPLAY LANG=C.UTF-8
cat >look.mjs <<'JS'
import {appendFileSync} from 'node:fs';

const {stdin, stdout, argv: [, , name], env} = process;
stdin.setRawMode(true);
let heard = '';
stdin.on('data', data => {
	heard += data.toString('latin1');
});
const wait = ms => new Promise(resolve => {
	setTimeout(resolve, ms);
});

// Where the cursor is after a text that was written at the beginning of row 5.
const cursorAfter = async text => {
	stdout.write(`\u001B[H\u001B[J\u001B[5;1H${text}`);
	await wait(300);
	heard = '';
	stdout.write('\u001B[6n');
	await wait(300);
	const {row, column} = /\[(?<row>\d+);(?<column>\d+)R/.exec(heard).groups;
	return Number(row) === 5 ? `${column - 1} cells` : `row ${row}`;
};

await wait(1000);
const question = await cursorAfter('\u001B_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001B\\');
const mode = await cursorAfter('\u001B[?2026$p');
const wide = await cursorAfter(`\u001B[?7l\u001B[5;${stdout.columns}H\u6771\u001B[?7h`);
appendFileSync('seen.txt', `${name}, TERM=${env.TERM}: the question takes ${question}, that for a mode ${mode}, a wide character at the edge is in ${wide.startsWith('row') ? wide : 'row 5'}\n`);
process.exit();
JS
for terminal in pterm zutty xterm; do
	timeout 60 "$terminal" -e "$(command -v node)" look.mjs "$terminal" >/dev/null 2>&1 || true
done
cat seen.txt
diff - seen.txt <<'SEEN'
pterm, TERM=xterm: the question takes 31 cells, that for a mode 0 cells, a wide character at the edge is in row 6
zutty, TERM=xterm-256color: the question takes 31 cells, that for a mode 1 cells, a wide character at the edge is in row 5
xterm, TERM=xterm: the question takes 0 cells, that for a mode 0 cells, a wide character at the edge is in row 5
SEEN
