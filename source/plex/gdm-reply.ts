import {isIPv4} from 'node:net';
import {readKey, readString} from './wire.js';

/**
A server that answered in the local network. All of it is what the server claims: ask for its identity before you trust it.
*/
export type DiscoveredServer = {
	id: string;
	name: string;
	/**
	The IPv4 address that the answer came from.
	*/
	address: string;
	port: number;
	version: string | undefined;
	/**
	The host name of its certificate without the label for the address: `<32 hex digits>.plex.direct`.
	*/
	certificateHost: string | undefined;
	/**
	https when a certificate is named, otherwise http.
	*/
	uri: string;
};

export const maxReplyBytes = 2048;

const maxTextLength = 200;
const plexPort = 32_400;

/**
Reads one datagram, a block of header lines as in HTTP ([PA] gdm.py). Text is shortened but not cleaned.

@returns Undefined when it is not an answer of a server, or lacks an id or a usable port.

@example
```
readGdmReply('HTTP/1.0 200 OK\r
Name: Attic\r
Port: 32400\r
Resource-Identifier: abc', '192.168.1.5')?.uri;
//=> 'http://192.168.1.5:32400'
```
*/
export const readGdmReply = (text: string, address: string): DiscoveredServer | undefined => {
	if (text.length > maxReplyBytes || !/^HTTP\/1\.\d 200\b/v.test(text) || !isIPv4(address)) {
		return undefined;
	}

	const headers = readHeaders(text);
	const id = readKey(headers.get('resource-identifier'));
	const port = readPort(headers.get('port'));
	if (id === undefined || port === undefined || !/^plex\/media-server$/iv.test(headers.get('content-type') ?? 'plex/media-server')) {
		return undefined;
	}

	const certificateHost = /^[\da-f]{32}\.plex\.direct$/v.exec(headers.get('host')?.toLowerCase() ?? '')?.[0];
	return {
		id,
		name: shortText(headers.get('name')) ?? 'Plex Media Server',
		address,
		port,
		version: shortText(headers.get('version')),
		certificateHost,
		uri: certificateHost === undefined
			? `http://${address}:${port}`
			: `https://${address.replaceAll('.', '-')}.${certificateHost}:${port}`,
	};
};

/**
Maps names in lower case. The first of several equal names counts.
*/
const readHeaders = (text: string): ReadonlyMap<string, string> => {
	const headers = new Map<string, string>();
	for (const line of text.split(/\r\n|\n|\r/v)) {
		const colonIndex = line.indexOf(':');
		const name = line.slice(0, Math.max(colonIndex, 0)).trim().toLowerCase();
		if (name !== '' && !headers.has(name)) {
			headers.set(name, line.slice(colonIndex + 1).trim());
		}
	}

	return headers;
};

const readPort = (text: string | undefined): number | undefined => {
	if (text === undefined) {
		return plexPort;
	}

	const port = /^\d{1,5}$/v.test(text) ? Number(text) : 0;
	return port > 0 && port < 65_536 ? port : undefined;
};

const shortText = (text: string | undefined) => readString(text)?.slice(0, maxTextLength).toWellFormed();
