#!/usr/bin/env bash
# Miller ends a TSV file before the first line of 64 kB, with exit code 0 and without a word.
#
# Seen with Miller 6.6.0 (Debian 12, package miller) (2026-12-01).
#
# Expected: a line of any length is read, as Miller promises to read files of any size, or is an error. A film with all its
# people, chapters and tracks as JSON in some cells may well take more than 64 kB.
#
# Seen: with --tsv, --csvlite and --dkvp a line of 65,536 characters and all that follow it are missing, however many there are.
# stderr is empty and the exit code is 0, so counts and sums are just too small. --icsv, --ijson and --ijsonl read it all.
#
# Consequence: read a TSV file with `mlr --icsv --ifs tab`. It also leaves alone the `\t` and `\n` of Windows paths, of which
# --tsv makes a tab and a line break.
set -euo pipefail
miller=$(dpkg-query --show --showformat='${Version}' miller 2>/dev/null || true)
case $miller in
	6.6.0-*) echo "miller $miller" ;;
	*) echo "This was seen with Miller 6.6.0 of Debian 12 (package miller), and here is: ${miller:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
films() {
	local people
	people=$(head -c "$1" /dev/zero | tr '\0' p)
	printf "$2" Metropolis p Nosferatu "$people" Faust p Tartuffe p
}
look() {
	local length status=0 options=$1 row=$3
	for length in 65000 66000; do
		{ printf "$2"; films "$length" "$row"; } >films
		mlr $options --onidx count films >counted 2>said || status=$?
		echo "$options, one of four lines has $length characters: $(cat counted) films, exit code $status, $(wc -c <said) bytes on stderr"
	done
}
{
	look --itsv 'title\tpeople\n' '%s\t%s\n'
	look --icsvlite 'title,people\n' '%s,%s\n'
	look --idkvp '' 'title=%s,people=%s\n'
	look --icsv 'title,people\n' '%s,%s\n'
	look '--icsv --ifs tab' 'title\tpeople\n' '%s\t%s\n'
	look --ijsonl '' '{"title": "%s", "people": "%s"}\n'
	printf 'title\tpath\nFaust\tD:\\new\\top.mkv\n' >films
	for options in --itsv '--icsv --ifs tab'; do
		echo "$options, D:\\new\\top.mkv: $(mlr $options --ojsonl cut -f path films)"
	done
} | tee seen.txt
diff - seen.txt <<'SEEN'
--itsv, one of four lines has 65000 characters: 4 films, exit code 0, 0 bytes on stderr
--itsv, one of four lines has 66000 characters: 1 films, exit code 0, 0 bytes on stderr
--icsvlite, one of four lines has 65000 characters: 4 films, exit code 0, 0 bytes on stderr
--icsvlite, one of four lines has 66000 characters: 1 films, exit code 0, 0 bytes on stderr
--idkvp, one of four lines has 65000 characters: 4 films, exit code 0, 0 bytes on stderr
--idkvp, one of four lines has 66000 characters: 1 films, exit code 0, 0 bytes on stderr
--icsv, one of four lines has 65000 characters: 4 films, exit code 0, 0 bytes on stderr
--icsv, one of four lines has 66000 characters: 4 films, exit code 0, 0 bytes on stderr
--icsv --ifs tab, one of four lines has 65000 characters: 4 films, exit code 0, 0 bytes on stderr
--icsv --ifs tab, one of four lines has 66000 characters: 4 films, exit code 0, 0 bytes on stderr
--ijsonl, one of four lines has 65000 characters: 4 films, exit code 0, 0 bytes on stderr
--ijsonl, one of four lines has 66000 characters: 4 films, exit code 0, 0 bytes on stderr
--itsv, D:\new\top.mkv: {"path": "D:\new\top.mkv"}
--icsv --ifs tab, D:\new\top.mkv: {"path": "D:\\new\\top.mkv"}
SEEN
