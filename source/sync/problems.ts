import {AppError, errorMessage} from '../errors.js';
import type {Problem} from './events.js';

const defaultHint = 'Try again with r on the import screen, or run the import once more.';

/**
An error as a row of the error list.
*/
export const problemFrom = (
	error: AppError,
	stage: Problem['stage'],
	{ratingKey, title}: {ratingKey?: string; title?: string} = {},
): Omit<Problem, 'library'> => ({
	ratingKey,
	title,
	stage,
	code: error.code,
	message: error.message,
	hint: error.hint ?? defaultHint,
});

/**
The disk or the catalogue, not the server: nothing more can be kept.
*/
export const isStoreFault = ({code}: AppError): boolean => ['disk-full', 'not-writable', 'locked'].includes(code);

/**
Anything but an `AppError` is a bug, and must not be taken for a fault of the server.
*/
export const requireAppError = (error: unknown): AppError => {
	if (error instanceof AppError) {
		return error;
	}

	throw error instanceof Error ? error : new Error(errorMessage(error));
};
