import {isDeepStrictEqual} from 'node:util';
import type {HistoryEvent} from '../../catalog/history.js';
import type {Clock} from '../../base/clock.js';
import {createLibraryNames} from '../../catalog/library-names.js';
import type {CatalogStore} from '../../catalog/catalog-store.js';
import type {AppError} from '../../base/errors.js';
import {createLoop} from '../../base/loop.js';
import {nextTurn} from '../../base/turns.js';
import {digestChanges, type LibraryDigest} from './digest.js';
import {digestNotice} from './notice.js';
import type {NoticeBook} from './notice-book.js';
import type {narrowChanges} from './narrow-changes.js';
import type {AddressedNotice, Outbox} from './outbox.js';
import {
	planNotices,
	toldUpTo,
	type DigestSchedule,
	type DigestState,
} from './plan-notices.js';

type DigesterOptions = {
	book: NoticeBook;
	outbox: Pick<Outbox, 'enqueue'>;
	store: Pick<CatalogStore, 'header' | 'history' | 'getMany'>;
	clock: Clock;
	/**
	The queries of the channels that want changes; undefined stands for those that want all of them. Nobody wants any if there is none.
	*/
	queries: ReadonlySet<string | undefined>;
	narrow: (queries: readonly string[], events: readonly HistoryEvent[]) => ReturnType<typeof narrowChanges>;
	schedule: DigestSchedule;
	onFault: (error: unknown) => void;
	/**
	A query cannot be asked, so its channels are not told of these changes.
	*/
	onWrongQuery: (query: string, error: AppError) => void;
	/**
	A query could be asked.
	*/
	onRightQuery: (query: string) => void;
};

/**
Timers stand still while a machine sleeps, and clocks may be set, so none runs longer than this.
*/
const longestNapMs = 60_000;

/**
The clock that stamps events may have been set back, so events this much older are read, too.
*/
const marginMs = 86_400_000;

/**
Watches the revision of the catalogue and makes a digest of the changes when it is time. The told revision is saved together with the notice, so that no committed change is told twice or not at all.
*/
export const createDigester = ({book, outbox, store, clock, queries, narrow, schedule, onFault, onWrongQuery, onRightQuery}: DigesterOptions) => {
	let cancelTimer: (() => void) | undefined;
	let isClosed = false;
	let isForced = false;

	const plan = () => planNotices(book.get().digest, store.header().revision, clock.now(), schedule);

	const loop = createLoop(async () => {
		const isNow = isForced;
		isForced = false;
		cancelTimer?.();
		if (queries.size === 0) {
			// If a channel wants changes later, it is told only about those that come then.
			await keep({});
			return;
		}

		const {state, isDue, dueAt} = plan();
		await keep(state);
		if (isDue || (isNow && dueAt !== undefined)) {
			await tell(state);
		} else if (dueAt !== undefined && !isClosed) {
			const waitMs = dueAt.getTime() - clock.now().getTime();
			cancelTimer = clock.after(Math.min(longestNapMs, Math.max(0, waitMs)), loop.kick);
		}
	}, error => {
		onFault(error);
		if (!isClosed) {
			cancelTimer = clock.after(longestNapMs, loop.kick);
		}
	});

	/**
	Saves the state, unless only `toldAt` differs, which is not worth a write.
	*/
	const keep = async (state: DigestState) => {
		const before = book.get().digest;
		if (isDeepStrictEqual({...before, toldAt: undefined}, {...state, toldAt: undefined})) {
			book.changeLightly(current => ({...current, digest: state}));
		} else {
			await book.change(current => ({...current, digest: state}));
		}
	};

	const tell = async ({toldRevision = 0, toldAt, firstAt}: DigestState) => {
		const {revision} = store.header();
		const sinceMs = Date.parse(toldAt ?? firstAt ?? '') - marginMs;
		const events = await readEvents(new Date(sinceMs).toISOString(), ({revision: of}) => of > toldRevision && of <= revision);
		const now = clock.now();
		const notices: AddressedNotice[] = [];
		for (const {query, events: some} of await narrowed(events)) {
			const libraries = await digestOf(some);
			if (libraries.length > 0) {
				notices.push({
					query, notice: digestNotice(libraries, {
						after: toldRevision, upTo: revision, now, query,
					}),
				});
			}
		}

		await outbox.enqueue(notices, current => ({...current, digest: toldUpTo(revision, now)}));
	};

	const narrowed = async (events: HistoryEvent[]): Promise<Array<{query: string | undefined; events: HistoryEvent[]}>> => {
		const asked = [...queries].filter(query => query !== undefined);
		const parts: Array<{query: string | undefined; events: HistoryEvent[]}> = queries.has(undefined) ? [{query: undefined, events}] : [];
		for (const part of asked.length === 0 ? [] : await narrow(asked, events)) {
			if ('fault' in part) {
				onWrongQuery(part.query, part.fault);
			} else {
				onRightQuery(part.query);
				parts.push(part);
			}
		}

		return parts;
	};

	const readEvents = async (since: string, isWanted: (event: HistoryEvent) => boolean): Promise<HistoryEvent[]> => {
		const events: HistoryEvent[] = [];
		for await (const batch of store.history({since})) {
			for (const event of batch) {
				if (isWanted(event)) {
					events.push(event);
				}
			}

			await nextTurn();
		}

		return events;
	};

	const digestOf = async (events: readonly HistoryEvent[]): Promise<LibraryDigest[]> => {
		// Only restored items are compared with what they were before.
		const returned = new Set(events.filter(event => event.kind === 'restored').map(event => 'itemId' in event ? event.itemId : ''));
		const records = await store.getMany([...returned], {kind: 'item'});
		const items = new Map(records.filter(record => record.kind === 'item').map(record => [record.id, record]));
		return digestChanges(events, {libraryTitle: createLibraryNames(store.header()).placed, item: id => items.get(id)});
	};

	return {
		look: loop.kick,
		async flush() {
			isForced = true;
			loop.kick();
			await loop.idle();
		},
		async close() {
			isClosed = true;
			cancelTimer?.();
			await loop.stop();
		},
	};
};
