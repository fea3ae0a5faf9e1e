import {setImmediate} from 'node:timers/promises';
import {AppError} from '../base/errors.js';
import {
	readSummaryLine,
	summarize,
	summaryFormat,
	summaryLine,
} from '../query/summary.js';
import type {CatalogIndex} from '../query/types.js';
import type {IndexCache} from '../store/index-cache.js';
import {fileSizes, storedItems, type CatalogStore} from '../catalog/catalog-store.js';

// For fewer items a cache saves less time than it costs.
const smallestCached = 5000;
const summariesPerLine = 500;
const sliceMs = 8;

/**
Fills an index from the cache of the last run, or from the records.
*/
export const createIndexLoader = (cache: IndexCache, store: Pick<CatalogStore, 'mode' | 'header' | 'page' | 'getMany'>, index: CatalogIndex) => {
	let keptStamp: string | undefined;
	async function * lines(): AsyncGenerator<string> {
		const summaries = index.summaries().toArray();
		for (let start = 0; start < summaries.length; start += summariesPerLine) {
			yield summaryLine(summaries.slice(start, start + summariesPerLine));
			await setImmediate();
		}
	}

	const isFilled = async (stamp: string, onProgress: (share: number) => void) => {
		const expected = totalItems(store);
		let yieldedMs = performance.now();
		for await (const line of cache.read(stamp, summaryFormat)) {
			index.putSummaries(readSummaryLine(line));
			if (!(performance.now() - yieldedMs > sliceMs)) {
				continue;
			}

			onProgress(Math.min(1, index.size() / expected));
			await setImmediate();
			yieldedMs = performance.now();
		}

		return index.size() === expected;
	};

	return {
		// Resolves to whether the index holds everything; otherwise it is empty.
		async fillFromCache(onProgress: (share: number) => void) {
			if (totalItems(store) < smallestCached) {
				return false;
			}

			const stamp = await cache.stamp();
			try {
				if (await isFilled(stamp, onProgress)) {
					keptStamp = stamp;
					return true;
				}
			} catch (error) {
				// An unreadable cache counts as none.
				if (!(error instanceof SyntaxError)) {
					throw error;
				}
			}

			index.clear();
			return false;
		},
		// Called once the store is loaded. Reads all records unless the cache was right, and resolves to whether the index has changed.
		async confirm(onProgress: (share: number) => void) {
			if (keptStamp !== undefined && keptStamp === await cache.stamp()) {
				return false;
			}

			keptStamp = undefined;
			index.clear();
			const expected = totalItems(store);
			for await (const items of storedItems(store)) {
				index.put(items, await fileSizes(store, items));
				onProgress(expected === 0 ? 1 : Math.min(1, index.size() / expected));
			}

			return true;
		},
		// Stores the index for the next start if the catalogue on disk has changed since. Called after the store is closed.
		async keep() {
			if (store.mode === 'reader' || index.size() < smallestCached) {
				return;
			}

			const stamp = await cache.stamp();
			if (stamp !== keptStamp && await isWritten(cache, stamp, lines())) {
				keptStamp = stamp;
			}
		},
	};
};

/**
Stores an index for the next start without having one in memory: an index of hundreds of thousands of items would take as much memory as the import before it. So the index is written from the records, a page at a time. Called after the store, which was loaded, is closed.
*/
export const keepIndexOf = async (cache: IndexCache, store: CatalogStore): Promise<void> => {
	if (store.mode === 'writer' && totalItems(store) >= smallestCached) {
		await isWritten(cache, await cache.stamp(), linesFromRecords(store));
	}
};

async function * linesFromRecords(store: CatalogStore): AsyncGenerator<string> {
	for await (const items of storedItems(store)) {
		const sizeOf = await fileSizes(store, items);
		yield summaryLine(items.map(item => summarize(item, sizeOf)));
	}
}

const totalItems = (store: Pick<CatalogStore, 'header'>) => store.header().libraries
	.reduce((sum, {counts: {movie, show, season, episode}}) => sum + movie + show + season + episode, 0);

const isWritten = async (cache: IndexCache, stamp: string, lines: AsyncIterable<string>): Promise<boolean> => {
	try {
		await cache.write(stamp, summaryFormat, lines);
		return true;
	} catch (error) {
		// Without the cache only the next start is slower.
		if (error instanceof AppError) {
			return false;
		}

		throw error;
	}
};
