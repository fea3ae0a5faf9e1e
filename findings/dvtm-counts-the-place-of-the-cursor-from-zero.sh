#!/usr/bin/env bash
# dvtm counts the place of the cursor from 0, and neither it nor the terminal of Emacs answers when it is asked for its attributes.
#
# Seen with dvtm 0.15+40 and Emacs 28.2 (term.el, as in M-x ansi-term), looked at in tmux 3.3a (Debian 12, packages dvtm,
# emacs-nox and tmux) (2026-12-01).
#
# Expected: CSI c is the question that every terminal answers since the VT100. So programs ask what they want to know, then
# that, and wait until its answer comes. The answer to CSI 6 n counts rows and columns from 1.
#
# Seen: dvtm answers CSI 6 n with numbers from 0: `CSI 0;0 R` in the corner of the screen. Emacs counts from 1. Neither
# answers CSI c or CSI 5 n at all. Emacs prints the text of a title (OSC 2) and of a link (OSC 8) where the cursor is; dvtm
# swallows both. Both print the text of an APC, as which the question for kitty graphics is written. All that tells them is
# their name in TERM, dvtm (or dvtm-256color) and eterm-color.
#
# Consequence: whoever waits for CSI c needs a limit of time, and must take a late answer for no key. Whoever asks where the
# cursor is, to draw below a prompt or to measure a character, is off by one in dvtm; take differences of two answers.
set -euo pipefail
for package in dvtm emacs-nox tmux; do
	version=$(dpkg-query --show --showformat='${Version}' "$package" 2>/dev/null || true)
	case $package-$version in
		dvtm-0.15+40.* | emacs-nox-1:28.2+* | tmux-3.3a-*) ;;
		*) echo "This was seen with dvtm 0.15+40, Emacs 28.2 (emacs-nox) and tmux 3.3a of Debian 12, and here is: $package ${version:-none}." >&2; exit 2 ;;
	esac
done
folder=$(mktemp -d)
cd "$folder"
export LANG=C.UTF-8 HOME=$folder
unset TMUX
outer() { tmux -L "$(basename "$folder")" -f /dev/null "$@"; }
trap 'outer kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT
cat >ask <<'BASH'
#!/bin/bash
cd "$(dirname "$0")"
stty -echo
ask() {
	heard=''
	printf '%b' "$2" >/dev/tty
	IFS= read -r -s -t 2 -d "$3" heard </dev/tty || heard='no answer'
	printf ' %s %s,' "$1" "${heard#$'\e['}"
}
sleep 1
{
	printf '%s, TERM=%s:' "$1" "$TERM"
	ask 'CSI c' '\e[c' c
	ask 'CSI 5 n' '\e[5n' n
	ask 'the corner' '\e[1;1H\e[6n' R
	ask 'row 3' '\e[3;1H\e[6n' R
	ask 'behind a title' '\e[H\e[J\e[3;1H\e]2;x\a\e[6n' R
	ask 'behind a link' '\e[H\e[J\e[3;1H\e]8;;x\a\e]8;;\a\e[6n' R
	ask 'behind an APC' '\e[H\e[J\e[3;1H\e_Gx\e\\\e[6n' R
	echo
} >said
mv said "said.$1"
sleep 30
BASH
chmod +x ask
look() {
	outer new-session -d -x 80 -y 24 "$2"
	for _ in $(seq 200); do
		[[ -e said.$1 ]] && break
		sleep 0.1
	done
	outer kill-server
	cat "said.$1" >>seen.txt
	sleep 0.3
}
look tmux './ask tmux'
look dvtm "dvtm './ask dvtm'"
look Emacs "emacs -nw -Q --eval '(progn (require (quote term)) (switch-to-buffer (make-term \"ask\" \"$folder/ask\" nil \"Emacs\")) (term-mode) (term-char-mode))'"
cat seen.txt
diff - seen.txt <<'SEEN'
tmux, TERM=tmux-256color: CSI c ?1;2, CSI 5 n 0, the corner 1;1, row 3 3;1, behind a title 3;1, behind a link 3;1, behind an APC 3;1,
dvtm, TERM=dvtm-256color: CSI c no answer, CSI 5 n no answer, the corner 0;0, row 3 2;0, behind a title 2;0, behind a link 2;0, behind an APC 2;2,
Emacs, TERM=eterm-color: CSI c no answer, CSI 5 n no answer, the corner 1;1, row 3 3;1, behind a title 3;6, behind a link 3;12, behind an APC 3;7,
SEEN
