import {fileIdsOf} from '../catalog/item.js';
import type {Item} from '../catalog/types.js';
import {readRatingKey} from '../plex/wire.js';
import type {Batch} from './details.js';
import {likeness} from './likeness.js';
import type {PreparedWork} from './library-work.js';
import {fetchAllDetails} from './listing.js';

const episodesAsked = 5;

type Entry = Batch['items'][number];
type ItemOf = (id: string) => Promise<Item | undefined>;

/**
Finds the rows that are about another item than the one that is stored under their ratingKey.

@throws AppError when the server as a whole fails
*/
export const findHeirs = async (
	work: PreparedWork,
	entries: readonly Entry[],
	{storedUnder, itemOf}: {storedUnder: (entry: Entry) => Promise<Item | undefined>; itemOf: ItemOf},
): Promise<Set<Entry>> => {
	const heirs = new Set<Entry>();
	const unsure = new Map<Entry, Item>();
	for (const entry of entries) {
		const item = await storedUnder(entry);
		const like = item === undefined ? 'same' : likeness(item, entry.fresh.item);
		if (like === 'other') {
			heirs.add(entry);
		} else if (like === 'unsure') {
			unsure.set(entry, item!);
		}
	}

	const same = await findSameShows(work, unsure.values().toArray(), itemOf);
	for (const [entry, {id}] of unsure) {
		if (!same.has(id)) {
			heirs.add(entry);
		}
	}

	return heirs;
};

/**
Tells of shows that got other names whether they are still the same: their match was corrected if the episodes that we have of them are still below them with the same files. Otherwise their ratingKeys belong to other shows now.

@returns the ids of the shows that are the same
@throws AppError when the server as a whole fails
*/
const findSameShows = async (
	{plex, normalize, library, stored, signal}: PreparedWork,
	shows: readonly Item[],
	itemOf: ItemOf,
): Promise<Set<string>> => {
	if (shows.length === 0) {
		return new Set();
	}

	const known = await stored.whole();
	const showOf = new Map(shows.map(({id}): [string, string] => [id, id]));
	for (const item of known.passing()) {
		const showId = item.type === 'season' ? showOf.get(item.parentId ?? '') : undefined;
		if (showId !== undefined) {
			showOf.set(item.id, showId);
		}
	}

	const asked = new Map<string, string>();
	const count = new Map<string, number>();
	for (const item of known.passing()) {
		const showId = item.type === 'episode' && !item.isMissing ? showOf.get(item.parentId ?? '') : undefined;
		const before = count.get(showId ?? '') ?? 0;
		if (showId === undefined || before >= episodesAsked) {
			continue;
		}

		asked.set(item.ratingKey, showId);
		count.set(showId, before + 1);
	}

	const keys = new Map(shows.map(({id, ratingKey}) => [id, ratingKey]));
	const votes = new Map<string, number>();
	const {rows} = await fetchAllDetails(plex, asked.keys().toArray(), signal);
	for (const row of rows.values()) {
		const ratingKey = readRatingKey(row)!;
		const showId = asked.get(ratingKey) ?? '';
		const fresh = normalize(row, {serverId: library.serverId, libraryId: library.id});
		const before = await itemOf(known.byKey.get(ratingKey)?.id ?? '');
		if (before !== undefined && fresh.ok && fresh.value.parents.show?.ratingKey === keys.get(showId) && isSameFile(before, fresh.value.item)) {
			votes.set(showId, (votes.get(showId) ?? 0) + 1);
		}
	}

	return new Set(shows.filter(({id}) => (votes.get(id) ?? 0) * 2 > (count.get(id) ?? 0)).map(({id}) => id));
};

const isSameFile = (stored: Item, fresh: Item) => {
	const files = new Set(fileIdsOf(stored));
	return fileIdsOf(fresh).some(id => files.has(id));
};
