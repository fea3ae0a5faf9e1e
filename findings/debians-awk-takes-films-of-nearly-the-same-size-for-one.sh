#!/usr/bin/env bash
# The awk of Debian (mawk) takes files of 13725000124 and 13725011000 bytes for equally large, writes their sum as 2.745e+10, and with %d as 2147483647; that of BusyBox makes -2147483648 of it.
#
# Seen with mawk 1.3.4-20200120, BusyBox 1.35.0, gawk 5.2.1 and original-awk 2022-09-12 (Debian 12, packages mawk, busybox, gawk
# and original-awk) (2026-12-01).
#
# Expected: numbers of awk are doubles, which hold every size in bytes. POSIX has a number that is whole written as with %d, whenever
# it becomes text: by print, joined to other text, or as the index of an array.
#
# Seen: mawk does so only up to 2147483647. Above it, %.6g is used, so six digits are left, and `n[$2 + 0]++` counts films of nearly
# the same size as one. printf %d gives 2147483647. The awk of BusyBox, which small systems have, writes whole numbers with
# print and as an index, but %d gives -2147483648, the smallest number of 32 bits. All four agree on %.0f, on comparisons, and
# on a field that is used as it is (`n[$2]++`). gawk and the awk of Kernighan have all of it right.
#
# Consequence: print sizes with `printf "%.0f\n"`, or divide them first (`printf "%.1f GB\n", sum / 1e9`), and look for files of the
# same size by the field itself.
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' mawk busybox gawk original-awk 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'busybox 1:1.35.0-'*' gawk 1:5.2.1-'*' mawk 1.3.4.20200120-'*' original-awk 2022-09-12-'*) echo "$versions" ;;
	*) echo "This was seen with mawk 1.3.4.20200120, busybox 1.35.0, gawk 5.2.1 and original-awk 2022-09-12 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '%s\t%s\n' Metropolis 13725000124 Nosferatu 13725011000 Faust 4981500331 Kaff 2147483648 >films.tsv
for awk in mawk 'busybox awk' gawk original-awk; do
	echo "$awk: $($awk -F '\t' '
		{ sum += $2; byNumber[$2 + 0]++; byField[$2]++; larger += $2 > 13725000124 }
		END {
			for (size in byNumber) numbers++
			for (size in byField) fields++
			printf "%s, %%d %d, %%.0f %.0f, ", sum, sum, sum
			print numbers " sizes as numbers, " fields " as fields, " larger " larger than Metropolis"
		}' films.tsv)"
done | tee seen.txt
diff - seen.txt <<'SEEN'
mawk: 3.4579e+10, %d 2147483647, %.0f 34578995103, 3 sizes as numbers, 4 as fields, 1 larger than Metropolis
busybox awk: 34578995103, %d -2147483648, %.0f 34578995103, 4 sizes as numbers, 4 as fields, 1 larger than Metropolis
gawk: 34578995103, %d 34578995103, %.0f 34578995103, 4 sizes as numbers, 4 as fields, 1 larger than Metropolis
original-awk: 34578995103, %d 34578995103, %.0f 34578995103, 4 sizes as numbers, 4 as fields, 1 larger than Metropolis
SEEN
