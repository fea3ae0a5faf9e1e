import {Buffer} from 'node:buffer';
import {createSocket} from 'node:dgram';
import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {discoverServers, readGdmReply} from '../../source/plex/gdm.js';

const reply = (change: Record<string, string> = {}) => ['HTTP/1.0 200 OK', ...Object.entries({
	'Content-Type': 'plex/media-server', Host: '0123456789abcdef0123456789abcdef.plex.direct', Name: 'Attic: NAS', Port: '32400', 'Resource-Identifier': 'a'.repeat(40), 'Updated-At': '1750000000', Version: '1.43.0', ...change,
}).map(([name, value]) => `${name}: ${value}`)].join('\r\n');

test('a reply gives id, name, version and the address that its certificate is for', t => {
	t.deepEqual(readGdmReply(reply(), '192.168.1.50'), {
		id: 'a'.repeat(40), name: 'Attic: NAS', version: '1.43.0', uri: 'https://192-168-1-50.0123456789abcdef0123456789abcdef.plex.direct:32400',
	});
	t.is(readGdmReply(reply({Host: 'evil.example'}), '192.168.1.50')?.uri, 'http://192.168.1.50:32400');
});

test('what is no server, names none, or has no port that exists is nothing', t => {
	for (const text of ['', 'HTTP/1.0 404 Not Found', reply({'Content-Type': 'plex/media-player'}), reply({'Resource-Identifier': ''}), reply({'Resource-Identifier': '../../etc'}), reply({Port: '99999'}), reply({Port: 'x'})]) {
		t.is(readGdmReply(text, '192.168.1.50'), undefined, `for ${text}`);
	}
});

test('whatever comes, it is nothing or a server at the address that it came from', t => {
	const field = fc.oneof(fc.string(), fc.constantFrom('Name', 'Port', 'Host', 'Resource-Identifier', '__proto__', 'plex/media-server', '32400'));
	const law = fc.property(fc.array(fc.tuple(field, field)), fc.ipV4(), (fields, address) => {
		const server = readGdmReply(`${reply()}\r\n${fields.map(([name, value]) => `${name}:${value}`).join('\r\n')}`, address);
		return server === undefined || (server.name.length <= 200 && [address, address.replaceAll('.', '-')].some(host => new URL(server.uri).hostname.startsWith(host)));
	});
	t.notThrows(() => {
		fc.assert(law);
	});
});

/**
A network of one, that answers a search with these.
*/
const network = async (t: ExecutionContext, answers: readonly string[], copies = 1) => {
	const socket = createSocket('udp4');
	socket.bind(0, '127.0.0.1');
	await once(socket, 'listening');
	t.teardown(() => socket.close());
	socket.on('message', (message, {port, address}) => {
		if (message.toString().startsWith('M-SEARCH')) {
			for (let copy = 0; copy < copies; copy++) {
				for (const answer of answers) {
					socket.send(Buffer.from(answer), port, address);
				}
			}
		}
	});
	return {target: {address: '127.0.0.1', port: socket.address().port}, signal: new AbortController().signal};
};

test('servers in the network answer a search, each once', async t => {
	const other = reply({'Resource-Identifier': 'b'.repeat(40), Name: 'Loft'});
	const found = await discoverServers({...await network(t, [reply(), other, 'noise'], 3), timeoutMs: 200});
	t.deepEqual(found.map(({name}) => name).toSorted(), ['Attic: NAS', 'Loft']);
});

test('a flood of hostile answers is cut off', async t => {
	const names = Array.from({length: 100}, (_, index) => reply({'Resource-Identifier': String(index).padStart(40, '0'), Name: '\u{1B}[2J'.repeat(100)}));
	const options = await network(t, [...names, 'x'.repeat(5000)], 30);
	const found = await discoverServers({...options, timeoutMs: 500});
	t.is(found.length, 64);
	t.true(found.every(({name}) => name.length <= 200));
});

test('without anybody to ask there are none, and a cancelled search ends at once', async t => {
	const controller = new AbortController();
	const began = performance.now();
	const searching = discoverServers({signal: controller.signal, timeoutMs: 20_000, target: {address: '127.0.0.1', port: 9}});
	controller.abort();
	t.deepEqual(await searching, []);
	t.true(performance.now() - began < 5000);
});
