import type {Duplex} from 'node:stream';
import type {FastifyReply} from 'fastify';
import {
	AppError,
	errorCode,
	isAppError,
	type ErrorCode,
} from '../base/errors.js';
import type {ErrorSpan} from './port.js';

const refusalStatuses = new WeakMap<AppError, number>();

/**
An error with an HTTP status of its own.
*/
export const refusal = (status: number, code: ErrorCode, message: string, hint?: string): AppError => {
	const error = new AppError(code, message, hint === undefined ? {} : {hint});
	refusalStatuses.set(error, status);
	return error;
};

const spans = new WeakMap<AppError, ErrorSpan>();

/**
Adds to an error the part of the query that it is about.
*/
export const withSpan = (error: AppError, span: ErrorSpan): AppError => {
	spans.set(error, span);
	return error;
};

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
	usage: 400, 'not-found': 404, unauthorized: 401, forbidden: 403, 'too-large': 413, 'rate-limited': 429,
};

const refusals: Readonly<Record<number, {code: ErrorCode; message: string}>> = {
	404: {code: 'not-found', message: 'There is nothing at this address.'},
	408: {code: 'timeout', message: 'The request took too long to arrive.'},
	413: {code: 'too-large', message: 'The body is too large.'},
	415: {code: 'usage', message: 'This kind of body is not accepted; send JSON.'},
	431: {code: 'too-large', message: 'The headers are too large.'},
};

const notUnderstood = {code: 'usage', message: 'The request cannot be understood.'} as const;

type Told = {code: string; message: string; hint?: string | undefined; span?: ErrorSpan | undefined};

const errorBody = ({code, message, hint, span}: Told) => ({
	error: {
		code, message, ...(hint !== undefined && {hint}), ...(span !== undefined && {span}),
	},
});

const answer = async (reply: FastifyReply, status: number, told: Told) =>
	reply.code(status).headers(status === 429 ? {'Retry-After': '60'} : {}).send(errorBody(told));

/**
Answers an error. Messages of libraries are not passed on, because they repeat parts of the request.
*/
export const answerError = async (error: Error & {statusCode?: number}, reply: FastifyReply, onFault: (error: unknown) => void) => {
	if (isAppError(error)) {
		return answer(reply, refusalStatuses.get(error) ?? statuses[error.code] ?? 500, {
			code: error.code, message: error.message, hint: error.hint, span: spans.get(error),
		});
	}

	const {statusCode = 500} = error;
	if (statusCode >= 500) {
		onFault(error);
		return answer(reply, 500, {code: 'server-error', message: 'Something went wrong here; the log of the daemon says what.'});
	}

	return answer(reply, statusCode, refusals[statusCode] ?? notUnderstood);
};

const parserStatuses = new Map([['HPE_HEADER_OVERFLOW', 431], ['ERR_HTTP_REQUEST_TIMEOUT', 408]]);

/**
Answers what is not HTTP, or never ends, in the same form, and closes the connection.
*/
export const answerNoRequest = (error: Error, socket: Duplex): void => {
	const code = errorCode(error) ?? '';
	if (code !== 'ECONNRESET' && socket.writable) {
		const status = parserStatuses.get(code) ?? 400;
		const body = JSON.stringify(errorBody(refusals[status] ?? notUnderstood));
		socket.write(`HTTP/1.1 ${status} Refused\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
	}

	socket.destroy();
};
