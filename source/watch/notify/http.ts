import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import type {Clock} from '../../base/clock.js';
import {AppError} from '../../base/errors.js';
import {proxyOptions} from '../../base/http/proxy.js';
import {
	isSuccess,
	sendRequest,
	statusAnswer,
	type PhaseTimeouts,
	type StatusAnswer,
} from '../../base/http/request.js';
import {networkError, statusError} from './http-failure.js';

type NotifyPost = {
	url: string | URL;
	/**
	Name of the service for messages. Never the address, which may be a secret.
	*/
	service: string;
	headers?: Readonly<Record<string, string>>;
	body: string;
	signal: AbortSignal;
	/**
	Reads an error that the service reports in its own format.
	*/
	explain?: (answer: StatusAnswer) => AppError | undefined;
};

export type NotifyHttp = {
	/**
	Sends one request, without redirects and retries.

	@throws AppError for everything except success
	*/
	post: (request: NotifyPost) => Promise<StatusAnswer>;
	close: () => void;
};

type NotifyHttpOptions = {
	clock: Clock;
	/**
	The environment that holds HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
	*/
	proxyEnv?: NodeJS.ProcessEnv | undefined;
	timeouts?: Partial<PhaseTimeouts>;
};

const defaultTimeouts: PhaseTimeouts = {
	connectMs: 5000, sendMs: 15_000, responseMs: 15_000, readMs: 15_000, requestMs: 25_000,
};

/**
No service answers a notification with more.
*/
const maxBodyBytes = 65_536;

/**
HTTP to the services that carry notifications.
*/
export const createNotifyHttp = ({clock, proxyEnv, timeouts = {}}: NotifyHttpOptions): NotifyHttp => {
	// A connection kept open until the next digest would be dead by then.
	const pool = {keepAlive: false, ...proxyOptions(proxyEnv)};
	const agent = {http: new HttpAgent(pool), https: new HttpsAgent(pool)};

	const send = async ({url, service, headers, body, signal}: NotifyPost): Promise<StatusAnswer> => {
		try {
			const received = await sendRequest({
				url,
				method: 'POST',
				agent,
				headers: {'user-agent': 'reelcat', accept: 'application/json', ...headers},
				body,
				timeouts: {...defaultTimeouts, ...timeouts},
				signal,
				maxBodyBytes,
			});
			return statusAnswer(received, clock.now().getTime());
		} catch (error) {
			// The error holds the request and every secret in it.
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
