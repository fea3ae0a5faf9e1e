import type {ChannelKind} from './config-schema.js';
import type {Notice} from './notice.js';

/**
One way to a person.
*/
export type Channel = {
	name: string;
	kind: ChannelKind;
	/**
	Why it can never work where this process runs, a sentence: nothing is kept for it then.
	*/
	unavailable?: string;
	/**
	How long one attempt may take, where the usual time is too short.
	*/
	deadlineMs?: number;
	/**
	Once, without a second try.

	@throws AppError that names no secret; see `delivery-failure.ts` for what else it may say
	*/
	send: (notice: Notice, signal: AbortSignal) => Promise<void>;
};
