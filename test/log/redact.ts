import test from 'ava';
import {createRedact} from '../../source/log/redact.js';

const redact = createRedact(() => ['canary-token-1234567', String.raw`quo"te\d&token`]);
const none = createRedact(() => []);

test('a secret is taken out in every form in which it may be written', t => {
	t.is(redact('a canary-token-1234567 b'), 'a [token] b');
	const secret = String.raw`quo"te\d&token`;
	for (const form of [secret, JSON.stringify(secret), encodeURIComponent(secret)]) {
		t.regex(redact(`x${form}y`), /^x"?\[token\]"?y$/v);
	}
});

test('a secret that holds another one is taken out whole', t => {
	const both = createRedact(() => ['abcdef', 'abcdef-more']);
	t.is(both('abcdef-more'), '[token]');
});

test('a secret that becomes known later is taken out from then on', t => {
	const secrets = new Set<string>();
	const late = createRedact(() => secrets);
	t.is(late('later-secret'), 'later-secret');
	secrets.add('later-secret');
	t.is(late('later-secret'), '[token]');
});

test('what is written like a token is taken out, known or not', t => {
	t.is(none('/photo?X-Plex-Token=abc123&width=3'), '/photo?X-Plex-Token=[token]&width=3');
	t.is(none('/photo?x-plex-token%3Dabc123'), '/photo?x-plex-token%3D[token]');
	t.is(none('X-Plex-Token: abc123'), 'X-Plex-Token: [token]');
	t.is(none(JSON.stringify({'X-Plex-Token': 'abc123', other: 1})), '{"X-Plex-Token":"[token]","other":1}');
	t.is(none(JSON.stringify({body: JSON.stringify({accessToken: 'abc123'})})), String.raw`{"body":"{\"accessToken\":\"[token]\"}"}`);
	t.is(none('it was eyJhbGciOiJFZERTQSJ9.eyJub25jZSI6IjEifQ.c2ln-_, it says'), 'it was [token], it says');
});

test('addresses are taken out, and other numbers with dots are not', t => {
	t.is(none('192.168.1.20:32400 took too long to answer 10.0.0.1.'), '[address]:32400 took too long to answer [address].');
	t.is(none('https://192-168-1-20.0123456789abcdef0123456789abcdef.plex.direct:32400.'), 'https://[host].plex.direct:32400.');
	t.is(none('[fd00::1]:32400 and [2001:db8:1:2:3:4:5:6], fe80::1%eth0, ::ffff:10.0.0.1 or ::1: gone.'), '[address]:32400 and [address], [address]%eth0, [address] or [address]: gone.');
	t.is(none('http://[fd00::a]:32400/x'), 'http://[address]:32400/x');
	for (const text of ['at 18:55:42.600, S01:E02', '{"level":"warn","time":"2026-12-01T18:55:42.600Z"}', 'aa:bb:cc:dd:ee:ff', 'std::vector Re::Zero', '[1:2:3]']) {
		t.is(none(text), text);
	}

	const versions = 'Plex 1.43.0.10389, Node.js 24.21.0, 300.1.2.3, 1.2.3.4.5, S01.02';
	t.is(none(versions), versions);
});

test('a line of JSON is still one after a token was taken out', t => {
	const line = JSON.stringify({msg: 'X-Plex-Token=abc"def', url: 'http://1.2.3.4/?X-Plex-Token=abc', n: 1});
	t.notThrows(() => {
		JSON.parse(none(line));
	});
	t.false(none(line).includes('abc'));
});
