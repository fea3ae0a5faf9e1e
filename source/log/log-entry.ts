import {AppError, errorCode, errorMessage} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import {escapeObeyed} from '../base/text/json.js';

/**
Least important first.
*/
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = typeof logLevels[number];

export type LogEntry = {
	level: LogLevel;
	message: string;
	/**
	The facts of the message for programs. No key may be `level`, `time` or `msg`.
	*/
	fields?: Readonly<Record<string, unknown>>;
};

export const isAtLeast = (level: LogLevel, least: LogLevel): boolean => logLevels.indexOf(level) >= logLevels.indexOf(least);

const pad = (part: number, length = 2) => String(part).padStart(length, '0');

/**
Makes a line for people, safe for a terminal, with the local time of this machine.
*/
export const logText = ({level, message}: Pick<LogEntry, 'level' | 'message'>, at: Date): string => {
	const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
	return `${clock} ${level.padEnd(5)} ${clean(message)}`;
};

/**
What a log may hold of an error. An error of a library may also carry request headers, and with them a token.
*/
export const plainFault = (error: unknown): {code: string; message: string; hint?: string} => ({
	code: errorCode(error) ?? 'bug',
	message: errorMessage(error),
	...(error instanceof AppError && error.hint !== undefined && {hint: error.hint}),
});

export type LogLine = (entry: LogEntry, at: Date) => string;

/**
Makes the function that turns an entry into a line of JSON, with its line break. Pino is loaded only here, because most syncs write no line.
*/
export const createLogLine = async (): Promise<LogLine> => {
	const {default: pino} = await import('pino');
	let line = '';
	let time = '';
	const logger = pino({
		level: 'debug',
		// Process and machine are left out, since one run writes one file.
		base: undefined,
		timestamp: () => `,"time":"${time}"`,
		formatters: {level: label => ({level: label})},
		// The default serializers print everything that an error carries.
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
