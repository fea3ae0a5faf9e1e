import type {AppError} from '../base/errors.js';

/**
What one attempt came to when it did not give an answer.
*/
export type Failure = {
	ok: false;
	error: AppError;
	/**
	`briefly`: waiting seldom helps soon, so a person should hear of it after a few tries.
	*/
	retry: 'never' | 'briefly' | 'often';
	/**
	How long the server asked to be left alone.
	*/
	retryAfterMs?: number | undefined;
	/**
	Absent when no answer came.
	*/
	status?: number;
};

export type Outcome<Value> = Failure | {ok: true; value: Value};

/**
What a message may say of a request: never its query, never a header.
*/
export type Target = {
	/**
	Host and port.
	*/
	host: string;
	isHttps: boolean;
	/**
	The path, or a shorter name for it.
	*/
	label: string;
	hasToken: boolean;
	/**
	The request that finds out whether this is Plex at all.
	*/
	isProbe: boolean;
};

export const failure = (error: AppError, retry: Failure['retry'] = 'never', retryAfterMs?: number): Failure => ({
	ok: false,
	error,
	retry,
	retryAfterMs,
});
