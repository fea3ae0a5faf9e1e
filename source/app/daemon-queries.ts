import {randomBytes} from 'node:crypto';
import {Buffer} from 'node:buffer';
import type {ApiQueries, ChangeEntry, ItemEntry} from '../api/port.js';
import type {HistoryEvent} from '../catalog/history.js';
import {createLibraryNames, type LibraryNames} from '../catalog/library-names.js';
import type {Item} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {filterWords, haystackOf} from '../query/haystack.js';
import {summarize} from '../query/summary.js';
import type {CatalogStore} from '../catalog/catalog-store.js';
import {nextTurn} from '../base/turns.js';

// One answer looks through at most so many items: a word that is nowhere must not read a whole catalogue at once.
const scannedItems = 20_000;
const itemsPerTurn = 200;

/**
Answers what the API asks of a catalogue that this process has loaded, or is loading.
*/
export const createDaemonQueries = (store: Pick<CatalogStore, 'page' | 'history' | 'header'>, loaded: Promise<void>): ApiQueries => {
	// A place in the store means something only in this process.
	const ownMark = randomBytes(6).toString('hex');

	// Returns the matches of one page and the cursor behind them, which lies within the page if there is no room for all.
	const readMatches = async (after: string | undefined, words: readonly string[], room: number) => {
		const page = await store.page({kind: 'item', after, limit: words.length === 0 ? Math.min(itemsPerTurn, room) : itemsPerTurn});
		const places = page.records.flatMap((record, place) => record.kind === 'item' && isMatch(record, words) ? [place] : []);
		const last = places[room - 1];
		const records = places.slice(0, room).map(place => page.records[place] as Item);
		if (last === undefined || last === page.records.length - 1) {
			return {records, cursor: page.cursor};
		}

		const {cursor} = await store.page({kind: 'item', after, limit: last + 1});
		return {records, cursor};
	};

	return {
		async items({text, limit, cursor}) {
			await loaded;
			const words = filterWords(text);
			const {serverOf} = createLibraryNames(store.header());
			const entries: ItemEntry[] = [];
			let after = cursor === undefined ? undefined : readCursor(cursor, ownMark);
			for (let scanned = 0; scanned < scannedItems && entries.length < limit; scanned += itemsPerTurn) {
				const matches = await readMatches(after, words, limit - entries.length);
				entries.push(...matches.records.map(item => itemEntry(item, serverOf)));
				after = matches.cursor;
				if (after === undefined) {
					return {entries};
				}

				await nextTurn();
			}

			return {entries, ...(after !== undefined && {nextCursor: writeCursor(ownMark, after)})};
		},
		async changes({since, limit, cursor}) {
			const skipped = cursor === undefined ? undefined : readPlace(readCursor(cursor, changesMark));
			const {serverOf} = createLibraryNames(store.header());
			const entries: ChangeEntry[] = [];
			let last: Place = {revision: -1, index: 0};
			for await (const {event, place} of placed(store.history({since}))) {
				if (entries.length === limit) {
					return {entries, nextCursor: writeCursor(changesMark, `${last.revision}.${last.index}`)};
				}

				if (!(skipped === undefined || isAfter(place, skipped))) {
					continue;
				}

				last = place;
				entries.push(changeEntry(event, serverOf));
			}

			return {entries};
		},
	};
};

async function * placed(batches: AsyncIterable<HistoryEvent[]>): AsyncGenerator<{event: HistoryEvent; place: Place}> {
	let place: Place = {revision: -1, index: 0};
	for await (const batch of batches) {
		for (const event of batch) {
			place = {revision: event.revision, index: event.revision === place.revision ? place.index + 1 : 0};
			yield {event, place};
		}

		await nextTurn();
	}
}

const changesMark = 'changes';

// The commit of an event and its index in that commit, neither of which ever changes.
type Place = {revision: number; index: number};

const isAfter = (place: Place, other: Place) => place.revision > other.revision || (place.revision === other.revision && place.index > other.index);

const readPlace = (text: string): Place => {
	const {revision, index} = /^(?<revision>\d{1,15})\.(?<index>\d{1,9})$/v.exec(text)?.groups ?? {};
	if (revision === undefined || index === undefined) {
		throw wrongCursor();
	}

	return {revision: Number(revision), index: Number(index)};
};

const writeCursor = (mark: string, place: string) => Buffer.from(`${mark}:${place}`).toString('base64url');

const readCursor = (cursor: string, mark: string): string => {
	const text = Buffer.from(cursor, 'base64url').toString('utf8');
	const place = text.slice(mark.length + 1);
	if (!text.startsWith(`${mark}:`) || !/^[\w.]{1,30}$/v.test(place)) {
		throw wrongCursor();
	}

	return place;
};

const wrongCursor = () => new AppError('usage', 'The cursor cannot be used.', {hint: 'It is valid until the daemon restarts. Start again without one.'});

const isMatch = (item: Item, words: readonly string[]): boolean => {
	const haystack = words.length === 0 ? '' : haystackOf(summarize(item));
	return words.every(word => haystack.includes(word));
};

type ServerOf = LibraryNames['serverOf'];

const itemEntry = (item: Item, serverOf: ServerOf): ItemEntry => {
	const {id, type, libraryId, ratingKey, title, editionTitle, year, releaseDate, seasonNumber, episodeNumber, durationMs, resolution} = summarize(item);
	return {
		id, type, libraryId, ...serverOf(libraryId), ratingKey, title, editionTitle, year, releaseDate, seasonNumber, episodeNumber, durationMs, resolution,
	};
};

const changeEntry = (event: HistoryEvent, serverOf: ServerOf): ChangeEntry => {
	const {revision, at, kind, runId, libraryId, reason} = event;
	return {
		revision,
		at,
		kind,
		runId,
		libraryId,
		...serverOf(libraryId),
		reason,
		...('itemId' in event && {itemId: event.itemId, type: event.type, title: event.title}),
		...('after' in event && {fields: Object.keys(event.after)}),
	};
};
