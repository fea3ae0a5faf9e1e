import type {ServerResponse} from 'node:http';
import type {WebSocket} from 'ws';
import {
	containerText,
	eventsText,
	eventText,
	type Frame,
} from './frames.js';

/**
Text is sent as it is; bytes go to websockets only.
*/
export type Sendable = Frame | string | Uint8Array;

/**
A connected client that listens.
*/
export type PushListener = {
	via: 'websocket' | 'sse';
	/**
	It gets nothing any more, not even pongs.
	*/
	isFrozen: boolean;
	send: (frame: Sendable) => void;
	cut: () => void;
};

/**
@param socket From a server that sends no pongs by itself.
*/
export const websocketListener = (socket: WebSocket): PushListener => {
	const listener: PushListener = {
		via: 'websocket',
		isFrozen: false,
		send(frame) {
			socket.send(typeof frame === 'string' || frame instanceof Uint8Array ? frame : containerText(frame));
		},
		cut() {
			socket.terminate();
		},
	};
	socket.on('ping', data => {
		if (!listener.isFrozen) {
			socket.pong(data);
		}
	});
	socket.on('error', listener.cut);
	return listener;
};

const pingEveryMs = 10_000;

export const streamListener = (response: ServerResponse): PushListener => {
	const listener: PushListener = {
		via: 'sse',
		isFrozen: false,
		send(frame) {
			if (!(frame instanceof Uint8Array)) {
				response.write(typeof frame === 'string' ? frame : eventsText(frame));
			}
		},
		cut() {
			response.destroy();
		},
	};
	response.writeHead(200, {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', 'X-Plex-Protocol': '1.0'});
	response.flushHeaders();
	const pings = setInterval(() => {
		if (!listener.isFrozen) {
			response.write(eventText('ping', {}));
		}
	}, pingEveryMs);
	response.once('close', () => {
		clearInterval(pings);
	});
	return listener;
};
