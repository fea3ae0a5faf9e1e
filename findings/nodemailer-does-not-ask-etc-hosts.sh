#!/usr/bin/env bash
# Of a mail server that is in /etc/hosts and in DNS, nodemailer takes the address of DNS; every other part of the same Node.js program takes that of /etc/hosts.
#
# Seen with nodemailer 10.6.0 from npm and node 24.21.0, in bubblewrap 0.8.0 (Debian 12) with an /etc/hosts and an /etc/resolv.conf of
# its own (2026-12-01).
#
# Expected: the name is looked up as the system does it (nsswitch.conf: files first), so a line in /etc/hosts, or `extra_hosts` of
# a container, which is one, leads mail.example.org to the machine in the same house, whatever the name server outside says of it.
#
# Seen: nodemailer asks the name server by itself (dns.resolve4 and resolve6), and the system only about names that this one does not
# know. With such a line the same host has two addresses in one program. Where the name server is silent, the file does not help
# either: the mail waits for it, here for its `dnsTimeout`, which is 30 seconds if nothing is said.
#
# Consequence: give nodemailer a `getSocket` that connects with net.connect, or the address and `tls.servername`. Or put the name into
# the resolver of the house in place of the hosts file.
set -euo pipefail
for program in bwrap npm; do
	command -v "$program" >/dev/null || { echo "This needs $program (Debian: bubblewrap, npm)." >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund node@24.21.0 nodemailer@10.6.0
cat >seen.mjs <<'JS'
import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import {createServer, connect} from 'node:net';
import {createTransport} from 'nodemailer';

let isSilent = false;
// Says that any name is 127.0.0.3, and has no IPv6.
const nameServer = createSocket('udp4').bind(53, '127.0.0.1');
nameServer.on('message', (question, {port, address}) => {
	if (isSilent) {
		return;
	}

	const end = question.indexOf(0, 12) + 5;
	const isA = question[end - 3] === 1;
	const head = Buffer.from([question[0], question[1], 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0]);
	const answer = Buffer.from([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 3]);
	nameServer.send(Buffer.concat([head, question.subarray(12, end), ...isA ? [answer] : []]), port, address);
});
await once(nameServer, 'listening');
const server = createServer(socket => {
	socket.on('error', () => {});
	socket.end(`554 this is ${socket.localAddress}\r\n`);
}).listen(2525, '0.0.0.0');
await once(server, 'listening');
const direct = async host => {
	const socket = connect({host, port: 2525});
	await once(socket, 'connect');
	const {remoteAddress} = socket;
	socket.destroy();
	return remoteAddress;
};

// In here is no other network than the loopback, which nodemailer counts as one only if it is told so.
const allowInternalNetworkInterfaces = true;
const mailed = async host => {
	try {
		await createTransport({host, port: 2525, dnsTimeout: 1500, allowInternalNetworkInterfaces}).sendMail({from: 'a@example.org', to: 'b@example.org', text: 'x'});
	} catch (error) {
		return /127\.0\.0\.\d/.exec(error.message)?.[0] ?? `${error.code}, ${error.message}`;
	}
};

console.log(`both know it: net.connect ${await direct('mail.example.org')}, nodemailer ${await mailed('mail.example.org')}`);
isSilent = true;
console.log(`the name server is silent: net.connect ${await direct('nas.example.org')}, nodemailer ${await mailed('nas.example.org')}`);
process.exit();
JS
printf '127.0.0.1 localhost\n127.0.0.2 mail.example.org nas.example.org\n' >hosts
printf 'nameserver 127.0.0.1\n' >resolv.conf
printf 'hosts: files dns\n' >nsswitch.conf
node=$(readlink -f node_modules/node/bin/node)
bwrap --dev-bind / / --unshare-user --uid 0 --gid 0 --unshare-net --cap-add CAP_NET_BIND_SERVICE --ro-bind hosts "$(readlink -f /etc/hosts)" --ro-bind resolv.conf "$(readlink -f /etc/resolv.conf)" --ro-bind nsswitch.conf "$(readlink -f /etc/nsswitch.conf)" "$node" seen.mjs | tee seen.txt
diff - seen.txt <<'SEEN'
both know it: net.connect 127.0.0.2, nodemailer 127.0.0.3
the name server is silent: net.connect 127.0.0.2, nodemailer EDNS, DNS lookup for nas.example.org timed out
SEEN
