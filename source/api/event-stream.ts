import type {ServerResponse} from 'node:http';
import type {Clock} from '../base/clock.js';
import {escapeObeyed} from '../base/text/json.js';
import type {NumberedEvent} from '../watch/types.js';
import type {Watcher} from '../watch/watcher.js';

type EventStreamOptions = {
	response: ServerResponse;
	watcher: Pick<Watcher, 'subscribe'>;
	/**
	Go on after this event.
	*/
	after: number | undefined;
	clock: Clock;
	/**
	A reader that is so far behind does not read.
	*/
	maxBufferedBytes: number;
	heartbeatMs: number;
};

/**
Sends news until the other side goes, or reads no more.

@returns what ends it
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
	unsubscribe = watcher.subscribe(numbered => {
		send(eventText(numbered));
	}, {after});
	// What was missed is sent at once, and tells nothing of the reader until it has had the time to read it.
	allowedBytes = maxBufferedBytes + response.writableLength;
	response.on('drain', () => {
		allowedBytes = maxBufferedBytes;
	});
	return end;
};

const eventText = ({id, event}: NumberedEvent) => `id: ${id}\nevent: ${event.type}\ndata: ${escapeObeyed(JSON.stringify(event))}\n\n`;
