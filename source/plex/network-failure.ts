import {AppError, errorCode} from '../base/errors.js';
import type {Pin} from './certificate.js';
import {failure, type Failure, type Target} from './failure.js';
import {isProxyTrouble, proxyFor} from './proxy.js';

/**
What an error of the HTTP library or of Node.js means to a person. Only its code is kept: the error itself carries the request, and with it the token.
*/
export const networkFailure = (error: unknown, target: Target, {pin, proxyEnv}: {pin?: Pin | undefined; proxyEnv?: NodeJS.ProcessEnv | undefined} = {}): Failure => {
	const source = sourceOf(error);
	const code = errorCode(source) ?? '';
	const proxy = proxyFor(target, proxyEnv);
	if (proxy !== undefined && isProxyTrouble(source, proxy)) {
		return failure(new AppError('unreachable', `${target.host} cannot be reached through the proxy ${proxy}${code === '' ? '' : ` (${code})`}.`, {
			hint: 'Check HTTP_PROXY and HTTPS_PROXY; NO_PROXY names the hosts that need no proxy, such as a server at home.',
		}), 'briefly');
	}

	if (pin !== undefined && otherCertificate.test(code)) {
		return failure(new AppError('tls', `${target.host} shows another certificate than the one that was accepted (SHA-256 ${pin.fingerprint}). Somebody may be in between, so nothing was sent.`, {
			hint: 'If the server has a new certificate, "reelcat servers add" with its address shows it and asks anew.',
		}));
	}

	const explain = explanations.find(({codes}) => codes.test(code))?.explain ?? explainUnknown;
	return explain(target, source);
};

/**
The HTTP library has codes of its own for some faults, and keeps what happened as their cause.
*/
const sourceOf = (error: unknown): unknown => {
	const isWrapper = error instanceof Error && /^ERR_(?:READING_RESPONSE_STREAM|GOT_REQUEST_ERROR)$/v.test(errorCode(error) ?? '');
	return isWrapper && error.cause instanceof Error ? error.cause : error;
};

type Explain = (target: Target, error: unknown) => Failure;

const explainUnknown: Explain = ({host}, cause) => failure(new AppError('unreachable', `The request to ${host} failed${namedCode(cause)}.`, {
	hint: 'Check the address and the network between this machine and the server.',
	cause,
}));

const namedCode = (error: unknown) => {
	const code = errorCode(error);
	return code === undefined ? '' : ` (${code})`;
};

const explainTimeout: Explain = ({host, label}, cause) => {
	const phase = timeoutPhase(cause);
	const isConnecting = phase === undefined || ['lookup', 'connect', 'secureConnect', 'socket'].includes(phase);
	const [message, hint] = isConnecting
		? [`${host} did not answer in time: no connection came about.`, 'Check that the machine is on and the address is right; a firewall may be in the way.']
		: [`${host} took too long over ${label}.`, 'The server may be busy. Try again later, or with fewer requests at a time (--concurrency).'];
	return failure(new AppError('timeout', message, {hint, cause}), 'briefly');
};

const timeoutPhase = (error: unknown) => error instanceof Error && 'event' in error && typeof error.event === 'string' ? error.event : undefined;

const explainUnknownName: Explain = ({host}, cause) => failure(new AppError('unreachable', `No machine goes by the name in ${host}.`, {
	hint: host.includes('.plex.direct')
		? 'The router may refuse such names (DNS rebinding protection): allow plex.direct in it, or use the IP address of the server.'
		: 'Check the spelling; the IP address of the server works too.',
	cause,
}));

const explainNoLookup: Explain = ({host}, cause) => failure(new AppError('unreachable', `The name in ${host} cannot be looked up right now.`, {
	hint: 'Check the network connection of this machine and its DNS settings.',
	cause,
}), 'briefly');

const explainRefused: Explain = ({host}, cause) => failure(new AppError('unreachable', `${host} refuses the connection: nothing listens on that port.`, {
	hint: 'Check that Plex Media Server is running and that the port is right (usually 32400).',
	cause,
}));

const explainNoRoute: Explain = ({host}, cause) => failure(new AppError('unreachable', `${host} cannot be reached from this machine.`, {
	hint: 'Check that the server is on and in the same network, or that the VPN is up.',
	cause,
}), 'briefly');

const explainBrokenOff: Explain = ({host, label, isHttps}, cause) => failure(new AppError('unreachable', `${host} broke off the connection over ${label}.`, {
	hint: isHttps ? 'Try again in a moment.' : 'Try again in a moment. If the server answers only over https, begin its address with https://.',
	cause,
}), 'often');

const explainOtherName: Explain = ({host}, cause) => failure(new AppError('tls', `The certificate of ${host} is for a server of another name.`, {
	hint: 'Use the name that the certificate is for (for Plex, one under plex.direct), or http:// in your own network.',
	cause,
}));

const explainExpired: Explain = ({host}, cause) => failure(new AppError('tls', `The certificate of ${host} is not valid today.`, {
	hint: 'Check the clock of this machine, and renew the certificate of the server.',
	cause,
}));

const explainUntrusted: Explain = ({host}, cause) => failure(new AppError('tls', `The certificate of ${host} is signed by nobody that this machine trusts.`, {
	hint: '"reelcat servers add" with its address shows the certificate, to be accepted for this server alone. Or use the plex.direct name of the server; NODE_EXTRA_CA_CERTS names a certificate authority of your own.',
	cause,
}));

const explainNoTls: Explain = ({host}, cause) => failure(new AppError('tls', `No encrypted connection to ${host} came about: it may not speak https at all.`, {
	hint: 'Begin the address with http:// instead.',
	cause,
}));

const explainNotHttp: Explain = (target, cause) => {
	const {host} = target;
	return speaksTls(cause)
		? httpsOnly(target)
		: failure(new AppError('not-plex', `What answers at ${host} does not speak HTTP, so it is not a Plex server.`, {
			hint: 'Check the port (usually 32400), and whether the address should begin with https://.',
			cause,
		}));
};

export const httpsOnly = ({host}: Target): Failure => failure(new AppError('tls', `${host} answers only over https.`, {
	hint: 'Begin the address with https://.',
}));

/**
Byte 21 opens a TLS alert: the answer of an https port to a request in the clear.
*/
const speaksTls = (error: unknown) => {
	const source = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return source instanceof Error && 'rawPacket' in source && source.rawPacket instanceof Uint8Array && source.rawPacket[0] === 21;
};

const explainBadPacking: Explain = ({host, label}, cause) => failure(new AppError('malformed', `The answer of ${host} to ${label} cannot be unpacked.`, {
	hint: 'Try again; if it stays so, a proxy between here and the server damages answers.',
	cause,
}));

const otherCertificate = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|^ERR_TLS_CERT_ALTNAME_INVALID$|^CERT_(?:UNTRUSTED|SIGNATURE_FAILURE)$/v;

const explanations: ReadonlyArray<{codes: RegExp; explain: Explain}> = [
	{codes: /^(?:ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/v, explain: explainTimeout},
	{codes: /^ENOTFOUND$/v, explain: explainUnknownName},
	{codes: /^EAI_/v, explain: explainNoLookup},
	{codes: /^ECONNREFUSED$/v, explain: explainRefused},
	{codes: /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/v, explain: explainNoRoute},
	{codes: /^(?:ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)$/v, explain: explainBrokenOff},
	{codes: /^(?:ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/v, explain: explainOtherName},
	{codes: /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/v, explain: explainExpired},
	{codes: /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER|GET_CRL)|^CERT_|_CERT$/v, explain: explainUntrusted},
	{codes: /^(?:EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/v, explain: explainNoTls},
	{codes: /^HPE_/v, explain: explainNotHttp},
	{codes: /^(?:Z_|ERR_BROTLI|ERR_.*DECOMPRESS)/v, explain: explainBadPacking},
];
