import PQueue from 'p-queue';
import type {ItemType} from '../catalog/types.js';
import {nextTurn} from '../base/turns.js';
import type {
	Normalize,
	NormalizeContext,
	NormalizedItem,
	PlexClient,
} from '../plex/types.js';
import {readListedRow, type ListedRow} from '../plex/listed-row.js';
import {readRatingKey} from '../plex/wire.js';
import type {Committer} from './committer.js';
import type {LibraryIds} from './library-ids.js';
import {fetchDetails} from './listing.js';
import type {Parents} from './parents.js';
import {problemFrom, unkeyedRow, vanishedItem} from './problems.js';
import type {Tally} from './tally.js';

export const batchSize = 100;

/**
Enough to keep the client's request queue full while earlier batches are normalised and written.
*/
const batchesInFlight = 8;

/**
Normalising so many takes a few milliseconds.
*/
const rowsPerTurn = 25;

export type BatchesOptions = {
	plex: Pick<PlexClient, 'details'>;
	normalize: Normalize;
	context: NormalizeContext;
	parents: Parents;
	ids: LibraryIds;
	/**
	Whether the details of a listed row are stored already.
	*/
	isStored: (row: ListedRow) => boolean;
	committer: Committer;
	tally: Tally;
	signal: AbortSignal;
};

/**
Turns listed rows into stored items: details in batches, normalised, committed.
*/
export type Batches = {
	/**
	Resolves when there is room for more.
	@throws AppError when an earlier batch met a fault that ends the library.
	*/
	addRows: (rows: readonly unknown[], itemType: ItemType) => Promise<void>;
	addKeys: (ratingKeys: readonly string[]) => Promise<void>;
	/**
	Resolves when everything that was added is durable.
	*/
	settle: () => Promise<void>;
};

export const createBatches = ({plex, normalize, context, parents, ids, isStored, committer, tally, signal}: BatchesOptions): Batches => {
	const queue = new PQueue({concurrency: batchesInFlight});
	const abort = new AbortController();
	const ended = AbortSignal.any([signal, abort.signal]);
	const seen = new Set<string>();
	const listed = new Map<string, ListedRow>();
	let fault: unknown;
	let hasFault = false;

	const keep = (row: unknown): NormalizedItem | undefined => {
		const normalized = normalize(row, context);
		if (normalized.ok) {
			ids.settle(normalized.value);
			const {item} = normalized.value;
			const listedRow = item.ratingKey === undefined ? undefined : listed.get(item.ratingKey);
			if (listedRow !== undefined) {
				item.fingerprints = listedRow.fingerprints;
			}

			return normalized.value;
		}

		tally.fail({stage: 'normalize', ...normalized.problem});
		return undefined;
	};

	const run = async (ratingKeys: readonly string[]) => {
		const lost = new Set<string>();
		const rows = await fetchDetails(plex, ratingKeys, {
			signal: ended,
			onLostItem(ratingKey, error) {
				lost.add(ratingKey);
				tally.fail(problemFrom(error, 'detail', {ratingKey, title: listed.get(ratingKey)?.title}));
			},
		});
		const byKey = new Map(rows.map(row => [readRatingKey(row), row]));
		const items: NormalizedItem[] = [];
		for (const [index, ratingKey] of ratingKeys.entries()) {
			if (index % rowsPerTurn === 0) {
				await nextTurn();
			}

			const row = byKey.get(ratingKey);
			if (row !== undefined) {
				const item = keep(row);
				if (item !== undefined) {
					items.push(item);
				}
			} else if (!lost.has(ratingKey)) {
				tally.fail(problemFrom(vanishedItem(), 'detail', {ratingKey, title: listed.get(ratingKey)?.title}));
			}

			listed.delete(ratingKey);
		}

		if (items.length > 0) {
			await committer.add({items, parents: await parents.complete(items)});
		}
	};

	const runUnlessEnded = async (ratingKeys: readonly string[]) => {
		if (hasFault) {
			return;
		}

		try {
			await run(ratingKeys);
		} catch (error) {
			// The first one is the cause; the others follow from the abort.
			if (!hasFault) {
				hasFault = true;
				fault = error;
				abort.abort();
			}
		}
	};

	const addKeys = async (ratingKeys: readonly string[]) => {
		for (let start = 0; start < ratingKeys.length; start += batchSize) {
			await queue.onSizeLessThan(2);
			if (hasFault) {
				throw fault;
			}

			const batch = ratingKeys.slice(start, start + batchSize);
			void queue.add(async () => runUnlessEnded(batch));
		}
	};

	return {
		addKeys,
		async addRows(rows, itemType) {
			const ratingKeys: string[] = [];
			let stored = 0;
			for (const [index, row] of rows.entries()) {
				if (index % rowsPerTurn === 0) {
					await nextTurn();
				}

				const read = readListedRow(row, {isFull: true});
				if (read === undefined) {
					tally.fail(unkeyedRow(normalize(row, context), itemType));
				} else if (seen.has(read.ratingKey)) {
					tally.skip(1, 'The server listed it twice.');
				} else {
					seen.add(read.ratingKey);
					if (isStored(read)) {
						stored++;
					} else {
						listed.set(read.ratingKey, read);
						ratingKeys.push(read.ratingKey);
					}
				}
			}

			if (stored > 0) {
				tally.count({imported: 0, unchanged: stored});
			}

			await addKeys(ratingKeys);
		},
		async settle() {
			await queue.onIdle();
			if (hasFault) {
				throw fault;
			}
		},
	};
};
