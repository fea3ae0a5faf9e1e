import {connect, createServer, type Socket} from 'node:net';
import {once} from 'node:events';

/**
Stands between a client and a server on this machine, and can cut the connection at a byte.
*/
export type CuttableProxy = {
	port: number;
	/**
	Cuts every connection when so many more bytes have come from the client, or at once.
	*/
	cutAfter: (clientBytes: number) => void;
	/**
	How many bytes clients have sent.
	*/
	sentBytes: () => number;
	close: () => Promise<void>;
};

export const startCuttableProxy = async (target: number): Promise<CuttableProxy> => {
	const sockets = new Set<Socket>();
	let sent = 0;
	let left = Infinity;

	const cutAll = () => {
		left = Infinity;
		for (const socket of sockets) {
			socket.destroy();
		}

		sockets.clear();
	};

	const server = createServer(client => {
		const upstream = connect(target, '127.0.0.1');
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			// Whoever uses the other end hears of it.
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				client.destroy();
				upstream.destroy();
			});
		}

		upstream.pipe(client);
		client.on('data', (piece: Uint8Array) => {
			sent += piece.length;
			if (piece.length < left) {
				left -= piece.length;
				upstream.write(piece);
				return;
			}

			// The server gets what was sent before the cut, and its answer gets lost.
			upstream.write(piece.subarray(0, left), cutAll);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as {port: number}).port,
		cutAfter(clientBytes) {
			left = clientBytes;
			if (clientBytes === 0) {
				cutAll();
			}
		},
		sentBytes: () => sent,
		async close() {
			cutAll();
			server.close();
			await once(server, 'close');
		},
	};
};
