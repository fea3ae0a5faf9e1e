#!/usr/bin/env bash
# The compile cache of Node.js has none of the functions that a program calls after it was loaded.
#
# Seen with node 24.21.0 from npm, Linux (2026-11-30).
#
# Expected: with `module.enableCompileCache()`, the first run keeps the code of all functions that it called, since the
# files are written when the process ends. The second run compiles nothing.
#
# Seen: the code is taken when a module has just been compiled, before any of it runs. What V8 compiles only when it is
# called is not in it then, and is parsed and compiled at every start. An arrow function in parentheses is compiled with
# its module, because V8 takes it for one that is called at once; so this one is kept.
#
# Consequence: a program of many small functions gains less from the cache than its size makes one think. Parentheses
# around the functions that every start calls bring them into it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
cat >sums.mjs <<'JS'
export const plainSum = () => { let sum = 0; for (let index = 0; index < 10; index++) { sum += index % 3; } return sum; };
export const wrappedSum = (() => { let sum = 0; for (let index = 0; index < 10; index++) { sum += index % 5; } return sum; });
JS
cat >main.mjs <<'JS'
import {enableCompileCache} from 'node:module';
enableCompileCache('cache');
const {plainSum, wrappedSum} = await import('./sums.mjs');
plainSum();
wrappedSum();
JS
for run in first second; do
	node_modules/.bin/node --log-function-events --no-logfile-per-isolate --logfile=v8.log main.mjs
	for name in plainSum wrappedSum; do
		if grep --quiet "^function,interpreter,.*,$name\$" v8.log; then
			echo "$run run: $name is compiled"
		else
			echo "$run run: $name is taken from the cache"
		fi
	done
	rm v8.log
done | tee seen.txt
diff - seen.txt <<'SEEN'
first run: plainSum is compiled
first run: wrappedSum is compiled
second run: plainSum is compiled
second run: wrappedSum is taken from the cache
SEEN
