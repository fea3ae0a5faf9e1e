import {instantOf} from '../catalog/values.js';
import type {Item, Library, Run} from '../catalog/types.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import {createEntities} from './entities.js';
import {readKnowledge} from './knowledge.js';
import {dropCollections, dropMembers} from './list-members.js';
import {byRemovalOrder} from './removals.js';
import {acceptedRun, inTransaction, newRun} from './run-record.js';
import {createStage, removeUnusedFiles} from './stage.js';

export type Accepted = {
	library: {id: string; title: string};
	removed: number;
};

export const heldLibraries = (libraries: readonly Library[]): Library[] => libraries.filter(({sync}) => sync?.held !== undefined);

/**
Removes what is held after a person has said that it is really gone, and leaves tombstones. Needs no server.
*/
export const acceptRemovals = async (store: CatalogStore, libraries: readonly Library[], {now = () => new Date()}: {now?: () => Date} = {}): Promise<Accepted[]> => {
	const run = newRun(now());
	const accepted: Accepted[] = [];
	for (const {id, serverId} of heldLibraries(libraries)) {
		const acceptedAt = now();
		const disclaim = await store.claim?.(serverId);
		try {
			// Another process may have written until it was claimed.
			const library = heldLibraries(store.header().libraries).find(held => held.id === id);
			if (library !== undefined) {
				accepted.push(await acceptLibrary(store, library, {
					runId: run.id,
					at: instantOf(acceptedAt),
					recordWith: last => acceptedRun(run, [...accepted, last], acceptedAt),
				}));
			}
		} finally {
			await disclaim?.();
		}
	}

	return accepted;
};

type Acceptance = {runId: string; at: string; recordWith: (accepted: Accepted) => Run};

const acceptLibrary = async (store: CatalogStore, library: Library, {recordWith, ...run}: Acceptance): Promise<Accepted> => {
	const isGone = library.sync?.held?.reason === 'library-gone';
	const items: Item[] = [];
	for await (const batch of storedItems(store, {libraryId: library.id})) {
		items.push(...batch);
	}

	const leaving = isGone ? items : withoutParents(items);
	leaving.sort(byRemovalOrder);
	const accepted = {library: {id: library.id, title: library.title}, removed: leaving.length};
	const stage = createStage({
		store, entities: createEntities(store), isOtherViewer: false, ...run,
	});
	for (const item of leaving) {
		await stage.remove(await stage.snapshot(item), isGone ? 'library-gone' : 'accepted');
	}

	await inTransaction(store, async transaction => {
		await removeUnusedFiles(readKnowledge(store), stage, transaction);
		await dropMembers(store, stage.gone(), {transaction, ...run});
		if (isGone) {
			await dropCollections(store, library, {transaction, ...run});
		}

		await stage.write(transaction);
		await stage.tell(transaction);
		// Whoever accepts says that the present viewer sees everything that is there.
		const {held: _, completeViewer: __, ...sync} = library.sync!;
		await transaction.putLibrary({...library, sync});
		await transaction.upsert([recordWith(accepted)]);
	});
	return accepted;
};

/**
Children may have come since, and then their parents stay. A placeholder goes with the last of its children.
*/
const withoutParents = (items: readonly Item[]): Item[] => {
	const isLeaving = ({missingSince, ratingKey}: Item) => missingSince !== undefined || ratingKey === undefined;
	const parents = new Set(items.flatMap(item => isLeaving(item) ? [] : [item.seasonId, item.showId]));
	return items.filter(item => isLeaving(item) && !parents.has(item.id));
};
