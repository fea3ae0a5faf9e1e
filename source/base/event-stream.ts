import type {Readable} from 'node:stream';
import {createParser, type EventSourceMessage, type ParseError} from 'eventsource-parser';
import type {Clock} from './clock.js';

type ReadEventsOptions = {
	clock: Clock;
	maxEventBytes: number;
	silenceMs: number;
	onBytes?: () => void;
	onEvent: (event: EventSourceMessage) => void;
	onFault: (error: ParseError) => void;
	onSilence: () => void;
};

/**
Reads server-sent events from an answer until its request is destroyed. The caller listens for the end of the answer. `onFault` is called when the stream breaks the rules or an event is too large, `onSilence` when no byte came for `silenceMs`.

@returns A function that stops the watch over silence.
*/
export const readEvents = (request: {readonly destroyed: boolean}, response: Readable, options: ReadEventsOptions): (() => void) => {
	const {clock, maxEventBytes, silenceMs, onEvent, onFault} = options;
	let lastBytesMs = clock.monotonicMs();
	let cancelTimer: () => void;

	// The timer is not set again for each chunk: when it ends, it looks how long the silence has lasted.
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
