import {isDeepStrictEqual} from 'node:util';
import type {Clock} from '../../base/clock.js';
import {isAppError} from '../../base/errors.js';
import type {FileSystem} from '../../base/file-system.js';
import {createLibraryNames} from '../../catalog/library-names.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import type {ImportResult} from '../../sync/events.js';
import type {AlertFacts, AlertLimits, ChannelFacts} from '../alerts/alert-facts.js';
import {judgeAlerts, openAlerts, type Judged} from '../alerts/alerts.js';
import type {Alert} from '../types.js';
import {createFaults} from '../faults.js';
import type {NotifyConfig} from './config.js';
import {createDigester} from './digester.js';
import {
	alertNotice,
	importNotice,
	type Notice,
	type NoticeTopic,
} from './notice.js';
import {narrowChanges, type NarrowSources} from './narrow-changes.js';
import {openNoticeBook} from './notice-book.js';
import {isKnownNotice} from './outbox-state.js';
import {openOutbox, type OutboxChannel} from './outbox.js';
import {noticeDueAt, type DigestSchedule} from './plan-notices.js';

export type NotifierOptions = {
	/**
	`notices.json` in the data folder.
	*/
	file: string;
	channels: readonly OutboxChannel[];
	digest: NotifyConfig['digest'];
	store: Pick<CatalogStore, 'header' | 'history' | 'getMany'>;
	/**
	What the queries of channels are asked of.
	*/
	narrowing: Omit<NarrowSources, 'store'>;
	limits: AlertLimits;
	clock: Clock;
	random?: () => number;
	/**
	Gets a sentence for the log, which must be cleaned before it is shown.
	*/
	onNote?: (level: 'info' | 'warn', text: string) => void;
	fs?: FileSystem;
};

/**
Tells people about alerts, changes and imports. Only `test` and `flush` wait for channels, and failures of channels are passed to `onNote`.
*/
export type Notifier = {
	/**
	Returns what is wrong now, including alerts from before the start of this process.
	*/
	alerts: () => Alert[];
	/**
	Call it about once a minute and after each job. When it resolves, the notices about new and recovered alerts are saved.
	*/
	judge: (facts: Omit<AlertFacts, 'channels'>) => Promise<Pick<Judged, 'raised' | 'recovered'>>;
	/**
	A hint that something may have been committed. The revision of the catalogue tells what is new, also after a crash.
	*/
	onChanges: () => void;
	onRunFinished: (result: ImportResult) => Promise<void>;
	channels: () => ChannelFacts[];
	/**
	Resolves when the notices are saved. A notice that is known already changes nothing.
	*/
	tell: (notices: readonly Notice[]) => Promise<void>;
	/**
	Whether a notice waits for a channel, or has reached those that want it.
	*/
	isKnown: (noticeId: string) => boolean;
	/**
	When to tell changes, of which the first was seen at an instant.
	*/
	dueAt: (first: Date) => Date;
	/**
	Makes the digest now, even in quiet hours, and lets every channel try once.
	*/
	flush: () => Promise<void>;
	/**
	Ends within two seconds.
	*/
	close: () => Promise<void>;
};

/**
@throws AppError 'newer' or 'not-writable' if `file` cannot be read
*/
export const openNotifier = async ({file, channels, digest, store, narrowing, limits, clock, random = Math.random, onNote = () => undefined, fs}: NotifierOptions): Promise<Notifier> => {
	const book = await openNoticeBook(file, {
		clock,
		...fs !== undefined && {fs},
		onFault(error) {
			onNote('warn', [error.message, error.hint].filter(part => part !== undefined).join(' '));
		},
	});
	for (const {channel} of channels) {
		if (channel.unavailable !== undefined) {
			onNote('warn', `The notification channel ${channel.name} cannot be used here. ${channel.unavailable}`);
		}
	}

	const outbox = await openOutbox({
		book, channels, clock, random, onNote,
	});
	const telling = channels.filter(({channel, settings}) => channel.unavailable === undefined && settings.on.includes('changes'));
	const faults = createFaults(onNote);
	const digester = createDigester({
		book, outbox, store, clock, schedule: scheduleOf(channels, 'changes', digest),
		queries: new Set(telling.map(({settings}) => settings.query)),
		narrow: async (queries, events) => narrowChanges(queries, events, {...narrowing, store}),
		onWrongQuery(query, error) {
			faults.tell(query, `The query of the channel ${telling.find(({settings}) => settings.query === query)!.settings.name} cannot be asked, so it is not told of changes: ${error.message}`);
		},
		onRightQuery: faults.clear,
		onFault(error) {
			onNote('warn', `The changes could not be reported; reelcat tries again. ${isAppError(error) ? error.message : 'The reason is not known.'}`);
		},
	});
	digester.look();

	return {
		alerts: () => openAlerts(book.get().alerts),
		async judge(facts) {
			digester.look();
			const now = clock.now();
			const {state, raised, recovered} = judgeAlerts(book.get().alerts, {...facts, channels: outbox.channels()}, now, limits);
			const notices = [
				...recovered.map(alert => alertNotice(alert, true, now)),
				...raised.map(alert => alertNotice(alert, false, now)),
			];
			if (notices.length === 0) {
				book.changeLightly(current => ({...current, alerts: state}));
			} else {
				await outbox.enqueue(notices, current => ({...current, alerts: state}));
			}

			return {raised, recovered};
		},
		onChanges: digester.look,
		async onRunFinished(result) {
			const notice = importNotice(result, clock.now(), createLibraryNames(store.header()).placed);
			if (notice !== undefined) {
				await outbox.enqueue([notice]);
			}
		},
		channels: outbox.channels,
		tell: async notices => outbox.enqueue(notices),
		isKnown: id => isKnownNotice(book.get().outbox, id),
		dueAt: first => noticeDueAt(first, clock.now(), scheduleOf(channels, 'queries', digest)),
		async flush() {
			await digester.flush();
			await outbox.flush();
		},
		async close() {
			const {promise: tooLate, resolve} = Promise.withResolvers<void>();
			const cancelTimer = clock.after(2000, resolve);
			const closing = async () => {
				await Promise.all([digester.close(), outbox.close()]);
				await book.close();
			};

			await Promise.race([closing(), tooLate]);
			cancelTimer();
		},
	};
};

/**
When to gather no longer. Quiet hours that all channels of a topic share count for it in place of those of the digest.
*/
const scheduleOf = (channels: readonly OutboxChannel[], topic: NoticeTopic, digest: DigestSchedule): DigestSchedule => {
	const told = channels.filter(({channel, settings: {on, minLevel}}) => channel.unavailable === undefined && on.includes(topic) && minLevel === 'info');
	const hours = told.map(({settings}) => settings.quiet.quietHours);
	return hours.length > 0 && hours.every(own => isDeepStrictEqual(own, hours[0])) ? {...digest, quietHours: hours[0]} : digest;
};
