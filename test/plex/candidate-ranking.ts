import test from 'ava';
import fc from 'fast-check';
import {rankCandidates, type KnownConnection, type ServerAddresses} from '../../source/plex/candidate-ranking.js';
import {isPrivateHost} from '../../source/plex/plex-direct.js';

const hash = '0123456789abcdef0123456789abcdef';

const connection = (uri: string, changes: Partial<KnownConnection> = {}): KnownConnection => ({
	uri,
	address: '192.168.1.5',
	port: 32_400,
	protocol: 'https',
	isLocal: false,
	isRelay: false,
	isIPv6: false,
	...changes,
});

const local = connection(`https://192-168-1-5.${hash}.plex.direct:32400`, {isLocal: true});
const remote = connection(`https://8-8-4-4.${hash}.plex.direct:32400`, {address: '8.8.4.4'});
const relay = connection(`https://1-1-1-1.${hash}.plex.direct:8443`, {address: '1.1.1.1', port: 8443, isRelay: true});

const known = (connections: KnownConnection[], changes: Partial<ServerAddresses> = {}): ServerAddresses => ({
	id: 'abc',
	isOwned: true,
	isHttpsRequired: false,
	publicAddressMatches: false,
	connections,
	...changes,
});

const ways = (server: ServerAddresses) => rankCandidates(server).map(candidate => `${candidate.class} ${candidate.uri}`);

test('local comes before remote before relay, and https before the http of a local address', t => {
	t.deepEqual(ways(known([relay, remote, local])), [
		`local ${local.uri}`,
		'local http://192.168.1.5:32400',
		`remote ${remote.uri}`,
		`relay ${relay.uri}`,
	]);
});

test('nothing goes over http to a server that requires https', t => {
	const server = known([local, connection('http://8.8.4.4:32400')], {isHttpsRequired: true, remembered: ['http://nas:32400']});
	t.deepEqual(ways(server), [`local ${local.uri}`]);
});

test('the local addresses of someone else\'s server are tried only from within its network', t => {
	t.deepEqual(ways(known([local, relay], {isOwned: false})), [`relay ${relay.uri}`]);
	t.is(ways(known([local, relay], {isOwned: false, publicAddressMatches: true})).length, 3);
});

test('a public address that is said to be local gets no http of its own, and http over the internet comes last', t => {
	const server = known([
		connection('http://8.8.8.8:32400', {isLocal: true, address: '8.8.8.8'}),
		connection('http://media.example'),
		relay,
	]);
	t.deepEqual(ways(server), [`relay ${relay.uri}`, 'local http://8.8.8.8:32400', 'remote http://media.example']);
	t.deepEqual(ways(known([connection('https://x.example', {isLocal: true, address: '8.8.8.8'})])), ['local https://x.example']);
});

test('an address that worked before comes first among its equals, in the class that plex.tv or its host tells', t => {
	const remembered = [
		`https://1-1-1-1.${hash}.plex.direct:8443/`,
		`https://10-0-0-9.${hash}.plex.direct:32400`,
		`https://9-9-9-9.${hash}.plex.direct:8443`,
		'https://media.example/plex',
	];
	t.deepEqual(ways(known([relay, remote, local], {remembered})), [
		`local ${remembered[1]}`,
		`local ${local.uri}`,
		'local http://192.168.1.5:32400',
		`remote ${remembered[3]}`,
		`remote ${remote.uri}`,
		`relay ${relay.uri}`,
		`relay ${remembered[2]}`,
	]);
});

test('what is no address is left out, and a token in one does not stay', t => {
	const bad = ['', 'nas', 'ftp://nas', 'http://user:secret@nas', 'https://app.plex.tv/desktop', 'https://', `https://${'x'.repeat(1001)}`];
	t.deepEqual(ways(known(bad.map(uri => connection(uri)))), []);
	t.deepEqual(ways(known([connection('https://media.example/?X-Plex-Token=secret#secret')])), ['remote https://media.example']);
	t.deepEqual(ways(known([connection('https://x.example', {isLocal: true, address: 'evil.example/#'})])), ['local https://x.example']);
	t.deepEqual(ways(known([connection('https://x.example', {isLocal: true, address: 'fd00::1', isIPv6: true})])), ['local https://x.example', 'local http://[fd00::1]:32400']);
});

const anyConnection = fc.record<KnownConnection>({
	uri: fc.oneof(fc.webUrl(), fc.string(), fc.nat(300).map(n => `https://10-0-0-${n}.${hash}.plex.direct:32400`)),
	address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
	port: fc.integer(),
	protocol: fc.string(),
	isLocal: fc.boolean(),
	isRelay: fc.boolean(),
	isIPv6: fc.boolean(),
});

const anyServer = fc.record<ServerAddresses>({
	id: fc.string(),
	isOwned: fc.boolean(),
	isHttpsRequired: fc.boolean(),
	publicAddressMatches: fc.boolean(),
	connections: fc.array(anyConnection, {maxLength: 60}),
	remembered: fc.array(fc.oneof(fc.webUrl(), fc.string())),
});

test('whatever is known, at most 20 different addresses are tried, in order', t => {
	t.notThrows(() => {
		fc.assert(fc.property(anyServer, server => {
			const candidates = rankCandidates(server);
			const uris = new Set(candidates.map(({uri}) => uri));
			const isOrdered = candidates.every(({rank}, index) => index === 0 || rank >= candidates[index - 1]!.rank);
			return candidates.length <= 20 && uris.size === candidates.length && isOrdered;
		}), {numRuns: 200});
	});
});

test('many local addresses leave room for the ways from outside', t => {
	const many = Array.from({length: 50}, (_, index) => connection(`https://10-0-0-${index}.${hash}.plex.direct:32400`, {isLocal: true, address: `10.0.0.${index}`}));
	const candidates = rankCandidates(known([...many, remote, relay]));
	t.is(candidates.length, 20);
	t.deepEqual(candidates.slice(-2).map(({uri}) => uri), [remote.uri, relay.uri]);
});

for (const host of ['192.168.1.5', '10.0.0.1', '172.31.0.1', '127.0.0.1', '[::1]', '[fd00::1]', '[fe80::1]', '[::ffff:a00:1]', 'nas', 'nas.local', 'localhost', `10-0-0-1.${hash}.plex.direct`]) {
	test(`${host} is in a network of one's own`, t => {
		t.true(isPrivateHost(host));
	});
}

for (const host of ['8.8.8.8', '172.32.0.1', '[2001:db8::1]', '[::ffff:808:808]', 'media.example', 'local.example', '10-0-0-1.evil.example', `8-8-8-8.${hash}.plex.direct`, '']) {
	test(`"${host}" may be anywhere`, t => {
		t.false(isPrivateHost(host));
	});
}
