import {AppError, type ErrorCode} from '../../base/errors.js';
import type {StatusAnswer} from '../../base/http/request.js';
import {failure, type Failure, type Target} from '../../plex/failure.js';
import {
	asRecord,
	asRecords,
	parseWireJson,
	readInteger,
	readString,
} from '../../plex/wire.js';

/**
Explains an answer without success. Only what plex.tv itself says about a token ends a sign-in. Every other failure keeps what is stored ([MNT] had to learn it).
*/
export const plexTvStatusFailure = ({status, text, retryAfterMs}: StatusAnswer, target: Target): Failure => {
	const body = readErrorBody(text);
	if (status === 429) {
		return failure(plexTvError('rate-limited', target), 'often', retryAfterMs);
	}

	if (status >= 500) {
		return failure(plexTvError('server-error', target, `it reports an internal error (${status})`), 'often', retryAfterMs);
	}

	if (body.isWebPage) {
		return failure(plexTvError('not-plex', target));
	}

	if (target.hasToken && hasRefusedToken(status, body)) {
		return failure(plexTvError('unauthorized', target));
	}

	// Code 1020: a PIN that is unknown, used or expired ([SPEC] src/paths/pins).
	return failure(status === 404 && body.errors.some(({code}) => code === 1020)
		? plexTvError('not-found', target)
		: plexTvError('server-error', target, `it refuses the request (${status})`));
};

/**
Usually 401; 403 and 422 from some paths ([PA], [MNT]), 498 for an expired token ([OFF]).
*/
const hasRefusedToken = (status: number, {errors}: ErrorBody) => [401, 403, 498].includes(status)
	|| (status === 422 && errors.some(({message}) => /\btoken\b/iv.test(message)));

/**
Rewords failures that happened before or after the status, which the transport describes as for a Plex server.
*/
export const plexTvTransportFailure = (told: Failure, target: Target): Failure => told.error.code === 'cancelled'
	? told
	: {...told, error: plexTvError(told.error.code, target, systemCode(told.error), told.error)};

export const plexTvError = (code: ErrorCode, {host, label}: Pick<Target, 'host' | 'label'>, detail?: string, cause?: AppError): AppError => {
	const name = host === 'plex.tv' ? host : `plex.tv (${host})`;
	const [message, hint] = (texts[code] ?? unreachable)({name, label, detail});
	return new AppError(code, message, {hint, ...(cause !== undefined && {cause})});
};

const systemCode = ({cause}: AppError) => readString(asRecord(cause)['code']);

type Text = (values: {name: string; label: string; detail: string | undefined}) => [message: string, hint: string];

const unreachable: Text = ({name, detail}) => [
	`${name} cannot be reached${detail === undefined ? '' : ` (${detail})`}.`,
	'Check the internet connection of this machine. What is stored is kept.',
];

const texts: Readonly<Partial<Record<ErrorCode, Text>>> = {
	unreachable,
	timeout: ({name, label}) => [
		`${name} did not answer in time when asked for ${label}.`,
		'Check the internet connection of this machine, and try again later. What is stored is kept.',
	],
	tls: ({name, detail}) => [
		`No trusted connection to ${name} could be made${detail === undefined ? '' : ` (${detail})`}.`,
		'Check the clock of this machine. If a proxy inspects the traffic, set NODE_EXTRA_CA_CERTS to its certificate authority.',
	],
	'not-plex': ({name}) => [
		`Something else answers in place of ${name}.`,
		'The network may ask for a login of its own: open any page in a browser, then try again. What is stored is kept.',
	],
	malformed: ({name, label}) => [
		`The answer of ${name} about ${label} cannot be read.`,
		'Try again later; plex.tv may have a problem. What is stored is kept.',
	],
	'too-large': ({name, label}) => [
		`The answer of ${name} about ${label} is too large.`,
		'Try again later; a proxy may be in front of plex.tv. What is stored is kept.',
	],
	'rate-limited': ({name}) => [
		`${name} asks for fewer requests.`,
		'Wait a few minutes, then try again. What is stored is kept.',
	],
	'server-error': ({name, label, detail}) => [
		`${name} did not give ${label}: ${detail ?? 'it does not say why'}.`,
		'Try again later; plex.tv may have a problem. What is stored is kept.',
	],
	'not-found': ({name, label}) => [
		`${name} no longer knows ${label}.`,
		'Ask for a new code.',
	],
	unauthorized: ({name}) => [
		`${name} no longer accepts the sign-in.`,
		'Sign in again with "reelcat login".',
	],
};

type ErrorBody = {
	/**
	plex.tv sends JSON or XML. A web page comes from something in between.
	*/
	isWebPage: boolean;
	errors: ReadonlyArray<{code: number | undefined; message: string}>;
};

const maxLength = 16_384;
const maxErrors = 20;

/**
Reads the errors in an answer of plex.tv, in JSON or, from some older paths, in XML whatever was requested ([PA] myplex.py). They are searched and never shown.
*/
export const readErrorBody = (text: string): ErrorBody => {
	const body = text.slice(0, maxLength).trimStart();
	if (body.startsWith('{')) {
		return {isWebPage: false, errors: readJsonErrors(body)};
	}

	const errors = readXmlErrors(body);
	return {isWebPage: body.startsWith('<') && errors.length === 0 && !body.startsWith('<?xml'), errors};
};

const readJsonErrors = (body: string) => asRecords(asRecord(parseWireJson(body))['errors']).slice(0, maxErrors).map(error => ({
	code: readInteger(error['code']),
	message: readString(error['message']) ?? '',
}));

const readXmlErrors = (body: string) => body.matchAll(/<error\s(?<attributes>[^<>]*)>/gv).take(maxErrors).map(({groups}) => {
	const attributes = groups!['attributes']!;
	return {
		code: readInteger(/\bcode="(?<code>\d+)"/v.exec(attributes)?.groups?.['code']),
		message: /\bmessage="(?<message>[^"]*)"/v.exec(attributes)?.groups?.['message'] ?? '',
	};
}).toArray();
