#!/usr/bin/env bash
# A Node.js program that has once asked a question at the terminal does not end in the background: its last step stops it.
#
# Seen with Node.js 24.21.0 (npm package node) on Linux, bash 5.2 and script of util-linux 2.38 (Debian 12) (2026-12-01).
#
# Expected: who changes the modes of a terminal from the background is stopped (SIGTTOU), and Node.js knows that: at its end
# it blocks this signal while it gives the terminal its modes back. So a program that has left raw mode and was sent to
# the background with Ctrl-Z and bg works on and ends there, with its exit status, and `kill %1` ends it.
#
# Seen: that holds as long as it was never in raw mode. Once it was, be it for a moment (setRawMode, or the interface of
# node:readline, which is closed again), libuv remembers the modes of that time and sets them at the end of the process
# whatever they are, before Node.js blocks the signal. So the job is "Stopped (tty output)" after all its work: a
# shell that waits for it waits for ever, and its files stay open. A handler of SIGTERM that calls process.exit() comes to
# the same end; each further `kill` lets the process go on to the same place. Without a handler SIGTERM ends it.
#
# Consequence: after a question, a long import that is sent to the background does not end. To end there, take away the
# listeners of a signal and send it to oneself. On Linux, /proc/self/stat tells whether the process is in the background
# (the foreground group of its terminal is not its own). An app must not take the terminal again, either, when it is
# continued: the shell continues a stopped job to let it hear SIGTERM, and setRawMode() would stop it before it does.
set -euo pipefail
command -v script >/dev/null || { echo 'This needs script (Debian: bsdutils).' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
cat >work.mjs <<'JS'
import process from 'node:process';
import {createInterface} from 'node:readline';

const [, , question, end] = process.argv;
if (question === 'setRawMode') {
	process.stdin.setRawMode(true);
	process.stdin.setRawMode(false);
} else if (question === 'readline') {
	createInterface({input: process.stdin, output: process.stdout}).close();
}

// As Ctrl-Z does.
process.kill(process.pid, 'SIGSTOP');
if (end === 'handler') {
	process.on('SIGTERM', () => {
		process.exit(0);
	});
}

setTimeout(() => {
	console.error('worked');
}, end === 'itself' ? 500 : 60_000);
JS
cat >jobs.sh <<'BASH'
# Job control, as in a shell that somebody types into.
set -m
told() {
	local pid state
	pid=$(jobs -p %% 2>/dev/null) || true
	state=$([[ -n $pid ]] && ps -o stat= -p "$pid" || true)
	case $state in
		'') echo ended ;;
		T*) echo stopped ;;
		*) echo "still running" ;;
	esac
}
for question in none setRawMode readline; do
	for end in itself signal handler; do
		node_modules/.bin/node work.mjs "$question" "$end" 2>worked
		bg %% >/dev/null
		sleep 2
		[[ $end = itself ]] || { kill %%; sleep 1; }
		printf '%s, %s: %s%s\n' "$question" "$end" "$(told)" "$([[ -s worked ]] && echo ' after its work')" >>seen.txt
		if [[ $(told) = stopped ]]; then
			kill %%
			sleep 1
			printf '%s, %s, another kill: %s\n' "$question" "$end" "$(told)" >>seen.txt
			kill -KILL %%
		fi
		wait 2>/dev/null
	done
done
BASH
timeout 120 script -qec 'bash jobs.sh' /dev/null </dev/null >/dev/null
cat seen.txt
diff - seen.txt <<'SEEN'
none, itself: ended after its work
none, signal: ended
none, handler: ended
setRawMode, itself: stopped after its work
setRawMode, itself, another kill: ended
setRawMode, signal: ended
setRawMode, handler: stopped
setRawMode, handler, another kill: stopped
readline, itself: stopped after its work
readline, itself, another kill: ended
readline, signal: ended
readline, handler: stopped
readline, handler, another kill: stopped
SEEN
