/**
Everything that can go wrong: first what fails at Plex, then what fails on this machine.
*/
export type ErrorCode =
	| 'unauthorized' | 'forbidden' | 'not-found' | 'unreachable' | 'timeout' | 'rate-limited'
	| 'starting-up' | 'server-error' | 'not-plex' | 'malformed' | 'too-large' | 'over-budget' | 'tls'
	| 'usage' | 'cancelled' | 'locked' | 'damaged' | 'newer' | 'disk-full' | 'not-writable';

export type AppErrorOptions = {hint?: string; cause?: unknown};

/**
The only error class that is thrown on purpose; any other error is a bug. `message` is a full sentence for a person and holds no secret. `hint` says in full sentences what a person can do next.

Only the code of `cause` is kept, or its message if it is an `AppError`: a foreign error may carry request headers, and with them a token.
*/
export class AppError extends Error {
	override name = 'AppError';
	readonly code: ErrorCode;
	readonly hint: string | undefined;

	constructor(code: ErrorCode, message: string, {hint, cause}: AppErrorOptions = {}) {
		super(message, cause === undefined ? undefined : {cause: plainCause(cause)});
		this.code = code;
		this.hint = hint;
	}
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
	error instanceof AppError && (code === undefined || error.code === code);

/**
@throws anything but an `AppError`, because that is a bug
*/
export const requireAppError: (error: unknown) => asserts error is AppError = error => {
	if (!isAppError(error)) {
		throw error;
	}
};

/**
Faults of a Plex server as a whole: whatever else it is asked now fails as well.
*/
export const outageCodes: ReadonlySet<string> = new Set<ErrorCode>(['unreachable', 'timeout', 'starting-up', 'unauthorized', 'tls', 'not-plex']);

export const errorMessage = (error: unknown): string => error instanceof Error ? error.message : String(error);

/**
The `code` of a Node.js error or an `AppError`, if it has one. Node.js 24 has no name for a quota that is used up, which Linux numbers 122 and macOS 69.
*/
export const errorCode = (error: unknown): string | undefined => {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	return typeof code === 'string' ? code.replace(/^Unknown system error -(?:122|69)$/v, 'EDQUOT') : undefined;
};

const plainCause = (cause: unknown) => ({
	message: cause instanceof AppError ? cause.message : (errorCode(cause) ?? 'unknown cause'),
	code: errorCode(cause),
});
