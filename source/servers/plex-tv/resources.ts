import type {KnownConnection, ServerAddresses} from '../../plex/candidate-ranking.js';
import {
	asArray,
	asRecord,
	isRecord,
	quote,
	readBoolean,
	readInteger,
	readKey,
	readShortText,
	readString,
	type Wire,
} from '../../plex/wire.js';
import {readToken} from './account.js';

export type PlexResource = Omit<ServerAddresses, 'remembered'> & {
	name: string;
	version: string | undefined;
	ownerName: string | undefined;
	isPresent: boolean;
	/**
	Since 1970, by the clock of plex.tv.
	*/
	lastSeenAtMs: number | undefined;
	accessToken: string | undefined;
};

export type PlexResources = {
	servers: readonly PlexResource[];
	leftOut: readonly string[];
};

const maxServers = 500;

/**
Reads the servers among the devices of an account. One bad entry does not affect the others ([PKC] and others saw devices without half of the fields).

@returns Undefined when it is not a list.
*/
export const readResources = (json: unknown): PlexResources | undefined => {
	if (!Array.isArray(json)) {
		return undefined;
	}

	const servers = new Map<string, PlexResource>();
	const leftOut: string[] = [];
	for (const [index, entry] of json.entries()) {
		if (isRecord(entry) && !isServer(entry)) {
			continue;
		}

		const problem = isRecord(entry) ? keep(entry, servers, leftOut) : 'it is not an object';
		if (problem !== undefined) {
			leftOut.push(`${titleOf(entry, index)} was left out: ${problem}.`);
		}
	}

	return {servers: servers.values().toArray(), leftOut};
};

const isServer = (entry: Wire<string>) => asArray(entry['provides']).some(provides => typeof provides === 'string' && provides.split(',').some(role => role.trim() === 'server'));

/**
@returns Why the entry cannot be kept. Undefined when it was kept.
*/
const keep = (entry: Wire<string>, servers: Map<string, PlexResource>, leftOut: string[]): string | undefined => {
	const id = readKey(entry['clientIdentifier']);
	if (id === undefined) {
		return 'it does not say which server it is';
	}

	if (servers.has(id)) {
		return 'it is listed twice';
	}

	if (servers.size >= maxServers) {
		return `there are more than ${maxServers}`;
	}

	const accessToken = readToken(entry['accessToken']);
	if (accessToken === undefined && readString(entry['accessToken']) !== undefined) {
		return 'its token is not a Plex token';
	}

	const name = readShortText(entry['name']) ?? id;
	const {connections, unusable} = readConnections(entry['connections']);
	if (unusable > 0) {
		leftOut.push(`${unusable} of the addresses of ${quote(name)} cannot be used.`);
	}

	servers.set(id, {
		id,
		name,
		version: readShortText(entry['productVersion']),
		isOwned: readBoolean(entry['owned']) ?? false,
		ownerName: readShortText(entry['sourceTitle']),
		isPresent: readBoolean(entry['presence']) ?? false,
		lastSeenAtMs: readInstant(entry['lastSeenAt']),
		isHttpsRequired: readBoolean(entry['httpsRequired']) ?? false,
		publicAddressMatches: readBoolean(entry['publicAddressMatches']) ?? false,
		accessToken,
		connections,
	});
	return undefined;
};

const readInstant = (value: unknown) => {
	const ms = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(ms) ? undefined : ms;
};

const titleOf = (entry: unknown, index: number) => {
	const name = readString(asRecord(entry)['name']);
	return name === undefined ? `Entry ${index + 1}` : `The server ${quote(name)}`;
};

const maxConnections = 50;
const maxUriLength = 1000;

const readConnections = (value: unknown): {connections: readonly KnownConnection[]; unusable: number} => {
	const entries = asArray(value);
	const connections = entries.slice(0, maxConnections).map(entry => readConnection(entry)).filter(connection => connection !== undefined);
	return {connections, unusable: entries.length - connections.length};
};

const readConnection = (value: unknown): KnownConnection | undefined => {
	const entry = asRecord(value);
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
		address: readShortText(entry['address'], maxUriLength) ?? host,
		port: port !== undefined && port > 0 && port < 65_536 ? port : portOf(url),
		protocol,
		isLocal: readBoolean(entry['local']) ?? false,
		isRelay: readBoolean(entry['relay']) ?? false,
		isIPv6: readBoolean(entry['IPv6']) ?? host.includes(':'),
	};
};

/**
An address is stored and shown, so it must not contain anything secret.
*/
const isServerAddress = (url: URL) => /^https?:$/v.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '' && url.search === '' && url.hash === '';

const portOf = ({port, protocol}: URL) => port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
