import {AppError, errorCode, errorMessage} from '../base/errors.js';
import {escapeObeyed} from '../base/text/json.js';
import type {LogEntry} from './log-entry.js';

type PlainFault = {
	code: string;
	message: string;
	hint?: string;
};

/**
Everything that a log may hold of an error: a foreign error may carry request headers, and with them a token.
*/
export const plainFault = (error: unknown): PlainFault => ({
	code: errorCode(error) ?? 'bug',
	message: errorMessage(error),
	...(error instanceof AppError && error.hint !== undefined && {hint: error.hint}),
});

export type LogLine = (entry: LogEntry, at: Date) => string;

/**
Makes lines of JSON, each with its line break, with pino. Pino is loaded only when the first line is written: most syncs write none.
*/
export const createLogLine = async (): Promise<LogLine> => {
	const {default: pino} = await import('pino');
	let line = '';
	let time = '';
	const logger = pino({
		level: 'debug',
		// Leave out process and machine: one run writes one file.
		base: undefined,
		timestamp: () => `,"time":"${time}"`,
		formatters: {level: label => ({level: label})},
		// The serializers of pino print everything that an error carries.
		serializers: {err: plainFault, error: plainFault},
	}, {
		write(text) {
			line = text;
		},
	});
	return ({level, message, fields = {}}, at) => {
		time = at.toISOString();
		logger[level](fields, message);
		return escapeObeyed(line);
	};
};
