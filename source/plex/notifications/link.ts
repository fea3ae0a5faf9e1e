import type {Clock} from '../../base/clock.js';
import type {Agents} from '../agents.js';
import type {Target} from '../failure.js';
import {networkFailure} from '../network-failure.js';
import type {ConnectionOptions} from '../requests.js';
import type {Ending} from './course.js';

export type LinkTimes = {
	handshakeMs: number;
	/**
	How often a websocket is asked for a sign of life, and how long it may take over one.
	*/
	pingEveryMs: number;
	pongMs: number;
	/**
	Of an event stream, in which the server itself sends pings about every 10 s.
	*/
	silenceMs: number;
};

export type LinkOptions = {
	baseUrl: string;
	/**
	With the token.
	*/
	headers: Record<string, string>;
	agents: Agents;
	connection: ConnectionOptions;
	target: Target;
	times: LinkTimes;
	maxMessageBytes: number;
	clock: Clock;
	onOpen: () => void;
	/**
	Bytes of any kind came.
	*/
	onLife: () => void;
	onMessage: (text: string) => void;
	/**
	Once, and last of all; never after `close`.
	*/
	onEnd: (ending: Ending) => void;
};

/**
One connection over which notifications come, or an attempt at one.
*/
export type Link = {close: () => void};

/**
What the status of an answer means that is no stream of notifications.
*/
export const refusalOf = (status: number, {host}: Pick<Target, 'host'>): Ending => {
	if (status === 401 || status === 403) {
		return {kind: 'forbidden', reason: `${host} does not send notifications to this token (${status}); servers send them to their owner only.`};
	}

	if (status >= 300 && status <= 399) {
		return {kind: 'unsupported', reason: `${host} sends the request for notifications on to another address, where the token must not go.`};
	}

	const isPassing = status === 408 || status === 429 || (status >= 500 && status !== 501);
	return isPassing
		? {kind: 'lost', reason: `${host} could not send notifications just now (${status}).`}
		: {kind: 'unsupported', reason: `${host} offers no notifications (${status}).`};
};

/**
Of the error nothing is kept but what its code means: it may carry the request, and with it the token.
*/
export const lostBy = (error: unknown, {target, connection}: Pick<LinkOptions, 'target' | 'connection'>): Ending => ({
	kind: 'lost',
	reason: networkFailure(error, target, connection).error.message,
});

export const closedBy = ({host}: Pick<Target, 'host'>): Ending => ({kind: 'lost', reason: `${host} closed the connection for notifications.`});

export const silent = ({host}: Pick<Target, 'host'>): Ending => ({kind: 'lost', reason: `The connection for notifications to ${host} went silent.`});

export const tooSlow = ({host}: Pick<Target, 'host'>): Ending => ({kind: 'lost', reason: `${host} did not answer in time to the request for notifications.`});

export const tooLarge = ({host}: Pick<Target, 'host'>): Ending => ({kind: 'lost', reason: `${host} sent a notification that is larger than any of Plex.`});

/**
@returns What to call with an ending: the first call counts, those after it do nothing.
*/
export const once = (onEnd: LinkOptions['onEnd'], cleanUp: () => void) => {
	let hasEnded = false;
	return (ending: Ending | undefined) => {
		if (hasEnded) {
			return;
		}

		hasEnded = true;
		cleanUp();
		if (ending !== undefined) {
			onEnd(ending);
		}
	};
};
