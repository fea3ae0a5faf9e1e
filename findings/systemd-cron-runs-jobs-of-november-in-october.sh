#!/usr/bin/env bash
# systemd-cron runs a job of November in October, one of the weekend (6-7) every day, and one of the 1st, the 15th and each Monday almost never.
#
# Seen with systemd-cron 1.15.19 (Debian 12, package systemd-cron) (2026-12-01).
#
# Expected: systemd-cron takes the place of cron and reads the same crontabs, so their lines mean the same. Its own manual, crontab(5),
# says so too: a day of the week is 0 to 7, where 0 and 7 are Sunday; months have names; where both a day of the month and a
# day of the week are given, either of them is enough.
#
# Seen: its list of the months has no October. `nov` is October and `dec` November, without a word, and no name is December.
# `oct` is called garbled, and the line left out. A range of days that ends with 7, as 6-7, 5-7, sat-sun or 1-7, is called
# garbled as well, but that job then runs on every day. Days of the month and of the week must both fit: `1,15 * 1` runs only
# on a Monday that is the 1st or the 15th. All of this is written into the timers; `6,7`, `0-6`, `12` and `sep` are right.
#
# Consequence: a full sync of the weekend runs on working days, and one of the first of December a month too early. Write months as
# numbers and the days as a list, and look at what `systemctl list-timers` says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download systemd-cron=1.15.19-5 >/dev/null 2>said || { cat said >&2; echo "This was seen with systemd-cron 1.15.19-5 of Debian 12, which apt-get cannot download here." >&2; exit 2; }
dpkg -x systemd-cron_*.deb unpacked
echo "systemd-cron $(dpkg-deb --field systemd-cron_*.deb Version)"
mkdir jobs timers
cat >lines <<'LINES'
0 5 1 sep *
0 5 1 oct *
0 5 1 nov *
0 5 1 dec *
0 5 1 12 *
0 5 * * 6,7
0 5 * * 6-7
0 5 * * fri-sun
0 5 * * 0-6
0 5 1,15 * 1
LINES
while read -r times; do echo "$times root echo job of [$times]"; done <lines >jobs/films
# The generator reads /etc/cron.d, which is another folder for it alone.
unshare --mount --map-root-user sh -c 'mount --bind jobs /etc/cron.d && exec python3 unpacked/lib/systemd/system-generators/systemd-crontab-generator timers' >/dev/null 2>&1
while read -r times; do
	timer=$(grep -lF "job of [$times]" timers/*.service 2>/dev/null | sed 's/service$/timer/' || true)
	echo "$times: $(if [ -n "$timer" ]; then sed -n 's/^OnCalendar= *//p' "$timer"; else echo 'no timer'; fi)"
done <lines | tee seen.txt
diff - seen.txt <<'SEEN'
0 5 1 sep *: *-9-1 5:0:00
0 5 1 oct *: no timer
0 5 1 nov *: *-10-1 5:0:00
0 5 1 dec *: *-11-1 5:0:00
0 5 1 12 *: *-12-1 5:0:00
0 5 * * 6,7: Sun,Sat *-*-* 5:0:00
0 5 * * 6-7: *-*-* 5:0:00
0 5 * * fri-sun: *-*-* 5:0:00
0 5 * * 0-6: Sun,Mon,Tue,Wed,Thu,Fri,Sat *-*-* 5:0:00
0 5 1,15 * 1: Mon *-*-1,15 5:0:00
SEEN
