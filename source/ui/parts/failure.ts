import {isAppError} from '../../base/errors.js';
import type {Line} from '../line.js';
import {sentences} from './wrap.js';

export type ShownFailure = {
	message: string;
	hint: string | undefined;
};

/**
@throws what is not an `AppError`: that is a bug
*/
export const failureOf = (error: unknown): ShownFailure => {
	if (isAppError(error)) {
		return {message: error.message, hint: error.hint};
	}

	throw error;
};

export const failureLines = ({message, hint}: ShownFailure, columns: number, retry?: string): Line[] => [
	...sentences([message], columns, 'bad'),
	...sentences([hint, retry], columns),
];
