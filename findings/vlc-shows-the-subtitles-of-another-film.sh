#!/usr/bin/env bash
# VLC shows the subtitles of `Rocky 2` for `Rocky`, although `Rocky.en.srt` lies beside the film, and those of the Final Cut for the first cut.
#
# Seen with VLC 3.0.24 and mpv 0.35.1 (Debian 12, packages vlc-bin, vlc-plugin-base and mpv) (2026-12-01).
#
# Expected: of the subtitles in a folder, a player takes those that are named as the film, with a language behind a dot, as media
# servers ask for them: Rocky.en.srt for Rocky.mkv. What else begins alike is at most a further choice. mpv does so.
#
# Seen: for VLC everything that begins with the name of the film fits equally well, Rocky.en.srt like `Rocky 2.en.srt`, and of
# those the first one by its characters is switched on. A blank and a hyphen come before the dot, so the other film, the other
# edition (`Blade Runner (1982) {edition-Final Cut}.en.srt`) and the double episode (`S01E01-E02.en.srt`) win. Only a
# name without a language, `Heat.srt`, is better than the rest.
#
# Consequence: with films without a year, or editions of one film, in one folder, VLC shows lines of something else, and they
# may fit for a while. A folder for each film and edition prevents it; so does --sub-autodetect-fuzzy=4, which then finds no
# name with a language either.
set -euo pipefail
versions=$(dpkg-query -W -f '${Package} ${Version}\n' vlc-bin mpv 2>/dev/null | sort | tr '\n' ' ' || true)
case $versions in
	'mpv 0.35.1-'*' vlc-bin 3.0.24-'*) echo "$versions" ;;
	*) echo "This was seen with vlc-bin 3.0.24 and mpv 0.35.1 of Debian 12, and here is: ${versions:-none}." >&2; exit 2 ;;
esac
for program in ffmpeg setpriv; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: ffmpeg, util-linux)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
ffmpeg -v error -f lavfi -i testsrc=duration=30:size=64x64:rate=5 -c:v mpeg4 film.mkv </dev/null
mkdir home films
# VLC does not run as root.
as=()
if [ "$(id -u)" = 0 ]; then
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	chown 65534:65534 home
	chmod 755 . films
fi
look() {
	local film=$1
	shift
	rm -f films/*
	cp film.mkv "films/$film.mkv"
	for name in "$@"; do
		printf '1\n00:00:00,000 --> 00:00:30,000\n%s\n' "$name" >"films/$name.srt"
	done
	chmod 644 films/*
	(sleep 4; echo strack; sleep 1; echo quit; sleep 1) | "${as[@]}" env HOME="$folder/home" LC_ALL=C.UTF-8 timeout 30 cvlc -I oldrc --rc-fake-tty -vv --vout dummy --aout dummy "films/$film.mkv" >said.txt 2>log.txt || true
	# The tracks are numbered in the order in which they were loaded; a star marks the one that is shown.
	local track shown others
	track=$(sed -n 's/^| \([1-9][0-9]*\) .*\*.*$/\1/p' said.txt)
	shown=$(grep -a -o 'loading spu-es slave: file://[^ ]*' log.txt | sed -n "${track:-1}p" | sed 's|.*/||; s|%20| |g; s|%28|(|; s|%29|)|; s|%7B|{|; s|%7D|}|')
	others=$(mpv --no-config --vo=null --ao=null --frames=1 "films/$film.mkv" 2>/dev/null | sed -n "s/^.*Subs .*'\(.*\)'.*$/\1/p" | paste -sd ' ')
	echo "$film: VLC shows track ${track:-none}, $shown; mpv has $others"
}
{
	look Rocky Rocky.en 'Rocky 2.en'
	look 'Blade Runner (1982)' 'Blade Runner (1982).en' 'Blade Runner (1982) {edition-Final Cut}.en'
	look S01E01 S01E01.en S01E01-E02.en
	look Heat Heat 'Heat 2'
} | tee seen.txt
diff - seen.txt <<'SEEN'
Rocky: VLC shows track 1, Rocky 2.en.srt; mpv has Rocky.en.srt
Blade Runner (1982): VLC shows track 1, Blade Runner (1982) {edition-Final Cut}.en.srt; mpv has Blade Runner (1982).en.srt
S01E01: VLC shows track 1, S01E01-E02.en.srt; mpv has S01E01.en.srt
Heat: VLC shows track 1, Heat.srt; mpv has Heat.srt
SEEN
