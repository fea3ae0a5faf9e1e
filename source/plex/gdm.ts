import {createSocket, type Socket} from 'node:dgram';
import {networkInterfaces} from 'node:os';
import {setTimeout as delay} from 'node:timers/promises';
import {linkSignals} from '../base/abort.js';
import {AppError} from '../base/errors.js';
import {maxReplyBytes, readGdmReply, type DiscoveredServer} from './gdm-reply.js';

type DiscoverOptions = {
	/**
	@default 1200
	*/
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
	@default all
	*/
	interfaces?: readonly string[];
	sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

const question = 'M-SEARCH * HTTP/1.0\r\n\r\n';
const gdmTarget = {address: '239.0.0.250', port: 32_414};
const maxInterfaces = 32;
const defaultTimeoutMs = 1200;

/**
Finds the Plex servers of the local network by multicast (GDM). It can be switched off in a server, and it does not reach other networks or most containers. Where nothing can be sent, nothing is found.

@throws AppError `cancelled`
*/
export const discoverServers = async ({
	timeoutMs = defaultTimeoutMs,
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
		/**
		@returns The server when it is new and there is room for it.
		*/
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
