import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import got from 'got';
import type {Clock} from '../../base/clock.js';
import {AppError} from '../../base/errors.js';
import {proxyOptions} from '../../plex/proxy.js';
import {isSuccess, receive} from '../../plex/receive.js';
import {readRetryAfter} from '../../plex/retry.js';
import {networkError, statusError} from './http-failure.js';

type NotifyPost = {
	url: string | URL;
	/**
	What answers there, in the words of a message: never the address itself, which may be a secret.
	*/
	service: string;
	headers?: Readonly<Record<string, string>>;
	body: string;
	signal: AbortSignal;
	/**
	Where the service says what went wrong in a way of its own.
	*/
	explain?: (answer: NotifyAnswer) => AppError | undefined;
};

export type NotifyAnswer = {
	status: number;
	text: string;
	retryAfterMs: number | undefined;
};

export type NotifyHttp = {
	/**
	One request, not followed anywhere else and not sent again.

	@throws AppError for everything but a success
	*/
	post: (request: NotifyPost) => Promise<NotifyAnswer>;
	close: () => void;
};

type NotifyHttpOptions = {
	clock: Clock;
	/**
	Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked up.
	*/
	proxyEnv?: NodeJS.ProcessEnv | undefined;
	timeouts?: Partial<typeof defaultTimeouts>;
};

const defaultTimeouts = {
	connectMs: 5000, responseMs: 15_000, readMs: 15_000, requestMs: 25_000,
};

/**
Nobody has more to say to a notification.
*/
const maxBodyBytes = 65_536;

/**
HTTP to the services that carry notifications.
*/
export const createNotifyHttp = ({clock, proxyEnv, timeouts = {}}: NotifyHttpOptions): NotifyHttp => {
	const {connectMs, responseMs, readMs, requestMs} = {...defaultTimeouts, ...timeouts};
	// A connection that waits for the next digest would only be found dead.
	const pool = {keepAlive: false, ...proxyOptions(proxyEnv)};
	const agent = {http: new HttpAgent(pool), https: new HttpsAgent(pool)};

	const send = async ({url, service, headers, body, signal}: NotifyPost): Promise<NotifyAnswer> => {
		try {
			const stream = got.stream(url, {
				method: 'POST',
				agent,
				headers: {'user-agent': 'reelcat', accept: 'application/json', ...headers},
				body,
				signal,
				timeout: {
					lookup: connectMs,
					connect: connectMs,
					secureConnect: connectMs,
					send: responseMs,
					response: responseMs,
					read: readMs,
					request: requestMs,
				},
				retry: {limit: 0},
				decompress: false,
				followRedirect: false,
				throwHttpErrors: false,
			});
			const {status, header, body: answer} = await receive(stream, maxBodyBytes);
			return {
				status,
				text: answer === undefined ? '' : new TextDecoder().decode(answer),
				retryAfterMs: readRetryAfter(header('retry-after'), clock.now().getTime()),
			};
		} catch (error) {
			// It holds the request, and with it every secret.
			throw signal.aborted ? new AppError('cancelled', `The notification through ${service} was cancelled.`) : networkError(error, service);
		}
	};

	return {
		async post(request) {
			const answer = await send(request);
			const own = request.explain?.(answer);
			if (own !== undefined) {
				throw own;
			}

			if (!isSuccess(answer.status)) {
				throw statusError(answer, request.service);
			}

			return answer;
		},
		close() {
			agent.http.destroy();
			agent.https.destroy();
		},
	};
};
