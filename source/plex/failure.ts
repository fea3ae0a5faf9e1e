import {AppError, type ErrorCode} from '../base/errors.js';
import {isProxyFailure, proxyFor} from '../base/http/proxy.js';
import type {StatusAnswer} from '../base/http/request.js';
import {readNetworkFailure, type NetworkFailure, type NetworkFailureKind} from '../base/network-failure.js';
import type {CertificatePin} from './certificate.js';

export type Failure = {
	ok: false;
	error: AppError;
	/**
	`briefly`: waiting seldom helps, so a person should be told after a few attempts.
	*/
	retry: 'never' | 'briefly' | 'often';
	retryAfterMs?: number | undefined;
	status?: number;
};

export type Outcome<Value> = Failure | {ok: true; value: Value};

/**
What a message may say about a request: never its query, never a header.
*/
export type Target = {
	host: string;
	isHttps: boolean;
	label: string;
	hasToken: boolean;
	isProbe: boolean;
};

export const targetOf = ({host, protocol}: URL, request: Pick<Target, 'label' | 'hasToken'> & Partial<Target>): Target => ({
	host,
	isHttps: protocol === 'https:',
	isProbe: false,
	...request,
});

export const failure = (error: AppError, retry: Failure['retry'] = 'never', retryAfterMs?: number): Failure => ({
	ok: false,
	error,
	retry,
	retryAfterMs,
});

/**
Explains a failed connection to a person. Only the code of the error is kept.
*/
export const networkFailure = (error: unknown, target: Target, {pin, proxyEnv}: {pin?: CertificatePin | undefined; proxyEnv?: NodeJS.ProcessEnv | undefined} = {}): Failure => {
	const facts = readNetworkFailure(error);
	const {kind, code} = facts;
	const proxy = proxyFor(target, proxyEnv);
	if (proxy !== undefined && isProxyFailure(facts, proxy)) {
		return failure(new AppError('unreachable', `${target.host} cannot be reached through the proxy ${proxy}${namedCode(code)}.`, {
			hint: 'Check HTTP_PROXY and HTTPS_PROXY; NO_PROXY names the hosts that need no proxy, such as a server at home.',
		}), 'briefly');
	}

	if (pin !== undefined && (kind === 'other-certificate-name' || kind === 'certificate-untrusted')) {
		return failure(new AppError('tls', `${target.host} shows another certificate than the one that was accepted (SHA-256 ${pin.fingerprint}). Somebody may be intercepting the connection, so nothing was sent.`, {
			hint: 'If the server has a new certificate, "reelcat servers add" with its address shows it and asks again.',
		}));
	}

	const {code: errorCode, message, hint, retry} = explanations[kind](target, facts);
	// `https-only` is told by the answer, so its error has nothing to add.
	return failure(new AppError(errorCode, message, {hint, ...kind !== 'https-only' && {cause: facts.cause}}), retry);
};

const namedCode = (code: string | undefined) => code === undefined ? '' : ` (${code})`;

type Advice = {hint: string; retry?: Failure['retry']};
type Explanation = Advice & {code: ErrorCode; message: string};

const explained = (code: ErrorCode, message: string, advice: Advice): Explanation => ({code, message, ...advice});

const httpsOnly = ({host}: Target) => explained('tls', `${host} answers only over https.`, {hint: 'Begin the address with https://.'});

const explanations: Readonly<Record<NetworkFailureKind, (target: Target, facts: NetworkFailure) => Explanation>> = {
	timeout: ({host, label}, {isConnecting}) => isConnecting
		? explained('timeout', `${host} did not answer in time: the connection could not be made.`, {
			hint: 'Check that the machine is on and the address is right; a firewall may be in the way.',
			retry: 'briefly',
		})
		: explained('timeout', `${host} took too long to answer ${label}.`, {
			hint: 'The server may be busy. Try again later, or with fewer requests at a time (--concurrency).',
			retry: 'briefly',
		}),
	'unknown-name': ({host}) => explained('unreachable', `There is no machine with the name in ${host}.`, {
		hint: host.includes('.plex.direct')
			? 'The router may refuse such names (DNS rebinding protection): allow plex.direct in it, or use the IP address of the server.'
			: 'Check the spelling; the IP address of the server works too.',
	}),
	'no-lookup': ({host}) => explained('unreachable', `The name in ${host} cannot be looked up right now.`, {
		hint: 'Check the network connection of this machine and its DNS settings.',
		retry: 'briefly',
	}),
	refused: ({host}) => explained('unreachable', `${host} refuses the connection: nothing listens on that port.`, {
		hint: 'Check that Plex Media Server is running and that the port is right (usually 32400).',
	}),
	'no-route': ({host}) => explained('unreachable', `${host} cannot be reached from this machine.`, {
		hint: 'Check that the server is on and in the same network, or that the VPN is up.',
		retry: 'briefly',
	}),
	'broken-off': ({host, label, isHttps}) => explained('unreachable', `${host} closed the connection during ${label}.`, {
		hint: isHttps ? 'Try again in a moment.' : 'Try again in a moment. If the server answers only over https, begin its address with https://.',
		retry: 'often',
	}),
	'other-certificate-name': ({host}) => explained('tls', `The certificate of ${host} is for a server with another name.`, {
		hint: 'Use the name that the certificate is for (for Plex, one under plex.direct), or http:// in your own network.',
	}),
	'certificate-expired': ({host}) => explained('tls', `The certificate of ${host} is not valid today.`, {
		hint: 'Check the clock of this machine, and renew the certificate of the server.',
	}),
	'certificate-untrusted': ({host}) => explained('tls', `The certificate of ${host} is not signed by an authority that this machine trusts.`, {
		hint: '"reelcat servers add" with its address shows the certificate, to be accepted for this server alone. Or use the plex.direct name of the server; NODE_EXTRA_CA_CERTS names a certificate authority of your own.',
	}),
	'no-tls': ({host}) => explained('tls', `No encrypted connection to ${host} could be made: it may not speak https at all.`, {
		hint: 'Begin the address with http:// instead.',
	}),
	'not-http': ({host}) => explained('not-plex', `The program at ${host} does not speak HTTP, so it is not a Plex server.`, {
		hint: 'Check the port (usually 32400), and whether the address should begin with https://.',
	}),
	'https-only': httpsOnly,
	'bad-compression': ({host, label}) => explained('malformed', `The answer of ${host} to ${label} cannot be decompressed.`, {
		hint: 'Try again. If this continues, a proxy in between may damage the answers.',
	}),
	other: ({host}, {code}) => explained('unreachable', `The request to ${host} failed${namedCode(code)}.`, {
		hint: 'Check the address and the network between this machine and the server.',
	}),
};

/**
Explains a status that is not a success. The bodies are HTML, XML or JSON, whatever was requested, so the status decides.
*/
export const statusFailure = ({status, text, retryAfterMs}: StatusAnswer, target: Target): Failure => {
	if (status === 503 && /maintenance|starting up|startup/iv.test(text)) {
		return failure(new AppError('starting-up', `The Plex server at ${target.host} is starting up or being upgraded.`, {
			hint: 'Wait a minute and try again; after a large upgrade it can take an hour.',
		}), 'briefly', retryAfterMs);
	}

	if (status === 429) {
		return failure(new AppError('rate-limited', `${target.host} asks for fewer requests.`, {
			hint: 'Wait a few minutes, then try again with --concurrency 1.',
		}), 'often', retryAfterMs);
	}

	// Whoever answers instead of Plex: afterwards, a single broken item may have these, too.
	if (target.isProbe && [502, 503, 504].includes(status)) {
		return failure(new AppError('unreachable', `A proxy answers at ${target.host}, but the server behind it does not (${status}).`, {
			hint: 'Check that Plex Media Server is running, and that the proxy knows where it is.',
		}), 'often', retryAfterMs);
	}

	if (status >= 500) {
		return failure(new AppError('server-error', `${target.host} could not answer ${target.label}: it reports an internal error (${status}).`, {
			hint: 'The server may be busy or about to start. Try again later; its log says more.',
		}), [500, 502, 503, 504].includes(status) ? 'often' : 'never', retryAfterMs);
	}

	if (status === 400 && /https port/iv.test(text)) {
		const {code, message, hint} = httpsOnly(target);
		return failure(new AppError(code, message, {hint}));
	}

	return failure((target.isProbe ? probeRefusal : refusal)(status, target));
};

const probeRefusal = (status: number, {host}: Target) => status === 401
	? new AppError('unauthorized', `The server at ${host} asks for its own login before it says whether it is a Plex server.`, {
		hint: 'A proxy may be in front of the server: use the address of the server itself.',
	})
	: new AppError('not-plex', `The server at ${host} is not a Plex server (it answers with ${status}).`, {
		hint: 'Check the address and the port (usually 32400).',
	});

const refusal = (status: number, {host, label, hasToken}: Target) => {
	switch (status) {
		case 401: {
			return hasToken
				? new AppError('unauthorized', `${host} does not accept the token.`, {
					hint: 'The token may belong to another server or account, or may have been signed out. Sign in again with "reelcat login", or give a current one.',
				})
				: new AppError('unauthorized', `${host} asks for a token, and none was given.`, {
					hint: 'Sign in with "reelcat login", or give the token of this server with --token-file, in PLEX_TOKEN or on the first screen of the app.',
				});
		}

		case 403: {
			return new AppError('forbidden', `The token may not read ${label} on ${host}.`, {
				hint: 'Ask the owner of the server for access, or use the token of the owner.',
			});
		}

		case 404: {
			return new AppError('not-found', `${host} has nothing at ${label}.`, {
				hint: 'It may have been deleted meanwhile, or not be shared with this user.',
			});
		}

		default: {
			return new AppError('server-error', `${host} refuses the request for ${label} (${status}).`, {
				hint: 'Check that the address leads to a Plex server of a recent version.',
			});
		}
	}
};
