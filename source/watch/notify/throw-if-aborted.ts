import {AppError} from '../../base/errors.js';

/**
As `AbortSignal#throwIfAborted`, with an error of ours.

@throws AppError 'cancelled'
*/
export const throwIfAborted = ({aborted}: AbortSignal): void => {
	if (aborted) {
		throw new AppError('cancelled', 'The notification was cancelled.');
	}
};
