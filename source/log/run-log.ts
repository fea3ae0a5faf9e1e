import path from 'node:path';
import {errorCode, errorMessage} from '../base/errors.js';
import {type FileSystem, nodeFileSystem} from '../base/file-system.js';
import type {SyncEvent} from '../sync/events.js';
import {createEventEntries, isWorthKeeping} from './event-entries.js';
import {isAtLeast, type LogEntry, type LogLevel} from './log-entry.js';
import {logName} from './log-name.js';
import {createLogSink, type LogSink, type TimedEntry} from './log-sink.js';
import {logText} from './log-text.js';
import {defaultLogLimits, type LogLimits} from './logs-to-drop.js';
import {plainFault} from './plain-fault.js';
import {createRedact} from './redact.js';

export type RunLogOptions = {
	/**
	Of all logs; made when the first one is written.
	*/
	folder: string;
	runId: string;
	startedAt: Date;
	level?: LogLevel;
	/**
	Tokens that are in use by now; asked for at each line.
	*/
	secrets: () => Iterable<string>;
	/**
	Takes each line as text, fit for a terminal.
	*/
	mirror?: ((line: string) => void) | undefined;
	/**
	Told once, in a sentence, when the log cannot be written. Nothing else happens then.
	*/
	onFault: (sentence: string) => void;
	now?: () => Date;
	fs?: FileSystem;
	limits?: LogLimits;
	/**
	Of one log.
	*/
	maxBytes?: number;
};

/**
The log of one run. Lines are held in memory until something happens that is worth a file, so a run that finds nothing to do leaves none. No method throws or waits for the disk, but `close`, which only waits.
*/
export type RunLog = {
	file: string;
	/**
	Of the file.
	*/
	name: string;
	onEvent: (event: SyncEvent) => void;
	info: (message: string, fields?: LogEntry['fields']) => void;
	warn: (message: string, fields?: LogEntry['fields']) => void;
	/**
	Of an error nothing but code, message and hint is written. It is a reason to keep the log unless `isReason` is false.
	*/
	error: (error: unknown, options?: {isReason?: boolean}) => void;
	/**
	Resolves when everything is written. `keep` writes what is held, too; otherwise it is dropped.
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
	let sink: LogSink | undefined;

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
