import {AppError} from '../base/errors.js';
import {
	isSuccess,
	sendRequest,
	statusAnswer,
	type PhaseTimeouts,
	type Received,
} from '../base/http/request.js';
import {createAgents, type AgentsOptions} from './agents.js';
import {readServerSeconds} from './answers.js';
import {
	failure,
	networkFailure,
	statusFailure,
	type Outcome,
	type Target,
} from './failure.js';
import type {PlexClient} from './types.js';

type Exchange = {
	url: URL;
	/**
	Anything but GET is sent without a body, and its redirects are not followed.
	*/
	method?: 'GET' | 'POST' | 'DELETE';
	target: Target;
	headers: Record<string, string>;
	timeouts: PhaseTimeouts;
	signal: AbortSignal;
	/**
	For this answer, where it should be smaller than others.
	*/
	maxBodyBytes?: number | undefined;
	/**
	Explains a status that is not a success. Only needed when the other side is not a Plex server.
	*/
	explainStatus?: typeof statusFailure;
};

type Answer = Received & {body: Uint8Array};

export type TransportOptions = AgentsOptions & {
	maxBodyBytes: number;
};

const maxRedirects = 3;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
Sends one request at a time and returns the outcome. It never throws and never retries.
*/
export const createTransport = ({maxBodyBytes: mostBytes, ...connection}: TransportOptions) => {
	const {pin, proxyEnv} = connection;
	const {http, https, close} = createAgents(connection);
	const used: ReturnType<PlexClient['usage']> = {requests: 0, bytes: 0};

	const send = async (exchange: Exchange, redirects = 0): Promise<Outcome<Answer>> => {
		const {target, url, method = 'GET', headers, timeouts, signal, maxBodyBytes = mostBytes, explainStatus = statusFailure} = exchange;
		try {
			used.requests++;
			const received = await sendRequest({
				url,
				method,
				agent: {http, https},
				headers,
				...(method !== 'GET' && {body: ''}),
				timeouts,
				signal,
				maxBodyBytes,
			});
			used.bytes += received.receivedBytes;
			const {status, header, body} = received;
			used.serverSeconds = readServerSeconds(header('date')) ?? used.serverSeconds;
			const location = header('location');
			if (location !== undefined && redirectStatuses.has(status)) {
				const next = nextUrl(url, location, method === 'GET' ? redirects : maxRedirects, target);
				return next.ok ? await send({...exchange, url: next.value}, redirects + 1) : next;
			}

			if (!isSuccess(status)) {
				return {...explainStatus(statusAnswer(received, Date.now()), target), status};
			}

			return body === undefined
				? {...tooLarge(target, maxBodyBytes), status}
				: {ok: true, value: {...received, body}};
		} catch (error) {
			return signal.aborted ? failure(cancelled()) : networkFailure(error, target, {pin, proxyEnv});
		}
	};

	return {
		send: async (exchange: Exchange) => send(exchange),
		usage: () => ({...used}),
		close,
	};
};

export const cancelled = () => new AppError('cancelled', 'The request was cancelled.');

const tooLarge = ({host, label}: Target, maxBodyBytes: number) => failure(new AppError('too-large', `The answer of ${host} to ${label} is larger than ${Math.round(maxBodyBytes / 1_048_576)} MiB.`, {
	hint: 'An answer of Plex is far smaller. Check what runs at this address.',
}));

const nextUrl = (from: URL, location: string, redirects: number, {host, label}: Target): Outcome<URL> => {
	const to = URL.parse(location, from.href);
	if (to !== null && to.origin === from.origin) {
		return redirects < maxRedirects
			? {ok: true, value: to}
			: failure(new AppError('not-plex', `${host} redirects the request for ${label} in circles.`, {
				hint: 'A proxy in front of the server may be set up wrongly: use the address of the server itself.',
			}));
	}

	const elsewhere = to === null || to.origin === 'null' ? 'a place that is no web address' : to.origin;
	return failure(new AppError('not-plex', `${from.origin} redirects the request to ${elsewhere}, where the token must not be sent.`, {
		hint: to === null || to.origin === 'null' ? 'Check the address.' : `If that is your server, use ${to.origin} as its address.`,
	}));
};
