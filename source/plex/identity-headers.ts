import {hostname, platform, release} from 'node:os';

export type ClientIdentity = {
	/**
	The same for every run of one installation. The server lists devices by it.
	*/
	clientIdentifier: string;
	version: string;
	deviceName?: string;
};

/**
The headers of every request, without the token. Node.js accepts only ASCII in header values, so other characters are left out.
*/
export const requestHeaders = ({clientIdentifier, version, deviceName = hostname()}: ClientIdentity): Record<string, string> => {
	const headers = {
		'X-Plex-Client-Identifier': clientIdentifier,
		'X-Plex-Product': 'reelcat',
		'X-Plex-Version': version,
		'X-Plex-Platform': platform(),
		'X-Plex-Platform-Version': release(),
		'X-Plex-Device': platform(),
		'X-Plex-Device-Name': deviceName,
		'User-Agent': `reelcat/${version.replaceAll(/[^\w+\-.]+/gv, '')}`,
		Accept: 'application/json',
		'Accept-Encoding': 'gzip',
	};
	return Object.fromEntries(Object.entries(headers)
		.map(([name, value]) => [name, value.normalize('NFKD').replaceAll(/[^\u{20}-\u{7E}]+/gv, '').trim()] as const)
		.filter(([, value]) => value !== ''));
};
