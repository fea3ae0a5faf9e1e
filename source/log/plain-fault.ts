import {AppError, errorCode, errorMessage} from '../base/errors.js';

export type PlainFault = {
	code: string;
	message: string;
	hint?: string;
};

/**
All that a log may hold of an error: a foreign one may carry request headers, and with them a token.
*/
export const plainFault = (error: unknown): PlainFault => ({
	code: errorCode(error) ?? 'bug',
	message: errorMessage(error),
	...(error instanceof AppError && error.hint !== undefined && {hint: error.hint}),
});
