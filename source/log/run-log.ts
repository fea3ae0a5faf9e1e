import path from 'node:path';
import {errorCode, errorMessage} from '../base/errors.js';
import {type FileSystem, nodeFileSystem} from '../base/file-system.js';
import type {SyncEvent} from '../sync/events.js';
import {createEventEntries, isWorthKeeping} from './event-entries.js';
import {
	isAtLeast,
	type LogEntry,
	type LogLevel,
	logText,
} from './log-entry.js';
import {logName, defaultLogLimits, type LogLimits} from './log-file.js';
import {createLogSink, type TimedEntry} from './log-sink.js';
import {plainFault} from './log-line.js';
import {createRedact} from './redact.js';

export type RunLogOptions = {
	/**
	Holds all logs; it is made when the first one is written.
	*/
	folder: string;
	runId: string;
	startedAt: Date;
	level?: LogLevel;
	/**
	The tokens in use; called for each line.
	*/
	secrets: () => Iterable<string>;
	/**
	Gets each line as text, safe for a terminal.
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
	The name of the file, without its folder.
	*/
	name: string;
	onEvent: (event: SyncEvent) => void;
	info: (message: string, fields?: LogEntry['fields']) => void;
	warn: (message: string, fields?: LogEntry['fields']) => void;
	/**
	Writes only code, message and hint of an error. An error makes the log worth keeping unless `isReason` is false.
	*/
	error: (error: unknown, options?: {isReason?: boolean}) => void;
	/**
	Resolves when everything is written. `keep` also writes the lines that are still held; otherwise they are dropped.
	*/
	close: (options?: {keep?: boolean}) => Promise<void>;
};

const defaultMaxBytes = 20_000_000;

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
	maxBytes = defaultMaxBytes,
}: RunLogOptions): RunLog => {
	const name = logName({id: runId, startedAt});
	const file = path.join(folder, name);
	const redact = createRedact(secrets);
	const entryOf = createEventEntries();
	let held: TimedEntry[] = [];
	let sink: ReturnType<typeof createLogSink> | undefined;

	const open = () => {
		sink = createLogSink({
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
		if (sink === undefined) {
			held.push(timed);
		} else {
			sink.add(timed);
		}

		if (sink === undefined && isReason) {
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
