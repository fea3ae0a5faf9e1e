import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import type {Clock} from '../../base/clock.js';
import {AppError, errorCode, type ErrorCode} from '../../base/errors.js';
import {proxyOptions} from '../../base/http/proxy.js';
import {
	isSuccess,
	sendRequest,
	statusAnswer,
	type PhaseTimeouts,
	type StatusAnswer,
} from '../../base/http/request.js';
import {readNetworkFailure, type NetworkFailureKind} from '../../base/network-failure.js';
import {deliveryFailure} from './channel.js';
import type {Notice} from './notice.js';

export type NotifyPost = {
	url: string | URL;
	/**
	The name of the service for messages. It is never the address, which may be a secret.
	*/
	service: string;
	/**
	Its id goes into a header. A notice is sent twice with the same id if the process ends before it notes the first delivery.
	*/
	notice: Pick<Notice, 'id'>;
	/**
	A value that is sent as JSON, a text that is JSON already, or a form.
	*/
	payload: Record<string, unknown> | URLSearchParams | string;
	headers?: Readonly<Record<string, string>>;
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
	post: (request: NotifyPost) => Promise<void>;
	close: () => void;
};

type NotifyHttpOptions = {
	clock: Clock;
	proxyEnv?: NodeJS.ProcessEnv | undefined;
	timeouts?: Partial<PhaseTimeouts>;
};

const defaultTimeouts: PhaseTimeouts = {
	connectMs: 5000, sendMs: 15_000, responseMs: 15_000, readMs: 15_000, requestMs: 25_000,
};

export const createNotifyHttp = ({clock, proxyEnv, timeouts = {}}: NotifyHttpOptions): NotifyHttp => {
	// A connection kept open until the next digest would be dead by then.
	const pool = {keepAlive: false, ...proxyOptions(proxyEnv)};
	const agent = {http: new HttpAgent(pool), https: new HttpsAgent(pool)};

	const send = async ({url, service, notice, payload, headers, signal}: NotifyPost): Promise<StatusAnswer> => {
		const isForm = payload instanceof URLSearchParams;
		try {
			const received = await sendRequest({
				url,
				method: 'POST',
				agent,
				headers: {
					'user-agent': 'reelcat',
					accept: 'application/json',
					...headers,
					'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
					'x-reelcat-notice': notice.id,
				},
				body: isForm || typeof payload === 'string' ? payload.toString() : JSON.stringify(payload),
				timeouts: {...defaultTimeouts, ...timeouts},
				signal,
				maxBodyBytes: 65_536,
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
		},
		close() {
			agent.http.destroy();
			agent.https.destroy();
		},
	};
};

type Words = readonly [code: ErrorCode, message: string, hint: string];

const later = 'It is tried again later.';
const checkSecrets = 'Check the address and the secrets of this channel in notify.json.';

const statusError = ({status, retryAfterMs}: Pick<StatusAnswer, 'status' | 'retryAfterMs'>, service: string): AppError => {
	const [code, what, hint] = statusWords(status);
	return deliveryFailure(code, `${service} ${what} (${status}).`, {hint, retryAfterMs});
};

const statusWords = (status: number): Words => {
	if (status >= 500) {
		return ['server-error', 'has an internal problem', later];
	}

	return status >= 300 && status < 400 ? elsewhere : byStatus.get(status) ?? refused;
};

const elsewhere: Words = [
	'not-found',
	'redirects to another address, where its secrets must not be sent',
	'Put its real address into notify.json.',
];
const refused: Words = ['malformed', 'refused the notification', checkSecrets];

const byStatus: ReadonlyMap<number, Words> = new Map<number, Words>([
	[401, ['unauthorized', 'does not accept the secrets of this channel', checkSecrets]],
	[403, ['forbidden', 'does not let this channel write there', checkSecrets]],
	[404, ['not-found', 'has nothing at the address of this channel', checkSecrets]],
	[408, ['timeout', 'waited too long for the notification', later]],
	[410, ['not-found', 'has closed the address of this channel', 'Make a new one there, and write it into notify.json.']],
	[413, ['too-large', 'finds the notification too large', checkSecrets]],
	[429, ['rate-limited', 'asks for fewer notifications', 'Nothing is lost: it is sent again when the service allows it.']],
]);

/**
Makes an error of a failed connection. Only the code of the original error is kept.
*/
const networkError = (error: unknown, service: string): AppError => {
	const [code, what, hint] = byKind.get(readNetworkFailure(error).kind) ?? unreachable;
	return deliveryFailure(code, `${service} ${what} (${errorCode(error) ?? 'unknown reason'}).`, {hint, cause: error});
};

const unreachable: Words = ['unreachable', 'cannot be reached', 'Check its address in notify.json, and the network of this machine.'];
const noName: Words = ['unreachable', 'has a name that cannot be looked up', 'Check the spelling in notify.json, and the network of this machine.'];
const notTrusted: Words = ['tls', 'cannot be trusted', 'NODE_EXTRA_CA_CERTS names a certificate authority of your own; http:// goes without one in your own network.'];

const byKind: ReadonlyMap<NetworkFailureKind, Words> = new Map([
	['timeout', ['timeout', 'did not answer in time', later]],
	['unknown-name', noName],
	['no-lookup', noName],
	['other-certificate-name', notTrusted],
	['certificate-expired', notTrusted],
	['certificate-untrusted', notTrusted],
	['no-tls', notTrusted],
]);
