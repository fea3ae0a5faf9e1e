import {isIP, isIPv6} from 'node:net';
import {isPrivateHost} from './plex-direct.js';
import {shownServerUrl} from './url.js';

/**
How we reach a server: within its network, over the internet, or through a relay of Plex, which is limited to 1 to 2 Mbit/s.
*/
export type ConnectionClass = 'local' | 'remote' | 'relay';

export type KnownConnection = {
	/**
	As plex.tv gives it, because its name is the one on the certificate.
	*/
	uri: string;
	address: string;
	port: number;
	protocol: string;
	isLocal: boolean;
	isRelay: boolean;
	isIPv6: boolean;
};

export type ServerAddresses = {
	id: string;
	isOwned: boolean;
	isHttpsRequired: boolean;
	/**
	The server and this machine share their public address, so the local addresses of the server may be near.
	*/
	publicAddressMatches: boolean;
	connections: readonly KnownConnection[];
	/**
	Addresses that worked before, or that a person gave.
	*/
	remembered?: readonly string[];
};

export type Candidate = {
	uri: string;
	class: ConnectionClass;
	/**
	Lower is better. Candidates of the same rank are equally good.
	*/
	rank: number;
};

const maxCandidates = 20;
const maxUriLength = 1000;
const classRanks = {local: 0, remote: 2, relay: 4} as const;
const clearRank = 6;

/**
Returns the addresses that are worth a try, best first: local before remote before relay, and https before http in each class ([PA] `preferred_connections`). An address over which a token would cross the internet unencrypted comes last.

At most 20 are kept, with some of every rank: a server with many local addresses must not lose its remote ones.
*/
export const rankCandidates = (server: ServerAddresses): Candidate[] => {
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

const offeredBy = ({connections, isOwned, publicAddressMatches}: ServerAddresses): Way[] => connections
	// Local addresses of someone else's server belong to other machines in this network.
	.filter(({isLocal, isRelay}) => isRelay || !isLocal || isOwned || publicAddressMatches)
	.flatMap(connection => {
		const way = {uri: connection.uri, class: classOf(connection)};
		return way.class === 'local' ? [way, ...inTheClear(connection)] : [way];
	});

const classOf = ({isLocal, isRelay}: KnownConnection): ConnectionClass => isRelay ? 'relay' : (isLocal ? 'local' : 'remote');

/**
A server in the local network may answer over http when its certificate or its name does not work.
*/
const inTheClear = ({address, port}: KnownConnection): Way[] => isIP(address) !== 0 && isPrivateHost(address)
	? [{uri: `http://${isIPv6(address) ? `[${address}]` : address}:${port}`, class: 'local'}]
	: [];

const rememberedOf = ({remembered = [], connections}: ServerAddresses): Way[] => {
	const known = new Map(connections.map(connection => [usableUrl(connection.uri)?.uri, classOf(connection)]));
	return remembered.map(uri => ({uri, class: known.get(usableUrl(uri)?.uri) ?? guessClass(uri)}));
};

/**
A relay has port 8443 and a name under plex.direct.
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
