import {request as httpRequest, type IncomingMessage} from 'node:http';
import {request as httpsRequest} from 'node:https';
import {readEvents} from '../../base/event-stream.js';
import {
	closedBy,
	lostBy,
	once,
	refusalOf,
	silent,
	tooLarge,
	tooSlow,
	type Link,
	type LinkOptions,
} from './link.js';

/**
Receives notifications as server-sent events, for networks that block websockets.
*/
export const openEventStream = (options: LinkOptions): Link => {
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
	return {
		close() {
			end(undefined);
		},
	};
};

const refusalIn = ({statusCode = 0, headers}: IncomingMessage, {target}: LinkOptions) => {
	if (statusCode !== 200) {
		return refusalOf(statusCode, target);
	}

	const isStream = /^text\/event-stream\b/iv.test(headers['content-type'] ?? '') && /^(?:identity)?$/iv.test(headers['content-encoding'] ?? '');
	return isStream ? undefined : {kind: 'unsupported' as const, reason: `${target.host} sends something else than notifications.`};
};
