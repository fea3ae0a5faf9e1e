import {createSocket, type Socket} from 'node:dgram';
import {networkInterfaces} from 'node:os';
import {setTimeout as delay} from 'node:timers/promises';
import {AppError} from '../base/errors.js';
import type {DiscoveredServer} from './gdm-reply.js';
import {createGdmReplies} from './gdm-replies.js';
import {linkSignals} from './signals.js';

export type DiscoverOptions = {
	/**
	@default 1200
	*/
	timeoutMs?: number;
	signal?: AbortSignal;
	/**
	Told of each server as soon as it answers.
	*/
	onServer?: (server: DiscoveredServer) => void;
	/**
	Where the question goes.

	@default 239.0.0.250:32414, the group that servers listen to ([PA] gdm.py)
	*/
	target?: {address: string; port: number};
	/**
	IPv4 addresses of this machine to ask from.

	@default all
	*/
	interfaces?: readonly string[];
	/**
	Rejects when the signal aborts.
	*/
	sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

const question = 'M-SEARCH * HTTP/1.0\r\n\r\n';
const gdmTarget = {address: '239.0.0.250', port: 32_414};
const maxInterfaces = 32;
const defaultTimeoutMs = 1200;

/**
The Plex servers of the own network, as far as they let themselves be found: it can be switched off in a server, and reaches neither other networks nor most containers. Where nothing can be sent there is nothing found.

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
			// Twice: wireless networks easily lose what goes to a group.
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
	// For as long as it lives: an error that nobody listens to would end the program.
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
