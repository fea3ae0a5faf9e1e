#!/usr/bin/env bash
# systemd-cron runs a job of November in October and one of the weekend (6-7) every day, and both it and bcron run one of the 1st, the 15th and each Monday almost never.
#
# Seen with systemd-cron 1.15.19 and bcron 0.11 (Debian 12, packages systemd-cron and bcron) (2026-12-01).
#
# Expected: both take the place of cron and read the same crontabs, so their lines mean the same. Their own manuals, crontab(5), say so
# too: a day of the week is 0 to 7, where 0 and 7 are Sunday; months have names; where both a day of the month and a day of the
# week are given, either of them is enough.
#
# Seen: the list of months of systemd-cron has no October. `nov` is October and `dec` November, without a word, and no name is December.
# `oct` is called garbled, and the line left out. A range of days that ends with 7, as 6-7, 5-7, sat-sun or 1-7, is called
# garbled as well, but that job then runs on every day. Days of the month and of the week must both fit: `1,15 * 1` runs only
# on a Monday that is the 1st or the 15th. All of this is written into the timers; `6,7`, `0-6`, `12` and `sep` are right. In bcron
# months and weekends are right, and both days must fit as well: in December 2026 it waits until Monday, 1 February 2027.
#
# Consequence: a full sync of the weekend runs on working days, and one of the first of December a month too early. Write months as
# numbers and the days as a list, and look at what `systemctl list-timers` says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download systemd-cron=1.15.19-5 bcron=0.11-19 libbg2=2.04+dfsg-2.1 >/dev/null 2>said || { cat said >&2; echo "This was seen with systemd-cron 1.15.19-5 and bcron 0.11-19 of Debian 12, which apt-get cannot download here." >&2; exit 2; }
for package in *.deb; do
	dpkg -x "$package" unpacked
	dpkg-deb --show "$package"
done
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
done <lines >seen.txt
# On SIGUSR1, bcron tells what it waits for.
mkdir -p spool/crontabs
mkfifo spool/trigger
printf '%s\n' '0 5 1,15 * 1 echo both' '0 5 * nov 6-7 echo november' >spool/crontabs/root
library=$(find "$PWD/unpacked" -name libbg.so.2)
BCRON_SPOOL=$PWD/spool LD_LIBRARY_PATH=${library%/*} unpacked/usr/sbin/bcron-sched >/dev/null 2>told &
bcron=$!
for turn in $(seq 100); do
	grep -q november told && break
	sleep 0.2
	kill -USR1 "$bcron"
done
kill "$bcron"
wait "$bcron" || true
sed -n 's/.* \(d:.*\) hc:1 next:\([0-9]*-[0-9]*-[0-9]*\) .*(echo \(.*\))$/\2 bcron, \3: \1/p' told | sort -u >bcron.txt
# The first Monday from now on that is the 1st or the 15th.
day=$(date +%F)
[ "$(date +%H)" -lt 5 ] || day=$(date -d "$day + 1 day" +%F)
until [[ $(date -d "$day" '+%u %d') =~ ^1\ (01|15)$ ]]; do day=$(date -d "$day + 1 day" +%F); done
sed -n "s/^$day \(.*\)/\1, next such Monday/p; s/^[-0-9]* \(bcron, november.*\)/\1/p" bcron.txt >>seen.txt
cat seen.txt
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
bcron, both: d:1,15 m:0-11 wd:1, next such Monday
bcron, november: d:1-31 m:10 wd:0,6
SEEN
