#!/usr/bin/env bash
# Node.js raises the limit of open files to the hard one as it starts, and every program that it starts gets that.
#
# Seen with Node.js 24.21.0 on Linux (2026-11-30).
#
# Expected: `ulimit -Sn 256` in front of a program, and the soft limit of 1024 that systemd gives each service, hold for the
# program and for what it starts, as they do for Python.
#
# Seen: a process of Node.js has the hard limit as its soft one (524,288 under systemd, and more in some containers), and so
# have its child processes, for which there is no option. systemd keeps the soft limit at 1024 for programs that use select(),
# which cannot take higher numbers, and asks whoever raises it to put it back before another program begins.
#
# Consequence: a soft limit keeps no daemon in Node.js from using up descriptors, so set the hard one (`LimitNOFILE=4096`).
# Old programs that a daemon runs for its notifications or players may take seconds to start, because they close each
# number up to the limit: run them as `sh -c 'ulimit -Sn 1024; exec PROGRAM'`.
set -euo pipefail
command -v python3 >/dev/null || { echo 'This needs python3 (Debian: python3).' >&2; exit 2; }
hard=$(ulimit -Hn)
if [ "$hard" != unlimited ] && [ "$hard" -le 256 ]; then
	echo "The hard limit of open files is $hard here, so nothing can be seen." >&2
	exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
told() {
	[ "$1" = 256 ] && echo 'the soft limit' || { [ "$1" = "$hard" ] && echo 'the hard limit' || echo "$1"; }
}
(
	ulimit -Sn 256
	echo "A program from Python has $(told "$(python3 -c 'import subprocess; subprocess.run(["sh", "-c", "ulimit -Sn"])')")"
	echo "Node.js has $(told "$(node_modules/.bin/node -p '/^Max open files +(\d+)/m.exec(fs.readFileSync("/proc/self/limits", "utf8"))[1]')")"
	echo "A program from Node.js has $(told "$(node_modules/.bin/node -p 'child_process.execFileSync("sh", ["-c", "ulimit -Sn"], {encoding: "utf8"}).trim()')")"
	echo "The same behind ulimit has $(told "$(node_modules/.bin/node -p 'child_process.execFileSync("sh", ["-c", "ulimit -Sn 256; exec sh -c \"ulimit -Sn\""], {encoding: "utf8"}).trim()')")"
) | tee seen.txt
diff - seen.txt <<'SEEN'
A program from Python has the soft limit
Node.js has the hard limit
A program from Node.js has the hard limit
The same behind ulimit has the soft limit
SEEN
