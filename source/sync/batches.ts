import PQueue from 'p-queue';
import type {ItemType} from '../catalog/types.js';
import {AppError} from '../errors.js';
import {nextTurn} from '../turns.js';
import type {
	Normalize,
	NormalizeContext,
	NormalizedItem,
	PlexClient,
} from '../plex/types.js';
import {readRatingKey, readTitle} from '../plex/wire.js';
import type {Committer} from './committer.js';
import {fetchDetails} from './listing.js';
import type {Parents} from './parents.js';
import {problemFrom} from './problems.js';
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

export const createBatches = ({plex, normalize, context, parents, committer, tally, signal}: BatchesOptions): Batches => {
	const queue = new PQueue({concurrency: batchesInFlight});
	const abort = new AbortController();
	const ended = AbortSignal.any([signal, abort.signal]);
	const seen = new Set<string>();
	const titles = new Map<string, string | undefined>();
	let fault: unknown;
	let hasFault = false;

	const keep = (row: unknown): NormalizedItem | undefined => {
		const normalized = normalize(row, context);
		if (normalized.ok) {
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
				tally.fail(problemFrom(error, 'detail', {ratingKey, title: titles.get(ratingKey)}));
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
				tally.fail(problemFrom(vanished(), 'detail', {ratingKey, title: titles.get(ratingKey)}));
			}

			titles.delete(ratingKey);
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
			for (const row of rows) {
				const ratingKey = readRatingKey(row);
				if (ratingKey === undefined) {
					tally.fail(unkeyed(normalize(row, context), itemType));
				} else if (seen.has(ratingKey)) {
					tally.skip(1, 'The server listed it twice.');
				} else {
					seen.add(ratingKey);
					titles.set(ratingKey, readTitle(row));
					ratingKeys.push(ratingKey);
				}
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

const vanished = () => new AppError('not-found', 'The server listed this item, but no longer has it or does not show it to this token.', {
	hint: 'It was probably removed meanwhile. Run the import again to be sure.',
});

const unkeyed = (normalized: ReturnType<Normalize>, itemType: ItemType) => normalized.ok
	? problemFrom(new AppError('malformed', `The server listed a ${itemType} without a ratingKey.`), 'list', {title: normalized.value.item.title})
	: {stage: 'list' as const, ...normalized.problem};
