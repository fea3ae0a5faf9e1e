import {quote} from '../../plex/quote.js';
import {
	asArray,
	isRecord,
	readBoolean,
	readKey,
	readString,
	type Wire,
} from '../../plex/wire.js';
import {readConnections, type ServerConnection} from './connection.js';
import {readToken} from './token.js';

/**
A server that an account may use, as plex.tv knows it.
*/
export type PlexResource = {
	/**
	Its machineIdentifier.
	*/
	id: string;
	name: string;
	version: string | undefined;
	isOwned: boolean;
	/**
	Who shares it; absent for servers of one's own.
	*/
	ownerName: string | undefined;
	/**
	plex.tv believes that it is online.
	*/
	isPresent: boolean;
	/**
	Since 1970, by the clock of plex.tv.
	*/
	lastSeenAtMs: number | undefined;
	/**
	It answers nothing over plain http.
	*/
	isHttpsRequired: boolean;
	/**
	It goes out to the internet by the same address as this machine, so that its local addresses may be near.
	*/
	publicAddressMatches: boolean;
	/**
	For this server only.
	*/
	accessToken: string | undefined;
	connections: readonly ServerConnection[];
};

export type PlexResources = {
	servers: readonly PlexResource[];
	/**
	What could not be used, and why; a sentence each.
	*/
	leftOut: readonly string[];
};

const maxServers = 500;
const maxNameLength = 200;

/**
The servers among the devices of an account. One bad entry costs no other ([PKC] and others saw devices without half of the fields).

@returns Nothing when it is no list.
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

		const problem = isRecord(entry) ? keep(entry, servers, leftOut) : 'it is no object';
		if (problem !== undefined) {
			leftOut.push(`${titleOf(entry, index)} was left out: ${problem}.`);
		}
	}

	return {servers: servers.values().toArray(), leftOut};
};

const isServer = (entry: Wire<string>) => asArray(entry['provides']).some(provides => typeof provides === 'string' && provides.split(',').some(role => role.trim() === 'server'));

/**
@returns What is wrong with it, when it cannot be kept.
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
		return 'its token is none of Plex';
	}

	const name = shortText(entry['name']) ?? id;
	const {connections, unusable} = readConnections(entry['connections']);
	if (unusable > 0) {
		leftOut.push(`${unusable} of the addresses of ${quote(name)} cannot be used.`);
	}

	servers.set(id, {
		id,
		name,
		version: shortText(entry['productVersion']),
		isOwned: readBoolean(entry['owned']) ?? false,
		ownerName: shortText(entry['sourceTitle']),
		isPresent: readBoolean(entry['presence']) ?? false,
		lastSeenAtMs: readInstant(entry['lastSeenAt']),
		isHttpsRequired: readBoolean(entry['httpsRequired']) ?? false,
		publicAddressMatches: readBoolean(entry['publicAddressMatches']) ?? false,
		accessToken,
		connections,
	});
	return undefined;
};

const shortText = (value: unknown) => readString(value)?.slice(0, maxNameLength).toWellFormed();

const readInstant = (value: unknown) => {
	const ms = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(ms) ? undefined : ms;
};

const titleOf = (entry: unknown, index: number) => {
	const name = isRecord(entry) ? readString(entry['name']) : undefined;
	return name === undefined ? `Entry ${index + 1}` : `The server ${quote(name)}`;
};
