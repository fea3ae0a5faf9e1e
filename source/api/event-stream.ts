import type {ServerResponse} from 'node:http';
import type {Clock} from '../base/clock.js';
import {escapeObeyed} from '../base/text/json.js';
import type {Watcher} from '../watch/watcher.js';

type EventStreamOptions = {
	response: ServerResponse;
	watcher: Pick<Watcher, 'subscribe'>;
	/**
	Number of the last event that the client knows.
	*/
	after: number | undefined;
	clock: Clock;
	/**
	A client with more unread bytes is cut off.
	*/
	maxBufferedBytes: number;
	heartbeatMs: number;
};

/**
Sends events until the client leaves or stops reading.

@returns A function that ends the stream
*/
export const sendEvents = ({response, watcher, after, clock, maxBufferedBytes, heartbeatMs}: EventStreamOptions): (() => void) => {
	response.writeHead(200, {
		'Content-Type': 'text/event-stream; charset=utf-8',
		'Cache-Control': 'no-store',
		'X-Accel-Buffering': 'no',
	});
	let cancelBeat: (() => void) | undefined;
	let unsubscribe = () => {/* not yet */};
	let isOver = false;

	const end = () => {
		if (isOver) {
			return;
		}

		isOver = true;
		cancelBeat?.();
		unsubscribe();
		response.destroy();
	};

	let allowedBytes = Infinity;
	const send = (text: string) => {
		if (isOver) {
			return;
		}

		response.write(text);
		if (response.writableLength > allowedBytes) {
			end();
		}
	};

	const beat = () => {
		send(': still here\n\n');
		cancelBeat = clock.after(heartbeatMs, beat);
	};

	response.once('close', end);
	response.on('error', end);
	beat();
	unsubscribe = watcher.subscribe(({id, event}) => {
		send(`id: ${id}\nevent: ${event.type}\ndata: ${escapeObeyed(JSON.stringify(event))}\n\n`);
	}, {after});
	// Missed events are sent all at once. They must not count against the client before it has had the time to read them.
	allowedBytes = maxBufferedBytes + response.writableLength;
	response.on('drain', () => {
		allowedBytes = maxBufferedBytes;
	});
	return end;
};
