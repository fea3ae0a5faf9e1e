import type {ServerResponse} from 'node:http';
import type {WebSocket} from 'ws';
import {hexOf} from '../library/dice.js';
import type {ChangedItem, LibraryChange} from '../library/observers.js';
import {demoNow, type DemoSection} from '../library/section.js';

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

const pingEveryMs = 10_000;

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
	const pings = setInterval(() => {
		if (!listener.isFrozen) {
			socket.ping();
		}
	}, pingEveryMs);
	socket.once('close', () => {
		clearInterval(pings);
	});
	return listener;
};

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

/**
One notification, independent of how it is sent.
*/
type Frame = {
	type: string;
	/**
	Name of the rows: `TimelineEntry` for the type `timeline`.
	*/
	name: string;
	rows: ReadonlyArray<Record<string, unknown>>;
};

/**
The states that a server reports while it processes an item (plex-api.md 9.4).
*/
const states: Record<LibraryChange['kind'], ReadonlyArray<{state: number; metadataState?: string}>> = {
	added: [
		{state: 0, metadataState: 'created'},
		{state: 2, metadataState: 'queued'},
		{state: 4, metadataState: 'loading'},
		{state: 5},
	],
	changed: [{state: 5}],
	removed: [{state: 9, metadataState: 'deleted'}],
};

const rowsInFrame = 50;

export const framesOf = ({kind, sectionKey, items}: LibraryChange): Frame[] => states[kind].flatMap(state => {
	const entries = items.map(item => timelineEntry(item, sectionKey, state));
	const starts = Array.from({length: Math.ceil(entries.length / rowsInFrame)}, (_, index) => index * rowsInFrame);
	return starts.map(start => ({type: 'timeline', name: 'TimelineEntry', rows: entries.slice(start, start + rowsInFrame)}));
});

const timelineEntry = ({ratingKey, type, row}: ChangedItem, sectionKey: string, state: {state: number; metadataState?: string}) => ({
	identifier: 'com.plexapp.plugins.library',
	sectionID: sectionKey,
	itemID: ratingKey,
	...(row.parentRatingKey !== undefined && {parentItemID: row.parentRatingKey}),
	...((row.grandparentRatingKey ?? row.parentRatingKey) !== undefined && {rootItemID: row.grandparentRatingKey ?? row.parentRatingKey}),
	type,
	title: row.title,
	...state,
	updatedAt: row.updatedAt ?? demoNow,
});

/**
A scan from its beginning to its end.
*/
export const scanFrames = ({key, title}: DemoSection): Frame[] => {
	const uuid = hexOf(32, Number(key), 77);
	const activity = (event: string, progress: number): Frame => ({
		type: 'activity',
		name: 'ActivityNotification',
		rows: [{
			event,
			uuid,
			Activity: {
				uuid,
				type: 'library.update.section',
				cancellable: false,
				userID: 1,
				title: `Scanning ${title}`,
				subtitle: '',
				progress,
				Context: {librarySectionID: key},
			},
		}],
	});
	const status: Frame = {
		type: 'status',
		name: 'StatusNotification',
		rows: [{title: 'Library scan complete', description: '', notificationName: 'LIBRARY_UPDATE'}],
	};
	return [activity('started', 0), activity('ended', 100), status];
};

/**
The text of a websocket message.
*/
const containerText = ({type, name, rows}: Frame): string => JSON.stringify({NotificationContainer: {type, size: rows.length, [name]: rows}});

/**
The text in an event stream: row by row, without a list, and with ids as numbers.
*/
const eventsText = ({type, name, rows}: Frame): string => rows.map(row => eventText(type, {[name]: withNumbers(row)})).join('');

const eventText = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const withNumbers = (row: Record<string, unknown>) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name.endsWith('ID') ? Number(value) : value]));
