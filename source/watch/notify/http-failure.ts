import {errorCode, type AppError, type ErrorCode} from '../../base/errors.js';
import {deliveryFailure} from './delivery-failure.js';

type Words = readonly [code: ErrorCode, message: string, hint: string];

const later = 'It is tried again later.';
const checkSecrets = 'Check the address and the secrets of this channel in notify.json.';

/**
What an answer without success means for a notification.
*/
export const statusError = ({status, retryAfterMs}: {status: number; retryAfterMs: number | undefined}, service: string): AppError => {
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
What never came to an answer. Of the error of the HTTP library nothing but its code is kept.
*/
export const networkError = (error: unknown, service: string): AppError => {
	const code = errorCode(error) ?? 'unknown reason';
	const [, [kind, what, hint]] = networkWords.find(([codes]) => codes.test(code)) ?? networkWords.at(-1)!;
	return deliveryFailure(kind, `${service} ${what} (${code}).`, {hint, cause: error});
};

const networkWords: ReadonlyArray<readonly [codes: RegExp, words: Words]> = [
	[/TIMEDOUT|TIMEOUT/v, ['timeout', 'did not answer in time', later]],
	[/^(?:ENOTFOUND|EAI_.*)$/v, ['unreachable', 'has a name that cannot be looked up', 'Check the spelling in notify.json, and the network of this machine.']],
	[/SELF_SIGNED|UNABLE_TO_|^CERT_|_CERT$|ALTNAME|^EPROTO$|^ERR_(?:SSL|TLS)_/v, ['tls', 'cannot be trusted', 'NODE_EXTRA_CA_CERTS names a certificate authority of your own; http:// goes without one in your own network.']],
	[/./v, ['unreachable', 'cannot be reached', 'Check its address in notify.json, and the network of this machine.']],
];
