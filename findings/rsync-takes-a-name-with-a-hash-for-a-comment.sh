#!/usr/bin/env bash
# Given a list of files, rsync leaves out a folder called `#Alive (2020)`, also where each name ends with NUL, and ends with 0.
#
# Seen with rsync 3.5.0+ds1-0+deb12u1 and tar 1.34 (Debian 12, packages rsync and tar) (2026-12-01).
#
# Expected: `find … -printf '%P\0' | rsync --from0 --files-from=- …` copies every file that find names. A list that NUL
# separates is the form for names of any kind, and tar with --null takes it as it is. That rsync knows comments in a list of
# lines, which its manual tells, does not matter then.
#
# Seen: every name that begins with `#` or `;` is a comment, with --from0 as well. Its file is not copied, nothing is said, not
# even with -v, and the exit status is 0. With `./` or `/` in front of each name all are copied. A playlist (M3U) with
# absolute paths is a list that rsync takes for the same reason: its lines with titles begin with `#`.
#
# Consequence: a copy of #Alive or #Realityhigh by a list of paths below the library is missing until somebody
# looks. Who makes such a list puts `./` in front of each name (`find . -print0`), or lists absolute paths.
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' rsync tar 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'rsync 3.5.0+ds1-'*' tar 1.34'*) echo "$versions" ;;
	*) echo "This was seen with rsync 3.5.0+ds1-0+deb12u1 and tar 1.34 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for name in '#Alive (2020)' ';-) (2019)' 'Metropolis (1927)'; do
	mkdir -p "films/$name"
	echo film >"films/$name/film.mkv"
done
find films -type f -printf '%P\0' | LC_ALL=C sort --zero-terminated >names.nul
find films -type f -printf './%P\0' | LC_ALL=C sort --zero-terminated >dotted.nul
tr '\0' '\n' <names.nul >names.txt
{
	echo '#EXTM3U'
	find "$PWD/films" -type f -printf '#EXTINF:-1,Film\n%p\n'
} >films.m3u
tell() {
	local code=0
	"${@:3}" >said.txt 2>&1 || code=$?
	echo "$1: ends with $code, copies $(find "$2" -type f -name film.mkv | wc -l) of 3, lists $(grep -c '[#;].*film.mkv' said.txt || true) of the two others"
}
{
	tell 'rsync, lines' one rsync -av --files-from=names.txt films/ one/
	tell 'rsync, NUL' two rsync -av --from0 --files-from=names.nul films/ two/
	tell 'rsync, NUL and ./' three rsync -av --from0 --files-from=dotted.nul films/ three/
	tell 'rsync, playlist' four rsync -av --files-from=films.m3u / four/
	mkdir five
	tell 'tar, NUL' five sh -c 'tar --create --verbose --file=films.tar --directory=films --null --files-from=names.nul && tar --extract --file=films.tar --directory=five'
} | tee seen.txt
diff - seen.txt <<'SEEN'
rsync, lines: ends with 0, copies 1 of 3, lists 0 of the two others
rsync, NUL: ends with 0, copies 1 of 3, lists 0 of the two others
rsync, NUL and ./: ends with 0, copies 3 of 3, lists 2 of the two others
rsync, playlist: ends with 0, copies 3 of 3, lists 2 of the two others
tar, NUL: ends with 0, copies 3 of 3, lists 2 of the two others
SEEN
