import type {ChannelFacts} from '../alerts/alert-facts.js';
import type {Channel} from './channel.js';
import type {ChannelSettings} from './config.js';
import {createLane, type LaneOptions} from './lane.js';
import {noticeLevels, type Notice} from './notice.js';
import type {Book, NoticeBook} from './notice-book.js';
import {
	addNotice,
	channelState,
	onlyChannels,
	type OutboxState,
} from './outbox-state.js';

export type OutboxChannel = {
	channel: Channel;
	settings: Pick<ChannelSettings, 'name' | 'on' | 'minLevel' | 'quiet' | 'query'>;
};

type OutboxOptions = Pick<LaneOptions, 'clock' | 'random' | 'onNote'> & {
	book: NoticeBook;
	channels: readonly OutboxChannel[];
};

/**
A notice only for the channels that have this query, or for those that have none.
*/
export type AddressedNotice = {notice: Notice; query: string | undefined};

/**
Notices that have not reached all their channels yet. They outlive the process, and no channel waits for another.
*/
export type Outbox = {
	/**
	Resolves when the notices are saved, without waiting for a channel. A notice that is known already changes nothing. The change `alongside` is saved together with the notices or not at all.
	*/
	enqueue: (notices: ReadonlyArray<Notice | AddressedNotice>, alongside?: (book: Book) => Book) => Promise<void>;
	channels: () => ChannelFacts[];
	/**
	Every channel tries once to send what waits for it.
	*/
	flush: () => Promise<void>;
	/**
	Ends within two seconds and keeps what was not delivered.
	*/
	close: () => Promise<void>;
};

const graceMs = 1500;

export const openOutbox = async ({book, channels, clock, random, onNote}: OutboxOptions): Promise<Outbox> => {
	const usable = channels.filter(({channel}) => channel.unavailable === undefined);
	const names = new Set(usable.map(({settings}) => settings.name));
	const change = async (update: (state: OutboxState) => OutboxState) => book.change(current => {
		const outbox = update(current.outbox);
		return outbox === current.outbox ? current : {...current, outbox};
	});
	const state = () => book.get().outbox;
	await change(current => onlyChannels(current, names));
	const lanes = usable.map(({channel, settings}) => createLane({
		channel, settings, state, change, clock, random, onNote,
	}));
	const kick = () => {
		for (const lane of lanes) {
			lane.kick();
		}
	};

	kick();
	return {
		async enqueue(notices, alongside = current => current) {
			await book.change(current => {
				let {outbox} = current;
				for (const one of notices) {
					const notice = 'notice' in one ? one.notice : one;
					const to = usable.filter(({settings}) => isWanted(notice, settings) && (!('notice' in one) || one.query === settings.query));
					outbox = addNotice(outbox, notice, to.map(({settings}) => settings.name));
				}

				return alongside(outbox === current.outbox ? current : {...current, outbox});
			});
			kick();
		},
		channels: () => usable.map(({settings: {name}}) => {
			const {failures, fault} = channelState(state(), name);
			return {name, failures, fault};
		}),
		async flush() {
			await Promise.all(lanes.map(async lane => lane.flush()));
		},
		async close() {
			await Promise.all(lanes.map(async lane => lane.close(graceMs)));
		},
	};
};

const isWanted = ({topic, level, alert}: Notice, {name, on, minLevel}: Pick<ChannelSettings, 'name' | 'on' | 'minLevel'>): boolean => {
	if (topic === 'test') {
		return true;
	}

	// A broken channel cannot tell that it is broken.
	const isAboutItself = alert?.kind === 'channel-broken' && alert.subject === name;
	return on.includes(topic) && noticeLevels.indexOf(level) >= noticeLevels.indexOf(minLevel) && !isAboutItself;
};
