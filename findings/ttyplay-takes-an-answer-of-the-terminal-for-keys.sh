#!/usr/bin/env bash
# ttyplay takes what the terminal answers to a recorded question for keys: with a black background it stops, and with a white one it shows all at once.
#
# Seen with ttyrec 1.0.8-5.1 and asciinema 2.2.0, looked at in tmux 3.3a (Debian 12) (2026-12-01).
#
# Expected: a recording of 60 lines, one every tenth of a second, takes 6 seconds to play, whatever else the program wrote. Many
# full-screen programs ask the terminal something first: what it can do (CSI c), or how light its background is (OSC 11).
#
# Seen: the question is part of the recording, so it is asked again, and the terminal answers. ttyplay reads one byte of the
# answer in place of each wait. A black background is `rgb:0000/0000/0000`, and 0 is the key for speed 0: ttyplay stands still
# until somebody presses 1. A white one is `rgb:ffff/ffff/ffff`, and f is the key for double speed: what follows is played
# 4,096 times as fast, however long it is. Of any other answer each byte leaves out a wait.
# asciinema, which takes all that it reads at a time for one key, plays both in their time.
#
# Consequence: let a program that is recorded ask nothing (reelcat asks nothing with `"pictures": "blocks"`), or take asciinema.
set -euo pipefail
for package in ttyrec-1.0.8-5 asciinema-2.2.0 tmux-3.3a; do
	version=$(dpkg-query --show --showformat='${Version}' "${package%%-*}" 2>/dev/null || true)
	[[ $version == "${package#*-}"* ]] || { echo "This was seen with $package of Debian 12, and here is: ${version:-none}." >&2; exit 2; }
done
folder=$(mktemp -d)
cd "$folder"
export LANG=C.UTF-8 HOME=$folder SHELL=/bin/bash
unset TMUX
outer() { tmux -L "$(basename "$folder")" -f "$folder/tmux.conf" "$@"; }
trap 'outer kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
cat >lines <<'BASH'
#!/bin/bash
[[ $1 == nothing ]] || printf '\e]11;?\a'
for line in $(seq 60); do
	echo "line$line"
	sleep 0.1
done
BASH
chmod +x lines
# Runs a command in a terminal of its own for at most 30 seconds, and writes how many tenths of a second it took.
in_terminal() {
	rm -f took
	cat >run <<BASH
from=\${EPOCHREALTIME/./}
$1 2>>errors
echo \$(((\${EPOCHREALTIME/./} - from) / 100000)) >took.new
mv took.new took
sleep 60
BASH
	outer new-session -d -x 80 -y 24 'bash run'
	for _ in $(seq 300); do
		[[ -e took ]] && break
		sleep 0.1
	done
	[[ -e took ]] || echo never >took
	outer kill-server
	while outer list-sessions >/dev/null 2>&1; do sleep 0.1; done
	sleep 0.3
}
# A busy machine may take longer, so no time is told.
pace() { if [[ $(<took) == never ]]; then echo 'stands still'; elif (($(<took) >= 55)); then echo 'in its time'; else echo 'at once'; fi; }
for background in black white; do
	if [[ $background == white ]]; then color=ffffff; else color=000000; fi
	echo "set -g window-style 'bg=#$color'" >tmux.conf
	for question in nothing background; do
		in_terminal "ttyrec -e './lines $question' recorded.tty"
		in_terminal 'ttyplay recorded.tty'
		echo "$background, asked for $question, ttyplay: $(pace)" >>seen.txt
		in_terminal "asciinema rec --quiet --overwrite --command './lines $question' recorded.cast"
		in_terminal 'asciinema play recorded.cast'
		echo "$background, asked for $question, asciinema: $(pace)" >>seen.txt
	done
done
cat seen.txt
diff - seen.txt <<'SEEN'
black, asked for nothing, ttyplay: in its time
black, asked for nothing, asciinema: in its time
black, asked for background, ttyplay: stands still
black, asked for background, asciinema: in its time
white, asked for nothing, ttyplay: in its time
white, asked for nothing, asciinema: in its time
white, asked for background, ttyplay: at once
white, asked for background, asciinema: in its time
SEEN
