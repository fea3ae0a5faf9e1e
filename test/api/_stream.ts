import net from 'node:net';
import type {ExecutionContext} from 'ava';
import {canary} from './_api.js';

export type StreamedEvent = {id: number; type: string; data: unknown};

export type Stream = {
	socket: net.Socket;
	text: () => string;
	/**
	The events that arrived completely.
	*/
	events: () => readonly StreamedEvent[];
	isClosed: () => boolean;
};

/**
Listens for events like a program that knows only HTTP.
*/
export const openStream = (t: ExecutionContext, tcpPort: number, headers: Record<string, string> = {}): Stream => {
	const socket = net.connect(tcpPort, '127.0.0.1');
	t.teardown(() => {
		socket.destroy();
	});
	let text = '';
	let isClosed = false;
	const events: StreamedEvent[] = [];
	const decoder = new TextDecoder();
	let unread = '';
	socket.on('data', (chunk: Uint8Array) => {
		const more = decoder.decode(chunk, {stream: true});
		text += more;
		unread += more;
		// The sizes of chunks are on separate lines.
		for (let end = unread.indexOf('\n\n'); end !== -1; end = unread.indexOf('\n\n')) {
			const {id, type, data} = /^id: (?<id>\d+)\nevent: (?<type>\w+)\ndata: (?<data>.*)$/mv.exec(unread.slice(0, end))?.groups ?? {};
			unread = unread.slice(end + 2);
			if (id !== undefined) {
				events.push({id: Number(id), type: type!, data: JSON.parse(data!) as unknown});
			}
		}
	});
	socket.on('error', () => {/* a reset is an end, too */});
	socket.on('close', () => {
		isClosed = true;
	});
	const all = {Host: '127.0.0.1', Authorization: `Bearer ${canary}`, ...headers};
	socket.write(`GET /api/v1/events HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
	return {
		socket,
		text: () => text,
		events: () => events,
		isClosed: () => isClosed,
	};
};
