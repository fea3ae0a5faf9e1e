import {AppError, type AppErrorOptions, type ErrorCode} from '../../base/errors.js';

type DeliveryAdvice = {
	/**
	How long the other side wants to be left alone.
	*/
	retryAfterMs?: number | undefined;
	/**
	Part of it was delivered: another try would tell that part twice.
	*/
	isFinal?: boolean | undefined;
};

/**
An error of a channel that says when to try again, if at all.
*/
export const deliveryFailure = (code: ErrorCode, message: string, {retryAfterMs, isFinal, ...options}: AppErrorOptions & DeliveryAdvice): AppError =>
	Object.assign(new AppError(code, message, options), {retryAfterMs, isFinal});

export const adviceOf = (error: AppError): DeliveryAdvice => {
	const {retryAfterMs, isFinal} = error as AppError & DeliveryAdvice;
	return {retryAfterMs, isFinal};
};
