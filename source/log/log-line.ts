import {escapeObeyed} from '../base/text/json.js';
import {plainFault} from './plain-fault.js';
import type {LogEntry} from './log-entry.js';

export type LogLine = (entry: LogEntry, at: Date) => string;

/**
Entries as lines of JSON, each with its line break, made by pino. Loaded when the first line is written: most syncs write none.
*/
export const createLogLine = async (): Promise<LogLine> => {
	const {default: pino} = await import('pino');
	let line = '';
	let time = '';
	const logger = pino({
		level: 'debug',
		// Neither process nor machine: one run writes one file.
		base: undefined,
		timestamp: () => `,"time":"${time}"`,
		formatters: {level: label => ({level: label})},
		// Those of pino print all that an error carries.
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
