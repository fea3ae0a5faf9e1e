#!/usr/bin/env bash
# `nohup node program.mjs &` dies with the terminal: Node.js takes back every signal that its parent had ignored.
#
# Seen with Node.js 24.21.0 on Linux, and nohup of coreutils 9.1 (Debian 12) (2026-11-30).
#
# Expected: a signal that is ignored when a program starts stays ignored until the program itself asks for it. nohup and
# `trap '' INT` of a shell rely on that, and sleep, Python and others keep to it.
#
# Seen: as Node.js starts, it gives all signals but SIGPIPE and SIGXFSZ back what they do by default. So SIGHUP ends it under
# nohup, also when the program has no listener for it, and SIGINT ends what a script has in the background while others
# there go on. Nothing in Node.js tells what was ignored before, either.
#
# Consequence: a long import over SSH that was begun with nohup ends when the connection does. `setsid --fork`,
# `systemd-run --user` or tmux help; a program that has no terminal at all may take no notice of SIGHUP.
set -euo pipefail
for program in nohup sleep; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: coreutils)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
echo 'setTimeout(() => {}, 4000);' >program.mjs
node=$PWD/node_modules/.bin/node
look() {
	local name=$1 signal=$2 status=0
	shift 2
	"$@" >/dev/null 2>&1 &
	local process=$!
	sleep 2
	kill -s "$signal" "$process"
	wait "$process" 2>/dev/null || status=$?
	echo "$name, $signal: $([ "$status" = 0 ] && echo 'goes on to its end' || echo 'is ended by it')"
}
ignoring() {
	trap '' "$1"
	shift
	exec "$@"
}
{
	look 'nohup sleep' HUP nohup sleep 4
	look 'nohup node' HUP nohup "$node" program.mjs
	look "trap '' INT, sleep" INT ignoring INT sleep 4
	look "trap '' INT, node" INT ignoring INT "$node" program.mjs
} 2>/dev/null | tee seen.txt
diff - seen.txt <<'SEEN'
nohup sleep, HUP: goes on to its end
nohup node, HUP: is ended by it
trap '' INT, sleep, INT: goes on to its end
trap '' INT, node, INT: is ended by it
SEEN
