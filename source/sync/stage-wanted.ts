import {setImmediate} from 'node:timers/promises';
import type {NormalizedItem} from '../plex/types.js';
import {readRatingKey} from '../plex/wire.js';
import type {Arrivals, Newcomer} from './arrivals.js';
import {batchSize} from './batches.js';
import type {KnownLibrary} from './known.js';
import type {LibraryIds} from './library-ids.js';
import {importedTypes} from './library-record.js';
import {fetchDetails} from './listing.js';
import type {Parents} from './parents.js';
import {problemFrom, vanishedItem} from './problems.js';
import {isSomethingElse} from './recognise.js';
import type {Wanted} from './row-comparison.js';
import type {Stage} from './stage.js';
import type {LibrarySync} from './sync-library.js';
import type {Tally} from './tally.js';

export type WantedStaging = {
	known: KnownLibrary;
	wanted: ReadonlyMap<string, Wanted>;
	stage: Stage;
	ids: LibraryIds;
	arrivals: Arrivals;
	parents: Parents;
	tally: Tally;
};

export type StagedWanted = {
	imported: number;
	unchanged: number;
	/**
	Of items whose ratingKey belongs to something else now.
	*/
	releasedIds: string[];
	lastTitle: string | undefined;
};

/**
As many detail calls as a server answers side by side.
*/
const callsAtOnce = 4;

/**
Fetch the details of what is new or changed, type by type with parents first, and stage them.
*/
export const stageWanted = async (options: LibrarySync, staging: WantedStaging): Promise<StagedWanted> => {
	const total: StagedWanted = {
		imported: 0, unchanged: 0, releasedIds: [], lastTitle: undefined,
	};
	for (const type of importedTypes(options.library.type)) {
		const keys = staging.wanted.values().filter(({itemType}) => itemType === type).map(({ratingKey}) => ratingKey).toArray();
		for (let start = 0; start < keys.length; start += batchSize * callsAtOnce) {
			const fresh = await fetchFresh(options, staging, keys.slice(start, start + (batchSize * callsAtOnce)));
			await stageFresh(fresh, staging, total);
			await setImmediate();
		}
	}

	return total;
};

type Fresh = Map<string, NormalizedItem>;

const fetchFresh = async ({plex, normalize, library, signal}: LibrarySync, {wanted, ids, tally}: WantedStaging, keys: readonly string[]): Promise<Fresh> => {
	const unread = keys.filter(key => wanted.get(key)?.row === undefined);
	const batches: string[][] = [];
	for (let start = 0; start < unread.length; start += batchSize) {
		batches.push(unread.slice(start, start + batchSize));
	}

	const lost = new Set<string>();
	const answers = await Promise.all(batches.map(async batch => fetchDetails(plex, batch, {
		signal,
		onLostItem(ratingKey, error) {
			lost.add(ratingKey);
			tally.fail(problemFrom(error, 'detail', {ratingKey, title: wanted.get(ratingKey)?.title}));
		},
	})));
	const rows = new Map(answers.flat().map(row => [readRatingKey(row), row]));
	const fresh: Fresh = new Map();
	for (const ratingKey of keys) {
		const row = wanted.get(ratingKey)?.row ?? rows.get(ratingKey);
		if (row === undefined) {
			if (!lost.has(ratingKey)) {
				tally.fail(problemFrom(vanishedItem(), 'detail', {ratingKey, title: wanted.get(ratingKey)?.title}));
			}

			continue;
		}

		const normalized = normalize(row, {serverId: library.serverId, libraryId: library.id});
		if (normalized.ok) {
			ids.settle(normalized.value);
			fresh.set(ratingKey, normalized.value);
		} else {
			tally.fail({stage: 'normalize', ...normalized.problem});
		}
	}

	return fresh;
};

const stageFresh = async (fresh: Fresh, {known, wanted, stage, arrivals, parents}: WantedStaging, total: StagedWanted) => {
	await stage.keep(await parents.complete(fresh.values().toArray()));
	const newcomers: Newcomer[] = [];
	for (const [ratingKey, normalized] of fresh) {
		const {fingerprints} = wanted.get(ratingKey)!;
		const stored = known.byKey.get(ratingKey);
		const item = stored === undefined ? undefined : await stage.item(stored.id);
		total.lastTitle = normalized.item.title;
		if (item === undefined || isSomethingElse(item, normalized.item)) {
			if (item !== undefined) {
				total.releasedIds.push(item.id);
				await arrivals.release(item);
			}

			newcomers.push({ratingKey, fresh: normalized, fingerprints});
			total.imported++;
		} else {
			const hasChanged = await stage.change(await stage.snapshot(item), normalized, {fingerprints});
			total[hasChanged ? 'imported' : 'unchanged']++;
		}
	}

	await arrivals.welcome(newcomers);
	parents.expect(fresh.values().map(({item}) => item).toArray());
};
