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
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';

/**
Below this a cache saves less than it costs.
*/
const smallestCached = 5000;
const summariesPerLine = 500;
const sliceMs = 8;

/**
Fills an index from what the last run kept of it, or from the records.
*/
export type IndexLoader = {
	/**
	@returns whether the index holds everything; otherwise it is empty.
	*/
	fillFromCache: (onProgress: (share: number) => void) => Promise<boolean>;
	/**
	Once the store is loaded: nothing to do where the cache was right, else all records are read.
	@returns whether the index has changed
	*/
	confirm: (onProgress: (share: number) => void) => Promise<boolean>;
	/**
	Keep the index for the next start, when the catalogue on disk is not the one that was kept last. After the store is closed.
	*/
	keep: () => Promise<void>;
};

export const createIndexLoader = (cache: IndexCache, store: CatalogStore, index: CatalogIndex): IndexLoader => {
	let keptStamp: string | undefined;
	const total = () => totalItems(store);

	async function * lines(): AsyncGenerator<string> {
		const summaries = index.summaries().toArray();
		for (let start = 0; start < summaries.length; start += summariesPerLine) {
			yield summaryLine(summaries.slice(start, start + summariesPerLine));
			await setImmediate();
		}
	}

	const isFilled = async (stamp: string, onProgress: (share: number) => void) => {
		const expected = total();
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
		async fillFromCache(onProgress) {
			if (total() < smallestCached) {
				return false;
			}

			const stamp = await cache.stamp();
			try {
				if (await isFilled(stamp, onProgress)) {
					keptStamp = stamp;
					return true;
				}
			} catch (error) {
				// A cache that cannot be read is no cache.
				if (!(error instanceof SyntaxError)) {
					throw error;
				}
			}

			index.clear();
			return false;
		},
		async confirm(onProgress) {
			if (keptStamp !== undefined && keptStamp === await cache.stamp()) {
				return false;
			}

			keptStamp = undefined;
			index.clear();
			const expected = total();
			for await (const items of storedItems(store)) {
				index.put(items);
				onProgress(expected === 0 ? 1 : Math.min(1, index.size() / expected));
			}

			return true;
		},
		async keep() {
			if (store.mode === 'reader' || index.size() < smallestCached) {
				return;
			}

			const stamp = await cache.stamp();
			if (stamp === keptStamp) {
				return;
			}

			if (await isWritten(cache, stamp, lines())) {
				keptStamp = stamp;
			}
		},
	};
};

/**
Keep an index for the next start without having one: it is written from the records as they are read, a page at a time, since an index of hundreds of thousands of items would take as much memory as the import before it. After the store, which was loaded, is closed.
*/
export const keepIndexOf = async (cache: IndexCache, store: CatalogStore): Promise<void> => {
	if (store.mode === 'writer' && totalItems(store) >= smallestCached) {
		await isWritten(cache, await cache.stamp(), linesFromRecords(store));
	}
};

async function * linesFromRecords(store: CatalogStore): AsyncGenerator<string> {
	for await (const items of storedItems(store)) {
		yield summaryLine(items.map(item => summarize(item)));
	}
}

const totalItems = (store: CatalogStore) => {
	let items = 0;
	for (const {counts} of store.header().libraries) {
		items += counts.movie + counts.show + counts.season + counts.episode;
	}

	return items;
};

const isWritten = async (cache: IndexCache, stamp: string, lines: AsyncIterable<string>): Promise<boolean> => {
	try {
		await cache.write(stamp, summaryFormat, lines);
		return true;
	} catch (error) {
		// Only the next start is slower.
		if (error instanceof AppError) {
			return false;
		}

		throw error;
	}
};
