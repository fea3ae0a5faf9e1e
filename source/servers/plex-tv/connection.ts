import {
	asArray,
	isRecord,
	readBoolean,
	readInteger,
	readString,
} from '../../plex/wire.js';

export type ServerConnection = {
	/**
	As plex.tv gives it: the name in it is the one that the certificate is for.
	*/
	uri: string;
	address: string;
	port: number;
	protocol: 'http' | 'https';
	isLocal: boolean;
	/**
	Through a machine of Plex, slow.
	*/
	isRelay: boolean;
	isIPv6: boolean;
};

const maxConnections = 50;
const maxUriLength = 1000;

export const readConnections = (value: unknown): {connections: readonly ServerConnection[]; unusable: number} => {
	const entries = asArray(value);
	const connections = entries.slice(0, maxConnections).map(entry => readConnection(entry)).filter(connection => connection !== undefined);
	return {connections, unusable: entries.length - connections.length};
};

const readConnection = (entry: unknown): ServerConnection | undefined => {
	if (!isRecord(entry)) {
		return undefined;
	}

	const uri = readString(entry['uri']) ?? '';
	const url = URL.parse(uri);
	if (url === null || uri.length > maxUriLength || !isServerAddress(url)) {
		return undefined;
	}

	const protocol = url.protocol === 'https:' ? 'https' : 'http';
	const port = readInteger(entry['port']);
	const host = url.hostname.replaceAll(/^\[|\]$/gv, '');
	return {
		uri,
		address: readString(entry['address'])?.slice(0, maxUriLength).toWellFormed() ?? host,
		port: port !== undefined && port > 0 && port < 65_536 ? port : portOf(url),
		protocol,
		isLocal: readBoolean(entry['local']) ?? false,
		isRelay: readBoolean(entry['relay']) ?? false,
		isIPv6: readBoolean(entry['IPv6']) ?? host.includes(':'),
	};
};

/**
Nothing secret may hide in an address that is stored and shown.
*/
const isServerAddress = (url: URL) => /^https?:$/v.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '' && url.search === '' && url.hash === '';

const portOf = ({port, protocol}: URL) => {
	if (port !== '') {
		return Number(port);
	}

	return protocol === 'https:' ? 443 : 80;
};
