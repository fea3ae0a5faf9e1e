import {Buffer} from 'node:buffer';
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
	Keeps all answers back from when a client has sent this text, cuts every connection a moment later, and lets nobody in until `letIn`.
	*/
	loseAnswerTo: (text: string) => void;
	letIn: () => void;
	/**
	From now on no answer comes through.
	*/
	silence: () => void;
	/**
	Resolves when an answer was lost.
	*/
	lost: () => Promise<void>;
	/**
	How many connections there are.
	*/
	open: () => number;
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
	let lostText: string | undefined;
	let isClosed = false;
	let isSilent = false;
	const losing = Promise.withResolvers<void>();

	const cutAll = () => {
		left = Infinity;
		for (const socket of sockets) {
			socket.destroy();
		}

		sockets.clear();
	};

	const loseAnswer = () => {
		lostText = undefined;
		isClosed = true;
		setTimeout(() => {
			cutAll();
			losing.resolve();
		}, 300);
	};

	const server = createServer(client => {
		if (isClosed) {
			client.destroy();
			return;
		}

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

		upstream.on('data', (piece: Uint8Array) => {
			if (!isSilent) {
				client.write(piece);
			}
		});
		client.on('data', (piece: Uint8Array) => {
			sent += piece.length;
			if (lostText !== undefined && Buffer.from(piece).includes(lostText)) {
				isSilent = true;
				loseAnswer();
			}

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
		loseAnswerTo(text) {
			lostText = text;
		},
		letIn() {
			isClosed = false;
			isSilent = false;
		},
		silence() {
			isSilent = true;
		},
		lost: async () => losing.promise,
		open: () => sockets.size / 2,
		sentBytes: () => sent,
		async close() {
			cutAll();
			server.close();
			await once(server, 'close');
		},
	};
};
