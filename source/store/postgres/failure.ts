import {
	AppError,
	errorCode,
	isAppError,
	type ErrorCode,
} from '../../base/errors.js';
import {readNetworkFailure} from '../../base/network-failure.js';
import type {StoreAddress} from './address.js';

/**
`lost`: the connection broke off, so nobody knows how far the work came. `conflict`: the same work may succeed when it is done again.
*/
export type FailureKind = 'lost' | 'conflict';

type Words = {
	code: ErrorCode;
	kind?: FailureKind;
	/**
	The functions of PostgreSQL from which it comes, where the state alone does not tell it. Its messages may be in any language.
	*/
	routine?: RegExp;
	message: (where: string) => string;
	hint: string;
};

const lost: Words = {
	code: 'not-writable',
	kind: 'lost',
	message: where => `The connection to the database ${where} broke off.`,
	hint: 'What was not committed is not in the catalogue. reelcat connects again with the next change.',
};

const silent: Words = {
	...lost,
	message: where => `The database ${where} has not answered for a minute.`,
	hint: 'Other programs may keep it busy. Where synchronous_standby_names names a standby server that is away, each commit waits for it, without any limit.',
};

const refused: Words = {
	code: 'unauthorized',
	message: where => `The database ${where} does not let this user in.`,
	hint: 'Check the user in the address, its password (REELCAT_STORE_PASSWORD_FILE, PGPASSFILE, ~/.pgpass, or the keychain where it answers), and pg_hba.conf of the server.',
};

/**
What PostgreSQL says with its five characters (appendix A of its manual), by how they begin. The first that fits decides.
*/
const words: ReadonlyArray<readonly [state: RegExp, words: Words]> = [
	[/^28/v, refused],
	[/^3D000$/v, {
		code: 'usage', message: where => `There is no such database: ${where}.`, hint: 'Make it first, for instance with createdb; reelcat makes its own schema in it.',
	}],
	[/^42501$/v, {
		code: 'forbidden', message: where => `The user of the database ${where} may not do this.`, hint: 'Who writes must own the schema, or may create one in the database. Who only reads needs USAGE on the schema and SELECT on its tables.',
	}],
	[/^53100$/v, {
		code: 'disk-full', message: where => `The disk of the database ${where} is full. Nothing was changed.`, hint: 'Make room on the server of the database, then try again.',
	}],
	[/^53300$/v, {
		code: 'not-writable', message: where => `The database ${where} has no connection left for reelcat.`, hint: 'End other programs that use it, or raise max_connections or the CONNECTION LIMIT of this user. A writer takes up to six connections.',
	}],
	[/^25006$/v, {
		code: 'not-writable', message: where => `The database ${where} only reads at the moment, as a standby server does.`, hint: 'Give reelcat the address of the primary server. If it is one already, default_transaction_read_only is on for this database or user.',
	}],
	[/^22P05$/v, {
		code: 'not-writable', message: where => `The encoding of the database ${where} does not have all characters. Nothing was changed.`, hint: 'Make another one: createdb --encoding UTF8 --template template0 NAME',
	}],
	[/^57014$/v, {
		code: 'not-writable', message: where => `The database ${where} took too long to answer.`, hint: 'Nothing was changed. Other programs may keep it busy.',
	}],
	[/^(?:08|57P0|25P03|25P04)/v, lost],
	[/^55P03$/v, {
		code: 'not-writable', kind: 'conflict', message: where => `Another program has been using the tables of the database ${where} for too long. Nothing was changed.`, hint: 'A dump, an open transaction of psql, or a "reelcat verify" elsewhere may be under way. Try again when it has ended.',
	}],
	[/^40/v, {
		code: 'not-writable', kind: 'conflict', routine: /^ProcessInterrupts$|RecoveryConflict/v, message: where => `The database ${where} is a standby server, and ended a question that kept it from following its primary server.`, hint: 'Try again when less is written there, or set hot_standby_feedback = on, or a longer max_standby_streaming_delay, on the standby server.',
	}],
	[/^40/v, {
		code: 'not-writable', kind: 'conflict', message: where => `Another change came in between in the database ${where}. Nothing was changed.`, hint: 'Try again.',
	}],
	[/^(?:42P01|3F000)$/v, {
		code: 'not-writable', kind: 'conflict', message: where => `Tables of the catalogue in the database ${where} are gone.`, hint: 'Another program removes them or makes them anew, or has removed them. Try again when it has ended; a command that writes makes a schema that is gone.',
	}],
	[/^XX00[12]$/v, {
		code: 'damaged', message: where => `The database ${where} says that its data is damaged.`, hint: 'Its log says more. Restore the database, or "reelcat restore" the newest backup into another schema.',
	}],
];

/**
PgBouncer 1.18 has only this code for all that it refuses, also for an unknown user or database.
*/
const protocolViolation = '08P01';

/**
What went wrong with the database, as a sentence for a person. Errors that are no fault of the database stay what they are.
*/
export const storeFailure = (error: unknown, {text}: StoreAddress, {isOpening = false}: {isOpening?: boolean} = {}): unknown => {
	if (isAppError(error) || !(error instanceof Error)) {
		return error;
	}

	const code = errorCode(error) ?? '';
	const isState = /^[0-9A-Z]{5}$/v.test(code);
	if (isOpening && code === protocolViolation) {
		return new AppError('unreachable', `The database ${text} refuses the connection: ${error.message}.`, {hint: 'A pooler before the database says so, such as PgBouncer; its log says more.', cause: error});
	}

	const found = isState ? words.find(([state, {routine}]) => state.test(code) && (routine === undefined || routine.test(routineOf(error))))?.[1] : (error.message.startsWith('SASL:') ? refused : undefined);
	if (found !== undefined) {
		return failureOf(found, {text, error, isOpening});
	}

	if (isState) {
		return new AppError('not-writable', `The database ${text} refuses: ${error.message} (${code}).`, {hint: 'Its log says more. Nothing was changed.', cause: error});
	}

	const network = networkWords(error);
	if (network === undefined) {
		return error;
	}

	return isOpening
		? new AppError(network.isTls ? 'tls' : 'unreachable', `The database ${text} cannot be reached: ${network.why}.`, {
			hint: network.isTls ? 'sslrootcert=FILE in its address names the authority that signed its certificate.' : 'Check that it runs and that its address is right. A pooler before it needs up to six connections for each reelcat that writes.', cause: error,
		})
		: failureOf(error.message === 'Query read timeout' ? silent : lost, {text, error, isOpening});
};

const routineOf = (error: Error): string => 'routine' in error && typeof error.routine === 'string' ? error.routine : '';

const kinds = new WeakMap<Error, FailureKind>();

const failureOf = ({code, kind, message, hint}: Words, {text, error, isOpening}: {text: string; error: Error; isOpening: boolean}): AppError => {
	const failure = new AppError(isOpening && kind === 'lost' ? 'unreachable' : code, message(text), {hint, cause: error});
	if (kind !== undefined) {
		kinds.set(failure, kind);
	}

	return failure;
};

/**
What kind of failure of the database an error is, if it is one of these.
*/
export const failureKind = (error: unknown): FailureKind | undefined => error instanceof Error ? kinds.get(error) : undefined;

const stateOf = (error: unknown): string => isAppError(error) ? (error.cause as {code?: string} | undefined)?.code ?? '' : '';

/**
Whether the database only reads at the moment, as a standby server does until it is promoted.
*/
export const isStandby = (error: unknown): boolean => stateOf(error) === '25006';

/**
Whether the database lets this process only read: it is a standby server, or its user has no right to write.
*/
export const isWritingRefused = (error: unknown): boolean => isStandby(error) || stateOf(error) === '42501';

const tlsKinds: ReadonlySet<string> = new Set(['other-certificate-name', 'certificate-expired', 'certificate-untrusted', 'no-tls']);

/**
pg tells some failures by their text alone: they have no code.
*/
const bareFailures = /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect|timeout expired|The server does not support SSL|There was an error establishing an SSL|Cannot use a pool after|Postgres connection has been discarded)/v;

const networkWords = (error: Error): {why: string; isTls: boolean} | undefined => {
	if (/support SSL|an SSL/v.test(error.message)) {
		return {why: 'it does not encrypt its connections', isTls: true};
	}

	if (bareFailures.test(error.message)) {
		return {why: error.message.includes('timeout') ? 'it does not answer' : 'the connection broke off', isTls: false};
	}

	const {kind, code} = readNetworkFailure(error);
	return kind === 'other' ? undefined : {why: `${kind.replaceAll('-', ' ')}${code === undefined ? '' : ` (${code})`}`, isTls: tlsKinds.has(kind)};
};
