import {itemTypes} from '../catalog/kinds.js';
import {readListedRow} from '../plex/listed-row.js';
import {isRecord, readKey} from '../plex/wire.js';
import {nothingListed, type Comparison} from './comparison.js';
import type {KnownItem} from './known-library.js';
import {importedTypes} from './library-record.js';
import type {PreparedWork} from './library-work.js';
import {fetchAllDetails, sectionKeyOf} from './listing.js';
import {problemFrom, unkeyedRow} from './tally.js';
import type {Wanted} from './row-comparison.js';
import type {StoredItems} from './stored-items.js';

/**
More removals than this are not taken from single hints: only a listing shows whether a disk went away.
*/
export const maxTouchedRemovals = 25;

/**
Compares single items and their parents with what is stored. Nothing is listed, so only these items and what is below them can be missing.

@throws AppError when the server as a whole fails
*/
export const compareTouched = async (work: PreparedWork, ratingKeys: readonly string[]): Promise<Comparison> => {
	const {library, stored} = work;
	const {rows, lost} = await fetchRows(work, ratingKeys);
	const parents = [...new Set(rows.values().flatMap(row => parentKeys(row)))].filter(key => !rows.has(key));
	const above = await fetchRows(work, parents);
	await stored.meet([...ratingKeys, ...above.rows.keys()]);
	const wanted = new Map<string, Wanted>();
	for (const [ratingKey, row] of [...above.rows, ...rows]) {
		const listed = readListedRow(row, {isFull: false});
		const itemType = itemTypes.find(type => type === listed?.type);
		// Collections and the like come with the same kind of hint. What has moved to another library counts as missing here.
		if (listed === undefined || itemType === undefined || !importedTypes(library.type).includes(itemType) || ![undefined, library.key].includes(sectionKeyOf(row))) {
			continue;
		}

		const before = await stored.find(ratingKey);
		wanted.set(ratingKey, {
			ratingKey,
			title: listed.title,
			itemType,
			row,
			// Detail rows carry no full fingerprint; keep the stored one.
			fingerprints: before?.fingerprints?.slim === listed.fingerprints.slim ? before.fingerprints : listed.fingerprints,
		});
	}

	work.tally.expect(wanted.size);
	const gone = await withDescendants(stored, ratingKeys.filter(key => !wanted.has(key) && !lost.has(key)));
	const isTooMuch = gone.size > maxTouchedRemovals;
	return {
		...nothingListed,
		wanted,
		missing: isTooMuch ? undefined : gone,
		whyNot: isTooMuch
			? `${gone.size} items seem to be gone at once, so nothing was removed: the whole library is compared instead.`
			: await whyMore(stored, wanted),
	};
};

/**
Only a listing of the whole library tells how much of what is held is back.
*/
const whyMore = async (stored: StoredItems, wanted: ReadonlyMap<string, Wanted>): Promise<string | undefined> => {
	for (const key of wanted.keys()) {
		const item = await stored.find(key);
		if (item?.isMissing === true) {
			return 'Held items are back: the whole library is compared to find them.';
		}
	}

	return undefined;
};

const fetchRows = async ({plex, tally, normalize, signal}: PreparedWork, ratingKeys: readonly string[]) => {
	const {rows, unkeyed, lost} = await fetchAllDetails(plex, ratingKeys, signal);
	for (const [ratingKey, error] of lost) {
		tally.expect(1);
		tally.fail(problemFrom(error, 'detail', {ratingKey}));
	}

	for (const row of unkeyed) {
		tally.expect(1);
		tally.fail(unkeyedRow(normalize(row, {serverId: '', libraryId: ''}), 'movie'));
	}

	return {rows, lost};
};

/**
A new episode changes the counts of its season and show ([PKC] refetches both).
*/
const parentKeys = (row: unknown): string[] => isRecord(row)
	? [readKey(row['grandparentRatingKey']), readKey(row['parentRatingKey'])].filter(key => key !== undefined)
	: [];

/**
A server may say nothing about what is below a deleted show.
*/
const withDescendants = async ({meet, find, below}: StoredItems, ratingKeys: readonly string[]): Promise<Map<string, KnownItem>> => {
	const items = new Map<string, KnownItem>();
	let keys = ratingKeys;
	let parents: ReadonlySet<string> | undefined;
	const read = async () => {
		await meet(keys);
		const found = await Promise.all(keys.map(async (key): Promise<[string, KnownItem | undefined]> => [key, await find(key)]));
		// The key of a held item may belong to another one by now.
		return found.filter((entry): entry is [string, KnownItem] => entry[1] !== undefined && (parents?.has(entry[1].parentId ?? '') ?? true));
	};

	while (keys.length > 0) {
		const found = new Map(await read());
		for (const [key, item] of found) {
			items.set(key, item);
		}

		parents = new Set(found.values().filter(({type}) => type === 'show' || type === 'season').map(({id}) => id));
		const children = parents.size === 0 ? [] : await below(parents);
		keys = children.filter(key => !items.has(key));
	}

	return items;
};
