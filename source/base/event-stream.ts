import type {Readable} from 'node:stream';
import {createParser, type EventSourceMessage, type ParseError} from 'eventsource-parser';
import type {Clock} from './clock.js';

type ReadEventsOptions = {
	clock: Clock;
	maxEventBytes: number;
	/**
	A stream that sends no byte for longer counts as dead.
	*/
	silenceMs: number;
	onBytes?: () => void;
	onEvent: (event: EventSourceMessage) => void;
	/**
	The stream breaks the rules of server-sent events, or an event is too large.
	*/
	onFault: (error: ParseError) => void;
	onSilence: () => void;
};

/**
Reads server-sent events from an answer until its request is destroyed. The caller listens for the end of the answer.

@returns Stops the watch over silence.
*/
export const readEvents = (request: {readonly destroyed: boolean}, response: Readable, options: ReadEventsOptions): (() => void) => {
	const {clock, maxEventBytes, silenceMs, onEvent, onFault} = options;
	let lastBytesMs = clock.monotonicMs();
	let cancelTimer: () => void;

	// The timer is not set anew for each chunk: when it ends, it looks how long the silence has lasted.
	const watch = (ms: number) => {
		cancelTimer = clock.after(ms, () => {
			const restMs = lastBytesMs + silenceMs - clock.monotonicMs();
			if (restMs > 0) {
				watch(restMs);
			} else {
				options.onSilence();
			}
		});
	};

	watch(silenceMs);
	const parser = createParser({maxBufferSize: maxEventBytes, onEvent, onError: onFault});
	response.setEncoding('utf8');
	response.on('data', (text: string) => {
		if (request.destroyed) {
			return;
		}

		lastBytesMs = clock.monotonicMs();
		options.onBytes?.();
		parser.feed(text);
	});
	return () => {
		cancelTimer();
	};
};
