#!/usr/bin/env bash
# pm2 takes `--watch` for its own option also behind `--`, and restarts the program whenever a file in its folder changes.
#
# Seen with pm2 7.0.4 on Node.js 24.21.0, Linux (2026-12-01).
#
# Expected: of `pm2 start program.cjs -- --watch`, what is behind `--` is for the program, and pm2 watches nothing.
#
# Seen: the program gets `--watch`, and pm2 finds that word in its own command line as well. It watches the folder in
# which it was called, and whatever is written there, for instance by the program itself, restarts the program. The
# same word in `args` of a configuration file does nothing of the kind, and neither does `--watch=yes`.
#
# Consequence: compilers, bundlers and daemons whose option is `--watch` need a configuration file with `args`. The
# column "watching" of `pm2 list` tells; nothing else does.
set -euo pipefail
folder=$(mktemp -d)
export HOME=$folder/home PM2_HOME=$folder/home/.pm2 NO_COLOR=1
mkdir "$folder/home" "$folder/work"
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund pm2@7.0.4 node@24.21.0
export PATH=$folder/node_modules/.bin:$PATH
trap 'pm2 kill >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
cat >program.cjs <<'JS'
require('node:fs').appendFileSync(`${process.env.HOME}/starts`, `${process.argv[2]}\n`);
setInterval(() => {}, 1000);
JS
echo "module.exports = {apps: [{name: 'program', script: '$folder/program.cjs', args: '--watch'}]};" >home/watch.config.cjs
cd work
look() {
	sleep 3
	for number in 1 2; do
		echo "$number" >written
		sleep 3
	done
	echo "$1: got $(sort -u ../home/starts), $([ "$(wc -l <../home/starts)" = 1 ] && echo 'started once' || echo 'started again after a file had changed')"
	pm2 delete all >/dev/null
	rm -f written ../home/starts
}
{
	pm2 start ../program.cjs -- --watch >/dev/null
	look 'behind --'
	pm2 start ../program.cjs -- --watch=yes >/dev/null
	look 'behind --, with a value'
	pm2 start ../home/watch.config.cjs >/dev/null
	look 'in a configuration file'
} | tee ../seen.txt
diff - ../seen.txt <<'SEEN'
behind --: got --watch, started again after a file had changed
behind --, with a value: got --watch=yes, started once
in a configuration file: got --watch, started once
SEEN
