#!/usr/bin/env bash
# On a braille display with BRLTTY ✓, ✗, ★, ▸ and arrows are all one question mark, in English … is, too, and the line │ of a table is the full block █.
#
# Seen with BRLTTY 6.5 (Debian 12, package brltty), whose brltty-trtxt writes what its text tables make of a text (2026-12-01).
#
# Expected: BRLTTY is the reader of braille displays at terminals, and terminals are full of these signs. So its 88 tables, one for
# each language, have dots for them, or at least other dots for what means the opposite.
#
# Seen: none has any for ✓ ✗ ◐ ○ ★ ▸ ▾ ↑ ↓ →, one has ● and 18 have …, and what a table lacks is shown as a question mark. │ and
# █ are both all eight dots in 86 of them, so between two columns there seems to be a block. Of the steps of a sparkline, ▂ ▄ ▆ █ are
# there and ▁ ▃ ▅ ▇ are question marks; of a bar █ is there and ░ is not. Lines, corners, dashes, curly quotes, · and • are fine.
#
# Consequence: ✓ and ✗, or ● and ✓ for unseen and seen, say the same to whoever reads with their fingers, and a title that is cut with
# … seems to end with a question. Say it in words as well, or offer signs of ASCII.
set -euo pipefail
version=$(dpkg-query --show --showformat='${Version}' brltty 2>/dev/null || true)
[[ $version == 6.5-* ]] || { echo "This was seen with brltty 6.5 of Debian 12, and here is: brltty ${version:-none}." >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
signs='? ✓ ✗ ● ◐ ○ ★ ▸ ▾ ↑ ↓ → … – ’ “ · • │ ─ ╭ █ ░ ▁ ▂ ▃ ▄ ▅ ▆ ▇'
tr ' ' '\n' <<<"$signs" >signs.txt
for table in /etc/brltty/Text/*.ttb; do
	name=$(basename "$table" .ttb)
	brltty-trtxt -i "$name" signs.txt >"$name.dots"
	paste -d ' ' signs.txt "$name.dots" >>all.txt
done
{
	echo "English: $(paste -d '=' signs.txt en_US.dots | paste -s -d ' ')"
	awk '
		# What is unknown has the dots of the question mark, which comes first in each table.
		$1 == "?" { unknown = $2; tables++; next }
		!($1 in asked) { asked[$1]; order[++count] = $1 }
		$2 == unknown { lacking[$1]++ }
		$2 == "⣿" && $2 != unknown { full[$1]++ }
		END {
			printf "%d tables; a question mark in:", tables
			for (i = 1; i <= count; i++) if (lacking[order[i]] > 0) printf " %s %d", order[i], lacking[order[i]]
			printf "; all eight dots in:"
			for (i = 1; i <= count; i++) if (full[order[i]] > 0) printf " %s %d", order[i], full[order[i]]
			print ""
		}
	' all.txt
} | tee seen.txt
diff - seen.txt <<'SEEN'
English: ?=⠹ ✓=⠹ ✗=⠹ ●=⠹ ◐=⠹ ○=⠹ ★=⠹ ▸=⠹ ▾=⠹ ↑=⠹ ↓=⠹ →=⠹ …=⠹ –=⠤ ’=⠄ “=⠐ ·=⡄ •=⠕ │=⣿ ─=⠶ ╭=⣶ █=⣿ ░=⠹ ▁=⠹ ▂=⣀ ▃=⠹ ▄=⣤ ▅=⠹ ▆=⣶ ▇=⠹
88 tables; a question mark in: ✓ 88 ✗ 88 ● 87 ◐ 88 ○ 88 ★ 88 ▸ 88 ▾ 88 ↑ 88 ↓ 88 → 88 … 70 – 2 ’ 1 “ 1 │ 1 ╭ 1 █ 2 ░ 87 ▁ 88 ▂ 1 ▃ 88 ▄ 1 ▅ 88 ▆ 1 ▇ 88; all eight dots in: • 1 │ 86 █ 86
SEEN
