import {Buffer} from 'node:buffer';
import net from 'node:net';
import type {ExecutionContext} from 'ava';
import {canary} from './_api.js';

export type Stream = {
	socket: net.Socket;
	text: () => string;
	/**
	Of the events that came whole.
	*/
	events: () => Array<{id: number; type: string; data: unknown}>;
	isClosed: () => boolean;
};

/**
Listens for news as a program would that knows nothing of it but HTTP.
*/
export const openStream = (t: ExecutionContext, tcpPort: number, headers: Record<string, string> = {}): Stream => {
	const socket = net.connect(tcpPort, '127.0.0.1');
	t.teardown(() => {
		socket.destroy();
	});
	let text = '';
	let isClosed = false;
	socket.on('data', (chunk: Uint8Array) => {
		text += Buffer.from(chunk).toString('utf8');
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
		events: () => text.matchAll(/^id: (?<id>\d+)\nevent: (?<type>\w+)\ndata: (?<data>.*)\n$/gmv).map(({groups}) => ({
			id: Number(groups!['id']), type: groups!['type']!, data: (JSON.parse(groups!['data']!) as unknown),
		})).toArray(),
		isClosed: () => isClosed,
	};
};
