import type {ListPage} from '../plex/types.js';
import {readRatingKey} from '../plex/wire.js';
import {createPlaceFinder, type LostPlace, type RememberedPlaces} from './lost-places.js';

type CourseOptions = {
	pageSize: number;
	remembered?: RememberedPlaces | undefined;
	/**
	How many rows the server announced before. If the list announces another number, its end is looked at twice.
	*/
	counted?: number | undefined;
	onLostPlace?: ((place: LostPlace) => void) | undefined;
	/**
	Gets a clause that says why the list cannot be taken as complete.
	*/
	onDoubt?: ((doubt: string) => void) | undefined;
};

/**
Rows from where the listing has come to up to `end`. A broken range has failed as a whole, and is asked for in parts.
*/
type Range = {end: number; isBroken: boolean; parts: number};

export type ListRequest = {start: number; size: number; isNarrowing: boolean};

/**
A real server always says how many rows there are. Without that number, a list that goes on for longer is no library.
*/
const mostRowsWithoutTotal = 50_000;

/**
A library may grow while it is listed, but not without end.
*/
const mostRowsFor = (total: number) => (2 * total) + 1000;

/**
A server with a limit of its own for a page may take that limit for the number of all rows. Such limits are round numbers.
*/
const roundNumber = 50;

/**
Halves find a bad row with the fewest requests. A timeout costs more than a request, so that smaller parts are better.
*/
export const partsAfter = {fault: 2, timeout: 8};

/**
Decides, without asking anybody, which rows to ask for next, and when a listing is over. Call `received` or `failed` after each request.
*/
export const createListCourse = ({pageSize, remembered = {places: [], stored: new Set()}, counted, onLostPlace, onDoubt = () => {/* nobody asks */}}: CourseOptions) => {
	const finder = createPlaceFinder(remembered);
	const end = createListEnd(onDoubt);
	const {total} = end;
	const ranges: Range[] = [];
	const seen = new Set<string>();
	let start = 0;
	let repeats = 0;
	// A row was lost now or the last time, so a page that fails is no surprise.
	let isWary = finder.hasPlaces;
	let gap: LostPlace | undefined;
	let asked: ListRequest = {start, size: pageSize, isNarrowing: false};

	const closeGap = (before: string | undefined) => {
		if (gap === undefined) {
			return;
		}

		onLostPlace?.({...gap, before});
		gap = undefined;
	};

	/**
	Asks for the rows before the next remembered place together, and for each row of the place alone.
	*/
	const goAround = () => {
		const place = finder.next(start, total());
		if (place === undefined || place.position - start >= pageSize) {
			return;
		}

		const ends = place.position > start ? [place.position] : Array.from({length: place.rows}, (_, index) => start + place.rows - index);
		ranges.push(...ends.map((rangeEnd): Range => ({end: rangeEnd, isBroken: place.position === start, parts: partsAfter.fault})));
	};

	const nextRange = (): Range | undefined => {
		while (ranges.length > 0 && ranges.at(-1)!.end <= start) {
			ranges.pop();
		}

		if (ranges.length === 0) {
			goAround();
		}

		const top = ranges.at(-1);
		if (!top?.isBroken || top.end - start === 1) {
			return top;
		}

		// If this part comes, the rest must be broken; it is not asked for as a whole.
		const part: Range = {end: start + Math.ceil((top.end - start) / top.parts), isBroken: false, parts: top.parts};
		ranges.push(part);
		return part;
	};

	const learnTotal = (announced: number | undefined) => {
		end.learnTotal(announced);
		for (const range of ranges) {
			range.end = Math.min(range.end, Math.max(total() ?? Infinity, start + 1));
		}
	};

	return {
		learnTotal,
		total,
		isBeyond: end.isBeyond,
		/**
		@returns undefined when the listing is over
		*/
		next(): ListRequest | undefined {
			if (end.isReached(start)) {
				closeGap(undefined);
				return undefined;
			}

			const range = end.isBeyond() ? undefined : nextRange();
			asked = range === undefined
				? {start, size: pageSize, isNarrowing: isWary || end.isBeyond()}
				: {start, size: range.end - start, isNarrowing: true};
			return asked;
		},
		/**
		@returns whether any of the rows is new; a page without one must not be used
		*/
		received({rows, total: announced}: ListPage): boolean {
			const isLimit = rows.length >= asked.size || rows.length % roundNumber === 0 || (counted ?? announced) !== announced;
			end.turnPage(rows.length, {announced, isLimit: isLimit && ranges.length === 0});
			learnTotal(announced);
			start += rows.length;
			const seenBefore = seen.size;
			for (const row of rows) {
				const key = readRatingKey(row);
				seen.add(key ?? JSON.stringify(row));
				finder.take(key);
			}

			const isNew = seen.size > seenBefore;
			if (isNew) {
				closeGap(readRatingKey(rows[0]));
			}

			repeats = isNew ? 0 : repeats + 1;
			// While a library grows, a single row may come twice.
			if (!isNew && rows.length > 0 && (rows.length > 1 || repeats > 1)) {
				end.stop('the server sends the same rows again instead of the next ones');
			}

			return isNew;
		},
		/**
		@returns whether the row at `start` is lost; otherwise less will be asked for
		*/
		failed({isTimeout}: {isTimeout: boolean}): boolean {
			if (end.isBeyond()) {
				end.stop();
				return false;
			}

			const [whole, top] = ranges.length > 1 ? ranges.slice(-2) : [undefined, ranges[0]];
			const broken = {isBroken: true, parts: isTimeout ? partsAfter.timeout : partsAfter.fault};
			if (top === undefined) {
				const last = Math.min(start + asked.size, total() ?? Infinity);
				ranges.push({...broken, end: Math.max(start + 1, last)});
			} else {
				Object.assign(top, broken);
			}

			if (whole !== undefined) {
				// The rest of it may be whole.
				whole.isBroken = false;
			}

			if (asked.size > 1) {
				return false;
			}

			isWary = true;
			finder.lose();
			gap ??= {rows: 0, after: finder.lastKey()};
			gap.rows++;
			start++;
			return true;
		},
	};
};

/**
Decides when a list has come to its end, or has gone on for too long.
*/
const createListEnd = (onDoubt: (doubt: string) => void) => {
	let total: number | undefined;
	let firstTotal: number | undefined;
	let isTotalWrong = false;
	let isOver = false;
	let isLastPageLimit = false;
	let isBeyond = false;
	let pages = 0;

	const stop = (doubt?: string) => {
		isOver = true;
		if (doubt !== undefined) {
			onDoubt(doubt);
		}
	};

	return {
		total: (): number | undefined => total,
		/**
		All announced rows have come, and one more page is asked for, because their number looks like the limit of a page.
		*/
		isBeyond: (): boolean => isBeyond,
		stop,
		learnTotal(announced: number | undefined): void {
			total = isTotalWrong ? undefined : (announced ?? total);
			firstTotal ??= announced;
		},
		turnPage(rows: number, {announced, isLimit}: {announced: number | undefined; isLimit: boolean}): void {
			pages++;
			isOver ||= rows === 0;
			isLastPageLimit = isLimit;
			if (!isBeyond || rows === 0) {
				return;
			}

			isBeyond = false;
			if ((announced ?? 0) > (total ?? 0)) {
				// The library has grown meanwhile.
				return;
			}

			onDoubt(`the server announced ${total} rows, but has more`);
			isTotalWrong = true;
			total = undefined;
		},
		isReached(start: number): boolean {
			const mostRows = firstTotal === undefined || isTotalWrong ? mostRowsWithoutTotal : mostRowsFor(firstTotal);
			if (!isOver && (start >= mostRows || pages >= 1000 + (mostRows / 10))) {
				stop(`the list did not end after ${start} rows`);
			}

			if (isOver || total === undefined || start < total) {
				return isOver;
			}

			isOver = isBeyond || !isLastPageLimit;
			isBeyond = true;
			return isOver;
		},
	};
};
