import type {Clock} from '../../base/clock.js';
import type {AppError} from '../../base/errors.js';
import {attemptSend, type Channel} from './channel.js';
import type {Notice} from './notice.js';

export type ChannelTest = {
	name: string;
	kind: Channel['kind'];
	durationMs: number;
	/**
	Absent if the channel took the notice.
	*/
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
			cancelled: 'The test was cancelled.',
		});
		const durationMs = Math.round(clock.monotonicMs() - startMs);
		return {
			name: channel.name, kind: channel.kind, durationMs, ...failure !== undefined && {failure},
		};
	}));
