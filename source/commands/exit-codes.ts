import {AppError, type ErrorCode} from '../base/errors.js';
import type {ImportResult} from '../sync/events.js';
import {outcomeOfRun} from '../sync/outcome.js';

/**
Scripts rely on these codes. `docs/cli.md` is made from this table.
*/
export const exitCodes = {
	ok: {code: 0, meaning: 'All done'},
	failed: {code: 1, meaning: 'Failed'},
	usage: {code: 2, meaning: 'The command line is wrong'},
	partial: {code: 3, meaning: 'Partly done: some items or libraries failed'},
	unauthorized: {code: 4, meaning: 'Not authorised: the token is missing or wrong, or may not do this'},
	unreachable: {code: 5, meaning: 'The server cannot be reached, or does not answer as a Plex server'},
	locked: {code: 6, meaning: 'Another process writes to the catalogue'},
	damaged: {code: 7, meaning: 'The catalogue is damaged, or newer than this reelcat'},
	unwritable: {code: 8, meaning: 'The disk is full, the folder is not writable, or the output cannot be written'},
	hungUp: {code: 129, meaning: 'The terminal went away (SIGHUP)'},
	interrupted: {code: 130, meaning: 'Interrupted (Ctrl-C)'},
	terminated: {code: 143, meaning: 'Terminated (SIGTERM)'},
} as const;

const byErrorCode: Readonly<Partial<Record<ErrorCode, number>>> = {
	usage: exitCodes.usage.code,
	unauthorized: exitCodes.unauthorized.code,
	forbidden: exitCodes.unauthorized.code,
	unreachable: exitCodes.unreachable.code,
	timeout: exitCodes.unreachable.code,
	'over-budget': exitCodes.unreachable.code,
	'starting-up': exitCodes.unreachable.code,
	'not-plex': exitCodes.unreachable.code,
	tls: exitCodes.unreachable.code,
	locked: exitCodes.locked.code,
	damaged: exitCodes.damaged.code,
	newer: exitCodes.damaged.code,
	'disk-full': exitCodes.unwritable.code,
	'not-writable': exitCodes.unwritable.code,
	cancelled: exitCodes.interrupted.code,
};

export const exitCodeOfError = (error: unknown): number =>
	(error instanceof AppError ? byErrorCode[error.code] : undefined) ?? exitCodes.failed.code;

/**
What ends all work until a person mends it decides over "partly done", the worst first. A library that the token may not read (`forbidden`) is not among them: the others are read all the same.
*/
const decisive: readonly ErrorCode[] = ['disk-full', 'not-writable', 'damaged', 'newer', 'locked', 'unauthorized'];

/**
@returns undefined when none of the faults decides alone
*/
export const decisiveExitCode = (codes: readonly ErrorCode[]): number | undefined => {
	const worst = decisive.find(code => codes.includes(code));
	return worst === undefined ? undefined : byErrorCode[worst];
};

/**
A server that failed after part of the work gives "partly done"; its own code counts only if nothing was kept.
*/
export const exitCodeOfImport = (result: ImportResult, options: {isDryRun?: boolean} = {}): number => {
	const outcome = outcomeOfRun(result, options);
	switch (outcome) {
		case 'cancelled': {
			return exitCodes.interrupted.code;
		}

		case 'done':
		case 'held':
		case 'nothing': {
			return exitCodes.ok.code;
		}

		case 'partly':
		case 'failed': {
			const codes = result.errors.map(({code}) => code);
			const [first] = codes;
			const ownCode = first === undefined ? undefined : byErrorCode[first];
			return decisiveExitCode(codes) ?? (outcome === 'partly' ? exitCodes.partial.code : ownCode ?? exitCodes.failed.code);
		}
	}
};
