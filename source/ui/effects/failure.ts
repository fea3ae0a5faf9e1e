import {isAppError} from '../../base/errors.js';
import type {Failure} from '../ui-state.js';

/**
A failure as it is shown.

@throws what is not an `AppError`: that is a bug, and must not look like bad luck.
*/
export const failureOf = (error: unknown): Failure => {
	if (isAppError(error)) {
		return {message: error.message, hint: error.hint};
	}

	throw error;
};
