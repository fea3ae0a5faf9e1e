import {open} from 'node:fs/promises';
import path from 'node:path';
import {AppError, errorCode} from '../base/errors.js';
import {logLevels, type LogLevel, logText} from './log-entry.js';
import {isLogName} from './log-file.js';

/**
A line of a log as it is in the file, and as people read it; not cleaned.
*/
export type LogText = {line: string; shown: string};

/**
Reads the lines of a log.

@throws {AppError} `not-found` if the log no longer exists, `not-writable` if it cannot be read.
*/
export const readLog = async (folder: string, name: string): Promise<LogText[]> => {
	// The name comes from the catalogue, and must not lead to another file.
	if (!isLogName(name)) {
		throw gone(name);
	}

	const file = path.join(folder, name);
	try {
		const handle = await open(file, 'r');
		const lines: LogText[] = [];
		for await (const line of handle.readLines()) {
			lines.push({line, shown: shownLine(line)});
		}

		return lines;
	} catch (error) {
		const code = errorCode(error);
		if (code === undefined) {
			throw error;
		}

		throw code === 'ENOENT' ? gone(name) : new AppError('not-writable', `${file} could not be read (${code}).`, {cause: error});
	}
};

const gone = (name: string) => new AppError('not-found', `The log ${JSON.stringify(name)} is not there any more.`, {
	hint: 'The newest 50 logs are kept, 50 MB at most.',
});

/**
A line that does not parse, because the process was killed while it wrote, is shown unchanged.
*/
const shownLine = (line: string): string => {
	try {
		const {time, level, msg} = JSON.parse(line) as Record<string, unknown>;
		if (typeof time === 'string' && typeof msg === 'string' && isLevel(level)) {
			return logText({level, message: msg}, new Date(time));
		}
	} catch (error) {
		if (!(error instanceof SyntaxError)) {
			throw error;
		}
	}

	return line;
};

const isLevel = (level: unknown): level is LogLevel => (logLevels as readonly unknown[]).includes(level);
