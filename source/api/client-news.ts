import type {ClientRequest, IncomingMessage} from 'node:http';
import type {Clock} from '../base/clock.js';
import {AppError, errorCode} from '../base/errors.js';
import {readEvents} from '../base/event-stream.js';
import {eventSchema, type NumberedEvent} from '../watch/types.js';

/**
Opens a request to the daemon, with the token. A lasting request gets its own connection.
*/
export type OpenRequest = (method: string, path: string, options: {headers: Record<string, string>; isLasting?: boolean}) => ClientRequest;

type NewsOptions = {
	open: OpenRequest;
	listener: (numbered: NumberedEvent) => void;
	after: number | undefined;
	clock: Clock;
	onLink: (link: {isUp: boolean; reason?: string}) => void;
};

const maxEventBytes = 8 * 1_048_576;
const retryLadderMs = [500, 1000, 2000, 5000, 10_000];

/**
The daemon sends a heartbeat every 15 seconds.
*/
const silenceMs = 40_000;

/**
Follows the events of a daemon. After a lost connection it connects again and goes on after the last event.

@returns A function that stops it
*/
export const readNews = ({open, listener, after, clock, onLink}: NewsOptions): (() => void) => {
	let last = after;
	let failures = 0;
	let isOver = false;
	let cancelRetry: (() => void) | undefined;
	let cancelSilence: (() => void) | undefined;
	let current: ClientRequest | undefined;

	const lose = (reason: string) => {
		cancelSilence?.();
		current?.destroy();
		current = undefined;
		if (isOver || cancelRetry !== undefined) {
			return;
		}

		onLink({isUp: false, reason});
		cancelRetry = clock.after(retryLadderMs[Math.min(failures, retryLadderMs.length - 1)]!, () => {
			cancelRetry = undefined;
			connect();
		});
		failures++;
	};

	const fallSilent = () => {
		lose('It has stopped answering.');
	};

	const read = (own: ClientRequest, response: IncomingMessage) => {
		if (response.statusCode !== 200) {
			response.resume();
			lose(response.statusCode === 401 ? 'It refuses the token.' : `It answers with ${response.statusCode}.`);
			return;
		}

		failures = 0;
		cancelSilence?.();
		cancelSilence = readEvents(own, response, {
			clock,
			maxEventBytes,
			silenceMs,
			onEvent({id, data}) {
				const numbered = readEvent(id, data);
				if (numbered === undefined || isOver) {
					return;
				}

				last = numbered.id;
				listener(numbered);
			},
			onFault(error) {
				lose(error.message);
			},
			onSilence: fallSilent,
		});
		onLink({isUp: true});
		response.once('close', () => {
			if (current === own) {
				lose('It has closed the connection.');
			}
		});
		response.on('error', () => {/* close follows */});
	};

	function connect() {
		const own = open('GET', '/api/v1/events', {
			isLasting: true,
			headers: {Accept: 'text/event-stream', ...(last !== undefined && {'Last-Event-ID': String(last)})},
		});
		current = own;
		cancelSilence = clock.after(silenceMs, fallSilent);
		own.once('response', response => {
			read(own, response);
		});
		own.once('error', error => {
			if (current === own) {
				lose(unreachable(error).message);
			}
		});
		own.end();
	}

	connect();
	return () => {
		isOver = true;
		cancelRetry?.();
		cancelSilence?.();
		current?.destroy();
	};
};

export const unreachable = (error: unknown): AppError => new AppError('unreachable', `The daemon cannot be reached (${errorCode(error) ?? 'unknown reason'}).`, {
	hint: 'It may have just ended; "reelcat status" shows it.', cause: error,
});

/**
Undefined for an event that this version does not know.
*/
const readEvent = (id: string | undefined, data: string): NumberedEvent | undefined => {
	if (id === undefined || !/^\d{1,15}$/v.test(id)) {
		return undefined;
	}

	try {
		const event = eventSchema.safeParse(JSON.parse(data));
		return event.success ? {id: Number(id), event: event.data} : undefined;
	} catch {
		return undefined;
	}
};
