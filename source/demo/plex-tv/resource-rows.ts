import {hash} from 'node:crypto';
import type {OwnFaults} from '../knobs/faults.js';
import type {DemoConnection, DemoResource} from './options.js';

type ResourceContext = {
	nowIso: string;
	fault: OwnFaults;
};

/**
The devices of an account as plex.tv lists them: servers, and a player among them.
*/
export const resourceRows = (servers: readonly DemoResource[], {nowIso, fault}: ResourceContext): unknown[] => {
	if (fault('emptyResources') !== undefined) {
		return [];
	}

	const rows = servers.map(server => serverRow(server, server.connections.filter(connection => isOffered(connection, fault)), nowIso));
	return [...(fault('malformedResources') === undefined ? [] : malformedRows), ...rows, playerRow(nowIso)];
};

const isOffered = ({isRelay = false, isIPv6 = false}: DemoConnection, fault: OwnFaults) =>
	(isRelay || fault('onlyRelay') === undefined) && (isIPv6 || fault('onlyIPv6') === undefined);

const serverRow = (server: DemoResource, connections: readonly DemoConnection[], nowIso: string) => {
	const {name, machineIdentifier, isOwned = true, ownerName, isPresent = true} = server;
	return {
		name,
		product: 'Plex Media Server',
		productVersion: server.version ?? '1.43.0.10389-demo',
		platform: 'Linux',
		platformVersion: '6.8',
		device: 'PC',
		clientIdentifier: machineIdentifier,
		createdAt: '2021-03-04T05:06:07Z',
		lastSeenAt: server.lastSeenAt ?? nowIso,
		provides: 'server',
		ownerId: isOwned ? null : 815,
		sourceTitle: isOwned ? null : ownerName ?? 'Projectionist',
		publicAddress: '203.0.113.7',
		accessToken: server.accessToken ?? hash('sha1', machineIdentifier, 'hex').slice(0, 20),
		owned: isOwned,
		home: false,
		synced: false,
		relay: true,
		presence: isPresent,
		httpsRequired: server.isHttpsRequired ?? false,
		publicAddressMatches: server.publicAddressMatches ?? true,
		dnsRebindingProtection: false,
		natLoopbackSupported: true,
		connections: connections.map(connection => connectionRow(connection)),
	};
};

const connectionRow = ({uri, address, isLocal = false, isRelay = false, isIPv6 = false}: DemoConnection) => {
	const {protocol, hostname, port} = new URL(uri);
	return {
		protocol: protocol.slice(0, -1),
		address: address ?? hostname.replaceAll(/^\[|\]$/gv, ''),
		port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
		uri,
		local: isLocal,
		relay: isRelay,
		IPv6: isIPv6,
	};
};

const playerRow = (nowIso: string) => ({
	name: 'Kitchen tablet',
	product: 'Plex for Android (Mobile)',
	productVersion: '10.1.0',
	platform: null,
	platformVersion: null,
	device: null,
	clientIdentifier: 'kitchen-tablet',
	createdAt: '2022-01-02T03:04:05Z',
	lastSeenAt: nowIso,
	provides: 'client,player',
	ownerId: null,
	sourceTitle: null,
	publicAddress: '203.0.113.7',
	accessToken: null,
	owned: true,
	presence: false,
	connections: [],
});

const malformedRows: readonly unknown[] = [
	null,
	'server',
	{provides: 'server', name: 'No id', connections: []},
	{
		provides: 'server', name: 7, clientIdentifier: 'half-a-server', accessToken: null, owned: 'perhaps', lastSeenAt: 'yesterday', connections: [{uri: 'ftp://192.0.2.1'}, {}, null, 'https'],
	},
];
