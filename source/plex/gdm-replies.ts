import {maxReplyBytes, readGdmReply, type DiscoveredServer} from './gdm-reply.js';

const maxServers = 64;

/**
One machine must not fill the list with servers that it has made up.
*/
const maxServersPerAddress = 8;

export type GdmReplies = {
	/**
	@returns The server, when it is new and there is room for it.
	*/
	add: (datagram: Uint8Array, address: string) => DiscoveredServer | undefined;
	/**
	By name, and always in the same order.
	*/
	servers: () => DiscoveredServer[];
};

/**
Gathers the answers of a network in which anyone may answer, any number of times.
*/
export const createGdmReplies = (): GdmReplies => {
	const found = new Map<string, DiscoveredServer>();
	const counts = new Map<string, number>();
	const decoder = new TextDecoder();

	return {
		add(datagram, address) {
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
