import * as z from 'zod';
import {noticeSchema, type Notice} from './notice.js';

const destinationSchema = z.object({
	channel: z.string(),
	attempts: z.int().nonnegative(),
	firstTriedAt: z.iso.datetime().optional(),
});

const waitingSchema = z.object({
	notice: noticeSchema,
	/**
	The channels that it has not reached yet.
	*/
	to: z.array(destinationSchema),
});

const channelSchema = z.object({
	name: z.string(),
	/**
	Failures in a row.
	*/
	failures: z.int().nonnegative(),
	fault: z.string().optional(),
	retryAt: z.iso.datetime().optional(),
});

export const outboxStateSchema = z.object({
	waiting: z.array(waitingSchema),
	channels: z.array(channelSchema),
	/**
	Ids of notices that were delivered or given up, oldest first. They are never sent again.
	*/
	done: z.array(z.string()),
});

export type OutboxState = z.infer<typeof outboxStateSchema>;
type ChannelState = OutboxState['channels'][number];

export const emptyOutbox: OutboxState = {waiting: [], channels: [], done: []};

const mostDone = 1000;
const mostWaiting = 500;

/**
Whether a notice waits, was delivered or was given up.
*/
export const isKnownNotice = ({waiting, done}: OutboxState, id: string) => done.includes(id) || waiting.some(({notice}) => notice.id === id);

/**
Adds a notice for some channels. A notice that was added before changes nothing. If too many wait, the oldest are given up.
*/
export const addNotice = (state: OutboxState, notice: Notice, channels: readonly string[]): OutboxState => {
	if (channels.length === 0 || isKnownNotice(state, notice.id)) {
		return state;
	}

	const waiting = [...state.waiting, {notice, to: channels.map(channel => ({channel, attempts: 0}))}];
	const tooOld = waiting.slice(0, Math.max(0, waiting.length - mostWaiting));
	return {...state, waiting: waiting.slice(tooOld.length), done: withDone(state.done, tooOld.map(({notice: {id}}) => id))};
};

const withDone = (done: readonly string[], ids: readonly string[]) => [...done, ...ids].slice(-mostDone);

/**
Notes that a channel has delivered a notice or given it up.
*/
export const settle = (state: OutboxState, id: string, channel: string): OutboxState => {
	const waiting = state.waiting.map(entry => entry.notice.id === id ? {...entry, to: entry.to.filter(destination => destination.channel !== channel)} : entry);
	const ended = waiting.filter(({to}) => to.length === 0).map(({notice}) => notice.id);
	return {...state, waiting: waiting.filter(({to}) => to.length > 0), done: withDone(state.done, ended)};
};

export const noteAttempt = (state: OutboxState, id: string, {channel, at}: {channel: string; at: Date}): OutboxState => ({
	...state,
	waiting: state.waiting.map(entry => entry.notice.id === id
		? {
			...entry,
			to: entry.to.map(destination => destination.channel === channel
				? {...destination, attempts: destination.attempts + 1, firstTriedAt: destination.firstTriedAt ?? at.toISOString()}
				: destination),
		}
		: entry),
});

export const setChannel = (state: OutboxState, channel: ChannelState): OutboxState => ({
	...state, channels: [...state.channels.filter(({name}) => name !== channel.name), channel],
});

export const channelState = ({channels}: OutboxState, name: string): ChannelState => channels.find(channel => channel.name === name) ?? {name, failures: 0};

/**
Drops what is kept for channels that no longer exist. Returns the same state if there is nothing to drop.
*/
export const onlyChannels = (state: OutboxState, names: ReadonlySet<string>): OutboxState => {
	const channels = state.channels.filter(({name}) => names.has(name));
	let next = channels.length === state.channels.length ? state : {...state, channels};
	for (const {notice, to} of state.waiting) {
		for (const {channel} of to) {
			next = names.has(channel) ? next : settle(next, notice.id, channel);
		}
	}

	return next;
};
