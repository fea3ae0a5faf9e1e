import {nextTurn} from '../base/turns.js';
import {fileSizes, type CatalogStore} from '../catalog/catalog-store.js';
import {createCatalogIndex} from '../query/catalog-index.js';
import type {Item} from '../catalog/types.js';
import type {CatalogAnswers, CatalogIndex} from '../query/types.js';

const itemsPerTurn = 200;

type Answered = {store: Pick<CatalogStore, 'getMany'>; answers: Pick<CatalogAnswers, 'relatives'>};

/**
An index that has these items, and of others what is told of these: the titles above them, gaps, and who plays the same files. Names of people and tags are left out.
*/
export const indexOfItems = async ({store, answers}: Answered, ids: readonly string[]): Promise<CatalogIndex> => {
	const index = createCatalogIndex();
	index.put(await answers.relatives(ids));
	for (let start = 0; start < ids.length; start += itemsPerTurn) {
		await nextTurn();
		const records = await store.getMany(ids.slice(start, start + itemsPerTurn), {kind: 'item'});
		const items = records.filter(record => record.kind === 'item');
		index.put(items, await fileSizes(store, items));
	}

	return index;
};

/**
The same of items that are at hand.
*/
export const indexOfRecords = async ({store, answers}: Answered, items: readonly Item[]): Promise<CatalogIndex> => {
	const index = createCatalogIndex();
	index.put(await answers.relatives(items.map(({id}) => id)));
	index.put(items, await fileSizes(store, items));
	return index;
};
