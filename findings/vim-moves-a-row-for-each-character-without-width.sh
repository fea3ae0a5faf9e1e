#!/usr/bin/env bash
# The terminals inside of Vim and Neovim give six cells to a character that has no width, and Vim leaves other letters in that row.
#
# Seen with Vim 9.0.1378 and Neovim 0.7.2 (Debian 12, packages vim and neovim), looked at through tmux 3.3a (2026-12-01).
#
# Expected: both have the terminal of libvterm, which gives no cell to marks of direction, joiners and the blank without
# width, as xterm, tmux and VTE do. A program that puts U+200E behind a Hebrew title to keep its columns straight, or
# U+200C into a Persian word, writes nothing that is seen.
#
# Seen: Neovim counts no cell for them when it is asked where the cursor is, but then draws its terminal as a text, in which
# such a character is a code, `<200e>`, and all that follows is six columns further to the right, also what was sent to a
# column of its own (CSI 1;20H). Vim counts six cells (CSI 6 n tells so), but writes the bare character to its own
# terminal, where it takes none. From there on the two disagree about the row: letters of what was there before stay on
# the screen although the program has erased it (CSI K), here the `e` of `five`.
#
# Consequence: where VIM_TERMINAL (Vim) or NVIM (Neovim) is in the environment, leave such characters out, also those
# that join emoji. Neither TERM nor the answer about the cursor tells what a person sees in Neovim.
set -euo pipefail
for package in vim neovim tmux; do
	version=$(dpkg-query --show --showformat='${Version}' "$package" 2>/dev/null || true)
	case $package-$version in
		vim-2:9.0.1378-* | neovim-0.7.2-* | tmux-3.3a-*) ;;
		*) echo "This was seen with Vim 9.0.1378, Neovim 0.7.2 and tmux 3.3a of Debian 12, and here is: $package ${version:-none}." >&2; exit 2 ;;
	esac
done
folder=$(mktemp -d)
cd "$folder"
export LANG=C.UTF-8 HOME=$folder TERM=xterm-256color
unset TMUX
outer() { tmux -L "$(basename "$folder")" -f /dev/null "$@"; }
trap 'outer kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
cat >rows <<'SH2'
#!/bin/bash
stty -echo
printf 'one two three four five'
sleep 0.5
printf '\e[1;1H\e[Kone%b two\e[6n' "$1"
IFS=';' read -r -s -d R _ column
printf '%s' "$((column - 8))" >cells
printf '\e[1;20Hend'
sleep 0.5
touch done
sleep 60
SH2
chmod +x rows
look() {
	local name=$1 command=$2
	rm -f done cells
	outer new-session -d -x 60 -y 8 "$command"
	for _ in $(seq 100); do
		[[ -e done ]] && break
		sleep 0.1
	done
	sleep 0.5
	printf '%s: %s cells, and the row is |%s|\n' "$name" "$(cat cells)" "$(outer capture-pane -p | head -1 | sed 's/\xe2\x80\x8e/(mark)/')"
	outer kill-server
	sleep 0.3
}
{
	look 'Vim, a plain row' "vim -u NONE -N -c 'term ++curwin ./rows \"\"'"
	look 'Vim, U+200E' "vim -u NONE -N -c 'term ++curwin ./rows \\\\u200e'"
	look 'Neovim, a plain row' "nvim -u NONE -c 'term ./rows \"\"'"
	look 'Neovim, U+200E' "nvim -u NONE -c 'term ./rows \\\\u200e'"
	look 'tmux, U+200E' "./rows '\\u200e'"
} >seen.txt
cat seen.txt
diff - seen.txt <<'SEEN'
Vim, a plain row: 0 cells, and the row is |one two            end|
Vim, U+200E: 6 cells, and the row is |one(mark) two            ende|
Neovim, a plain row: 0 cells, and the row is |one two            end|
Neovim, U+200E: 0 cells, and the row is |one<200e> two            end|
tmux, U+200E: 0 cells, and the row is |one(mark) two            end|
SEEN
