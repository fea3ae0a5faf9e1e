import type {Slices} from './slices.js';
import type {CatalogIndex, ItemSummary} from './types.js';

export type Totals = {durationMs: number; sizeBytes: number};

// To remember so many files takes less than to find out which of them are shared.
const fewFiles = 4096;

type Played = Pick<ItemSummary, 'type' | 'durationMs' | 'sizeBytes' | 'fileIds'>;

/**
How long films and episodes play together, and how much their files take. Episodes that share a file have its size once.
*/
export const sumPlayed = async (items: Iterable<Played>, {itemsOfFile}: Pick<CatalogIndex, 'itemsOfFile'>, slices: Slices): Promise<Totals> => {
	const sum: Totals = {durationMs: 0, sizeBytes: 0};
	// Files that another item may have, too; of the first ones this is not asked.
	const seen = new Set<string>();
	let count = 0;
	for (const {type, durationMs = 0, sizeBytes = 0, fileIds} of items) {
		const [fileId] = fileIds;
		if (type === 'movie' || type === 'episode') {
			sum.durationMs += durationMs;
			sum.sizeBytes += fileId !== undefined && seen.has(fileId) ? 0 : sizeBytes;
			if (fileId !== undefined && sizeBytes > 0 && (seen.size < fewFiles || itemsOfFile(fileId).length > 1)) {
				seen.add(fileId);
			}
		}

		// To look at the clock takes longer than to add.
		if (++count % 256 === 0 && slices.isOver()) {
			await slices.pause();
		}
	}

	return sum;
};

/**
The films and episodes of rows, which may be shows and seasons. Each is a view of the index, to be read before the next one.
*/
export function * playedBy(ids: Iterable<string>, {view, children}: Pick<CatalogIndex, 'view' | 'children'>): Generator<ItemSummary> {
	for (const id of ids) {
		const item = view(id);
		if (item?.type === 'show' || item?.type === 'season') {
			yield * children(id).values().map(child => view(child)).filter(child => child !== undefined);
		} else if (item !== undefined) {
			yield item;
		}
	}
}
