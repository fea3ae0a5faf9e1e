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
	Channels that it has not reached.
	*/
	to: z.array(destinationSchema),
});

const channelSchema = z.object({
	name: z.string(),
	/**
	One after the other.
	*/
	failures: z.int().nonnegative(),
	/**
	Why it failed last, a sentence without secrets.
	*/
	fault: z.string().optional(),
	/**
	Not before.
	*/
	retryAt: z.iso.datetime().optional(),
});

export const outboxStateSchema = z.object({
	waiting: z.array(waitingSchema),
	channels: z.array(channelSchema),
	/**
	Ids of notices that are through with, the oldest first: none of them goes out again.
	*/
	done: z.array(z.string()),
});

export type OutboxState = z.infer<typeof outboxStateSchema>;
export type Waiting = OutboxState['waiting'][number];
type ChannelState = OutboxState['channels'][number];

export const emptyOutbox: OutboxState = {waiting: [], channels: [], done: []};

/**
More than anybody reads in a month.
*/
const keptIds = 1000;

/**
What waits longer than this queue is no news any more.
*/
const mostWaiting = 500;

const isKnown = ({waiting, done}: OutboxState, id: string) => done.includes(id) || waiting.some(({notice}) => notice.id === id);

/**
A notice for these channels. One that was seen before changes nothing.
*/
export const addNotice = (state: OutboxState, notice: Notice, channels: readonly string[]): OutboxState => {
	if (channels.length === 0 || isKnown(state, notice.id)) {
		return state;
	}

	const waiting = [...state.waiting, {notice, to: channels.map(channel => ({channel, attempts: 0}))}];
	const tooOld = waiting.slice(0, Math.max(0, waiting.length - mostWaiting));
	return {...state, waiting: waiting.slice(tooOld.length), done: withDone(state.done, tooOld.map(({notice: {id}}) => id))};
};

const withDone = (done: readonly string[], ids: readonly string[]) => [...done, ...ids].slice(-keptIds);

/**
One channel is through with a notice, whether it was delivered or given up.
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
What is kept for channels that are there no more is let go.
*/
export const onlyChannels = (state: OutboxState, names: ReadonlySet<string>): OutboxState => {
	let next: OutboxState = {...state, channels: state.channels.filter(({name}) => names.has(name))};
	for (const {notice, to} of state.waiting) {
		for (const {channel} of to) {
			next = names.has(channel) ? next : settle(next, notice.id, channel);
		}
	}

	return next;
};
