import {createFolders} from '../catalog/folder.js';
import {isUnavailable, originalFileIds, unavailableFileIds} from '../catalog/item.js';
import type {Item, Library} from '../catalog/types.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import type {Knowledge} from './knowledge.js';
import {createWholeGroups} from './whole-groups.js';

/**
Finds the folders of a library of which more than one item is unavailable (in the trash of the server, or without its file), and nothing is available. Only if something is unavailable, the items of the library are read, and no longer than until each of its folders has something available.
*/
export const findUnavailableFolders = async (store: CatalogStore, knowledge: Pick<Knowledge, 'unavailable'>, {id, locations}: Pick<Library, 'id' | 'locations'>): Promise<string[]> => {
	const folders = createFolders(locations);
	const groups = createWholeGroups<number>();
	const see = async (items: readonly Item[], fileIdsToSee: (item: Item) => readonly string[], isGone: boolean) => {
		const files = await store.getMany(items.flatMap(item => fileIdsToSee(item)), {kind: 'file'});
		const folderOf = new Map(files.map(record => [record.id, record.kind === 'file' && record.path !== undefined ? folders.indexOf(record.path) : undefined]));
		for (const item of items) {
			groups.see(fileIdsToSee(item).map(fileId => folderOf.get(fileId)).filter(index => index !== undefined), isGone);
		}
	};

	const unavailable = await store.getMany(await knowledge.unavailable(id), {kind: 'item'});
	await see(unavailable.filter((record): record is Item => record.kind === 'item'), unavailableFileIds, true);
	for await (const items of groups.hasAny() ? storedItems(store, {libraryId: id}) : []) {
		// What is missing as well shows nothing of its folder.
		await see(items.filter(item => item.missingSince === undefined && !isUnavailable(item)), originalFileIds, false);
		if (!groups.hasAny()) {
			break;
		}
	}

	return groups.all().map(index => locations[index]!);
};
