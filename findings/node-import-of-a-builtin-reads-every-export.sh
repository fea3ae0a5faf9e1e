#!/usr/bin/env bash
# An import of one name of a module of Node.js loads what its other exports need.
#
# Seen with node 24.21.0 from npm, Linux (2026-11-29).
#
# Expected: `import {Buffer} from 'node:buffer'` costs nothing, because Node.js has loaded this module before any
# program starts, and what is rarely used (File, Blob, TextDecoder, WebSocket, webcrypto) is behind getters that load it.
#
# Seen: to make the module for `import`, Node.js reads every export, so each getter runs. The import of `Buffer` loads
# modules of its own, so does `inspect` of node:util (with it even the code that compares texts for node:assert), and
# node:http brings the whole of fetch. `process.getBuiltinModule` and `require` load none of them.
#
# Consequence: a short command that is bundled as an ES module starts measurably later for its imports of Node.js. A
# build can put `process.getBuiltinModule` in their place.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
cat >load.mjs <<'JS'
const [name, way] = process.argv.slice(2);
const before = new Set(process.moduleLoadList);
const module = way === 'import' ? await import(name) : process.getBuiltinModule(name);
const loaded = process.moduleLoadList.filter(entry => entry.startsWith('NativeModule ') && !before.has(entry)).map(entry => entry.slice('NativeModule '.length));
const told = {
	'node:buffer': ['internal/file'],
	'node:util': ['internal/util/diff', 'internal/assert/myers_diff'],
	'node:http': ['internal/deps/undici/undici'],
	'node:crypto': ['internal/crypto/webcrypto'],
}[name].filter(entry => loaded.includes(entry));
console.log(`${name} by ${way}: ${told.length === 0 ? 'none of it' : told.join(', ')}${module === undefined ? ' (and it is not there)' : ''}`);
JS
for name in node:buffer node:util node:http node:crypto; do
	for way in import getBuiltinModule; do
		node_modules/.bin/node load.mjs "$name" "$way"
	done
done | tee seen.txt
diff - seen.txt <<'SEEN'
node:buffer by import: internal/file
node:buffer by getBuiltinModule: none of it
node:util by import: internal/util/diff, internal/assert/myers_diff
node:util by getBuiltinModule: none of it
node:http by import: internal/deps/undici/undici
node:http by getBuiltinModule: none of it
node:crypto by import: internal/crypto/webcrypto
node:crypto by getBuiltinModule: none of it
SEEN
