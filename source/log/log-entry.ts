import {clean} from '../base/text/clean.js';

/**
Least important first.
*/
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = typeof logLevels[number];

export type LogEntry = {
	level: LogLevel;
	/**
	A sentence or less, for a person.
	*/
	message: string;
	/**
	The same facts for machines. No key may be `level`, `time` or `msg`.
	*/
	fields?: Readonly<Record<string, unknown>>;
};

export const isAtLeast = (level: LogLevel, least: LogLevel): boolean => logLevels.indexOf(level) >= logLevels.indexOf(least);

const pad = (part: number) => String(part).padStart(2, '0');

/**
An entry as a line for people, safe for a terminal, with the local time of this machine.
*/
export const logText = ({level, message}: Pick<LogEntry, 'level' | 'message'>, at: Date): string => {
	const clock = `${[at.getHours(), at.getMinutes(), at.getSeconds()].map(part => pad(part)).join(':')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
	return `${clock} ${level.padEnd(5)} ${clean(message)}`;
};
