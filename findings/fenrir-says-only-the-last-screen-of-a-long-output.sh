#!/usr/bin/env bash
# Of sixty lines that a program prints at once, Fenrir says the last twenty-three, and of a word at the edge of the screen it says two.
#
# Seen with Fenrir 1.9.5 and yasr 0.6.9 (Debian 12, packages fenrir and yasr), both in a terminal of 24 rows and 80 columns, and Ink 8.0.0 (2026-12-01).
#
# Expected: a screen reader that runs a program in a terminal of its own says all that the program prints, as Emacspeak and the
# speech of the kernel do. An app of Ink in its mode for screen readers lets them say what has changed.
#
# Seen: Fenrir compares the screen before and after, so what has left the screen before it looks is never said. With a pause of
# half a second after each screenful it says everything. It reads each row of the screen for itself, so a word that the terminal
# breaks at the edge becomes two: light, house. yasr reads what is written: all sixty lines, and lighthouse. For the same reason it says
# an app of Ink as a whole at each change, because Ink writes all rows again. Of what is only added (<Static>) both say what is
# new.
#
# Consequence: a program for people who use a screen reader adds lines and changes none, breaks them between words, and
# writes no more than a screen without a pause.
set -euo pipefail
for program in fenrir yasr script npm; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: fenrir, yasr, bsdutils, npm)." >&2; exit 2; }
done
versions=$(dpkg-query --show --showformat='${Package} ${Version} ' fenrir yasr)
case $versions in
	'fenrir 1.9.5-'*'yasr 0.6.9-'*) ;;
	*) echo "This was seen with Fenrir 1.9.5 and yasr 0.6.9 of Debian 12, and here is: $versions" >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts ink@8.0.0 react@19.3.1
export LANG=C.UTF-8 HOME=$folder

# In place of a voice each reader gets a program that keeps the words.
printf '#!/bin/sh\nprintf "%%s\\n" "$*" >>"%s/said.txt"\n' "$folder" >fenrir-voice
printf '#!/bin/sh\nexec sed -un "s/^q {\\(.*\\)}$/\\1/p" >>"%s/said.txt"\n' "$folder" >yasr-voice
chmod +x fenrir-voice yasr-voice
sed -e 's/^synthesizer=.*/synthesizer=emacspeak server/' -e "s#^synthesizer port=.*#synthesizer port=|$folder/yasr-voice#" /etc/yasr/yasr.conf >yasr.conf
sed -e "s#^genericSpeechCommand=.*#genericSpeechCommand=$folder/fenrir-voice \"fenrirText\"#" \
	-e 's/^driver=\(vcsa\|evdev\)Driver/driver=ptyDriver/' -e "s#^shell=.*#shell=$folder/program#" \
	-e '/^\[sound\]/,/^\[speech\]/s/^enabled=True/enabled=False/' -e '/^\[remote\]/,/^\[barrier\]/s/^enable=True/enable=False/' \
	/etc/fenrirscreenreader/settings/settings-pty.conf >fenrir.conf

for number in $(seq 60); do
	echo "Line number $number"
done >lines.txt
cat >app.mjs <<'JS'
import {createElement as h, useEffect, useState} from 'react';
import {render, Box, Static, Text} from 'ink';

const films = ['Metropolis', 'Nosferatu', 'Faust', 'Sunrise', 'Wings'];
const App = () => {
	const [at, move] = useState(0);
	useEffect(() => {
		const timers = [1, 2].map(row => setTimeout(move, row * 2000, row));
		return () => timers.forEach(clearTimeout);
	}, []);
	return process.argv[2] === 'again'
		? h(Box, {flexDirection: 'column'}, films.map((film, row) => h(Text, {key: film}, row === at ? `Selected: ${film}` : film)))
		: h(Static, {items: films.slice(0, at + 1)}, film => h(Text, {key: film}, `Selected: ${film}`));
};

render(h(App), {isScreenReaderEnabled: true});
setTimeout(() => process.exit(), 6000);
JS
node=$(command -v node)

# What readers say of a program, whose lines are those of the standard input.
hear() {
	local reader name=$1 tell=$2
	shift 2
	{ echo '#!/bin/sh'; echo "cd '$folder'; sleep 2"; cat; echo 'sleep 2'; } >program
	chmod +x program
	for reader in "$@"; do
		: >said.txt
		case $reader in
			fenrir) command="fenrir -e -s $folder/fenrir.conf" ;;
			yasr) command="yasr -C $folder/yasr.conf $folder/program" ;;
		esac
		# The input stays open as long as the program runs, because both take its end for their own.
		(sleep 12) | timeout 11.5 script --quiet --command "stty rows 24 cols 80; $command" /dev/null >/dev/null 2>&1 || true
		printf '%s: %s: ' "$name" "$reader"
		"$tell"
	done
}

count() { grep -o 'number [0-9]*' said.txt | awk '{ if (NR == 1) first = $2; last = $2 } END { print NR " lines, " first " to " last }'; }
words() { grep -oE '(light|house|lighthouse)' said.txt | paste -sd' ' -; }
rows() { grep -oE 'Selected: (Metropolis|Nosferatu|Faust)|Metropolis|Nosferatu|Faust|Sunrise|Wings' said.txt | wc -l | sed 's/$/ rows/'; }

{
	hear 'sixty lines at once' count fenrir yasr <<<'cat lines.txt'
	hear 'with pauses' count fenrir yasr <<<'for first in 1 23 45; do sed -n "$first,$((first + 21))p" lines.txt; sleep 0.5; done'
	hear 'a word at the edge' words fenrir yasr <<<'printf "%75s%s\n" "A" lighthouse'
	hear 'five rows, two changes, written again' rows yasr <<<"'$node' app.mjs again"
	hear 'three rows, one after the other' rows fenrir yasr <<<"'$node' app.mjs added"
} | tee seen.txt
diff - seen.txt <<'SEEN'
sixty lines at once: fenrir: 23 lines, 38 to 60
sixty lines at once: yasr: 60 lines, 1 to 60
with pauses: fenrir: 60 lines, 1 to 60
with pauses: yasr: 60 lines, 1 to 60
a word at the edge: fenrir: light house
a word at the edge: yasr: lighthouse
five rows, two changes, written again: yasr: 15 rows
three rows, one after the other: fenrir: 3 rows
three rows, one after the other: yasr: 3 rows
SEEN
