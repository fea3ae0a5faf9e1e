#!/usr/bin/env bash
# PuTTY, QTerminal and Terminology print the question by which programs find out whether a terminal has kitty graphics, and PuTTY puts a wide character below the edge although lines do not wrap.
#
# Seen with pterm 0.78 (Debian 12, package pterm: PuTTY's terminal for X), zutty 0.14, QTerminal 1.2.0, Terminology 1.13.0 and
# xterm 379 under Xvfb (2026-12-01).
#
# Expected: the question is an APC (ESC _ … ESC \), a string that terminals swallow where they do not know what it is. The
# specification of the protocol counts on that: ask, and ask for the attributes (CSI c) behind it, which every terminal answers.
# xterm, foot, VTE, alacritty and mosh do swallow it.
#
# Seen: PuTTY, zutty, QTerminal and Terminology know no APC and show all of it, `Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA`, where the cursor
# is. QTerminal does so although it comes from Konsole, and Terminology although it is new enough to say its name and version
# (CSI > 0 q), which the others do not. zutty and QTerminal also show the last letter of a question for a mode
# (CSI ? 2026 $ p). With autowrap off (CSI ? 7 l), PuTTY writes a character of two cells that has only the last cell of the
# line into the next line. All of them call themselves xterm or xterm-256color in TERM.
#
# Consequence: who uses one of them, or PuTTY from Windows, sees this text on the first screen of a program that asks. Ask before
# the first frame, or draw the screen again unless the terminal has answered that it has kitty graphics. A name is no sign
# that it has understood. Where a row must not run over, leave its last cell to no wide character.
set -euo pipefail
for program in Xvfb pterm zutty qterminal terminology xterm node; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: xvfb, pterm, zutty, qterminal, terminology, xterm)." >&2; exit 2; }
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
export DISPLAY LANG=C.UTF-8 HOME=$folder XDG_RUNTIME_DIR=$folder
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
heard = '';
stdout.write('\u001B[>0q');
await wait(300);
const said = heard.includes('P>|') ? 'its name' : 'no name';
const mode = await cursorAfter('\u001B[?2026$p');
const wide = await cursorAfter(`\u001B[?7l\u001B[5;${stdout.columns}H\u6771\u001B[?7h`);
appendFileSync('seen.txt', `${name}, TERM=${env.TERM}, says ${said}: the question takes ${question}, that for a mode ${mode}, a wide character at the edge is in ${wide.startsWith('row') ? wide : 'row 5'}\n`);
process.exit();
JS
for terminal in pterm zutty qterminal terminology xterm; do
	command=("$(command -v node)" look.mjs "$terminal")
	case $terminal in
		qterminal | terminology) command=("${command[*]}") ;;
	esac
	timeout 60 "$terminal" -e "${command[@]}" >/dev/null 2>&1 || true
done
cat seen.txt
diff - seen.txt <<'SEEN'
pterm, TERM=xterm, says no name: the question takes 31 cells, that for a mode 0 cells, a wide character at the edge is in row 6
zutty, TERM=xterm-256color, says no name: the question takes 31 cells, that for a mode 1 cells, a wide character at the edge is in row 5
qterminal, TERM=xterm-256color, says no name: the question takes 31 cells, that for a mode 1 cells, a wide character at the edge is in row 5
terminology, TERM=xterm-256color, says its name: the question takes 31 cells, that for a mode 0 cells, a wide character at the edge is in row 5
xterm, TERM=xterm, says its name: the question takes 0 cells, that for a mode 0 cells, a wide character at the edge is in row 5
SEEN
