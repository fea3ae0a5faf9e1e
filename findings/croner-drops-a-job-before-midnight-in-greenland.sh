#!/usr/bin/env bash
# croner leaves out a job of 23:30 on the evening on which the clocks of Greenland go forward, though it makes up for a skipped hour elsewhere.
#
# Seen with croner 11.0.1 on Node.js 24.21.0 (2026-12-01).
#
# Expected: a job whose time daylight saving skips runs right after the gap, as croner does it for 02:30 in Berlin, which it runs at
# 03:00, and for 00:30 in Cairo, at 01:00. Since 2023 the clocks of Greenland go from 23:00 to midnight, on a Saturday.
#
# Seen: where the gap ends at midnight, the job is not run after it. One of each day skips that day, one of each Saturday a week, and
# one of 28 March a year. A job of each hour loses nothing, since there is one at midnight.
#
# Consequence: something that has to run on each day has no time between 23:00 and 23:59 in America/Nuuk and America/Scoresbysund.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts croner@11.0.1
cat >look.mjs <<'JS'
import {Cron} from 'croner';

const look = (timezone, pattern, from) => {
	const clock = new Intl.DateTimeFormat('sv', {timeZone: timezone, dateStyle: 'short', timeStyle: 'short'});
	const runs = new Cron(pattern, {paused: true, timezone}).nextRuns(3, new Date(from));
	console.log(`${timezone}, ${pattern}: ${runs.map(run => clock.format(run)).join(', ')}`);
};

look('Europe/Berlin', '30 2 * * *', '2026-03-28T00:00Z');
look('Africa/Cairo', '30 0 * * *', '2026-04-22T23:00Z');
look('America/Nuuk', '30 23 * * *', '2026-03-27T12:00Z');
look('America/Nuuk', '0 23 * * SAT', '2026-03-27T12:00Z');
look('America/Nuuk', '30 23 28 3 *', '2026-03-27T12:00Z');
look('America/Nuuk', '0 * * * *', '2026-03-29T00:30Z');
look('America/Scoresbysund', '30 23 * * *', '2026-03-27T12:00Z');
JS
node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
Europe/Berlin, 30 2 * * *: 2026-03-28 02:30, 2026-03-29 03:00, 2026-03-30 02:30
Africa/Cairo, 30 0 * * *: 2026-04-24 01:00, 2026-04-25 00:30, 2026-04-26 00:30
America/Nuuk, 30 23 * * *: 2026-03-27 23:30, 2026-03-29 23:30, 2026-03-30 23:30
America/Nuuk, 0 23 * * SAT: 2026-04-04 23:00, 2026-04-11 23:00, 2026-04-18 23:00
America/Nuuk, 30 23 28 3 *: 2027-03-28 23:30, 2028-03-28 23:30, 2029-03-28 23:30
America/Nuuk, 0 * * * *: 2026-03-29 00:00, 2026-03-29 01:00, 2026-03-29 02:00
America/Scoresbysund, 30 23 * * *: 2026-03-27 23:30, 2026-03-29 23:30, 2026-03-30 23:30
SEEN
