import {X509Certificate} from 'node:crypto';
import {connect, type DetailedPeerCertificate} from 'node:tls';
import {AppError, errorCode} from '../base/errors.js';

/**
A certificate that a person accepted for one server, whoever signed it.
*/
export type CertificatePin = {
	fingerprint: string;
	/**
	PEM
	*/
	certificate: string;
};

export type SeenCertificate = CertificatePin & {
	subject: string;
	issuer: string;
	validFrom: string;
	validTo: string;
	/**
	Why this machine does not trust it. Undefined when it does.
	*/
	reason: string | undefined;
};

/**
TLS options for a pinned certificate. Verification stays on: only the accepted certificate is trusted, and it must be exactly the same.
*/
export const tlsOptionsOf = ({fingerprint, certificate}: CertificatePin) => ({
	ca: certificate,
	allowPartialTrustChain: true,
	checkServerIdentity(_host: string, {fingerprint256}: {fingerprint256: string}) {
		return fingerprint256 === fingerprint
			? undefined
			: Object.assign(new Error('Another certificate'), {code: 'ERR_TLS_CERT_ALTNAME_INVALID'});
	},
});

const longest = 300;
const timeoutMs = 6000;

/**
Reads the certificate that a server shows. No request is sent.

@throws AppError `usage` for an address without TLS, `unreachable`, `timeout`, `tls`.
*/
export const readCertificate = async (url: string, {signal}: {signal?: AbortSignal} = {}): Promise<SeenCertificate> => {
	const {protocol, hostname, port, host} = new URL(url);
	if (protocol !== 'https:') {
		throw new AppError('usage', `${host} is not an https address, so it has no certificate.`, {hint: 'Begin the address with https://.'});
	}

	const name = hostname.replaceAll(/^\[|\]$/gv, '');
	const {promise, resolve, reject} = Promise.withResolvers<SeenCertificate>();
	const abort = () => {
		reject(new AppError('cancelled', 'The request was cancelled.'));
	};

	const socket = connect({
		host: name,
		port: port === '' ? 443 : Number(port),
		...!/^[\d.]+$|:/v.test(name) && {servername: name},
		// We only look at the certificate; the connection ends before any data is sent.
		rejectUnauthorized: false,
	});
	signal?.addEventListener('abort', abort, {once: true});
	socket.setTimeout(timeoutMs, () => {
		reject(new AppError('timeout', `${host} did not show a certificate in time.`, {hint: 'Check that the machine is on and the address is right.'}));
	});
	socket.on('error', error => {
		reject(new AppError('tls', `No encrypted connection to ${host} could be made (${errorCode(error) ?? 'unknown reason'}).`, {hint: 'Check the address; the server may answer over http:// only.'}));
	});
	socket.once('secureConnect', () => {
		const reason = socket.authorized ? undefined : errorCode(socket.authorizationError) ?? String(socket.authorizationError);
		resolve(seen(socket.getPeerCertificate(true), reason));
	});
	try {
		return await promise;
	} finally {
		signal?.removeEventListener('abort', abort);
		socket.destroy();
	}
};

const seen = ({raw, fingerprint256, subject, issuer, valid_from: validFrom, valid_to: validTo}: DetailedPeerCertificate, reason: string | undefined): SeenCertificate => ({
	fingerprint: fingerprint256,
	certificate: new X509Certificate(raw).toString(),
	subject: nameOf(subject),
	issuer: nameOf(issuer),
	validFrom,
	validTo,
	reason,
});

const nameOf = (name: unknown): string => Object.values(name ?? {}).flat().join(', ').slice(0, longest);
