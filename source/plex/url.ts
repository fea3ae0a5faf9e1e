import {isIPv6} from 'node:net';
import {AppError, isAppError} from '../base/errors.js';

const plexPort = 32_400;

/**
Parses what a person types, or copies from a browser, as the base address of a server: origin and path prefix, without a trailing slash. Query, fragment and the path of Plex Web are dropped, and with them any token.

@throws AppError `usage`. The text itself is never repeated, since it may contain a token.

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
Makes a given address safe to show: a token in it is dropped, and text that is not an address gives undefined.
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
	// Port 443 and the names under plex.direct are always served over https. The URL parser drops 443 as the default of https.
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
		throw notAnAddress('This is not a valid server address.');
	}

	return url;
};

const notAnAddress = (message: string) => new AppError('usage', message, {
	hint: 'Give the name or the IP address of the server, such as nas, 192.168.1.20:32400 or https://media.example/plex.',
});
