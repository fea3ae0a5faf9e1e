import {instantOf} from '../catalog/values.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import {createLoop} from '../base/loop.js';
import {nextTurn} from '../base/turns.js';
import {createArrivals} from './arrivals.js';
import {createBatchStaging} from './batch-staging.js';
import {createDetailReader, type Batch} from './details.js';
import {createLibraryIds} from './library-ids.js';
import {isFirst, type PreparedWork} from './library-work.js';
import {createParents} from './parents.js';
import {createStage} from './stage.js';

/**
Everything fetched of a library passes through here on its way into the store. The plan says whether each group of batches is committed at once, or everything together at the end.
*/
export const createStaging = (work: PreparedWork) => {
	const {store, library, entities, runId, now, viewer, plan, stored, tally} = work;
	const stage = createStage({
		store, entities, runId, at: instantOf(now), isFirst: isFirst(work), isAnew: work.formerUuid !== undefined, isOtherViewer: library.sync?.viewer !== viewer,
	});
	const ids = createLibraryIds(library.serverId, stored);
	const arrivals = createArrivals(work, {stage, ids});
	const parents = createParents(work, ids);
	const batches = createBatchStaging(work, {stage, arrivals, parents});
	let transaction: StoreTransaction | undefined;
	let hasCommitted = false;
	let failure: {error: unknown} | undefined;

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
		batches.forget();
		stage.forget();
		entities.settle();
		return result;
	};

	const waiting: Array<{batch: Batch; staged: PromiseWithResolvers<void>}> = [];
	// Batches that arrive while a commit is under way share the next one.
	const loop = createLoop(async () => {
		const taken = waiting.splice(0);
		try {
			if (failure !== undefined) {
				throw failure.error;
			}

			await batches.stage(taken.map(({batch}) => batch));
			// A database takes long to commit them. Meanwhile there is room to fetch others.
			for (const {staged} of taken) {
				staged.resolve();
			}

			await write();
			// An item must not be stored beside the new owner of its key, so from the first such item on everything waits for the end.
			if (!batches.hasHeirs() && plan.commits === 'batches') {
				const told = batches.counted();
				tally.commit({...told, ...await commit()});
			}
		} catch (error) {
			failure ??= {error};
			for (const {staged} of taken) {
				staged.reject(error);
			}
		}
	});

	const reader = createDetailReader(work, {
		ids,
		parents,
		async take(batch) {
			const staged = Promise.withResolvers<void>();
			waiting.push({batch, staged});
			loop.kick();
			return staged.promise;
		},
		async onUnread(ratingKeys) {
			for (const ratingKey of ratingKeys) {
				const item = await stored.find(ratingKey);
				arrivals.twins.doubt(item === undefined ? [] : [item.id]);
			}
		},
	});

	const settleRead = async () => {
		try {
			await reader.settle();
		} finally {
			// Also when nothing more is read, a commit may be under way.
			await loop.idle();
		}

		if (failure !== undefined) {
			throw failure.error;
		}
	};

	return {
		add: reader.add,
		/**
		Resolves when everything that was added is staged. The items that are known by their ratingKeys must be added before those that are not, since each of them may release an item that another one is.
		*/
		async settle() {
			await settleRead();
			for (let others = await batches.meetWaiting(); others.length > 0; others = await batches.meetWaiting()) {
				tally.expect(others.length);
				await reader.add(others);
				await settleRead();
			}

			await batches.stageWaiting();
		},
		stage,
		arrivals,
		/**
		Ids of items whose ratingKey belongs to something else now.
		*/
		released: batches.released,
		/**
		Staged, and not committed yet.
		*/
		counted: batches.counted,
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
