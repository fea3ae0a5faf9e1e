#!/usr/bin/env bash
# Node.js follows a time zone only where it comes as a name: a file gives winter time all the year, and a rule or a mounted file nothing at all.
#
# Seen with Node.js 24.21.0 and glibc 2.36 (Debian 12) (2026-11-30).
#
# Expected: what is local time for `date` and other programs of the machine is local time for Node.js.
#
# Seen, where `/etc/localtime` is a link to Europe/Berlin:
# - `TZ=:/etc/localtime`, which saves a look at that file for each time that is told, and any other path of a file: an hour
#   wrong in summer, for there is only winter time, and `Intl.DateTimeFormat().resolvedOptions().timeZone` is undefined.
# - `TZ=EST5EDT,M3.2.0,M11.1.0`, a rule of POSIX, as it stands on routers and network storage: still Berlin. TZ is ignored.
# - `/etc/localtime` of the machine mounted into a container in which it is a link to UTC, as in images of Debian: UTC. The
#   mount follows the link and lies on the file of UTC. glibc reads that file, and Node.js (ICU) the name of the link.
#
# Consequence: a daemon in Node.js keeps times of day and quiet hours in another zone than all else on the machine, and with
# a file only in summer. Name the zone: `TZ=Europe/Berlin`. A program can hold its offset against that of `date +%z`.
set -euo pipefail
for program in unshare mount date; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: util-linux, mount, coreutils)." >&2; exit 2; }
done
if ! [ -e /usr/share/zoneinfo/Europe/Berlin ] || ! [ -e /usr/share/zoneinfo/Etc/UTC ]; then
	echo 'This needs the time zones of the system (Debian: tzdata).' >&2
	exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
cat >look.mjs <<'JS'
const told = new Date(Date.UTC(2026, 6, 1, 12));
const {timeZone} = new Intl.DateTimeFormat().resolvedOptions();
console.log(`${String(told.getHours()).padStart(2, '0')}:${String(told.getMinutes()).padStart(2, '0')}${timeZone === undefined ? ' in a zone without a name' : ''}`);
JS
cp -a /usr/share/zoneinfo/Europe/Berlin berlin
cat >inside.sh <<'SH'
set -eu
look() {
	echo "$1: date $(date --date '2026-07-01T12:00:00Z' +%H:%M), Node.js $("$PWD/node_modules/.bin/node" look.mjs)"
}

# An /etc in which the time zone can be changed, for this process only.
mkdir etc
cp -a /etc/. etc 2>/dev/null || true
mount --bind etc /etc
rm -f /etc/localtime
ln -s /usr/share/zoneinfo/Europe/Berlin /etc/localtime
unset TZ
look 'a link in /etc'
for zone in America/New_York EST5EDT,M3.2.0,M11.1.0 :/etc/localtime /usr/share/zoneinfo/America/New_York; do
	export TZ="$zone"
	look "TZ=$zone"
done
unset TZ
rm /etc/localtime
cp berlin /etc/localtime
look 'a copy in /etc'
rm /etc/localtime
ln -s /usr/share/zoneinfo/Etc/UTC /etc/localtime
mount --bind berlin /etc/localtime
look 'mounted on a link to UTC'
SH
unshare --mount --map-root-user sh inside.sh | tee seen.txt
diff - seen.txt <<'SEEN'
a link in /etc: date 14:00, Node.js 14:00
TZ=America/New_York: date 08:00, Node.js 08:00
TZ=EST5EDT,M3.2.0,M11.1.0: date 08:00, Node.js 14:00
TZ=:/etc/localtime: date 14:00, Node.js 13:00 in a zone without a name
TZ=/usr/share/zoneinfo/America/New_York: date 08:00, Node.js 07:00 in a zone without a name
a copy in /etc: date 14:00, Node.js 14:00
mounted on a link to UTC: date 14:00, Node.js 12:00
SEEN
