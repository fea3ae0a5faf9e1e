import {Buffer} from 'node:buffer';
import path from 'node:path';
import {errorCode, errorMessage} from '../base/errors.js';
import {type FileSystem, nodeFileSystem} from '../base/file-system.js';
import {createLoop} from '../base/loop.js';
import type {SyncEvent} from '../sync/events.js';
import {createEventEntries, isWorthKeeping} from './event-entries.js';
import {
	createLogLine,
	isAtLeast,
	logText,
	plainFault,
	type LogEntry,
	type LogLevel,
	type LogLine,
} from './log-entry.js';
import {
	createLogFile,
	defaultLogLimits,
	logName,
	type LogLimits,
} from './log-file.js';
import {createRedact} from './redact.js';

export type RunLogOptions = {
	/**
	The folder of all logs. It is made when the first log is written.
	*/
	folder: string;
	runId: string;
	startedAt: Date;
	level?: LogLevel;
	/**
	Returns the tokens in use; called for each line.
	*/
	secrets: () => Iterable<string>;
	/**
	Receives each line as text, safe for a terminal.
	*/
	mirror?: ((line: string) => void) | undefined;
	/**
	Called once, with a sentence, when the log cannot be written. The run goes on without a log.
	*/
	onFault: (sentence: string) => void;
	now?: () => Date;
	fs?: FileSystem;
	limits?: LogLimits;
	/**
	The log is cut at this size.
	*/
	maxBytes?: number;
};

/**
The log of one run. Lines are held in memory until something happens that is worth a file, so a run that finds nothing to do leaves no file. No method throws, and only `close` waits for the disk.
*/
export type RunLog = {
	file: string;
	/**
	The file name without the folder.
	*/
	name: string;
	onEvent: (event: SyncEvent) => void;
	info: (message: string, fields?: LogEntry['fields']) => void;
	warn: (message: string, fields?: LogEntry['fields']) => void;
	/**
	Writes only code, message and hint of the error. The log is then kept, unless `isReason` is false.
	*/
	error: (error: unknown, options?: {isReason?: boolean}) => void;
	/**
	Resolves when everything is written. Lines that are still held are dropped, unless `keep` is true.
	*/
	close: (options?: {keep?: boolean}) => Promise<void>;
};

/**
@example
```
const log = createRunLog({folder, runId, startedAt, secrets: () => [token], onFault: io.say});
log.onEvent(event);
await log.close();
```
*/
export const createRunLog = ({
	folder,
	runId,
	startedAt,
	level = 'info',
	secrets,
	mirror,
	onFault,
	now = () => new Date(),
	fs = nodeFileSystem,
	limits = defaultLogLimits,
	maxBytes = 20_000_000,
}: RunLogOptions): RunLog => {
	const name = logName({id: runId, startedAt});
	const file = path.join(folder, name);
	const redact = createRedact(secrets);
	const entryOf = createEventEntries();
	let held: TimedEntry[] = [];
	let sink: ReturnType<typeof createSink> | undefined;

	const open = () => {
		sink = createSink({
			file,
			fs,
			limits,
			maxBytes,
			redact,
			onFault(error) {
				onFault(redact(`No log is kept of this run, or only a part: ${file} could not be written (${errorCode(error) ?? errorMessage(error)}).`));
			},
		});
		for (const timed of held) {
			sink.add(timed);
		}

		held = [];
	};

	const add = (entry: LogEntry, {isReason}: {isReason: boolean}) => {
		if (!isAtLeast(entry.level, level)) {
			return;
		}

		const timed = {entry, at: now()};
		mirror?.(redact(logText(entry, timed.at)));
		if (sink !== undefined) {
			sink.add(timed);
			return;
		}

		held.push(timed);
		if (isReason) {
			open();
		}
	};

	return {
		file,
		name,
		onEvent(event) {
			add(entryOf(event), {isReason: isWorthKeeping(event)});
		},
		info(message, fields) {
			add({level: 'info', message, ...(fields !== undefined && {fields})}, {isReason: false});
		},
		warn(message, fields) {
			add({level: 'warn', message, ...(fields !== undefined && {fields})}, {isReason: true});
		},
		error(error, {isReason = true} = {}) {
			const fault = plainFault(error);
			const message = [fault.message, fault.hint].filter(part => part !== undefined).join(' ');
			add({level: 'error', message, fields: {fault}}, {isReason});
		},
		async close({keep = false} = {}) {
			if (keep && held.length > 0) {
				open();
			}

			held = [];
			await sink?.close();
		},
	};
};

type TimedEntry = {entry: LogEntry; at: Date};

type SinkOptions = Required<Pick<RunLogOptions, 'fs' | 'limits' | 'maxBytes'>> & {
	file: string;
	redact: (line: string) => string;
	/**
	Called once, with the first error; the sink drops everything after it.
	*/
	onFault: (error: unknown) => void;
};

/**
Writes entries to a file, one piece after the other, while the run continues. `close` resolves when everything is written, and never rejects.
*/
const createSink = ({file, fs, limits, maxBytes, redact, onFault}: SinkOptions) => {
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
		async close() {
			await loop.idle();
			const wasOver = isOver;
			// Requests that were given up tell of their end while the file is closed.
			isOver = true;
			try {
				await logFile?.close();
			} catch (error) {
				// The first error was reported already.
				if (!wasOver) {
					fail(error);
				}
			}
		},
	};
};
