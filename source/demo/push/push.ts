import {Buffer} from 'node:buffer';
import {STATUS_CODES, type IncomingMessage, type ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import {WebSocketServer} from 'ws';
import {htmlAnswer} from '../answer.js';
import {createPushKnobs, type DemoPush, type PushMode} from '../knobs/push-knobs.js';
import type {DemoLibrary} from '../library/library.js';
import {readRequest, type DemoRequest} from '../request.js';
import {
	framesOf,
	streamListener,
	websocketListener,
	type PushListener,
	type Sendable,
} from './listener.js';

type PushServer = {
	push: DemoPush;
	onUpgrade: (message: IncomingMessage, socket: Duplex, head: Uint8Array) => void;
	/**
	@returns Whether this was a request for notifications, which is then answered.
	*/
	onRequest: (message: IncomingMessage, response: ServerResponse) => boolean;
	close: () => void;
};

type PushOptions = {mode: PushMode | undefined; token: string; library: DemoLibrary};

const paths = {websocket: '/:/websockets/notifications', sse: '/:/eventsource/notifications'};

export const createPushServer = ({mode = 'both', token, library}: PushOptions): PushServer => {
	// We send pongs ourselves, because they stop when the server plays dead.
	const websockets = new WebSocketServer({
		noServer: true, autoPong: false, perMessageDeflate: false, maxPayload: 65_536,
	});
	const listeners = new Set<PushListener>();
	let refusal: number | undefined;
	let stopListening: (() => void) | undefined;

	const refusalFor = ({token: given}: DemoRequest, isOffered: boolean): number | undefined => isOffered ? refusal ?? (given === token ? undefined : 401) : 404;

	const send = (frame: Sendable) => {
		for (const listener of listeners) {
			if (!listener.isFrozen) {
				listener.send(frame);
			}
		}
	};

	const add = (listener: PushListener) => {
		listeners.add(listener);
		stopListening ??= library.onChange(change => {
			for (const frame of framesOf(change)) {
				send(frame);
			}
		});
	};

	const remove = (listener: PushListener) => {
		listeners.delete(listener);
		if (listeners.size > 0) {
			return;
		}

		stopListening?.();
		stopListening = undefined;
	};

	return {
		push: createPushKnobs({
			listeners,
			library,
			send,
			refuse(status) {
				refusal = status;
			},
		}),
		onUpgrade(message, socket, head) {
			const request = readRequest(message);
			if (request === undefined) {
				socket.destroy();
				return;
			}

			socket.on('error', () => {
				socket.destroy();
			});
			const status = refusalFor(request, mode === 'both' && request.path === paths.websocket);
			if (status === undefined) {
				websockets.handleUpgrade(message, socket, Buffer.from(head), opened => {
					const listener = websocketListener(opened);
					add(listener);
					opened.on('close', () => {
						remove(listener);
					});
				});
			} else {
				socket.end(refusalText(status));
			}
		},
		onRequest(message, response) {
			const isMeant = message.method === 'GET' && message.url?.startsWith(paths.sse) === true;
			const request = isMeant ? readRequest(message) : undefined;
			if (request?.path !== paths.sse) {
				return false;
			}

			const status = refusalFor(request, mode !== 'none');
			if (status === undefined) {
				const listener = streamListener(response);
				add(listener);
				response.once('close', () => {
					remove(listener);
				});
			} else {
				const {body, contentType} = htmlAnswer(status);
				response.writeHead(status, {'Content-Type': contentType}).end(body);
			}

			return true;
		},
		close() {
			for (const {cut} of listeners) {
				cut();
			}
		},
	};
};

const refusalText = (status: number): string => {
	const {body, contentType} = htmlAnswer(status);
	return [
		`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
		'Connection: close',
		`Content-Type: ${contentType}`,
		`Content-Length: ${body.length}`,
		'',
		String(body),
	].join('\r\n');
};
