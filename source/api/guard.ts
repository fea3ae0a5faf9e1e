import {Buffer} from 'node:buffer';
import {hash, timingSafeEqual} from 'node:crypto';
import {isIPv6} from 'node:net';

const digest = (text: string): Uint8Array => hash('sha256', text, 'buffer');

/**
Takes as long for any two texts: what is compared has one length, and all of it is looked at.
*/
export const isSameSecret = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right));

/**
The token in an `Authorization` header; Basic has it as password, for programs that can only be given an address.
*/
export const givenToken = (authorization: string | undefined, {hasBasic}: {hasBasic: boolean}): string | undefined => {
	const [, scheme = '', value = ''] = /^(?<scheme>\w+) +(?<value>[\u{21}-\u{7E}]+)$/v.exec(authorization?.trim() ?? '') ?? [];
	if (scheme.toLowerCase() === 'bearer') {
		return value;
	}

	if (!hasBasic || scheme.toLowerCase() !== 'basic') {
		return undefined;
	}

	const pair = Buffer.from(value, 'base64').toString('utf8');
	return pair.slice(pair.indexOf(':') + 1);
};

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/v.test(host);

/**
The name in a `Host` header, without its port; undefined for what is none.
*/
export const hostName = (header: string | undefined): string | undefined => {
	const url = URL.parse(`http://${header ?? ''}`);
	return url === null || header === undefined || url.host === '' || url.pathname !== '/' || url.username !== ''
		? undefined
		: url.hostname.replaceAll(/^\[|\]$/gv, '');
};

/**
Names under which this server may be called. A page that has its own name lead to this machine (DNS rebinding) still calls it by that name.
*/
export const allowedHosts = (boundHost: string | undefined, more: readonly string[]): ReadonlySet<string> => new Set([
	'localhost', '127.0.0.1', '::1', ...boundHost === undefined ? [] : [boundHost], ...more,
].map(name => name.toLowerCase()));

/**
An address as part of a URL.
*/
export const urlHost = (host: string): string => isIPv6(host) ? `[${host}]` : host;
