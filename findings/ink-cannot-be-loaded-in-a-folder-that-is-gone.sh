#!/usr/bin/env bash
# An app with Ink does not start in a folder that somebody has removed, although it needs no folder.
#
# Seen with ink 8.0.0 and react 19.3.1 on Node.js 24, Linux (2026-11-30).
#
# Expected: a program that reads nothing from its folder starts anywhere, as `node` itself and vim do.
#
# Seen: `import 'ink'` throws ENOENT (syscall uv_cwd), before a line of the app runs. One of the packages that Ink loads for
# its screen of errors (stack-utils) asks for the folder as it is loaded, and Node.js throws when the folder is gone.
#
# Consequence: in a pane of tmux that stands in a folder which was moved or deleted, the app ends with a stack trace, also
# for `--help` if that loads Ink. Ask for process.cwd() in a try before Ink is loaded, and say what is wrong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ink@8.0.0 react@19.3.1
echo 'console.log("it starts");' >plain.mjs
cat >loads.mjs <<'JS'
const loaded = await import('ink').then(() => 'it starts', error => `${error.code} ${error.syscall}`);
console.log(loaded);
JS
look() {
	echo "$1: in a folder that is there: $(node "$2"), in one that is gone: $(mkdir gone && cd gone && rmdir ../gone && node "$2" 2>/dev/null)"
}
{
	look 'Node.js alone' "$folder/plain.mjs"
	look 'Ink' "$folder/loads.mjs"
} | tee seen.txt
diff - seen.txt <<'SEEN'
Node.js alone: in a folder that is there: it starts, in one that is gone: it starts
Ink: in a folder that is there: it starts, in one that is gone: ENOENT uv_cwd
SEEN
