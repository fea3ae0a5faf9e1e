import {isIPv6} from 'node:net';
import {AppError, isAppError} from '../base/errors.js';

const plexPort = 32_400;

/**
What a person types, or copies from a browser, as the base address of a server: origin and path prefix, without a trailing slash. Query, fragment and the path of Plex Web are dropped, and with them any token.

@throws AppError `usage`; the text itself is never repeated, since a token may be in it.

@example
```
parseServerUrl('nas'); //=> 'http://nas:32400'
parseServerUrl('https://media.example/plex/'); //=> 'https://media.example/plex'
```
*/
export const parseServerUrl = (text: string): string => {
	const typed = text.trim();
	if (typed === '') {
		throw notAnAddress('No server address was given.');
	}

	const url = /^[a-z][\d+\-.a-z]*:\/\//iv.test(typed) ? parse(typed) : parseBareHost(typed);
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		throw notAnAddress('A Plex server is reached over http or https.');
	}

	if (url.username !== '' || url.password !== '') {
		throw notAnAddress('An address with a user name or a password in it is not supported.');
	}

	if (/^(?:(?:app|www)\.)?plex\.tv$/v.test(url.hostname)) {
		throw notAnAddress('This is the address of the Plex website, not of a server.');
	}

	const segments = url.pathname.split('/').filter(segment => segment !== '');
	const webIndex = segments.indexOf('web');
	return [url.origin, ...(webIndex === -1 ? segments : segments.slice(0, webIndex))].join('/');
};

/**
An address that was given, as it may be shown: a token in it is dropped, and what is no address may hold anything.
*/
export const shownServerUrl = (text: string): string | undefined => {
	try {
		return parseServerUrl(text);
	} catch (error) {
		if (isAppError(error)) {
			return undefined;
		}

		throw error;
	}
};

const parseBareHost = (text: string): URL => {
	const withScheme = parse(`https://${isIPv6(text) ? `[${text}]` : text}`);
	// Port 443 and the names under plex.direct are only ever served over https; "https:" drops 443 as its default.
	const hasHttpsPort = /^[^#\/?]*:443(?:[#\/?]|$)/v.test(text) && !isIPv6(text);
	if (hasHttpsPort) {
		return withScheme;
	}

	const scheme = withScheme.hostname.endsWith('.plex.direct') ? 'https:' : 'http:';
	const url = parse(scheme + withScheme.href.slice('https:'.length));
	const hasPort = /^(?:\[[^\]]*\]|[^#\/:?\[]*):\d+/v.test(text) && !isIPv6(text);
	if (!hasPort) {
		url.port = String(plexPort);
	}

	return url;
};

const parse = (text: string): URL => {
	const url = URL.parse(text);
	if (url === null || url.hostname === '') {
		throw notAnAddress('This is not an address that a server could have.');
	}

	return url;
};

const notAnAddress = (message: string) => new AppError('usage', message, {
	hint: 'Give the name or the IP address of the server, such as nas, 192.168.1.20:32400 or https://media.example/plex.',
});
