#!/usr/bin/env bash
# In one Node.js process http.request and fetch disagree about NO_PROXY, and both send through the proxy what curl sends past it.
#
# Seen with Node.js 24.21.0 and curl 7.88.1 (Debian 12) (2026-11-30).
#
# Expected: with NODE_USE_ENV_PROXY=1 all requests of a process follow the same rules for NO_PROXY, and those of curl, which
# are the ones that people know: an address, a network, a domain with all names below it, commas or blanks between them.
#
# Seen: http.request takes a range of addresses, which fetch does not know; fetch takes blanks between two entries and a
# domain for the names below it, where http.request takes the whole line for one name and a domain for itself alone. An
# address of IPv6 is `::1` for http.request and `[::1]` for fetch. Neither knows a network such as 192.168.0.0/16.
#
# Consequence: a token for a server at home goes to the proxy of the company, and without TLS the proxy can read it, although
# curl on the same machine goes past it. Name each server in each form, or write the entries anew before Node.js gets them.
set -euo pipefail
curl=$(dpkg-query -W -f '${Version}' curl 2>/dev/null || true)
case $curl in
	7.88.1-*) echo "curl $curl" ;;
	*) echo "This was seen with curl 7.88.1 of Debian 12 (package curl), and here is: ${curl:-none}." >&2; exit 2 ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0
cat >ask.mjs <<'JS'
import {get} from 'node:http';

const [, , way, address] = process.argv;
// Whether anybody answers does not matter: the proxy tells whether it was asked.
if (way === 'fetch') {
	await fetch(address).catch(() => undefined);
} else {
	await new Promise(resolve => {
		get(address, resolve).on('error', resolve);
	});
}

process.exit();
JS
cat >look.mjs <<'JS'
import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';

let asked = 0;
const proxy = createServer(socket => {
	asked++;
	socket.on('error', () => undefined).end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
}).listen(0, '127.0.0.1');
await once(proxy, 'listening');
const goesPast = async (noProxy, program, ...parameters) => {
	const [proxyUrl, before] = [`http://127.0.0.1:${proxy.address().port}`, asked];
	// curl knows only the names in small letters.
	const env = {PATH: process.env.PATH, http_proxy: proxyUrl, HTTP_PROXY: proxyUrl, no_proxy: noProxy, NO_PROXY: noProxy, NODE_USE_ENV_PROXY: '1'};
	await new Promise(resolve => {
		execFile(program, parameters, {env}, resolve);
	});
	return asked === before ? 'past it' : 'through it';
};

// Nobody listens at this port any more.
const gone = createServer().listen(0, '127.0.0.1');
await once(gone, 'listening');
const {port} = gone.address();
gone.close();
for (const [host, noProxy] of [
	['127.0.0.1', '127.0.0.1'],
	['127.0.0.1', '127.0.0.0/8'],
	['127.0.0.1', '127.0.0.1-127.0.0.9'],
	['127.0.0.1', 'nas.invalid 127.0.0.1'],
	['attic.nas.localhost', 'nas.localhost'],
	['attic.nas.localhost', '.nas.localhost'],
	['[::1]', '::1'],
	['[::1]', '[::1]'],
]) {
	const address = `http://${host}:${port}/`;
	const [ofHttp, ofFetch, ofCurl] = [
		await goesPast(noProxy, process.execPath, 'ask.mjs', 'http', address),
		await goesPast(noProxy, process.execPath, 'ask.mjs', 'fetch', address),
		await goesPast(noProxy, 'curl', '--silent', '--max-time', '5', address),
	];
	console.log(`NO_PROXY=${noProxy}, ${host}: http.request ${ofHttp}, fetch ${ofFetch}, curl ${ofCurl}`);
}

process.exit();
JS
node_modules/.bin/node look.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
NO_PROXY=127.0.0.1, 127.0.0.1: http.request past it, fetch past it, curl past it
NO_PROXY=127.0.0.0/8, 127.0.0.1: http.request through it, fetch through it, curl past it
NO_PROXY=127.0.0.1-127.0.0.9, 127.0.0.1: http.request past it, fetch through it, curl through it
NO_PROXY=nas.invalid 127.0.0.1, 127.0.0.1: http.request through it, fetch past it, curl past it
NO_PROXY=nas.localhost, attic.nas.localhost: http.request through it, fetch past it, curl past it
NO_PROXY=.nas.localhost, attic.nas.localhost: http.request past it, fetch past it, curl past it
NO_PROXY=::1, [::1]: http.request past it, fetch through it, curl past it
NO_PROXY=[::1], [::1]: http.request through it, fetch past it, curl through it
SEEN
