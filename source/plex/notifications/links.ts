import {Buffer} from 'node:buffer';
import {request as httpRequest, type IncomingMessage} from 'node:http';
import {request as httpsRequest} from 'node:https';
import WebSocket from 'ws';
import type {Clock} from '../../base/clock.js';
import {errorCode} from '../../base/errors.js';
import {readEvents} from '../../base/event-stream.js';
import type {Agents} from '../agents.js';
import {networkFailure, type Target} from '../failure.js';
import type {ConnectionOptions} from '../requests.js';
import type {Ending} from './course.js';

export const linkTimes = {
	handshakeMs: 10_000,
	// How often a websocket is pinged, and how long the pong may take.
	pingEveryMs: 20_000,
	pongMs: 20_000,
	// For an event stream, in which the server sends pings about every 10 s.
	silenceMs: 30_000,
};

export type LinkOptions = {
	baseUrl: string;
	headers: Record<string, string>;
	agents: Agents;
	connection: ConnectionOptions;
	target: Target;
	times: typeof linkTimes;
	/**
	Real messages have a few hundred bytes.
	*/
	maxMessageBytes: number;
	clock: Clock;
	onOpen: () => void;
	onLife: () => void;
	onMessage: (text: string) => void;
	/**
	Called once, at the end; never after the link was closed.
	*/
	onEnd: (ending: Ending) => void;
};

/**
Receives notifications over a websocket until the function that it returns is called. The websocket client of Node.js takes no agent, so it would ignore pinned certificates and proxies.
*/
export const openWebsocket = (options: LinkOptions) => {
	const {baseUrl, headers, agents, target, times, clock, maxMessageBytes} = options;
	const url = new URL(`${baseUrl}/:/websockets/notifications`);
	const socket = new WebSocket(url, {
		headers,
		agent: url.protocol === 'https:' ? agents.https : agents.http,
		followRedirects: false,
		perMessageDeflate: false,
		maxPayload: maxMessageBytes,
		// Many small pieces need more memory than the sum of their bytes.
		maxFragments: 1024,
		maxBufferedChunks: 16_384,
	});
	const timers: {nextPing?: () => void; missingPong?: (() => void) | undefined} = {};
	const end = once(options.onEnd, () => {
		cancelHandshake();
		timers.nextPing?.();
		timers.missingPong?.();
		socket.terminate();
	});
	const cancelHandshake = clock.after(times.handshakeMs, () => {
		end(tooSlow(target));
	});

	const ping = () => {
		timers.missingPong ??= clock.after(times.pongMs, () => {
			end(silent(target));
		});
		timers.nextPing = clock.after(times.pingEveryMs, ping);
		socket.ping(() => {
			// A failed ping shows up as a missing pong.
		});
	};

	const onLife = () => {
		timers.missingPong?.();
		timers.missingPong = undefined;
		options.onLife();
	};

	let isOpen = false;
	socket.on('open', () => {
		isOpen = true;
		cancelHandshake();
		timers.nextPing = clock.after(times.pingEveryMs, ping);
		options.onOpen();
	});
	socket.on('ping', onLife);
	socket.on('pong', onLife);
	socket.on('message', (data, isBinary) => {
		onLife();
		// Plex sends text only.
		if (!isBinary && Buffer.isBuffer(data)) {
			options.onMessage(data.toString());
		}
	});
	socket.on('unexpected-response', (_request, {statusCode = 0}) => {
		end(refusalOf(statusCode, target));
	});
	socket.on('error', error => {
		end(endingOf(error, options, isOpen));
	});
	socket.on('close', () => {
		end(closedBy(target));
	});
	return () => {
		end(undefined);
	};
};

const endingOf = (error: Error, options: LinkOptions, isOpen: boolean): Ending => {
	const {host} = options.target;
	const code = errorCode(error) ?? '';
	if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') {
		return tooLarge(options.target);
	}

	if (code.startsWith('WS_ERR_')) {
		return lost(`${host} sent something that is not a notification (${code}).`);
	}

	// ws gives no code when the server does not answer the handshake properly.
	return code === '' && !isOpen
		? {kind: 'unsupported', reason: `The server at ${host} does not support websockets.`}
		: lostBy(error, options);
};

/**
Receives notifications as server-sent events, for networks that block websockets.
*/
export const openEventStream = (options: LinkOptions) => {
	const {baseUrl, headers, agents, target, times, clock} = options;
	const url = new URL(`${baseUrl}/:/eventsource/notifications`);
	const isHttps = url.protocol === 'https:';
	const request = (isHttps ? httpsRequest : httpRequest)(url, {
		agent: isHttps ? agents.https : agents.http,
		headers: {...headers, Accept: 'text/event-stream', 'Accept-Encoding': 'identity'},
	});
	let cancelTimer = clock.after(times.handshakeMs, () => {
		end(tooSlow(target));
	});
	const end = once(options.onEnd, () => {
		cancelTimer();
		request.destroy();
	});

	const listen = (response: IncomingMessage) => {
		cancelTimer();
		cancelTimer = readEvents(request, response, {
			clock,
			maxEventBytes: options.maxMessageBytes,
			silenceMs: times.silenceMs,
			onBytes: options.onLife,
			onEvent({data}) {
				options.onMessage(data);
			},
			onFault({type}) {
				if (type === 'max-buffer-size-exceeded') {
					end(tooLarge(target));
				}
			},
			onSilence() {
				end(silent(target));
			},
		});
		options.onOpen();
	};

	request.on('response', response => {
		response.on('error', error => {
			end(lostBy(error, options));
		});
		response.on('end', () => {
			end(closedBy(target));
		});
		const refusal = refusalIn(response, options);
		if (refusal === undefined) {
			listen(response);
		} else {
			end(refusal);
		}
	});
	request.on('error', error => {
		end(lostBy(error, options));
	});
	request.on('close', () => {
		end(closedBy(target));
	});
	request.end();
	return () => {
		end(undefined);
	};
};

const refusalIn = ({statusCode = 0, headers}: IncomingMessage, {target}: LinkOptions): Ending | undefined => {
	if (statusCode !== 200) {
		return refusalOf(statusCode, target);
	}

	const isStream = /^text\/event-stream\b/iv.test(headers['content-type'] ?? '') && /^(?:identity)?$/iv.test(headers['content-encoding'] ?? '');
	return isStream ? undefined : {kind: 'unsupported', reason: `${target.host} sends something other than notifications.`};
};

const refusalOf = (status: number, {host}: Target): Ending => {
	if (status === 401 || status === 403) {
		return {kind: 'forbidden', reason: `${host} does not send notifications to this token (${status}); servers send them to their owner only.`};
	}

	if (status >= 300 && status <= 399) {
		return {kind: 'unsupported', reason: `${host} redirects the request for notifications to another address, where the token must not be sent.`};
	}

	const isPassing = status === 408 || status === 429 || (status >= 500 && status !== 501);
	return isPassing
		? {kind: 'lost', reason: `${host} could not send notifications just now (${status}).`}
		: {kind: 'unsupported', reason: `${host} offers no notifications (${status}).`};
};

/**
Only the meaning of the error code is kept: the error may carry the request, and with it the token.
*/
const lostBy = (error: unknown, {target, connection}: LinkOptions) => lost(networkFailure(error, target, connection).error.message);

const lost = (reason: string): Ending => ({kind: 'lost', reason});

const closedBy = ({host}: Target) => lost(`${host} closed the connection for notifications.`);

const silent = ({host}: Target) => lost(`The connection for notifications to ${host} went silent.`);

const tooSlow = ({host}: Target) => lost(`${host} did not answer in time to the request for notifications.`);

const tooLarge = ({host}: Target) => lost(`${host} sent a notification that is too large to come from Plex.`);

/**
@returns Reports the first ending that it is called with and ignores all others.
*/
const once = (onEnd: LinkOptions['onEnd'], cleanUp: () => void) => {
	let hasEnded = false;
	return (ending: Ending | undefined) => {
		if (hasEnded) {
			return;
		}

		hasEnded = true;
		cleanUp();
		if (ending !== undefined) {
			onEnd(ending);
		}
	};
};
