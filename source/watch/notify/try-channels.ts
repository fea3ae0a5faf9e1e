import type {Clock} from '../../base/clock.js';
import {AppError, isAppError} from '../../base/errors.js';
import type {Channel} from './channel.js';
import type {Notice} from './notice.js';

export type ChannelTest = {
	name: string;
	kind: Channel['kind'];
	durationMs: number;
	/**
	Absent where it was taken.
	*/
	failure?: AppError;
};

const deadlineMs = 30_000;

/**
The same notice through all of them at once, each by itself.
*/
export const tryChannels = async (channels: readonly Channel[], notice: Notice, {clock, signal}: {clock: Clock; signal?: AbortSignal | undefined}): Promise<ChannelTest[]> =>
	Promise.all(channels.map(async channel => tryChannel(channel, notice, {clock, signal})));

const tryChannel = async (channel: Channel, notice: Notice, {clock, signal}: {clock: Clock; signal?: AbortSignal | undefined}): Promise<ChannelTest> => {
	const {name, kind} = channel;
	const controller = new AbortController();
	const {promise: over, reject} = Promise.withResolvers<never>();
	const end = (error: AppError) => {
		reject(error);
		controller.abort();
	};

	const abort = () => {
		end(new AppError('cancelled', 'The test was cancelled.'));
	};

	const cancelDeadline = clock.after(channel.deadlineMs ?? deadlineMs, () => {
		end(new AppError('timeout', 'It did not take the notice in time.', {hint: 'Check its address, and whether a firewall is in the way.'}));
	});
	signal?.addEventListener('abort', abort, {once: true});
	const startMs = clock.monotonicMs();
	const took = () => Math.round(clock.monotonicMs() - startMs);
	try {
		if (signal?.aborted === true) {
			abort();
		}

		await Promise.race([over, channel.send(notice, controller.signal)]);
		return {name, kind, durationMs: took()};
	} catch (error) {
		const failure = isAppError(error) ? error : new AppError('server-error', 'It failed in a way that nobody expected.', {cause: error});
		return {
			name, kind, durationMs: took(), failure,
		};
	} finally {
		cancelDeadline();
		signal?.removeEventListener('abort', abort);
	}
};
