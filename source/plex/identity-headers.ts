import {hostname, platform, release} from 'node:os';

export type ClientIdentity = {
	/**
	The same for every run of one installation. The server lists devices by it.
	*/
	clientIdentifier: string;
	version: string;
	/**
	@default the host name
	*/
	deviceName?: string;
};

const product = 'reelcat';

/**
Headers that identify this client. Node.js accepts only ASCII in header values, so other characters are left out.
*/
const identityHeaders = ({clientIdentifier, version, deviceName = hostname()}: ClientIdentity): Record<string, string> => {
	const headers = {
		'X-Plex-Client-Identifier': clientIdentifier,
		'X-Plex-Product': product,
		'X-Plex-Version': version,
		'X-Plex-Platform': platform(),
		'X-Plex-Platform-Version': release(),
		'X-Plex-Device': platform(),
		'X-Plex-Device-Name': deviceName,
	};
	return Object.fromEntries(Object.entries(headers)
		.map(([name, value]) => [name, asciiOnly(value)] as const)
		.filter(([, value]) => value !== ''));
};

/**
The headers of every request, without the token.
*/
export const requestHeaders = (client: ClientIdentity): Record<string, string> => ({
	...identityHeaders(client),
	'User-Agent': `reelcat/${client.version.replaceAll(/[^\w+\-.]+/gv, '')}`,
	Accept: 'application/json',
	'Accept-Encoding': 'gzip',
});

const asciiOnly = (text: string) => text.normalize('NFKD').replaceAll(/[^\u{20}-\u{7E}]+/gv, '').trim();
