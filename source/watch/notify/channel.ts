import type {Clock} from '../../base/clock.js';
import {
	AppError,
	isAppError,
	type AppErrorOptions,
	type ErrorCode,
} from '../../base/errors.js';
import type {Notice} from './notice.js';

export type Channel = {
	name: string;
	kind: string;
	/**
	Why the channel can never work where this process runs, as a sentence. No notice is kept for it then.
	*/
	unavailable?: string;
	/**
	How long one attempt may take, if the usual 30 seconds are too short.
	*/
	deadlineMs?: number;
	/**
	Sends once, without a second try.

	@throws AppError that names no secret. `deliveryFailure` makes one with advice about the next try.
	*/
	send: (notice: Notice, signal: AbortSignal) => Promise<void>;
};

type DeliveryAdvice = {
	/**
	How long the service wants no requests.
	*/
	retryAfterMs?: number | undefined;
	/**
	Some recipients have the notice, so another try would send it to them twice.
	*/
	isFinal?: boolean | undefined;
};

export const deliveryFailure = (code: ErrorCode, message: string, {retryAfterMs, isFinal, ...options}: AppErrorOptions & DeliveryAdvice): AppError =>
	Object.assign(new AppError(code, message, options), {retryAfterMs, isFinal});

export const adviceOf = (error: AppError): DeliveryAdvice => {
	const {retryAfterMs, isFinal} = error as AppError & DeliveryAdvice;
	return {retryAfterMs, isFinal};
};

type AttemptOptions = {
	clock: Clock;
	signal: AbortSignal | undefined;
	/**
	The subject of the sentences about a failure.
	*/
	label: string;
	timeoutHint: string;
	cancelledMessage: string;
};

/**
Sends one notice within the time that the channel may take. A channel that ignores its signal is not waited for.

@returns why it failed, or undefined
*/
export const attemptSend = async (channel: Channel, notice: Notice, {clock, signal, label, timeoutHint, cancelledMessage}: AttemptOptions): Promise<AppError | undefined> => {
	const controller = new AbortController();
	const {promise: over, reject} = Promise.withResolvers<never>();
	const end = (error: AppError) => {
		reject(error);
		controller.abort();
	};

	const stop = () => {
		end(new AppError('cancelled', cancelledMessage));
	};

	const cancelDeadline = clock.after(channel.deadlineMs ?? 30_000, () => {
		end(new AppError('timeout', `${label} did not accept the notice in time.`, {hint: timeoutHint}));
	});
	signal?.addEventListener('abort', stop, {once: true});
	try {
		if (signal?.aborted === true) {
			stop();
		}

		await Promise.race([over, channel.send(notice, controller.signal)]);
		return undefined;
	} catch (error) {
		return isAppError(error) ? error : new AppError('server-error', `${label} failed unexpectedly.`, {cause: error});
	} finally {
		cancelDeadline();
		signal?.removeEventListener('abort', stop);
	}
};

export type ChannelTest = {
	name: string;
	kind: Channel['kind'];
	durationMs: number;
	failure?: AppError;
};

/**
Sends the same notice through all channels at once. No channel waits for another.
*/
export const tryChannels = async (channels: readonly Channel[], notice: Notice, {clock, signal}: {clock: Clock; signal?: AbortSignal | undefined}): Promise<ChannelTest[]> =>
	Promise.all(channels.map(async channel => {
		const startMs = clock.monotonicMs();
		const failure = await attemptSend(channel, notice, {
			clock,
			signal,
			label: 'It',
			timeoutHint: 'Check its address, and whether a firewall is in the way.',
			cancelledMessage: 'The test was cancelled.',
		});
		const durationMs = Math.round(clock.monotonicMs() - startMs);
		return {
			name: channel.name, kind: channel.kind, durationMs, ...failure !== undefined && {failure},
		};
	}));
