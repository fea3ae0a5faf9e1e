import {getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamilyAttemptTimeout} from 'node:net';
import {errorCode} from './errors.js';

// Of a name with several addresses, Node.js gives each but the last 250 ms to connect, which is too short for a server far away. It tries them one after the other, so an address that is dead takes this long each time.
setDefaultAutoSelectFamilyAttemptTimeout(Math.max(1500, getDefaultAutoSelectFamilyAttemptTimeout())); // eslint-disable-line unicorn/no-top-level-side-effects -- it is a setting of Node.js for the whole process, whichever library connects

/**
Why a request over the network got no answer, whichever library sent it.
*/
export type NetworkFailureKind =
	| 'timeout' | 'unknown-name' | 'no-lookup' | 'refused' | 'no-route' | 'broken-off'
	| 'other-certificate-name' | 'certificate-expired' | 'certificate-untrusted' | 'no-tls'
	| 'not-http' | 'https-only' | 'bad-compression' | 'other';

/**
The plain facts of an error of got, ws or Node.js. The error itself must not be kept: it carries the request, and with it the token.
*/
export type NetworkFailure = {
	kind: NetworkFailureKind;
	// The code of the original error, such as `ECONNREFUSED`.
	code: string | undefined;
	// If it is a timeout, it struck before there was a connection.
	isConnecting: boolean;
	port: number | undefined;
	// The original error, for `AppError`, which keeps only its code.
	cause: unknown;
};

export const readNetworkFailure = (error: unknown): NetworkFailure => {
	const cause = originOf(error);
	const code = errorCode(cause);
	const {port, cause: inner, event} = (cause ?? {}) as {port?: number; cause?: {port?: number}; event?: unknown};
	return {
		kind: kindOf(code ?? '', cause),
		code,
		isConnecting: typeof event !== 'string' || connectingPhases.has(event),
		port: port ?? inner?.port,
		cause,
	};
};

// got has codes of its own for some failures and keeps the original error as their cause.
const originOf = (error: unknown): unknown => {
	const isWrapper = error instanceof Error && /^ERR_(?:READING_RESPONSE_STREAM|GOT_REQUEST_ERROR)$/v.test(errorCode(error) ?? '');
	return isWrapper && error.cause instanceof Error ? error.cause : error;
};

// The phases that got names in the `event` of its timeouts.
const connectingPhases: ReadonlySet<string> = new Set(['lookup', 'connect', 'secureConnect', 'socket']);

const kindOf = (code: string, error: unknown): NetworkFailureKind => {
	const kind = kinds.find(([codes]) => codes.test(code))?.[1] ?? 'other';
	return kind === 'not-http' && isTlsAlert(error) ? 'https-only' : kind;
};

// Byte 21 opens a TLS alert, with which an https port answers a request that is not encrypted.
const isTlsAlert = (error: unknown) => {
	const source = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return source instanceof Error && 'rawPacket' in source && source.rawPacket instanceof Uint8Array && source.rawPacket[0] === 21;
};

// The first pattern that fits decides.
const kinds: ReadonlyArray<readonly [codes: RegExp, kind: NetworkFailureKind]> = [
	[/TIMEDOUT|TIMEOUT/v, 'timeout'],
	[/^ENOTFOUND$/v, 'unknown-name'],
	[/^EAI_/v, 'no-lookup'],
	[/^ECONNREFUSED$/v, 'refused'],
	[/^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/v, 'no-route'],
	[/^(?:ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE)$/v, 'broken-off'],
	[/^(?:ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/v, 'other-certificate-name'],
	[/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/v, 'certificate-expired'],
	[/SELF_SIGNED|UNABLE_TO_|^CERT_|_CERT$/v, 'certificate-untrusted'],
	[/^(?:EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/v, 'no-tls'],
	[/^HPE_/v, 'not-http'],
	[/^(?:Z_|ERR_BROTLI|ERR_.*DECOMPRESS)/v, 'bad-compression'],
];
