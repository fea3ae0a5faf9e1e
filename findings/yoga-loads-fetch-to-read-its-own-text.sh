#!/usr/bin/env bash
# An app of Ink loads the whole of fetch as it starts, though it asks nobody.
#
# Seen with ink 8.0.0, react 19.3.1, yoga-layout 3.2.1, node 24.21.0 from npm, Linux (2026-11-29).
#
# Expected: yoga-layout holds its WebAssembly as a base64 text in a module, so it decodes this text.
#
# Seen: it decodes the text only where there is no fetch. Elsewhere it calls fetch with the text as a `data:` address,
# and Node.js loads undici for it. That takes longer than to compile and start the WebAssembly, in each process.
#
# Consequence: the first frame comes later. A bundler that replaces `fetch` by `undefined` makes yoga-layout decode the
# text itself, with the same result.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 yoga-layout@3.2.1
cat >load.mjs <<'JS'
if (process.argv[2] === 'without') {
	delete globalThis.fetch;
}

const {default: Yoga} = await import('yoga-layout');
const node = Yoga.Node.create();
node.setWidth(80);
node.calculateLayout(undefined, undefined);
const isLoaded = process.moduleLoadList.includes('NativeModule internal/deps/undici/undici');
console.log(`${process.argv[2]} fetch: a layout ${node.getComputedWidth()} wide, undici is ${isLoaded ? 'loaded' : 'not loaded'}`);
JS
for way in with without; do
	node_modules/.bin/node load.mjs "$way"
done | tee seen.txt
diff - seen.txt <<'SEEN'
with fetch: a layout 80 wide, undici is loaded
without fetch: a layout 80 wide, undici is not loaded
SEEN
