#!/usr/bin/env bash
# Of subtitles beside a film that are named as Plex asks for, mpv loads no forced ones, none for the deaf and none of a region; told to be fuzzy, it takes `sdh` for a language and `en.hi` for Hindi.
#
# Seen with mpv 0.35.1 (Debian 12, packages mpv and ffmpeg) (2026-12-01).
#
# Expected: --sub-auto=exact, the default, loads "the media filename with subtitle file extension and possibly language suffixes" (manual).
# So `Film.en.forced.srt`, `Film.en.sdh.srt` and `Film.pt-BR.srt` are loaded beside `Film.mkv`, each as what it says.
#
# Seen: only one addition of two or three letters is taken: en, eng, pob. `en.forced`, `en.sdh`, `en.cc`, `en.hi` (as Bazarr writes), `pt-BR`,
# `zh-Hant`, `es-419` and `default` are passed over without a word. With --sub-auto=fuzzy all are loaded, and the language is what the
# last two or three letters say: sdh, cc, and hi, which is Hindi, so --slang=hi chooses English ones. `en.forced` and `pt-BR` have no
# language at all, and none is marked as forced.
#
# Consequence: a film that has forced subtitles in Plex has none in mpv. Play it with --sub-auto=fuzzy, and name `forced` first:
# `Film.forced.en.srt` has its language then, though not its mark.
set -euo pipefail
for package in mpv-0.35.1 ffmpeg-7:5.1; do
	version=$(dpkg-query --show --showformat='${Version}' "${package%%-*}" 2>/dev/null || true)
	[[ $version == "${package#*-}"* ]] || { echo "This was seen with $package of Debian 12, and here is: ${version:-none}." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8 HOME=$folder
ffmpeg -v error -f lavfi -i sine=duration=2 'Film (2001).mkv'
for name in en eng pob en.forced forced.en en.sdh en.cc en.hi pt-BR zh-Hant es-419 default; do
	printf '1\n00:00:00,000 --> 00:00:01,000\n%s\n' "$name" >"Film (2001).$name.srt"
done
tracks() { mpv --no-config --vo=null --ao=null --frames=1 "$@" 'Film (2001).mkv' 2>&1 | grep ' Subs '; }
# The names between the film's and .srt, with the language that mpv tells.
brief() { sed -E "s/.*Subs +--sid=[0-9]+ (--slang=([a-z]+) )?'Film \(2001\)\.(.*)\.srt'.*/\3=\2/" | sort | paste -s -d ' '; }
{
	echo "by default: $(tracks | brief)"
	echo "fuzzy: $(tracks --sub-auto=fuzzy | brief)"
	rm 'Film (2001).en.srt'
	echo "fuzzy, --slang=hi: $(tracks --sub-auto=fuzzy --slang=hi | grep -F '(+)' | brief)"
	echo "marked as forced: $(tracks --sub-auto=fuzzy | grep -c -F '[F]' || true)"
} | tee seen.txt
diff - seen.txt <<'SEEN'
by default: en=en eng=eng pob=pob
fuzzy: default= en.cc=cc en.forced= en.hi=hi en.sdh=sdh en=en eng=eng es-419= forced.en=en pob=pob pt-BR= zh-Hant=
fuzzy, --slang=hi: en.hi=hi
marked as forced: 0
SEEN
