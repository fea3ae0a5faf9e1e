import {AppError, type ErrorCode} from '../base/errors.js';
import type {ListPage, PageRequest, PlexClient} from '../plex/types.js';
import {isRecord, readKey, readRatingKey} from '../plex/wire.js';

/**
Faults that one bad row, or a page that is too much for the server, can cause. Asking for less may avoid them. Any other fault concerns the whole server.
*/
const divisible = new Set<ErrorCode>(['malformed', 'too-large', 'server-error', 'timeout']);

export const isDivisible = (error: unknown): error is AppError => error instanceof AppError && divisible.has(error.code);

export const batchSize = 100;

export const fullPageSize = 500;

const maxLostInSuccession = 20;

type ListingOptions = Omit<PageRequest, 'start' | 'size'> & {
	plex: Pick<PlexClient, 'page'>;
	pageSize: number;
	/**
	Called for each row that the server cannot deliver, with its position in the listing.
	*/
	onLostRow: (position: number, error: AppError) => void;
};

/**
Lists all rows of one type, page by page. Advances by the rows received, never by page numbers, because servers may send fewer than asked for ([OFF], [KOM]).

A page that fails is asked for again in halves until the row that the server cannot deliver is alone.

@throws AppError when the server as a whole fails, or 20 rows in succession are lost
*/
export async function * listPages({plex, pageSize, onLostRow, ...request}: ListingOptions): AsyncGenerator<ListPage> {
	let start = 0;
	let size = pageSize;
	let total: number | undefined;
	let lostInSuccession = 0;
	let firstOfLast: string | undefined;

	for (;;) {
		try {
			const page = await plex.page({...request, start, size});
			total = page.total ?? total;
			lostInSuccession = 0;
			const first = JSON.stringify(page.rows[0]);
			if (first !== undefined && first === firstOfLast) {
				// The server ignores paging and sends the same rows for ever.
				return;
			}

			firstOfLast = first;
			start += page.rows.length;
			yield {rows: page.rows, total, serverSeconds: page.serverSeconds};
			if (page.rows.length === 0 || (total !== undefined && start >= total)) {
				return;
			}

			size = Math.min(pageSize, size * 2);
		} catch (error) {
			if (!isDivisible(error)) {
				throw error;
			}

			if (size > 1) {
				size = Math.ceil(size / 2);
				continue;
			}

			lostInSuccession++;
			if (total === undefined || lostInSuccession >= maxLostInSuccession) {
				throw error;
			}

			onLostRow(start, error);
			start++;
			if (start >= total) {
				return;
			}
		}
	}
}

/**
Fetches full rows for the given keys. A batch that fails is halved until the bad item is alone, so that one broken item costs one error.

@throws AppError when the server as a whole fails
*/
export const fetchDetails = async (
	plex: Pick<PlexClient, 'details'>,
	ratingKeys: readonly string[],
	{signal, onLostItem}: {signal?: AbortSignal | undefined; onLostItem: (ratingKey: string, error: AppError) => void},
): Promise<unknown[]> => {
	if (ratingKeys.length === 0) {
		return [];
	}

	try {
		return await plex.details(ratingKeys, {signal});
	} catch (error) {
		if (!isDivisible(error)) {
			throw error;
		}

		if (ratingKeys.length === 1) {
			onLostItem(ratingKeys[0]!, error);
			return [];
		}

		const middle = Math.ceil(ratingKeys.length / 2);
		const rows: unknown[] = [];
		for (const half of [ratingKeys.slice(0, middle), ratingKeys.slice(middle)]) {
			rows.push(...await fetchDetails(plex, half, {signal, onLostItem}));
		}

		return rows;
	}
};

/**
Fetches full rows for any number of keys.

@throws AppError when the server as a whole fails
*/
export const fetchAllDetails = async (plex: Pick<PlexClient, 'details'>, ratingKeys: readonly string[], signal: AbortSignal) => {
	const rows = new Map<string, unknown>();
	const unkeyed: unknown[] = [];
	// The server could not say anything about these, and why.
	const lost = new Map<string, AppError>();
	for (let start = 0; start < ratingKeys.length; start += batchSize) {
		const batch = await fetchDetails(plex, ratingKeys.slice(start, start + batchSize), {
			signal,
			onLostItem(ratingKey, error) {
				lost.set(ratingKey, error);
			},
		});
		for (const row of batch) {
			const ratingKey = readRatingKey(row);
			if (ratingKey === undefined) {
				unkeyed.push(row);
			} else {
				rows.set(ratingKey, row);
			}
		}
	}

	return {rows, unkeyed, lost};
};

export const sectionKeyOf = (row: unknown) => isRecord(row) ? readKey(row['librarySectionID']) : undefined;
