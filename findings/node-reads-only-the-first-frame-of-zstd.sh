#!/usr/bin/env bash
# Of data in several Zstandard frames, Node.js reads the first one, and calls that the end.
#
# Seen with node 24.21.0 and got 16.1.0 from npm, Linux (2026-11-30).
#
# Expected: Zstandard data is one or more frames, one after the other (RFC 8878, section 3), so what was written with
# `zstd --stdout >>log.zst`, by `pzstd`, or by joining files is read as a whole, as the program zstd does, and as Node.js
# itself does with gzip, whose format says the same of its members.
#
# Seen: `zstdDecompressSync` and the stream of `createZstdDecompress` end after the first frame, without an error and
# without a word about the bytes that are left. So does what is built on them: the answer of a web server that is sent
# in two frames is cut short in fetch and in got. A frame that is cut itself is an error, so it is not mere leniency.
# Issue 64741 of nodejs/node tells of the stream, and was open then.
#
# Consequence: compare the length or the checksum of what was read with what was written, or split the data at its
# frames yourself. Do not append to a .zst file that Node.js is to read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 got@16.1.0
cat >read.mjs <<'JS'
import {once} from 'node:events';
import {createServer} from 'node:http';
import {buffer} from 'node:stream/consumers';
import zlib from 'node:zlib';
import got from 'got';

const pieces = ['one '.repeat(1000), 'two '.repeat(1000)];
const whole = pieces.join('');
const joined = {
	gzip: Buffer.concat(pieces.map(text => zlib.gzipSync(text))),
	zstd: Buffer.concat(pieces.map(text => zlib.zstdCompressSync(text))),
};
const say = (what, text) => {
	console.log(`${what}: ${text === whole ? 'both' : (text === pieces[0] ? 'only the first' : 'something else')}`);
};

const throughStream = async (stream, data) => {
	stream.end(data);
	return String(await buffer(stream));
};

say('gzip, two members, gunzipSync', String(zlib.gunzipSync(joined.gzip)));
say('gzip, two members, createGunzip', await throughStream(zlib.createGunzip(), joined.gzip));
say('zstd, two frames, zstdDecompressSync', String(zlib.zstdDecompressSync(joined.zstd)));
say('zstd, two frames, createZstdDecompress', await throughStream(zlib.createZstdDecompress(), joined.zstd));
const server = createServer((request, response) => {
	const encoding = request.url.slice(1);
	response.writeHead(200, {'content-encoding': encoding, 'content-length': joined[encoding].length}).end(joined[encoding]);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `http://127.0.0.1:${server.address().port}`;
for (const encoding of ['gzip', 'zstd']) {
	say(`${encoding}, fetch`, await (await fetch(`${address}/${encoding}`)).text());
	say(`${encoding}, got`, await got(`${address}/${encoding}`).text());
}

server.closeAllConnections();
server.close();
const frame = zlib.zstdCompressSync(whole);
try {
	zlib.zstdDecompressSync(frame.subarray(0, -5));
	console.log('zstd, one frame that is cut: no error');
} catch ({code}) {
	console.log(`zstd, one frame that is cut: ${code}`);
}
JS
node_modules/.bin/node read.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
gzip, two members, gunzipSync: both
gzip, two members, createGunzip: both
zstd, two frames, zstdDecompressSync: only the first
zstd, two frames, createZstdDecompress: only the first
gzip, fetch: both
gzip, got: both
zstd, fetch: only the first
zstd, got: only the first
zstd, one frame that is cut: Z_BUF_ERROR
SEEN
