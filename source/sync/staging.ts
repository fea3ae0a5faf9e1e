import {instantOf} from '../catalog/values.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import {createLoop} from '../base/loop.js';
import {nextTurn} from '../base/turns.js';
import {createArrivals, type Newcomer} from './arrivals.js';
import {createDetailReader, type Batch} from './details.js';
import {findHeirs} from './heirs.js';
import {createLibraryIds} from './library-ids.js';
import {isFirst, type PreparedWork} from './library-work.js';
import {createParents} from './parents.js';
import {createStage} from './stage.js';
import type {Counted} from './tally.js';

type Entry = Batch['items'][number];

const nothing: Counted = {imported: 0, unchanged: 0, lastTitle: undefined};

/**
Everything fetched of a library passes through here on its way into the store. The plan says whether each group of batches is committed at once, or everything together at the end.
*/
export const createStaging = (work: PreparedWork) => {
	const {store, library, entities, runId, now, viewer, plan, known, tally} = work;
	const stage = createStage({
		store, entities, runId, at: instantOf(now), isFirst: isFirst(work), isAnew: work.formerUuid !== undefined, isOtherViewer: library.sync?.viewer !== viewer,
	});
	const ids = createLibraryIds(library.serverId, known);
	const arrivals = createArrivals(work, {stage, ids});
	const parents = createParents(work, ids);
	const released: string[] = [];
	// They took over the ratingKey of a stored item, and may be stored under the key of another one that is not released yet.
	let waitingHeirs: Newcomer[] = [];
	let counted = nothing;
	let transaction: StoreTransaction | undefined;
	let hasCommitted = false;
	let failure: {error: unknown} | undefined;

	/**
	@returns the stored or staged item that the row is about, unless its key has been given to something else
	*/
	const storedUnder = async ({wanted: {ratingKey}, fresh}: Entry) => {
		const item = await stage.item(known.byKey.get(ratingKey)?.id ?? fresh.item.id);
		return item?.ratingKey === ratingKey && item.libraryId === library.id ? item : undefined;
	};

	const stageBatches = async (batches: readonly Batch[]) => {
		const items = batches.flatMap(batch => batch.items);
		const listed = new Set(items.map(({fresh}) => fresh.item.id));
		await stage.keep(batches.flatMap(batch => batch.parents).filter(({item}) => !listed.has(item.id)));
		const heirs = await findHeirs(work, items, {storedUnder, itemOf: stage.item});
		const newcomers: Newcomer[] = [];
		let {imported, unchanged} = counted;
		for (const entry of items) {
			const {wanted: {ratingKey, fingerprints}, fresh} = entry;
			const item = await storedUnder(entry);
			if (item === undefined) {
				newcomers.push({ratingKey, fresh, fingerprints});
				imported++;
			} else if (heirs.has(entry)) {
				released.push(item.id);
				await arrivals.release(item);
				waitingHeirs.push({ratingKey, fresh, fingerprints});
				imported++;
			} else if (await stage.change(await stage.snapshot(item), fresh, {fingerprints})) {
				imported++;
			} else {
				unchanged++;
			}
		}

		await arrivals.welcome(newcomers);
		parents.expect(items.map(({fresh}) => fresh.item));
		counted = {imported, unchanged, lastTitle: items.at(-1)?.fresh.item.title};
	};

	const write = async () => {
		transaction ??= await store.begin();
		await stage.write(transaction);
		return transaction;
	};

	const commit = async () => {
		await stage.tell(transaction!);
		// A commit is encoded in one go.
		await nextTurn();
		const result = await transaction!.commit();
		transaction = undefined;
		hasCommitted = true;
		counted = nothing;
		stage.forget();
		entities.settle();
		return result;
	};

	const waiting: Batch[] = [];
	// Batches that arrive while a commit is under way share the next one.
	const loop = createLoop(async () => {
		if (failure !== undefined) {
			throw failure.error;
		}

		try {
			await stageBatches(waiting.splice(0));
			await write();
			// An item must not be stored beside the new owner of its key, so from the first such item on everything waits for the end.
			if (plan.commits === 'batches' && released.length === 0) {
				const told = counted;
				tally.commit({...told, ...await commit()});
			}
		} catch (error) {
			failure = {error};
			throw error;
		}
	});

	const reader = createDetailReader(work, {
		ids,
		parents,
		async take(batch) {
			waiting.push(batch);
			return loop.turn();
		},
	});

	return {
		add: reader.add,
		/**
		Resolves when everything that was added is staged. The items that are known by their ratingKeys must be added before those that are not, since each of them may release an item that another one is.
		*/
		async settle() {
			await reader.settle();
			const heirs = waitingHeirs;
			waitingHeirs = [];
			await arrivals.welcome(heirs);
			parents.expect(heirs.map(({fresh}) => fresh.item));
		},
		stage,
		arrivals,
		/**
		Ids of items whose ratingKey belongs to something else now.
		*/
		released: released as readonly string[],
		/**
		Staged, and not committed yet.
		*/
		counted: () => counted,
		hasCommitted: () => hasCommitted,
		write,
		commit,
		async abort() {
			await transaction?.abort();
			transaction = undefined;
			entities.takeBack();
		},
	};
};

export type Staging = ReturnType<typeof createStaging>;
