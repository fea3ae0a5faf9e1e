#!/usr/bin/env bash
# Over SSH from Alacritty, foot, Contour, Rio or mlterm, a program with chalk writes no style at all: no colours, and neither bold nor reversed text.
#
# Seen with chalk 6.0.1 and ink 8.0.0 on Node.js 24, and script of util-linux 2.38.1 (Debian 12) (2026-11-30).
#
# Expected: a terminal of which nothing is known but its name gets the 16 colours, as most programs do for any TERM but `dumb`,
# or what terminfo says of it. alacritty and foot have 256 there, and show all colours. Where there are no colours,
# text can still be bold or reversed, so that the chosen row of a list can be seen.
#
# Seen: these terminals set TERM to their own names, which chalk does not know, and COLORTERM, which it does know. SSH passes
# TERM on, and COLORTERM only where both sides have been told so. Then the level is 0, at which chalk drops every style, and
# Ink, which paints with chalk, drops `bold` and `inverse` too. The names of kitty, Ghostty and WezTerm are known. So are
# `rxvt-unicode` and `eterm-color`, which look like others, but `xterm-direct`, which has all colours, counts for 16.
# With COLORTERM=24bit, the other usual value, these terminals get 16 colours.
#
# Consequence: a list that shows its cursor only with `inverse` shows none there. `chalk.level` can be set, for Ink as well,
# before the first frame: at least 1 wherever an app has a terminal for its screen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts chalk@6.0.1 ink@8.0.0 react@19.3.1
cat >look.mjs <<'JS'
import {appendFileSync} from 'node:fs';
import chalk from 'chalk';
import {renderToString, Text} from 'ink';
import {createElement} from 'react';

const chosen = renderToString(createElement(Text, {inverse: true}, 'Metropolis'));
appendFileSync('seen.txt', `${process.env.TERM}${process.env.COLORTERM === undefined ? '' : ` ${process.env.COLORTERM}`}: level ${chalk.level}, ${chosen === 'Metropolis' ? 'the chosen row looks like the others' : 'the chosen row is reversed'}\n`);
JS
look() {
	env -i PATH="$PATH" HOME="$folder" NODE_NO_WARNINGS=1 "$@" script --quiet --return --command 'node look.mjs' /dev/null </dev/null
}
for term in alacritty foot contour rio mlterm xterm rxvt-unicode xterm-direct xterm-kitty; do
	look TERM="$term"
done
look TERM=alacritty COLORTERM=truecolor
look TERM=alacritty COLORTERM=24bit
cat seen.txt
diff - seen.txt <<'SEEN'
alacritty: level 0, the chosen row looks like the others
foot: level 0, the chosen row looks like the others
contour: level 0, the chosen row looks like the others
rio: level 0, the chosen row looks like the others
mlterm: level 0, the chosen row looks like the others
xterm: level 1, the chosen row is reversed
rxvt-unicode: level 1, the chosen row is reversed
xterm-direct: level 1, the chosen row is reversed
xterm-kitty: level 3, the chosen row is reversed
alacritty truecolor: level 3, the chosen row is reversed
alacritty 24bit: level 1, the chosen row is reversed
SEEN
