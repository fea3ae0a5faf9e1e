import PQueue from 'p-queue';
import {AppError, requireAppError} from '../base/errors.js';
import type {ListKind} from '../catalog/types.js';
import {
	digestOf,
	isVideoList,
	readListedList,
	type ListedList,
} from '../plex/normalize/lists.js';
import type {ListSource, PlexClient} from '../plex/types.js';
import {asRecord, readKey, readRatingKey} from '../plex/wire.js';
import {createListCourse} from './list-course.js';
import {fullPageSize} from './listing.js';

type Reading = {plex: Pick<PlexClient, 'list'>; signal: AbortSignal};

/**
All collections of a library, or all playlists of a server.
*/
export type ReadListing = {
	lists: ListedList[];
	/**
	Of all rows, to see at once whether anything differs.
	*/
	digest: string;
	/**
	Why it cannot be taken as complete. What it does not have may still be there.
	*/
	fault: AppError | undefined;
};

/**
Listings that were read to see whether a library needs anything, by kind.
*/
export type ReadListings = ReadonlyMap<ListKind, ReadListing | undefined>;

/**
A fault of the server becomes the fault of the listing; a server without such lists (404) has an empty one that is not complete, and no fault.

@throws AppError when the run is cancelled
*/
export const readListing = async (reading: Reading, of: ListSource): Promise<ReadListing | undefined> => {
	const {rows, fault} = await readRows(reading, of, row => row);
	if (fault?.code === 'not-found') {
		return undefined;
	}

	const wanted = rows.filter(row => isVideoList(row));
	const lists = wanted.map(row => readListedList(row)).filter(list => list !== undefined);
	const unusable = lists.length < wanted.length ? new AppError('malformed', 'The server listed one without a ratingKey.') : undefined;
	return {lists, digest: digestOf(lists), fault: fault ?? unusable};
};

// As many as keep the request queue of the client full.
const listsInFlight = 8;

/**
Lists of a library whose items are still on their way.
*/
export type ListsAhead = {
	listing: Promise<ReadListing | undefined>;
	/**
	By ratingKey, of all that were listed.
	*/
	members: ReadonlyMap<string, Promise<string[] | AppError>>;
	/**
	Asks for nothing more.
	*/
	stop: () => void;
};

/**
Begins to read lists and the members of all of them, while there is other work to do.
*/
export const readAhead = (reading: Reading, kind: ListKind, of: ListSource): ListsAhead => {
	const queue = new PQueue({concurrency: listsInFlight});
	const members = new Map<string, Promise<string[] | AppError>>();
	const listing = (async () => {
		const read = await readListing(reading, of);
		for (const {ratingKey} of read?.lists ?? []) {
			const answer = queue.add(async () => readMembers(reading, {membersOf: kind, ratingKey}));
			answer.catch(() => {/* whoever wants it gets the error */});
			members.set(ratingKey, answer);
		}

		return read;
	})();
	listing.catch(() => {/* whoever wants it gets the error */});
	return {
		listing,
		members,
		stop() {
			queue.clear();
		},
	};
};

/**
The lists with what `readMembers` gives for those that are due, in their order. The next ones are asked for while one is worked with, if they were not asked for ahead.
*/
export async function * readMembersOf<List extends {listed: Pick<ListedList, 'ratingKey'>}>(reading: Reading, kind: ListKind, lists: readonly List[], {isDue, ahead}: {isDue: (list: List) => boolean; ahead: ListsAhead | undefined}): AsyncGenerator<List & {keys: string[] | AppError | undefined}, undefined> {
	const queue = new PQueue({concurrency: listsInFlight});
	const membersOf = async (ratingKey: string) => ahead?.members.get(ratingKey) ?? queue.add(async () => readMembers(reading, {membersOf: kind, ratingKey}));
	const readings = lists.map(async list => isDue(list) ? membersOf(list.listed.ratingKey) : undefined);
	for (const each of readings) {
		// Nobody waits for the later ones once an earlier one has failed.
		each.catch(() => undefined);
	}

	try {
		for (const [index, list] of lists.entries()) {
			yield {...list, keys: await readings[index]};
		}
	} finally {
		queue.clear();
	}
}

/**
The ratingKeys of the members of a list, in its order.

@returns the fault if they could not all be read
*/
export const readMembers = async (reading: Reading, of: ListSource): Promise<string[] | AppError> => {
	// A playlist may have an item several times; each time has a number of its own.
	const {rows, fault} = await readRows(reading, of, row => ({ratingKey: readKey(asRecord(row)['playlistItemID']) ?? readRatingKey(row), member: readRatingKey(row)}));
	return fault ?? rows.map(row => readKey(asRecord(row)['member'])).filter(key => key !== undefined);
};

/**
Unlike a page of items, a page that fails is not asked for in parts: the list stays as it was until the server can tell it.
*/
const readRows = async ({plex, signal}: Reading, of: ListSource, prepare: (row: unknown) => unknown): Promise<{rows: unknown[]; fault: AppError | undefined}> => {
	const rows: unknown[] = [];
	let fault: AppError | undefined;
	const course = createListCourse({
		pageSize: fullPageSize,
		onDoubt(doubt) {
			fault ??= new AppError('malformed', `It cannot be taken as complete: ${doubt}.`);
		},
	});
	for (let asked = course.next(); asked !== undefined; asked = course.next()) {
		try {
			const page = await plex.list({of, ...asked, signal});
			const prepared = page.rows.map(row => prepare(row));
			if (course.received({...page, rows: prepared})) {
				rows.push(...prepared);
			}
		} catch (error) {
			signal.throwIfAborted();
			if (!course.isBeyond()) {
				requireAppError(error);
				return {rows, fault: error};
			}

			// Some servers refuse to answer beyond the end.
			course.failed({isTimeout: false});
		}
	}

	return {rows, fault};
};
