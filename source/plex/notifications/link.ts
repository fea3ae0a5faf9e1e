import type {Clock} from '../../base/clock.js';
import type {Agents} from '../agents.js';
import {networkFailure, type Target} from '../failure.js';
import type {ConnectionOptions} from '../requests.js';
import type {Ending} from './course.js';

export type LinkTimes = {
	handshakeMs: number;
	/**
	How often a websocket is pinged, and how long the pong may take.
	*/
	pingEveryMs: number;
	pongMs: number;
	/**
	For an event stream, in which the server sends pings about every 10 s.
	*/
	silenceMs: number;
};

export type LinkOptions = {
	baseUrl: string;
	/**
	Includes the token.
	*/
	headers: Record<string, string>;
	agents: Agents;
	connection: ConnectionOptions;
	target: Target;
	times: LinkTimes;
	maxMessageBytes: number;
	clock: Clock;
	onOpen: () => void;
	onLife: () => void;
	onMessage: (text: string) => void;
	/**
	Called once, at the end; never after `close`.
	*/
	onEnd: (ending: Ending) => void;
};

export type Link = {close: () => void};

/**
Explains the status of an answer that is not a stream of notifications.
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
Only the meaning of the error code is kept: the error may carry the request, and with it the token.
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
@returns Reports the first ending that it is called with and ignores all others.
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
