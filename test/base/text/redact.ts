import test from 'ava';
import fc from 'fast-check';
import {redact, withoutUrlTokens} from '../../../source/base/text/redact.js';

const token = 'a+b/c"d=';

test('a secret is taken out as it is, out of a URL and out of JSON', t => {
	const text = `${token} http://server/?X-Plex-Token=${encodeURIComponent(token)} ${JSON.stringify({token})}`;
	t.is(redact(text, [token]), '[token] http://server/?X-Plex-Token=[token] {"token":"[token]"}');
	t.is(redact('nothing', [token]), 'nothing');
	t.is(redact(`${token} and other`, ['other', token]), '[token] and [token]');
});

test('a secret that has another one in it leaves no rest', t => {
	t.is(redact('abcdef abc', ['abc', 'abcdef']), '[token] [token]');
});

test('no text keeps a secret, whatever that is made of', t => {
	const property = fc.property(fc.string(), fc.string(), fc.base64String({minLength: 12}), (before, after, secret) => !redact(before + secret + after, [secret]).includes(secret));
	t.notThrows(() => {
		fc.assert(property);
	});
});

test('the token of an address that somebody typed is taken out, and nothing else', t => {
	t.is(withoutUrlTokens('There is no server "http://nas/library?type=1&X-Plex-Token=secret&a=b".'), 'There is no server "http://nas/library?type=1&X-Plex-Token=[token]&a=b".');
	t.is(withoutUrlTokens('nas/?x-plex-token=secret#x and access_token%3Dsecret'), 'nas/?x-plex-token=[token]#x and access_token%3D[token]');
	t.is(withoutUrlTokens('X-Plex-Token is a header.'), 'X-Plex-Token is a header.');
});
