import {isIPv6} from 'node:net';
import {AppError, isAppError} from '../base/errors.js';

const plexPort = 32_400;

/**
The base address of a server, and what was left out of the text that it was read from.
*/
export type ReadAddress = {
	url: string;
	/**
	A sentence for a person; undefined when nothing of use was left out. It repeats nothing of what was left out, since that may hold a token.
	*/
	leftOut: string | undefined;
};

/**
Reads what a person types, or copies from a browser, as the base address of a server: origin and the path prefix of a proxy, without a trailing slash. Query, fragment and the paths of Plex itself are dropped, and with them any token.

@throws AppError `usage`. The text itself is never repeated, since it may contain a token.

@example
```
readServerUrl('nas').url; //=> 'http://nas:32400'
readServerUrl('https://media.example/plex/library/sections?X-Plex-Token=…').url; //=> 'https://media.example/plex'
```
*/
export const readServerUrl = (text: string): ReadAddress => {
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

	if (/(?:^|\.)plex\.tv$/v.test(url.hostname)) {
		throw notAnAddress('This is the address of the Plex website, not of a server.');
	}

	const segments = url.pathname.split('/').filter(segment => segment !== '');
	const kept = segments.slice(0, ownLength(segments));
	const address = [url.origin, ...kept].join('/');
	const hasToken = /x-plex-token|access_?token/iv.test(url.search + url.hash);
	const isCut = hasToken || kept.length < segments.length || url.search !== '' || url.hash !== '';
	return {
		url: address,
		leftOut: isCut ? `Only ${address} is used as the address of the server; what followed it was left out.${hasToken ? ' So was the token in it: a token is given apart from the address, in PLEX_TOKEN, with --token-file or in the form of the app.' : ''}` : undefined,
	};
};

/**
Does the same as `readServerUrl`, where nobody needs to hear what was left out.
*/
export const parseServerUrl = (text: string): string => readServerUrl(text).url;

/**
What a path of Plex itself begins with: its web app, and the paths of its API that browsers and "View XML" show. A proxy may have put a prefix before it.
*/
const plexRoots: ReadonlySet<string> = new Set(['web', 'desktop', 'library', 'identity', 'hubs', 'playlists', 'playQueues', 'activities', ':', 'index.html']);

/**
Names that a proxy may use as well are only of Plex when this follows.
*/
const plexPairs: ReadonlySet<string> = new Set(['status/sessions', 'media/providers', 'photo/:', 'video/:', 'music/:', 'system/agents']);

const ownLength = (segments: readonly string[]): number => {
	const at = segments.findIndex((segment, index) => plexRoots.has(segment) || plexPairs.has(`${segment}/${segments[index + 1] ?? ''}`));
	return at === -1 ? segments.length : at;
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
