#!/usr/bin/env bash
# A copy by ffmpeg, also with `-c copy -map 0`, makes one Chinese of Mandarin, Cantonese, simplified and traditional, and one Portuguese of two.
#
# Seen with ffmpeg 7:5.1.9, mkvtoolnix 74.0.0, mediainfo 23.04 and mpv 0.35.1 (Debian 12) (2026-12-01).
#
# Expected: `-c copy -map 0` keeps each track as it is, with its language. Who asks mpv for Cantonese by --slang=yue gets the subtitles
# that mkvmerge calls yue.
#
# Seen: Matroska has two elements for the language of a track. mkvmerge writes both: the code of three letters of ISO 639-2, which is
# `chi` for all Chinese, and the language as BCP 47 has it (yue, zh-Hant, pt-BR), which MediaInfo shows. ffmpeg reads and writes only
# the first, so the copy has no trace of the other, and for mpv, which reads by ffmpeg, there has never been one: yue, zh-Hant and
# pt-BR choose nothing, so the first track is shown. `zho`, the other code of ISO 639-2, is not `chi` either. A later mkvmerge makes
# `zh` and `pt` of what is left. Bokmål (nob) and Norwegian (nor) stay two.
#
# Consequence: after a tool that remuxes by ffmpeg has been through a library, no server can tell which of the tracks in `chi` is
# Cantonese, and nothing can tell it again but the names of the tracks. Give each track a name, or remux with mkvmerge.
set -euo pipefail
for package in ffmpeg-7:5.1 mkvtoolnix-74.0 mediainfo-23.04 mpv-0.35.1; do
	version=$(dpkg-query --show --showformat='${Version}' "${package%%-*}" 2>/dev/null || true)
	[[ $version == "${package#*-}"* ]] || { echo "This was seen with $package of Debian 12, and here is: ${version:-none}." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
printf '1\n00:00:00,000 --> 00:00:01,000\nHello\n' >words.srt
ffmpeg -v error -f lavfi -i sine=duration=2 sound.ogg
tracks=()
for language in cmn yue zh-Hans zh-Hant pt-PT pt-BR nb no; do
	tracks+=(--language "0:$language" --track-name "0:$language" words.srt)
done
mkvmerge --quiet --output merged.mkv sound.ogg "${tracks[@]}"
ffmpeg -v error -i merged.mkv -map 0 -c copy copied.mkv
mkvmerge --quiet --output again.mkv copied.mkv
languages() {
	echo "$1 by ffprobe: $(ffprobe -v error -select_streams s -show_entries stream_tags=language -of csv=p=0 "$1" | paste -s -d ' ')"
	echo "$1 by MediaInfo: $(mediainfo --Inform='Text;%Language% ' "$1")"
}
{
	for file in merged.mkv copied.mkv again.mkv; do
		languages "$file"
	done
	for language in yue zh-Hant zho chi pt-BR por nob; do
		chosen=$(mpv --no-config --vo=null --ao=null --frames=1 --slang="$language" merged.mkv 2>&1 | sed -n "s/^ *(+) Subs.*'\(.*\)'.*/\1/p")
		echo "mpv --slang=$language: $chosen"
	done
} | tee seen.txt
diff - seen.txt <<'SEEN'
merged.mkv by ffprobe: chi chi chi chi por por nob nor
merged.mkv by MediaInfo: cmn yue zh-Hans zh-Hant pt-PT pt-BR nb no 
copied.mkv by ffprobe: chi chi chi chi por por nob nor
copied.mkv by MediaInfo: zh zh zh zh pt pt nb no 
again.mkv by ffprobe: chi chi chi chi por por nob nor
again.mkv by MediaInfo: zh zh zh zh pt pt nb no 
mpv --slang=yue: cmn
mpv --slang=zh-Hant: cmn
mpv --slang=zho: cmn
mpv --slang=chi: cmn
mpv --slang=pt-BR: cmn
mpv --slang=por: pt-PT
mpv --slang=nob: nb
SEEN
