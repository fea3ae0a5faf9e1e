import {redact} from '../base/text/redact.js';

/**
Shorter ones, and those that are no text, are no tokens; taking them out would make a line unreadable.
*/
const shortestSecret = 4;

// In an address, in a header, and in JSON within JSON.
const assigned = String.raw`(?:=|%3d|[\s"'\\]*:[\s"'\\]*)`;
const value = String.raw`[^\s"&',;<>\\\]\}]+`;
const named = new RegExp(`(?<name>(?:x-plex-token|(?:access|auth)_?token)${assigned})${value}`, 'giv');

const jwt = /\beyJ[\w\-]+\.[\w\-]+(?:\.[\w\-]*)?/gv;
const word = /[\w\-.]+/gv;
const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const address = new RegExp(String.raw`(?<![\w.])(?:${octet}\.){3}${octet}(?!\w|\.\w)`, 'gv');

/**
The last thing that happens to a line before it leaves: the secrets that are known, in every form in which they may be written, and whatever looks like a token or gives an address away.
*/
export const createRedact = (secrets: () => Iterable<string>) => (line: string): string =>
	redact(line, [...secrets()].filter(secret => secret.length >= shortestSecret && secret.isWellFormed()))
		.replaceAll(named, '$<name>[token]')
		.replaceAll(jwt, '[token]')
		.replaceAll(word, text => /\.plex\.direct\b/iv.test(text) ? '[host].plex.direct' : text)
		.replaceAll(address, '[address]');
