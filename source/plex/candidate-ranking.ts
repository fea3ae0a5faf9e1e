import {isIP, isIPv6} from 'node:net';
import {isPrivateHost} from './private-host.js';
import {shownServerUrl} from './url.js';

/**
The way to a server: within its network, over the internet, or through a machine of Plex, which lets 1 to 2 Mbit/s through.
*/
export type ConnectionClass = 'local' | 'remote' | 'relay';

/**
One of the addresses that plex.tv knows of a server.
*/
export type KnownConnection = {
	uri: string;
	address: string;
	port: number;
	protocol: string;
	isLocal: boolean;
	isRelay: boolean;
	isIPv6: boolean;
};

/**
What is known of the ways to a server before any is tried.
*/
export type KnownServer = {
	/**
	machineIdentifier
	*/
	id: string;
	isOwned: boolean;
	/**
	It answers nothing over plain http.
	*/
	isHttpsRequired: boolean;
	/**
	It goes out to the internet by the same address as this machine, so that its local addresses may be near.
	*/
	publicAddressMatches: boolean;
	connections: readonly KnownConnection[];
	/**
	Addresses that have worked before, or that a person gave.
	*/
	remembered?: readonly string[];
};

export type Candidate = {
	/**
	Origin and path prefix, without a trailing slash.
	*/
	uri: string;
	class: ConnectionClass;
	/**
	Lower is better; equals are as good as each other.
	*/
	rank: number;
};

const maxCandidates = 20;
const maxUriLength = 1000;
const classRanks = {local: 0, remote: 2, relay: 4} as const;
const clearRank = 6;

/**
The addresses that are worth a try, the best first: local before remote before relay, and https before http in each ([PA] `preferred_connections`). Where a token would cross the internet in the clear comes last of all.

No more than 20 are left, of every rank some: a server that has many local addresses must not lose its remote ones.
*/
export const rankCandidates = (server: KnownServer): Candidate[] => {
	const found = new Map<string, Candidate>();
	for (const {uri, class: ownClass} of [...rememberedOf(server), ...offeredBy(server)]) {
		const url = usableUrl(uri);
		if (url !== undefined && !found.has(url.uri) && !(url.isClear && server.isHttpsRequired)) {
			found.set(url.uri, {uri: url.uri, class: ownClass, rank: rankOf(url, ownClass)});
		}
	}

	return fairShare(found.values().toArray()).toSorted((a, b) => a.rank - b.rank);
};

type Way = Pick<Candidate, 'uri' | 'class'>;

const offeredBy = ({connections, isOwned, publicAddressMatches}: KnownServer): Way[] => connections
	// The local addresses of someone else's server mean other machines here.
	.filter(({isLocal, isRelay}) => isRelay || !isLocal || isOwned || publicAddressMatches)
	.flatMap(connection => {
		const way = {uri: connection.uri, class: classOf(connection)};
		return way.class === 'local' ? [way, ...inTheClear(connection)] : [way];
	});

const classOf = ({isLocal, isRelay}: KnownConnection): ConnectionClass => {
	if (isRelay) {
		return 'relay';
	}

	return isLocal ? 'local' : 'remote';
};

/**
A server within reach may answer over http where its certificate or its name does not work.
*/
const inTheClear = ({address, port}: KnownConnection): Way[] => isIP(address) !== 0 && isPrivateHost(address)
	? [{uri: `http://${isIPv6(address) ? `[${address}]` : address}:${port}`, class: 'local'}]
	: [];

const rememberedOf = ({remembered = [], connections}: KnownServer): Way[] => {
	const known = new Map(connections.map(connection => [usableUrl(connection.uri)?.uri, classOf(connection)]));
	return remembered.map(uri => ({uri, class: known.get(usableUrl(uri)?.uri) ?? guessClass(uri)}));
};

/**
Relays are at port 8443 of a name under plex.direct.
*/
const guessClass = (uri: string): ConnectionClass => {
	const {hostname = '', port} = URL.parse(uri) ?? {};
	if (isPrivateHost(hostname)) {
		return 'local';
	}

	return port === '8443' && hostname.endsWith('.plex.direct') ? 'relay' : 'remote';
};

type UsableUrl = {uri: string; hostname: string; isClear: boolean};

const usableUrl = (text: string): UsableUrl | undefined => {
	const uri = text.length <= maxUriLength && /^https?:\/\//iv.test(text) ? shownServerUrl(text) : undefined;
	if (uri === undefined) {
		return undefined;
	}

	const {hostname, protocol} = new URL(uri);
	return {uri, hostname, isClear: protocol === 'http:'};
};

const rankOf = ({hostname, isClear}: UsableUrl, ownClass: ConnectionClass): number => {
	if (!isClear) {
		return classRanks[ownClass];
	}

	return ownClass === 'local' && isPrivateHost(hostname) ? classRanks.local + 1 : clearRank;
};

/**
The first of every rank, then the second of every rank, and so on.
*/
const fairShare = (candidates: readonly Candidate[]): Candidate[] => {
	const seen = new Map<number, number>();
	const turns = candidates.map(candidate => {
		const turn = seen.get(candidate.rank) ?? 0;
		seen.set(candidate.rank, turn + 1);
		return {candidate, turn};
	});
	return turns
		.toSorted((a, b) => a.turn - b.turn)
		.slice(0, maxCandidates)
		.map(({candidate}) => candidate);
};
