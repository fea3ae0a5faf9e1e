import {isIPv6} from 'node:net';
import {redact} from '../base/text/redact.js';

/**
Shorter texts are no tokens; replacing them would make a line unreadable.
*/
const shortestSecret = 4;

// What stands between a name and its value in a URL, in a header, and in JSON within JSON.
const assigned = String.raw`(?:=|%3d|[\s"'\\]*:[\s"'\\]*)`;
const value = String.raw`[^\s"&',;<>\\\]\}]+`;
const named = new RegExp(`(?<name>(?:x-plex-token|(?:access|auth)_?token)${assigned})${value}`, 'giv');

const jwt = /\beyJ[\w\-]+\.[\w\-]+(?:\.[\w\-]*)?/gv;
const word = /[\w\-.]+/gv;
const octet = String.raw`(?:25[0-5]|2[0-4]\d|1?\d?\d)`;
const address = new RegExp(String.raw`(?<![\w.])(?:${octet}\.){3}${octet}(?!\w|\.\w)`, 'gv');

// What may be an IPv6 address, perhaps in brackets. A colon behind it belongs to the sentence.
const longAddress = /(?<![\w.:])\[?(?<digits>[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?:\.\d{1,3}){0,3})\]?/giv;

/**
Makes the function that every line passes last, before it leaves the process. It hides the known secrets in every form in which they may be written, everything that looks like a token, IP addresses and plex.direct names.
*/
export const createRedact = (secrets: () => Iterable<string>) => (line: string): string =>
	redact(line, [...secrets()].filter(secret => secret.length >= shortestSecret && secret.isWellFormed()))
		.replaceAll(named, '$<name>[token]')
		.replaceAll(jwt, '[token]')
		.replaceAll(word, text => /\.plex\.direct\b/iv.test(text) ? '[host].plex.direct' : text)
		.replaceAll(longAddress, (text, digits: string) => isIPv6(digits) ? '[address]' : (isIPv6(digits.slice(0, -1)) ? '[address]:' : text))
		.replaceAll(address, '[address]');
