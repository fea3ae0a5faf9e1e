import {AppError, isAppError, type ErrorCode} from '../base/errors.js';
import type {ListPage, PageRequest, PlexClient} from '../plex/types.js';
import {isRecord, readKey, readRatingKey} from '../plex/wire.js';
import {createListCourse, partsAfter, type ListRequest} from './list-course.js';
import type {LostPlace, RememberedPlaces} from './lost-places.js';

/**
Faults that one bad row, or a page that is too much for the server, can cause. Asking for less may avoid them. Any other fault concerns the whole server.
*/
const divisible = new Set<ErrorCode>(['malformed', 'too-large', 'server-error', 'timeout']);

export const isDivisible = (error: unknown): error is AppError => error instanceof AppError && divisible.has(error.code);

export const batchSize = 100;

export const fullPageSize = 500;

const maxLostInSuccession = 20;

/**
With more bad rows than this, the server is ill, and looking for each of them would not help it.
*/
const maxLost = 200;

/**
Enough to find a single row that makes the server hang. Each costs the longest time that a request may take.
*/
const maxTimeoutsInSuccession = 5;
const maxTimeouts = 12;

type ListingOptions = Omit<PageRequest, 'start' | 'size' | 'isNarrowing'> & {
	plex: Pick<PlexClient, 'page'>;
	pageSize: number;
	/**
	Where rows were lost the last time. The listing asks around them.
	*/
	remembered?: RememberedPlaces | undefined;
	counted?: number | undefined;
	/**
	The first `pageSize` rows, if they were asked for before.
	*/
	first?: Promise<ListPage> | undefined;
	/**
	Called for each row that the server cannot deliver, with its position in the listing.
	*/
	onLostRow: (position: number, error: AppError) => void;
	/**
	Called for all lost rows that follow each other, as soon as the row after them is known.
	*/
	onLostPlace?: (place: LostPlace) => void;
	/**
	Called with a clause when the list cannot be taken as complete, although it could be read.
	*/
	onDoubt?: (doubt: string) => void;
};

/**
Lists all rows of one type, page by page. Advances by the rows received, never by page numbers, because servers may send fewer than asked for ([OFF], [KOM]).

While a page is worked on, the next one is on its way.

A page that fails is asked for again in parts until the row that the server cannot deliver is alone. Only the first try of a page is repeated over HTTP; the parts are its repetition.

@throws AppError when the server as a whole fails, or too many rows are lost
*/
export async function * listPages({plex, pageSize, remembered, counted, first, onLostRow, onLostPlace, onDoubt, signal, ...listed}: ListingOptions): AsyncGenerator<ListPage> {
	const left = new AbortController();
	const request = {...listed, signal: signal === undefined ? left.signal : AbortSignal.any([signal, left.signal])};
	const course = createListCourse({
		pageSize, remembered, counted, onLostPlace, onDoubt,
	});
	const patience = createPatience();
	let hasCounted = false;

	const askOnce = async (start: number, size: number): Promise<ListPage | undefined> => {
		try {
			return await plex.page({
				...request, start, size, isNarrowing: true,
			});
		} catch (error) {
			if (isDivisible(error)) {
				return undefined;
			}

			throw error;
		}
	};

	const requireHealth = async (error: AppError): Promise<void> => {
		const {isTooMuch, isSuspicious} = patience.loseRow();
		const total = course.total();
		// If even the last row is broken, all of them probably are.
		const lastPage = isSuspicious && !isTooMuch && total !== undefined ? await askOnce(total - 1, 1) : undefined;
		if (isTooMuch || (isSuspicious && (lastPage?.rows ?? []).length === 0)) {
			throw error;
		}
	};

	let early = first;
	const ask = () => {
		const asked = course.next();
		const isEarly = early !== undefined && asked?.start === 0 && asked.size === pageSize;
		const answer = asked === undefined ? undefined : (isEarly ? early : plex.page({...request, ...asked}));
		early = undefined;
		// Its error is met where the answer is awaited, which a caller that leaves the loop never does.
		answer?.catch(() => {/* see above */});
		return asked === undefined || answer === undefined ? undefined : {asked, answer};
	};

	const divide = async (asked: ListRequest, error: unknown): Promise<void> => {
		// Some servers refuse to answer beyond the end.
		if (!isDivisible(error) && !(course.isBeyond() && isAppError(error, 'not-found'))) {
			throw error;
		}

		patience.spend(error);
		if (!hasCounted && course.total() === undefined) {
			hasCounted = true;
			const empty = await askOnce(0, 0);
			course.learnTotal(empty?.total);
		}

		if (!course.failed({isTimeout: error.code === 'timeout'})) {
			return;
		}

		onLostRow(asked.start, error);
		await requireHealth(error);
	};

	try {
		for (let next = ask(); next !== undefined;) {
			let page: ListPage;
			try {
				page = await next.answer;
			} catch (error) {
				await divide(next.asked, error);
				next = ask();
				continue;
			}

			patience.restore();
			const isNew = course.received(page);
			next = ask();
			if (isNew) {
				yield {rows: page.rows, total: course.total(), serverSeconds: page.serverSeconds};
			}
		}
	} finally {
		left.abort();
	}
}

/**
Decides when a server is as a whole too slow or too broken to go on asking it in parts.
*/
const createPatience = () => {
	let timeouts = 0;
	let timeoutsInSuccession = 0;
	let lost = 0;
	let lostInSuccession = 0;
	return {
		restore(): void {
			timeoutsInSuccession = 0;
			lostInSuccession = 0;
		},
		/**
		@throws the error when there were too many like it
		*/
		spend(error: AppError): void {
			if (error.code !== 'timeout') {
				return;
			}

			timeouts++;
			timeoutsInSuccession++;
			if (timeouts > maxTimeouts || timeoutsInSuccession > maxTimeoutsInSuccession) {
				throw error;
			}
		},
		loseRow(): {isTooMuch: boolean; isSuspicious: boolean} {
			lost++;
			lostInSuccession++;
			return {isTooMuch: lost > maxLost, isSuspicious: lostInSuccession === maxLostInSuccession};
		},
	};
};

/**
Fetches full rows for the given keys. A batch that fails is asked for again in parts until the bad item is alone, so that one broken item costs one error. As with a page, only the whole batch is repeated over HTTP.

@throws AppError when the server as a whole fails
*/
export const fetchDetails = async (
	plex: Pick<PlexClient, 'details'>,
	ratingKeys: readonly string[],
	{signal, onLostItem}: {signal?: AbortSignal | undefined; onLostItem: (ratingKey: string, error: AppError) => void},
): Promise<unknown[]> => {
	const patience = createPatience();
	const rows: unknown[] = [];

	/**
	@returns whether one answer had all of the keys
	*/
	const fetchPart = async (keys: readonly string[], {isNarrowing, isBroken}: {isNarrowing: boolean; isBroken: boolean}): Promise<'whole' | 'divided'> => {
		let parts = partsAfter.fault;
		if (!isBroken || keys.length === 1) {
			try {
				rows.push(...await plex.details(keys, {signal, isNarrowing}));
				patience.restore();
				return 'whole';
			} catch (error) {
				if (!isDivisible(error)) {
					throw error;
				}

				patience.spend(error);
				if (keys.length === 1) {
					onLostItem(keys[0]!, error);
					return 'divided';
				}

				parts = error.code === 'timeout' ? partsAfter.timeout : parts;
			}
		}

		const size = Math.ceil(keys.length / parts);
		const first = await fetchPart(keys.slice(0, size), {isNarrowing: true, isBroken: false});
		// If this part has come, the rest must be broken; it is not asked for as a whole.
		await fetchPart(keys.slice(size), {isNarrowing: true, isBroken: first === 'whole'});
		return 'divided';
	};

	if (ratingKeys.length > 0) {
		await fetchPart(ratingKeys, {isNarrowing: false, isBroken: false});
	}

	return rows;
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
