import PQueue from 'p-queue';
import {createPieces} from '../base/turns.js';
import type {NormalizedItem} from '../plex/types.js';
import {readRatingKey} from '../plex/wire.js';
import type {LibraryIds} from './library-ids.js';
import type {PreparedWork} from './library-work.js';
import {batchSize, fetchDetails, sectionKeyOf} from './listing.js';
import type {Parents} from './parents.js';
import {
	cutItem,
	otherType,
	problemFrom,
	vanishedItem,
} from './tally.js';
import type {Wanted} from './row-comparison.js';

/**
Enough to keep the client's request queue full while earlier batches are normalised and written.
*/
const batchesInFlight = 8;

const rowsPerTurn = 25;

export type Batch = {
	items: ReadonlyArray<{wanted: Wanted; fresh: NormalizedItem}>;
	/**
	Shows and seasons that the items need to be whole.
	*/
	parents: readonly NormalizedItem[];
};

type DetailsOptions = {
	ids: LibraryIds;
	parents: Parents;
	take: (batch: Batch) => Promise<void>;
	/**
	Called with the ratingKeys of a batch whose rows could not be read.
	*/
	onUnread: (ratingKeys: readonly string[]) => Promise<void>;
};

/**
Turns listed rows into items: fetches their details in batches, normalises them, and completes what they refer to.
*/
export const createDetailReader = ({plex, store, normalize, library, stored, plan, tally, signal, now}: PreparedWork, {ids, parents, take, onUnread}: DetailsOptions) => {
	const queue = new PQueue({concurrency: batchesInFlight});
	const abort = new AbortController();
	const ended = AbortSignal.any([signal, abort.signal]);
	const context = {serverId: library.serverId, libraryId: library.id, now};
	let last: Promise<unknown> = Promise.resolve();
	let fault: {error: unknown} | undefined;

	const isOfAnother = async (wanted: Wanted, row: unknown) => {
		const key = sectionKeyOf(row);
		return key !== undefined && key !== library.key
			&& store.header().libraries.some(other => other.serverId === library.serverId && other.key === key && other.sync !== undefined && other.sync.goneSince === undefined)
			&& await stored.find(wanted.ratingKey) === undefined;
	};

	const read = async (batch: readonly Wanted[]) => {
		const lost = new Set<string>();
		const unreadKeys: string[] = [];
		const fail = (ratingKey: string, problem: Parameters<typeof tally.fail>[0]) => {
			tally.fail(problem);
			unreadKeys.push(ratingKey);
		};

		await stored.meet(batch.map(({ratingKey}) => ratingKey));
		const unread = batch.filter(({row}) => row === undefined);
		const rows = await fetchDetails(plex, unread.map(({ratingKey}) => ratingKey), {
			signal: ended,
			onLostItem(ratingKey, error) {
				lost.add(ratingKey);
				fail(ratingKey, problemFrom(error, 'detail', {ratingKey, title: batch.find(wanted => wanted.ratingKey === ratingKey)?.title}));
			},
		});
		const byKey = new Map(rows.map(row => [readRatingKey(row), row]));
		const items: Array<Batch['items'][number]> = [];
		const nextPiece = createPieces(rowsPerTurn);
		for (const wanted of batch) {
			await nextPiece();
			const {ratingKey, title} = wanted;
			const row = wanted.row ?? byKey.get(ratingKey);
			if (row !== undefined && await isOfAnother(wanted, row)) {
				tally.skip(1, 'It belongs to another library, which lists it, too.');
			} else if (row !== undefined) {
				const normalized = normalize(row, context);
				if (normalized.ok && wanted.itemType !== undefined && normalized.value.item.type !== wanted.itemType) {
					fail(ratingKey, otherType(normalized.value.item, wanted.itemType));
				} else if (normalized.ok) {
					await ids.settle(normalized.value);
					items.push({wanted, fresh: normalized.value});
					tally.doubt(normalized.value);
					if (normalized.value.cut.length > 0) {
						tally.fail(cutItem(normalized.value), 0);
					}
				} else {
					fail(ratingKey, {stage: 'normalize', ...normalized.problem});
				}
			} else if (!lost.has(ratingKey)) {
				fail(ratingKey, problemFrom(vanishedItem(), 'detail', {ratingKey, title}));
			}
		}

		await onUnread(unreadKeys);
		return items;
	};

	const run = async (batch: readonly Wanted[], before: Promise<unknown>) => {
		if (fault !== undefined) {
			return;
		}

		try {
			const items = await read(batch);
			const needed = await parents.complete(items.map(({fresh}) => fresh));
			// Items are handed over in the order in which they were added, not in which they were answered.
			if (plan.commits === 'library') {
				await before;
			}

			if (items.length > 0) {
				await take({items, parents: needed});
			}
		} catch (error) {
			// The first one is the cause; the others follow from the abort.
			fault ??= {error};
			abort.abort();
		}
	};

	return {
		/**
		Resolves when there is room for more.
		@throws AppError when an earlier batch met a fault that ends the library
		*/
		async add(wanted: readonly Wanted[]): Promise<void> {
			for (let start = 0; start < wanted.length; start += batchSize) {
				await queue.onSizeLessThan(2);
				if (fault !== undefined) {
					throw fault.error;
				}

				const batch = wanted.slice(start, start + batchSize);
				const before = last;
				last = queue.add(async () => run(batch, before));
			}
		},
		async settle(): Promise<void> {
			await queue.onIdle();
			if (fault !== undefined) {
				throw fault.error;
			}
		},
	};
};
