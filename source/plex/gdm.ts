import {Buffer} from 'node:buffer';
import {createSocket, type Socket} from 'node:dgram';
import {networkInterfaces} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';

/**
A server that answered in this network. Anybody there may answer, so nothing in it is to be trusted before the server was asked who it is; texts are not cleaned.
*/
export type NearbyServer = {
	/**
	machineIdentifier
	*/
	id: string;
	name: string;
	version: string | undefined;
	uri: string;
};

const maxDatagramBytes = 2048;
const maxServers = 64;
const maxDatagrams = 2000;
const maxTextLength = 200;

/**
An answer to the search: lines like those of HTTP, each cut at its first colon ([PA] gdm.py).

@returns Nothing when it is not of a Plex server, or does not say which one.
*/
export const readGdmReply = (text: string, address: string): NearbyServer | undefined => {
	const [status = '', ...lines] = text.split(/\r?\n/v).slice(0, 40);
	if (!/^HTTP\/1\.[01] 200/v.test(status)) {
		return undefined;
	}

	const fields = new Map(lines.map(line => {
		const colon = line.indexOf(':');
		return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim().slice(0, maxTextLength)];
	}));
	const field = (name: string) => {
		const value = fields.get(name);
		return value === undefined || value === '' ? undefined : value.toWellFormed();
	};

	const id = field('resource-identifier');
	const port = Number(field('port') ?? '32400');
	if (id === undefined || !/^[\w\-.]{1,100}$/v.test(id) || field('content-type') !== 'plex/media-server' || !Number.isSafeInteger(port) || port < 1 || port > 65_535) {
		return undefined;
	}

	const host = field('host')?.toLowerCase() ?? '';
	// The address in the name is the one that answered, so the name cannot lead elsewhere.
	const isSecure = /^[\da-f]{32}\.plex\.direct$/v.test(host) && /^[\d.]+$/v.test(address);
	return {
		id,
		name: field('name') ?? id,
		version: field('version'),
		uri: isSecure ? `https://${address.replaceAll('.', '-')}.${host}:${port}` : `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
	};
};

export type DiscoverOptions = {
	signal: AbortSignal;
	/**
	@default 1200
	*/
	timeoutMs?: number;
	/**
	Where to ask.

	@default the group that servers listen to
	*/
	target?: {address: string; port: number};
};

const group = {address: '239.0.0.250', port: 32_414};
const question = Buffer.from('M-SEARCH * HTTP/1.0\r\n\r\n');

/**
Servers in the same network that have discovery on: each is asked at once through every interface, and named once. Where there is no network, or it may not be asked, there are none.
*/
export const discoverServers = async ({signal, timeoutMs = 1200, target = group}: DiscoverOptions): Promise<NearbyServer[]> => {
	const found = new Map<string, NearbyServer>();
	let datagrams = 0;
	const onMessage = (message: Uint8Array, {address}: {address: string}) => {
		datagrams++;
		if (datagrams > maxDatagrams || message.byteLength > maxDatagramBytes || found.size >= maxServers) {
			return;
		}

		const server = readGdmReply(new TextDecoder().decode(message), address);
		if (server !== undefined) {
			found.set(`${server.id} ${server.uri}`, server);
		}
	};

	const sockets = interfaceAddresses(target).map(address => ask(address, target, onMessage));
	try {
		await sleep(timeoutMs, undefined, {signal}).catch(() => {/* whoever cancels takes what is there */});
	} finally {
		for (const socket of sockets) {
			socket.close();
		}
	}

	return found.values().toArray();
};

const interfaceAddresses = (target: {address: string}) => target.address === group.address
	? Object.values(networkInterfaces()).flat().filter(one => one?.family === 'IPv4').map(one => one.address)
	: ['0.0.0.0'];

const ask = (localAddress: string, target: {address: string; port: number}, onMessage: (message: Uint8Array, from: {address: string}) => void): Socket => {
	const socket = createSocket({type: 'udp4'});
	socket.on('message', onMessage);
	// An interface that is down, or a firewall: the others may still be heard.
	socket.on('error', () => {/* see above */});
	socket.bind(0, localAddress, () => {
		try {
			if (target.address === group.address) {
				socket.setMulticastInterface(localAddress);
				socket.setMulticastTTL(1);
			}
		} catch {
			return;
		}

		socket.send(question, target.port, target.address);
	});
	return socket;
};
