import {fileIdsOf} from '../catalog/item-files.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import type {Knowledge} from './knowledge.js';
import type {Stage} from './stage.js';

/**
Remove the records of files that nothing plays any more.
*/
export const removeUnusedFiles = async (knowledge: Pick<Knowledge, 'players'>, stage: Stage, transaction: StoreTransaction): Promise<void> => {
	const unused = new Set(stage.droppedFiles());
	if (unused.size === 0) {
		return;
	}

	for (const [id, players] of await knowledge.players(unused)) {
		// What is staged is looked at below, as it will be.
		if (players.some(player => stage.staged(player) === undefined)) {
			unused.delete(id);
		}
	}

	for (const item of stage.items()) {
		for (const id of fileIdsOf(item)) {
			unused.delete(id);
		}
	}

	await transaction.remove([...unused]);
};
