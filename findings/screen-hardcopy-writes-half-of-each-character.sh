#!/usr/bin/env bash
# A hardcopy of GNU screen has the low eight bits of each character: `Łódź` becomes `Aódz` in Latin-1, a check mark Ctrl-S, and ě the Escape key.
#
# Seen with screen 4.9.0 and tmux 3.3a (Debian 12, packages screen and tmux), in a UTF-8 locale, with and without -U, attached and not
# (2026-12-01).
#
# Expected: `hardcopy` writes what a window shows into a file, as C-a h does; with -U, or in a UTF-8 locale, as UTF-8.
#
# Seen: of U+0141 (Ł) the file has 41, the letter A; of U+2713 (✓) 13, which is Ctrl-S; of U+2502, the line of tables, Ctrl-B, and of
# a wide character half of it and FF. ě is U+011B, so it is written as Escape, and ś (U+015B) as `[`: a text that has both side by
# side is an escape sequence for the terminal in which somebody looks at the file. é is E9, as in Latin-1. The scrollback
# (`hardcopy -h`) is the same; what screen logs (`-L`) is UTF-8, and so is `capture-pane -p` of tmux.
#
# Consequence: a hardcopy is good for ASCII alone. Let screen log the window, or look at it in tmux.
set -euo pipefail
for package in screen-4.9.0 tmux-3.3a; do
	version=$(dpkg-query --show --showformat='${Version}' "${package%-*}" 2>/dev/null || true)
	[[ $version == "${package#*-}"* ]] || { echo "This was seen with $package of Debian 12, and here is: ${version:-none}." >&2; exit 2; }
done
folder=$(mktemp -d)
export LC_ALL=C.UTF-8 HOME=$folder SCREENDIR=$folder/screen
unset STY TMUX
mkdir -m 700 "$SCREENDIR"
in_screen() { screen -S "$session" "$@"; }
trap 'in_screen -X quit >/dev/null 2>&1 || true; tmux -L "$(basename "$folder")" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
cat >show <<'BASH'
#!/bin/bash
printf '%s\n' Łódź é ě ś '✓' '│' 東
touch shown
sleep 60
BASH
chmod +x show
wait_for() {
	for _ in $(seq 100); do
		[[ -s $1 || ($1 == shown && -e $1) ]] && return
		sleep 0.1
	done
	echo "There is no $1." >&2
	exit 1
}
# In one line, with the bytes that are no printable ASCII in hexadecimal.
bytes() { head -n 7 "$1" | LC_ALL=C awk '{ gsub(/[ \r]+$/, ""); print }' | perl -pe 's/([^ -~\n])/sprintf "<%02X>", ord $1/ge' | paste -s -d ' '; }
for mode in '' -U; do
	session=s${mode#-}
	rm -f shown copy history
	screen $mode -L -Logfile "$folder/log$mode" -dmS "$session" ./show
	wait_for shown
	sleep 0.5
	in_screen -X hardcopy "$folder/copy"
	in_screen -X hardcopy -h "$folder/history"
	wait_for copy
	wait_for history
	sleep 0.5
	echo "hardcopy${mode:+, screen $mode}: $(bytes copy)" >>seen.txt
	echo "hardcopy -h${mode:+, screen $mode}: $(bytes history)" >>seen.txt
	in_screen -X logfile flush 0
	wait_for "log$mode"
	echo "log${mode:+, screen $mode}: $(bytes "log$mode")" >>seen.txt
	in_screen -X quit
done
tmux -L "$(basename "$folder")" -f /dev/null new-session -d -x 80 -y 24 './show'
sleep 1
tmux -L "$(basename "$folder")" capture-pane -p >captured
echo "tmux: $(bytes captured)" >>seen.txt
cat seen.txt
diff - seen.txt <<'SEEN'
hardcopy: A<F3>dz <E9> <1B> [ <13> <02> q<FF>
hardcopy -h: A<F3>dz <E9> <1B> [ <13> <02> q<FF>
log: <C5><81><C3><B3>d<C5><BA> <C3><A9> <C4><9B> <C5><9B> <E2><9C><93> <E2><94><82> <E6><9D><B1>
hardcopy, screen -U: A<F3>dz <E9> <1B> [ <13> <02> q<FF>
hardcopy -h, screen -U: A<F3>dz <E9> <1B> [ <13> <02> q<FF>
log, screen -U: <C5><81><C3><B3>d<C5><BA> <C3><A9> <C4><9B> <C5><9B> <E2><9C><93> <E2><94><82> <E6><9D><B1>
tmux: <C5><81><C3><B3>d<C5><BA> <C3><A9> <C4><9B> <C5><9B> <E2><9C><93> <E2><94><82> <E6><9D><B1>
SEEN
