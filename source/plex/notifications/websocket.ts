import {Buffer} from 'node:buffer';
import WebSocket from 'ws';
import {errorCode} from '../../base/errors.js';
import {
	closedBy,
	lostBy,
	once,
	refusalOf,
	silent,
	tooLarge,
	tooSlow,
	type Link,
	type LinkOptions,
} from './link.js';

/**
Receives notifications over a websocket. The websocket client of Node.js takes no agent, so it would ignore pinned certificates and proxies.
*/
export const openWebsocket = (options: LinkOptions): Link => {
	const {baseUrl, headers, agents, target, times, clock, maxMessageBytes} = options;
	const url = new URL(`${baseUrl}/:/websockets/notifications`);
	const socket = new WebSocket(url, {
		headers,
		agent: url.protocol === 'https:' ? agents.https : agents.http,
		followRedirects: false,
		perMessageDeflate: false,
		maxPayload: maxMessageBytes,
		// Many small pieces need more memory than the sum of their bytes.
		maxFragments: 1024,
		maxBufferedChunks: 16_384,
	});
	const timers: {nextPing?: () => void; missingPong?: (() => void) | undefined} = {};
	const end = once(options.onEnd, () => {
		cancelHandshake();
		timers.nextPing?.();
		timers.missingPong?.();
		socket.terminate();
	});
	const cancelHandshake = clock.after(times.handshakeMs, () => {
		end(tooSlow(target));
	});

	const ping = () => {
		timers.missingPong ??= clock.after(times.pongMs, () => {
			end(silent(target));
		});
		timers.nextPing = clock.after(times.pingEveryMs, ping);
		socket.ping(() => {
			// A failed ping shows up as a missing pong.
		});
	};

	const onLife = () => {
		timers.missingPong?.();
		timers.missingPong = undefined;
		options.onLife();
	};

	let isOpen = false;
	socket.on('open', () => {
		isOpen = true;
		cancelHandshake();
		timers.nextPing = clock.after(times.pingEveryMs, ping);
		options.onOpen();
	});
	socket.on('ping', onLife);
	socket.on('pong', onLife);
	socket.on('message', (data, isBinary) => {
		onLife();
		// Plex sends text only.
		if (!isBinary && Buffer.isBuffer(data)) {
			options.onMessage(data.toString());
		}
	});
	socket.on('unexpected-response', (_request, {statusCode = 0}) => {
		end(refusalOf(statusCode, target));
	});
	socket.on('error', error => {
		end(endingOf(error, options, isOpen));
	});
	socket.on('close', () => {
		end(closedBy(target));
	});
	return {
		close() {
			end(undefined);
		},
	};
};

const endingOf = (error: Error, options: LinkOptions, isOpen: boolean) => {
	const {host} = options.target;
	const code = errorCode(error) ?? '';
	if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') {
		return tooLarge(options.target);
	}

	if (code.startsWith('WS_ERR_')) {
		return {kind: 'lost' as const, reason: `${host} sent what is no notification (${code}).`};
	}

	// ws gives no code when the server does not answer the handshake properly.
	return code === '' && !isOpen
		? {kind: 'unsupported' as const, reason: `What answers at ${host} does not know websockets.`}
		: lostBy(error, options);
};
