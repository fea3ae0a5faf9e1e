import {stat} from 'node:fs/promises';
import type {Clock} from '../base/clock.js';
import {errorCode, requireAppError} from '../base/errors.js';
import {runProgram} from '../base/run-program.js';
import {clean} from '../base/text/clean.js';
import type {ExportProfile} from '../catalog/export-profile.js';
import {createFaults} from '../watch/faults.js';
import {nextAfter, parseRhythm} from '../watch/schedule/rhythm.js';
import {readWatchSettings} from '../watch/watch-settings.js';
import type {Session} from './session.js';

type ScheduledExportsOptions = {
	/**
	The saved exports as they are now.
	*/
	profiles: () => readonly ExportProfile[];
	/**
	When the file was written last; undefined if it is not there.
	*/
	writtenAt: (file: string) => Promise<Date | undefined>;
	/**
	Makes a saved export.

	@returns what went wrong, in a sentence, or undefined
	*/
	make: (name: string, signal: AbortSignal) => Promise<string | undefined>;
	timeZone: () => string | undefined;
	clock: Clock;
	onNote: (level: 'info' | 'warn', text: string) => void;
};

/**
An export that failed is tried again after this time.
*/
const restMs = 3_600_000;

/**
Makes the saved exports that have a rhythm, one after the other. Their files say when they were made last, so nothing else is kept on the disk: a file that was taken away is made again. A folder in which nothing has changed keeps its time, and the clock of a file server may be ahead, so what this process has made counts as well.
*/
export const createScheduledExports = ({profiles, writtenAt, make, timeZone, clock, onNote}: ScheduledExportsOptions) => {
	const stop = new AbortController();
	const failedAtMs = new Map<string, number>();
	const madeAt = new Map<string, Date>();
	const faults = createFaults(onNote);
	let working: Promise<void> | undefined;

	const isDue = async ({name, every, output}: ExportProfile): Promise<boolean> => {
		const failedMs = failedAtMs.get(name);
		if (every === undefined || output === undefined || (failedMs !== undefined && clock.monotonicMs() - failedMs < restMs)) {
			return false;
		}

		const now = clock.now();
		const rhythm = parseRhythm(every, `exports.${name}.every`);
		const written = await writtenAt(output);
		const made = madeAt.get(name);
		const lastRunAt = written !== undefined && made !== undefined && (made > written || written > now) ? made : written;
		return nextAfter(rhythm, {lastRunAt, now, timeZone: timeZone()}) <= now;
	};

	const fail = (name: string, sentence: string) => {
		failedAtMs.set(name, clock.monotonicMs());
		faults.tell(name, `The saved export ${name} was not made: ${sentence}`);
	};

	const makeIfDue = async (profile: ExportProfile) => {
		const {name, output} = profile;
		try {
			if (!await isDue(profile)) {
				return;
			}

			const fault = await make(name, stop.signal);
			if (stop.signal.aborted) {
				return;
			}

			if (fault !== undefined) {
				fail(name, fault);
				return;
			}

			failedAtMs.delete(name);
			madeAt.set(name, clock.now());
			faults.clear(name);
			onNote('info', `The saved export ${name} was made: ${clean(output!)}`);
		} catch (error) {
			requireAppError(error);

			fail(name, error.message);
		}
	};

	const readProfiles = (): readonly ExportProfile[] => {
		try {
			const all = profiles();
			faults.clear('');
			return all;
		} catch (error) {
			requireAppError(error);

			faults.tell('', `The saved exports could not be read: ${error.message}`);
			return [];
		}
	};

	const lookOnce = async () => {
		for (const profile of readProfiles()) {
			if (!stop.signal.aborted) {
				await makeIfDue(profile);
			}
		}
	};

	return {
		/**
		Makes what is due, unless it is being made already. Nobody waits for it.
		*/
		look() {
			working ??= lookOnce().finally(() => {
				working = undefined;
			});
		},
		/**
		Resolves when nothing is being made any more.
		*/
		idle: async () => working,
		/**
		Ends an export that is being made; its file stays as it was.
		*/
		async close() {
			stop.abort();
			await working;
		},
	};
};

export type OwnProgram = {
	/**
	Starts this reelcat: the program and its first arguments.
	*/
	program: () => readonly string[];
	/**
	The options by which this process finds its server.
	*/
	options: readonly string[];
	env: NodeJS.ProcessEnv;
};

/**
The scheduled exports of a session.
*/
export const openSessionExports = (session: Pick<Session, 'settings' | 'isDemo'>, {program, options: own, env, ...options}: Pick<ScheduledExportsOptions, 'clock' | 'onNote'> & OwnProgram) => createScheduledExports({
	...options,
	profiles: () => session.settings().exportProfiles(),
	timeZone: () => readWatchSettings(session.settings().watch()).timeZone,
	writtenAt: fileWrittenAt,
	make: makeExport({program, options: own, env}, session.isDemo()),
});

const longestMs = 3_600_000;

/**
Makes a saved export in a process of its own, so that neither its memory nor its work is in the way of the daemon. It may ask the server for posters, but it never needs the API.
*/
const makeExport = ({program, options, env}: OwnProgram, isDemo: boolean): ScheduledExportsOptions['make'] => async (name, signal) => {
	const {REELCAT_API_TOKEN: _, ...rest} = env;
	const {end, stderr} = await runProgram({
		argv: [...program(), 'export', '--profile', name, ...options, ...isDemo ? ['--demo'] : []],
		env: rest,
		timeoutMs: longestMs,
		signal,
		isOutputKept: true,
	});
	if (end.kind === 'exited') {
		return end.exitCode === 0 ? undefined : toldError(stderr, env) ?? `It ended with ${end.exitCode}.`;
	}

	if (end.kind === 'not-started') {
		return `It could not be started (${errorCode(end.error) ?? 'unknown reason'}).`;
	}

	return end.kind === 'timeout' ? 'It took more than an hour.' : 'Its process was ended.';
};

/**
The error among what a command says, which may tell what it left out as well. systemd gives each service an `INVOCATION_ID`.
*/
const toldError = (stderr: string, {INVOCATION_ID: service}: NodeJS.ProcessEnv): string | undefined => {
	const line = clean(/^reelcat: (?<message>.+)$/mv.exec(stderr)?.groups!['message'] ?? '');
	const isShut = service !== undefined && line.includes('(EROFS)');
	return line === '' ? undefined : `${line}${isShut ? ' "reelcat service install --now", done again, lets the service write there.' : ''}`;
};

const fileWrittenAt = async (file: string): Promise<Date | undefined> => {
	try {
		const {mtime} = await stat(file);
		return mtime;
	} catch {
		// What cannot be read is made anew, and then says what is wrong.
		return undefined;
	}
};
