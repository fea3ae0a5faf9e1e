import {clean} from '../base/text/clean.js';
import type {LogLevel} from './log-entry.js';

const pad = (part: number) => String(part).padStart(2, '0');

/**
A line of a log for people, fit for a terminal; the time is that of this machine.
*/
export const logText = ({level, message}: {level: LogLevel; message: string}, at: Date): string => {
	const clock = `${[at.getHours(), at.getMinutes(), at.getSeconds()].map(part => pad(part)).join(':')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
	return `${clock} ${level.padEnd(5)} ${clean(message)}`;
};
