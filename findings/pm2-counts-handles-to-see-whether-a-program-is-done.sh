#!/usr/bin/env bash
# pm2 lets a Node.js program that is done end only if it has exactly three open handles, and looks every three seconds.
#
# Seen with pm2 7.0.4 on Node.js 24.21.0, Linux, in fork mode (2026-12-01).
#
# Expected: a program ends under pm2 as it does without it: when nothing is left to do, with the exit code that it has
# set. One that handles SIGINT and ends within a moment is not killed by `pm2 stop`, which waits for 1.6 seconds.
#
# Seen: pm2 loads a module into each program, which listens to the channel to pm2 and so keeps the process alive. Every
# three seconds it counts the handles of the process and stops listening for a moment if there are three: the channel,
# stderr, which it has opened itself, and one more. So it depends on the streams that the program has touched:
# - stdout: it ends, up to three seconds late. In that time `pm2 stop` may kill it.
# - none: it stays for ever. `pm2 stop` always kills it, and the exit code that is told is 0.
# - stdout and stdin, for instance to ask `process.stdin.isTTY`: the same.
#
# Consequence: a job that pm2 starts by `cron_restart` stays "online" after its end, and what a program does on
# `beforeExit` or after its last timer is lost. When a program is done, it should call `process.channel?.unref()`, or
# `process.exit()` as soon as its output is written.
set -euo pipefail
folder=$(mktemp -d)
export HOME=$folder PM2_HOME=$folder/.pm2 NO_COLOR=1
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund pm2@7.0.4 node@24.21.0
export PATH=$folder/node_modules/.bin:$PATH
trap 'pm2 kill >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
echo 'setTimeout(() => {}, 200);' >none.cjs
echo 'console.log("Working"); setTimeout(() => {}, 200);' >stdout.cjs
echo 'console.log("Working", process.stdin.isTTY); setTimeout(() => {}, 200);' >both.cjs
echo 'console.log("Working", process.stdin.isTTY); setTimeout(() => process.channel.unref(), 200);' >unref.cjs
echo 'const timer = setInterval(() => {}, 1000); process.on("SIGINT", () => { clearInterval(timer); process.exitCode = 5; });' >signal.cjs
for name in none stdout both unref signal; do
	pm2 start "$name.cjs" --no-autorestart >/dev/null
done
sleep 12
pm2 stop signal >/dev/null
cat >tell.mjs <<'JS'
import {readFileSync} from 'node:fs';

const status = new Map(JSON.parse(readFileSync('list.json', 'utf8')).map(({name, pm2_env: {status}}) => [name, status]));
for (const [name, what] of [['none', 'touches no stream'], ['stdout', 'touches stdout'], ['both', 'touches stdout and stdin'], ['unref', 'the same, and unref']]) {
	console.log(`done after 200 ms, ${what}: ${status.get(name)} after 12 s`);
}

const [ending] = readFileSync('.pm2/pm2.log', 'utf8').match(/App \[signal:.*exited.*/);
console.log(`stopped, sets the exit code 5: ${ending.replace(/.*exited/, 'exited')}`);
JS
pm2 jlist >list.json
node tell.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
done after 200 ms, touches no stream: online after 12 s
done after 200 ms, touches stdout: stopped after 12 s
done after 200 ms, touches stdout and stdin: online after 12 s
done after 200 ms, the same, and unref: stopped after 12 s
stopped, sets the exit code 5: exited with code [0] via signal [SIGKILL]
SEEN
