import {Buffer} from 'node:buffer';
import type {FileSystem} from '../base/file-system.js';
import {createLoop} from '../base/loop.js';
import type {LogEntry} from './log-entry.js';
import {createLogFile, type LogLimits} from './log-file.js';
import {createLogLine, type LogLine} from './log-line.js';

type LogSinkOptions = {
	file: string;
	fs: FileSystem;
	limits: LogLimits;
	maxBytes: number;
	redact: (line: string) => string;
	/**
	Called once, with the first error; the sink drops everything after it.
	*/
	onFault: (error: unknown) => void;
};

export type TimedEntry = {entry: LogEntry; at: Date};

/**
Writes entries to a file, one piece after the other, while the run continues.
*/
export const createLogSink = ({file, fs, limits, maxBytes, redact, onFault}: LogSinkOptions) => {
	let waiting: TimedEntry[] = [];
	let line: LogLine | undefined;
	let logFile: Awaited<ReturnType<typeof createLogFile>> | undefined;
	let writtenBytes = 0;
	let isOver = false;

	const fail = (error: unknown) => {
		isOver = true;
		onFault(error);
	};

	const takeWaiting = (toLine: LogLine) => {
		let text = '';
		for (const {entry, at} of waiting) {
			const next = redact(toLine(entry, at));
			writtenBytes += Buffer.byteLength(next);
			if (writtenBytes > maxBytes) {
				isOver = true;
				text += toLine({level: 'warn', message: `The log is cut here: it would be larger than ${maxBytes} bytes.`}, at);
				break;
			}

			text += next;
		}

		waiting = [];
		return text;
	};

	const loop = createLoop(async () => {
		// Entries of the same moment are written together.
		await Promise.resolve();
		if (isOver) {
			return;
		}

		line ??= await createLogLine();
		logFile ??= await createLogFile(file, {fs, limits});
		await logFile.append(takeWaiting(line));
	}, fail);

	return {
		add(timed: TimedEntry) {
			if (isOver) {
				return;
			}

			waiting.push(timed);
			loop.kick();
		},
		/**
		Resolves when everything is written. Never rejects.
		*/
		async close() {
			await loop.idle();
			try {
				await logFile?.close();
			} catch (error) {
				// The first error was reported already.
				if (!isOver) {
					fail(error);
				}
			}

			isOver = true;
		},
	};
};
