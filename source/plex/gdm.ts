import {createSocket, type Socket} from 'node:dgram';
import {isIPv4} from 'node:net';
import {networkInterfaces} from 'node:os';
import {setTimeout as delay} from 'node:timers/promises';
import {linkSignals} from '../base/abort.js';
import {AppError} from '../base/errors.js';
import {readKey, readShortText} from './wire.js';

type DiscoverOptions = {
	timeoutMs?: number;
	signal?: AbortSignal;
	onServer?: (server: DiscoveredServer) => void;
	/**
	Where the search goes.
	@default 239.0.0.250:32414, the multicast group that servers listen to ([PA] gdm.py)
	*/
	target?: {address: string; port: number};
	/**
	IPv4 addresses of this machine to search from.
	*/
	interfaces?: readonly string[];
	sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

const question = 'M-SEARCH * HTTP/1.0\r\n\r\n';
const gdmTarget = {address: '239.0.0.250', port: 32_414};
const maxInterfaces = 32;

/**
Finds the Plex servers of the local network by multicast (GDM). It can be switched off in a server, and it does not reach other networks or most containers. Where nothing can be sent, nothing is found.

@throws AppError `cancelled`
*/
export const discoverServers = async ({
	timeoutMs = 1200,
	signal: outerSignal,
	onServer,
	target = gdmTarget,
	interfaces = ownAddresses(),
	sleep = async (ms, signal) => delay(ms, undefined, {signal}),
}: DiscoverOptions = {}): Promise<DiscoveredServer[]> => {
	const replies = createGdmReplies();
	const ending = new AbortController();
	const {signal, unlink} = linkSignals([ending.signal, outerSignal]);
	const askFrom = async (address: string) => {
		const socket = createSocket('udp4');
		try {
			await open(socket, address);
			socket.on('message', (datagram, {address: from}) => {
				const server = signal.aborted ? undefined : replies.add(datagram, from);
				if (server !== undefined) {
					onServer?.(server);
				}
			});
			// We ask twice because wireless networks easily lose multicast packets.
			await send(socket, target);
			await sleep(timeoutMs / 3, signal);
			await send(socket, target);
			await sleep(timeoutMs * 2 / 3, signal);
		} finally {
			socket.close();
		}
	};

	try {
		if (!signal.aborted) {
			await Promise.allSettled(interfaces.slice(0, maxInterfaces).map(async address => askFrom(address)));
		}
	} finally {
		ending.abort();
		unlink();
	}

	if (outerSignal?.aborted === true) {
		throw new AppError('cancelled', 'The search for servers was cancelled.');
	}

	return replies.servers();
};

const ownAddresses = (): string[] => Object.values(networkInterfaces())
	.flatMap(addresses => addresses ?? [])
	.filter(({family}) => family === 'IPv4')
	.map(({address}) => address);

const open = async (socket: Socket, address: string) => {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	// The listener stays for the life of the socket: an unhandled error would end the program.
	socket.on('error', reject);
	socket.bind({address, port: 0}, resolve);
	await promise;
	socket.setMulticastTTL(1);
	socket.setMulticastInterface(address);
};

const send = async (socket: Socket, {address, port}: {address: string; port: number}) => {
	const {promise, resolve, reject} = Promise.withResolvers<void>();
	socket.send(question, port, address, error => {
		if (error instanceof Error) {
			reject(error);
		} else {
			resolve();
		}
	});
	await promise;
};

const maxServers = 64;

/**
One machine must not fill the list with invented servers.
*/
const maxServersPerAddress = 8;

/**
Collects the answers of a network in which anyone may answer any number of times.
*/
export const createGdmReplies = () => {
	const found = new Map<string, DiscoveredServer>();
	const counts = new Map<string, number>();
	const decoder = new TextDecoder();

	return {
		add(datagram: Uint8Array, address: string): DiscoveredServer | undefined {
			const count = counts.get(address) ?? 0;
			if (datagram.byteLength > maxReplyBytes || found.size >= maxServers || count >= maxServersPerAddress) {
				return undefined;
			}

			const server = readGdmReply(decoder.decode(datagram), address);
			const key = `${address} ${server?.id}`;
			if (server === undefined || found.has(key)) {
				return undefined;
			}

			found.set(key, server);
			counts.set(address, count + 1);
			return server;
		},
		servers: () => found.values().toArray().toSorted((a, b) => orderKey(a) < orderKey(b) ? -1 : 1),
	};
};

const orderKey = ({name, id, address}: DiscoveredServer) => [name, id, address].join('\0');

/**
A server that answered in the local network. All of it is what the server claims: ask for its identity before you trust it.
*/
export type DiscoveredServer = {
	id: string;
	name: string;
	address: string;
	port: number;
	version: string | undefined;
	/**
	The host name of its certificate without the label for the address: `<32 hex digits>.plex.direct`.
	*/
	certificateHost: string | undefined;
	uri: string;
};

const maxReplyBytes = 2048;

const plexPort = 32_400;

/**
Reads one datagram, a block of header lines as in HTTP ([PA] gdm.py). Text is shortened but not cleaned.

@returns Undefined when it is not an answer of a server, or lacks an id or a usable port.
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
		name: readShortText(headers.get('name')) ?? 'Plex Media Server',
		address,
		port,
		version: readShortText(headers.get('version')),
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

const readPort = (text = String(plexPort)): number | undefined => {
	const port = /^\d{1,5}$/v.test(text) ? Number(text) : 0;
	return port > 0 && port < 65_536 ? port : undefined;
};
