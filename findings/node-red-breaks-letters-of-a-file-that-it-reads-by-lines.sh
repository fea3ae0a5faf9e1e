#!/usr/bin/env bash
# Node-RED breaks a letter about every 64 kB of a file that "read file" gives line by line, and "exec" gives bytes in place of text there.
#
# Seen with node-red 5.0.7, on Node.js 24 (2026-12-01).
#
# Expected: "read file" with the output "a msg per line" gives the lines of a file, as they are in the string that it gives otherwise.
# "exec" in its spawn mode gives what a program writes, in pieces that are text where the program writes text.
#
# Seen: each piece of 65,536 bytes is made text by itself. A letter that is not ASCII and lies across the border becomes two or three U+FFFD,
# so three of the 20,000 titles here are wrong; all lines are there, and JSON.parse takes each of them. The encoding "utf8" in place of
# "default" keeps the letters no better. "exec" looks at each piece, and gives it as a Buffer where a letter is cut, so a function that
# expects a string gets one that has no split(). A file that is read as a whole and split afterwards is right, and so is exec in its other mode.
#
# Consequence: titles of a long list change, other ones each time that something is added before them. Read the file as a whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node-red@5.0.7 >/dev/null
node -p '"node-red " + require("./node_modules/node-red/package.json").version'
cat >run.mjs <<'JS'
import {EventEmitter, on, once} from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import RED from 'node-red';

const titles = Array.from({length: 20_000}, (_, index) => `${index} ${'東京物語'.repeat(2)}`);
fs.writeFileSync('titles.ndjson', titles.map(title => `${JSON.stringify({title})}\n`).join(''));
const server = http.createServer();
RED.init(server, {
	userDir: `${process.cwd()}/own`, httpAdminRoot: false, httpNodeRoot: false, telemetry: {enabled: false}, logging: {console: {level: 'fatal'}},
	functionGlobalContext: {seen: new EventEmitter()},
});
// Its own server would keep the process, but this one listens nowhere.
setInterval(() => {}, 1000);
const started = once(RED.events, 'flows:started');
await RED.start();
await started;
const {seen} = RED.settings.functionGlobalContext;
const look = async (nodes, isLast) => {
	const start = {id: 'start', type: 'inject', z: 'flow', once: true, onceDelay: 0.1, props: [{p: 'payload'}], payload: '', payloadType: 'str', wires: [[nodes[0].id]]};
	const tell = {id: 'tell', type: 'function', z: 'flow', outputs: 1, func: 'global.get("seen").emit("message", msg)', wires: [[]]};
	const messages = [];
	const told = on(seen, 'message');
	await RED.runtime.flows.setFlows({flows: {flows: [{id: 'flow', type: 'tab', label: 'flow'}, start, ...nodes, tell]}});
	for await (const [{payload}] of told) {
		messages.push(payload);
		if (isLast(messages)) {
			return messages;
		}
	}
};
const wrong = lines => {
	const read = lines.filter(line => line !== '').map(line => JSON.parse(line).title);
	return `${read.length} titles, ${read.filter((title, index) => title !== titles[index]).length} of them wrong`;
};
const file = values => look([{id: 'read', type: 'file in', z: 'flow', filename: 'titles.ndjson', filenameType: 'str', encoding: 'none', wires: [['tell']], ...values}], messages => messages.length === (values.format === 'lines' ? titles.length : 1));
const {size} = fs.statSync('titles.ndjson');
const exec = async useSpawn => {
	const pieces = await look([{id: 'run', type: 'exec', z: 'flow', command: 'cat titles.ndjson', addpay: '', useSpawn, wires: [['tell'], [], []]}], messages => messages.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0) === size);
	return [...new Set(pieces.map(piece => typeof piece === 'string' ? 'text' : 'bytes'))].sort().join(' and ');
};
const looks = {
	'a msg per line': async () => wrong(await file({format: 'lines'})),
	'a msg per line, utf8': async () => wrong(await file({format: 'lines', encoding: 'utf8'})),
	'a single string': async () => wrong((await file({format: 'utf8'})).join('').split('\n')),
	'exec, spawn mode': async () => exec('true'),
	'exec, exec mode': async () => exec('false'),
};
console.log(`${process.argv[2]}: ${await looks[process.argv[2]]()}`);
process.exit();
JS
for name in 'a msg per line' 'a msg per line, utf8' 'a single string' 'exec, spawn mode' 'exec, exec mode'; do
	rm -rf own
	timeout 120 node run.mjs "$name" 2>&1
done | tee seen.txt
diff - seen.txt <<'SEEN'
a msg per line: 20000 titles, 3 of them wrong
a msg per line, utf8: 20000 titles, 3 of them wrong
a single string: 20000 titles, 0 of them wrong
exec, spawn mode: bytes and text
exec, exec mode: text
SEEN
