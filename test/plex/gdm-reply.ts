import test from 'ava';
import fc from 'fast-check';
import {createGdmReplies, readGdmReply} from '../../source/plex/gdm.js';

const hash = '0123456789abcdef0123456789abcdef';

const reply = (headers: Record<string, string>) => ['HTTP/1.0 200 OK', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');

const attic = {
	'Content-Type': 'plex/media-server',
	Host: `${hash}.plex.direct`,
	Name: 'Attic: the old one',
	Port: '32400',
	'Resource-Identifier': 'abc',
	'Updated-At': '1700000000',
	Version: '1.43.0.1-abc',
};

const without = (name: keyof typeof attic) => reply(Object.fromEntries(Object.entries(attic).filter(([key]) => key !== name)));

test('an answer says which server it is, and where its certificate is valid', t => {
	t.deepEqual(readGdmReply(reply(attic), '192.168.1.5'), {
		id: 'abc',
		name: 'Attic: the old one',
		address: '192.168.1.5',
		port: 32_400,
		version: '1.43.0.1-abc',
		certificateHost: `${hash}.plex.direct`,
		uri: `https://192-168-1-5.${hash}.plex.direct:32400`,
	});
});

test('without the name of a certificate, or with another one, the address itself is taken', t => {
	for (const text of [without('Host'), reply({...attic, Host: 'evil.example'}), reply({...attic, Host: `evil.example/.${hash}.plex.direct`})]) {
		t.like(readGdmReply(text, '192.168.1.5'), {certificateHost: undefined, uri: 'http://192.168.1.5:32400'});
	}
});

test('names of headers count in any case, and the first of several', t => {
	t.is(readGdmReply('HTTP/1.1 200 OK\nresource-identifier:abc\nRESOURCE-IDENTIFIER: def', '10.0.0.1')?.id, 'abc');
});

test('a server that leaves out its name, port and version is still one', t => {
	t.like(readGdmReply('HTTP/1.0 200 OK\r\nResource-Identifier: abc', '10.0.0.1'), {name: 'Plex Media Server', port: 32_400, version: undefined});
});

test('a name that is too long is cut, without half a character at its end', t => {
	const name = readGdmReply(reply({...attic, Name: `${'x'.repeat(199)}😀`}), '10.0.0.1')?.name;
	t.is(name, `${'x'.repeat(199)}\u{FFFD}`);
});

const useless = {
	'no status line': reply(attic).replace('HTTP/1.0', 'FTP/1.0'),
	'a question': reply(attic).replace('HTTP/1.0 200 OK', 'M-SEARCH * HTTP/1.0'),
	'an error': reply(attic).replace('200 OK', '404 Not Found'),
	'no identifier': without('Resource-Identifier'),
	'an identifier that is none': reply({...attic, 'Resource-Identifier': '../../etc'}),
	'port 0': reply({...attic, Port: '0'}),
	'port 65536': reply({...attic, Port: '65536'}),
	'a port in words': reply({...attic, Port: '32400/evil'}),
	'a player': reply({...attic, 'Content-Type': 'plex/media-player'}),
	'more than 2 kB': reply({...attic, Name: 'x'.repeat(2048)}),
	nothing: '',
};

for (const [name, text] of Object.entries(useless)) {
	test(`an answer with or as ${name} is no server`, t => {
		t.is(readGdmReply(text, '10.0.0.1'), undefined);
	});
}

const headerText = fc.string({unit: fc.oneof(fc.constantFrom('\r', '\n', ':', '\0', '\u{1B}', '\u{D800}'), fc.string({minLength: 1, maxLength: 1})), maxLength: 300});
const anyReply = fc.oneof(
	headerText,
	headerText.map(text => `HTTP/1.0 200 OK\r\n${text}`),
	fc.record({
		Name: headerText, Port: headerText, Version: headerText, Host: headerText,
	}).map(headers => reply({'Resource-Identifier': 'abc', ...headers})),
	fc.dictionary(fc.constantFrom('__proto__', 'constructor', ...Object.keys(attic)), headerText).map(headers => reply(headers)),
);

test('whatever an answer holds, it is nothing, or a server whose address leads to the one who sent it', t => {
	t.notThrows(() => {
		fc.assert(fc.property(anyReply, fc.ipV4(), (text, address) => {
			const server = readGdmReply(text, address);
			if (server === undefined) {
				return true;
			}

			const {hostname, pathname, username} = new URL(server.uri);
			const isThere = hostname === address || hostname === `${address.replaceAll('.', '-')}.${server.certificateHost}`;
			return isThere && pathname === '/' && username === '' && server.name.length <= 200 && server.name.isWellFormed();
		}), {numRuns: 500});
	});
});

const bytes = (headers: Record<string, string>) => new TextEncoder().encode(reply(headers));

test('a server that answers twice is there once, and one at two addresses twice', t => {
	const {add, servers} = createGdmReplies();
	t.is(add(bytes(attic), '10.0.0.2')?.id, 'abc');
	t.is(add(bytes({...attic, Name: 'Other'}), '10.0.0.2'), undefined);
	t.is(add(bytes(attic), '10.0.0.1')?.id, 'abc');
	t.deepEqual(servers().map(({address}) => address), ['10.0.0.1', '10.0.0.2']);
});

test('one machine fills no more than 8 places, and all together no more than 64', t => {
	const {add, servers} = createGdmReplies();
	for (let index = 0; index < 1000; index++) {
		add(bytes({...attic, 'Resource-Identifier': `fake-${index}`}), '10.0.0.1');
	}

	t.is(servers().length, 8);
	t.is(add(bytes(attic), '10.0.0.2')?.id, 'abc');
	for (let index = 0; index < 200; index++) {
		add(bytes(attic), `10.1.0.${index}`);
	}

	t.is(servers().length, 64);
});

test('a datagram of more than 2 kB and bytes that are no text are no servers', t => {
	const {add, servers} = createGdmReplies();
	t.is(add(new Uint8Array(65_507).fill(0x41), '10.0.0.1'), undefined);
	t.is(add(bytes({...attic, Name: 'é'.repeat(1200)}), '10.0.0.1'), undefined);
	t.is(add(new Uint8Array(100).fill(0xFF), '10.0.0.1'), undefined);
	t.deepEqual(servers(), []);
});
