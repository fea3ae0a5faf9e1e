#!/usr/bin/env bash
# Of `Wonder Woman 1984 (2020).mkv`, as Plex wants films to be named, parse-torrent-title makes a film of 1984; @viren070/parse-torrent-title makes an episode 1975 of Death Race 2000, and @ctrl/video-filename-parser no year of Cam (2018).
#
# Seen with parse-torrent-title 3.0.1, @viren070/parse-torrent-title 0.9.1 and @ctrl/video-filename-parser 5.4.1 on Node.js 24
# (2026-12-01).
#
# Expected: a number in parentheses behind the title is the year, as in the names that Plex, Kodi, Radarr and others ask for. That is
# the one sure sign where a title has a number, or a word that release groups use.
#
# Seen: all three know such names, and read Blade Runner 2049 and 1917 rightly. But parse-torrent-title takes the number within
# the title for the year: Wonder Woman is of 1984, Death Race of 2000. The one of viren070 knows better for Wonder Woman, and
# takes 1975 for the episode of a Death Race of 2000. For the one of @ctrl, Cam is a way of filming, so that the whole name with
# its extension is the title. Of Unrated neither of the two leaves anything.
#
# Consequence: who looks films up by what these give finds others, or a show. Take the year from the last parentheses first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts parse-torrent-title@3.0.1 @viren070/parse-torrent-title@0.9.1 @ctrl/video-filename-parser@5.4.1
cat >look.mjs <<'JS'
import parseTorrentTitle from 'parse-torrent-title';
import {parseTorrentTitle as parseOfViren} from '@viren070/parse-torrent-title';
import {filenameParse} from '@ctrl/video-filename-parser';

const parsers = {'parse-torrent-title': name => parseTorrentTitle.parse(name), viren070: parseOfViren, ctrl: name => filenameParse(name)};
const names = ['Blade Runner 2049 (2017).mkv', '1917 (2019).mkv', 'Wonder Woman 1984 (2020).mkv', 'Death Race 2000 (1975).mkv', 'Cam (2018).mkv', 'Unrated (2009).mkv'];
for (const name of names) {
	const told = Object.entries(parsers).map(([parser, parse]) => {
		const {title, year, episode, episodes} = parse(name);
		return `${parser} "${title}" ${year ?? 'no year'}${[episode ?? episodes ?? []].flat().map(number => `, episode ${number}`).join('')}`;
	});
	console.log(`${name}: ${told.join('; ')}`);
}
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
Blade Runner 2049 (2017).mkv: parse-torrent-title "Blade Runner 2049" 2017; viren070 "Blade Runner 2049" 2017; ctrl "Blade Runner 2049" 2017
1917 (2019).mkv: parse-torrent-title "1917" 2019; viren070 "1917" 2019; ctrl "1917" 2019
Wonder Woman 1984 (2020).mkv: parse-torrent-title "Wonder Woman" 1984; viren070 "Wonder Woman 1984" 2020; ctrl "Wonder Woman 1984" 2020
Death Race 2000 (1975).mkv: parse-torrent-title "Death Race" 2000; viren070 "Death Race" 2000, episode 1975; ctrl "Death Race 2000" 1975
Cam (2018).mkv: parse-torrent-title "Cam" 2018; viren070 "Cam" 2018; ctrl "Cam (2018).mkv" no year
Unrated (2009).mkv: parse-torrent-title "Unrated" 2009; viren070 "" 2009; ctrl "" 2009
SEEN
