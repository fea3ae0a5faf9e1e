import {errorCode, type AppError, type ErrorCode} from '../../base/errors.js';
import type {StatusAnswer} from '../../base/http/request.js';
import {readNetworkFailure, type NetworkFailureKind} from '../../base/network-failure.js';
import {deliveryFailure} from './delivery-failure.js';

type Words = readonly [code: ErrorCode, message: string, hint: string];

const later = 'It is tried again later.';
const checkSecrets = 'Check the address and the secrets of this channel in notify.json.';

/**
What an answer without success means for a notification.
*/
export const statusError = ({status, retryAfterMs}: Pick<StatusAnswer, 'status' | 'retryAfterMs'>, service: string): AppError => {
	const [code, what, hint] = statusWords(status);
	return deliveryFailure(code, `${service} ${what} (${status}).`, {hint, retryAfterMs});
};

const statusWords = (status: number): Words => {
	if (status >= 500) {
		return ['server-error', 'has trouble of its own', later];
	}

	return status >= 300 && status < 400 ? elsewhere : byStatus.get(status) ?? refused;
};

const elsewhere: Words = [
	'not-found',
	'wants the notification sent to another address, where its secrets must not go',
	'Write the address that it really has into notify.json.',
];
const refused: Words = ['malformed', 'turned the notification down', checkSecrets];

const byStatus: ReadonlyMap<number, Words> = new Map<number, Words>([
	[401, ['unauthorized', 'does not accept the secrets of this channel', checkSecrets]],
	[403, ['forbidden', 'does not let this channel write there', checkSecrets]],
	[404, ['not-found', 'knows nothing under the address of this channel', checkSecrets]],
	[408, ['timeout', 'waited too long for the notification', later]],
	[410, ['not-found', 'has closed the address of this channel', 'Make a new one there, and write it into notify.json.']],
	[413, ['too-large', 'finds the notification too large', checkSecrets]],
	[429, ['rate-limited', 'asks for fewer notifications', 'Nothing is lost: it is sent again when the service allows it.']],
]);

/**
What a failed connection means for a notification. Only the code of the error is kept.
*/
export const networkError = (error: unknown, service: string): AppError => {
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
