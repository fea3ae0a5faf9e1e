import test from 'ava';
import fc from 'fast-check';
import {isAppError} from '../../source/base/errors.js';
import {parseServerUrl, readServerUrl, shownServerUrl} from '../../source/plex/url.js';

const accepted = [
	['nas', 'http://nas:32400'],
	[' nas:32401 ', 'http://nas:32401'],
	['192.168.1.20', 'http://192.168.1.20:32400'],
	['nas/plex/', 'http://nas:32400/plex'],
	['http://nas', 'http://nas'],
	['http://nas:32400/', 'http://nas:32400'],
	['HTTPS://Media.Example/plex//', 'https://media.example/plex'],
	['https://media.example/plex?X-Plex-Token=secret#x', 'https://media.example/plex'],
	['nas?X-Plex-Token=secret', 'http://nas:32400'],
	['http://nas:32400/web/index.html#!/server/abc', 'http://nas:32400'],
	['http://nas:32400/library/sections/1/all?type=1&X-Plex-Token=secret', 'http://nas:32400'],
	['https://media.example/plex/library/metadata/5/children?X-Plex-Token=secret', 'https://media.example/plex'],
	['https://media.example/a/b/web/index.html#!/server/abc', 'https://media.example/a/b'],
	['http://nas:32400/desktop', 'http://nas:32400'],
	['http://nas:32400/desktop/#!/server/abc/details?key=%2Flibrary%2Fmetadata%2F5', 'http://nas:32400'],
	['http://nas:32400/index.html', 'http://nas:32400'],
	['http://nas:32400/identity', 'http://nas:32400'],
	['http://nas:32400/:/prefs', 'http://nas:32400'],
	['nas/status/sessions?X-Plex-Token=secret', 'http://nas:32400'],
	['https://media.example/status/plex', 'https://media.example/status/plex'],
	['https://media.example/media', 'https://media.example/media'],
	['[::1]:32400', 'http://[::1]:32400'],
	['[::1]', 'http://[::1]:32400'],
	['fe80::1', 'http://[fe80::1]:32400'],
	['media.example:443', 'https://media.example'],
	['media.example:80', 'http://media.example'],
	['192-168-1-20.0123456789abcdef.plex.direct:32400', 'https://192-168-1-20.0123456789abcdef.plex.direct:32400'],
] as const;

for (const [text, url] of accepted) {
	test(`"${text}" is the server at ${url}`, t => {
		t.is(parseServerUrl(text), url);
		t.is(parseServerUrl(url), url);
	});
}

for (const text of ['', ' ', 'ftp://nas', 'http://', 'http://user:secret@nas', 'user:secret@nas', 'nas:99999', 'http://a b', 'https://app.plex.tv/desktop/#!/server/abc', 'https://watch.plex.tv/', 'plex.tv']) {
	test(`"${text}" is refused with a way out, and not repeated`, t => {
		const error = t.throws(() => parseServerUrl(text));
		t.true(isAppError(error, 'usage'));
		t.false(error.message.includes('secret'));
	});
}

const anyText = fc.oneof(fc.string(), fc.webUrl(), fc.domain(), fc.ipV6());

const isStableAddress = (text: string) => {
	try {
		const url = parseServerUrl(text);
		return url === parseServerUrl(url) && !url.endsWith('/');
	} catch (error) {
		return isAppError(error, 'usage');
	}
};

test('any text is an address or a usage error', t => {
	t.notThrows(() => {
		fc.assert(fc.property(anyText, isStableAddress), {numRuns: 500});
	});
});

test('an address is shown without the token that came with it, and not at all where it may hide one', t => {
	t.is(shownServerUrl('http://nas:32400/web/index.html?X-Plex-Token=secret#!/secret'), 'http://nas:32400');
	t.is(shownServerUrl('nas'), 'http://nas:32400');
	t.is(shownServerUrl('http://user:secret@nas'), undefined);
	t.is(shownServerUrl('http://[secret'), undefined);
});

test('what was left out of an address is said, and never repeated', t => {
	t.deepEqual(['nas', 'http://nas:32400/', 'https://media.example/plex//'].map(text => readServerUrl(text).leftOut), [undefined, undefined, undefined]);

	t.is(readServerUrl('http://nas:32400/web/index.html#!/server/abc').leftOut, 'Only http://nas:32400 is used as the address of the server; what followed it was left out.');
	t.is(
		readServerUrl('http://nas:32400/library/sections?X-Plex-Token=secret').leftOut,
		'Only http://nas:32400 is used as the address of the server; what followed it was left out. So was the token in it: a token is given apart from the address, in PLEX_TOKEN, with --token-file or in the form of the app.',
	);
});

test('a token that follows an address is in nothing that comes of it', t => {
	const path = fc.constantFrom('', '/', '/plex', '/library/sections/1/all', '/web/index.html', '/desktop', '/plex/library/metadata/7', '/photo/:/transcode');
	const query = fc.constantFrom('?X-Plex-Token=s3cr3t', '?type=1&X-Plex-Token=s3cr3t&a=b', '#!/server/x?X-Plex-Token=s3cr3t', '?x-plex-token=s3cr3t#!/media');
	const base = fc.constantFrom('nas', 'http://nas:32400', 'https://media.example', '192.168.1.20:32400', '[::1]:32400');
	t.notThrows(() => {
		fc.assert(fc.property(base, path, query, (start, middle, end) => {
			const {url, leftOut} = readServerUrl(start + middle + end);
			return !`${url}${leftOut!}`.includes('s3cr3t')
				&& leftOut!.includes('token')
				&& url === `${parseServerUrl(start)}${middle.startsWith('/plex') ? '/plex' : ''}`;
		}));
	});
});
