import {once} from '../base/once.js';
import {fileIdsOf} from '../catalog/item.js';
import type {Fingerprints, Item, Library} from '../catalog/types.js';
import {comparedItems, storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import type {ListedRow} from '../plex/listed-row.js';
import {createKnownLibrary, type KnownLibrary} from './known-library.js';

/**
What a sync asks the catalogue beyond single records. It is read again for each run, or kept from run to run (see `createLivingKnowledge`).
*/
export type Knowledge = {
	library: (libraryId: string) => Promise<KnownLibrary>;
	elsewhere: (context: ElsewhereContext) => Elsewhere;
	/**
	Ids of the stored items that play each file, by file id.
	*/
	players: (fileIds: ReadonlySet<string>) => Promise<Map<string, string[]>>;
};

export const readKnowledge = (store: Pick<CatalogStore, 'page' | 'comparedPage' | 'header'>): Knowledge => ({
	async library(libraryId) {
		const known = createKnownLibrary();
		for await (const items of comparedItems(store, {libraryId})) {
			for (const item of items) {
				known.put(item);
			}
		}

		return known;
	},
	elsewhere: context => createElsewhere(store, context),
	async players(fileIds) {
		const players = new Map(fileIds.values().map((id): [string, string[]] => [id, []]));
		if (fileIds.size === 0) {
			return players;
		}

		for await (const items of storedItems(store)) {
			for (const item of items) {
				for (const id of fileIdsOf(item)) {
					players.get(id)?.push(item.id);
				}
			}
		}

		return players;
	},
});

/**
A full fingerprint that is not stored counts as different.
*/
export const isSameRow = ({fingerprints}: ListedRow, known: Fingerprints | undefined): boolean =>
	fingerprints.slim === known?.slim && (fingerprints.full === undefined || fingerprints.full === known.full);

/**
Items of the same server in other libraries, to recognise those that have moved. They are read when they are first asked for.
*/
export type Elsewhere = {
	byKey: (ratingKey: string) => Promise<string | undefined>;
	/**
	Ids of items that have the same guid or play the same file.
	*/
	twinsOf: (item: Item) => Promise<string[]>;
};

export type ElsewhereContext = {
	serverId: string;
	libraryId: string;
	/**
	Includes the same library, because it was not listed and nobody knows what is missing from it.
	*/
	isWithOwn?: boolean;
	/**
	Includes only libraries that were last compared before this instant: what an import has just read is not lost.
	*/
	lookedAtBefore?: string;
};

export const isElsewhere = ({id, serverId, sync}: Library, context: ElsewhereContext): boolean =>
	id !== context.libraryId && serverId === context.serverId && (context.lookedAtBefore === undefined || (sync !== undefined && sync.lookedAt < context.lookedAtBefore));

/**
To look for one item takes less than a tenth of the time of reading all, but each item needs it anew.
*/
const mostLooks = 4;

const createElsewhere = (store: Pick<CatalogStore, 'page' | 'header'>, context: ElsewhereContext): Elsewhere => {
	const readItems = async function * (containing?: readonly string[]) {
		const {libraries} = store.header();
		const asked = libraries.filter(library => isElsewhere(library, context) || (context.isWithOwn === true && library.id === context.libraryId));
		for (const {id: libraryId} of asked) {
			for await (const items of storedItems(store, {libraryId, ...containing !== undefined && {containing}})) {
				yield * items.filter((item): item is Item & {ratingKey: string} => item.ratingKey !== undefined);
			}
		}
	};

	const index = once(async () => {
		const byKey = new Map<string, string>();
		const byName = new Map<string, string[]>();
		for await (const item of readItems()) {
			if (item.libraryId !== context.libraryId) {
				byKey.set(item.ratingKey, item.id);
			}

			for (const name of sharedNames(item)) {
				const named = byName.get(name) ?? [];
				named.push(item.id);
				byName.set(name, named);
			}
		}

		return {byKey, byName};
	});

	let looks = 0;
	// What the looks have found of these keys.
	const idOfKey = new Map<string, string | undefined>();

	const lookFor = async (ratingKey: string | undefined, item?: Item) => {
		looks++;
		const names = item === undefined ? [] : sharedNames(item);
		const byName = new Map(names.map((name): [string, string[]] => [name, []]));
		let id: string | undefined;
		for await (const found of readItems([ratingKey, item?.guid, ...item === undefined ? [] : fileIdsOf(item)].filter(text => text !== undefined))) {
			id = found.ratingKey === ratingKey && found.libraryId !== context.libraryId ? found.id : id;
			for (const name of sharedNames(found)) {
				byName.get(name)?.push(found.id);
			}
		}

		if (ratingKey !== undefined) {
			idOfKey.set(ratingKey, id);
		}

		return {id, twins: [...new Set(byName.values().toArray().flat())]};
	};

	return {
		async byKey(ratingKey) {
			if (idOfKey.has(ratingKey)) {
				return idOfKey.get(ratingKey);
			}

			if (looks < mostLooks) {
				const {id} = await lookFor(ratingKey);
				return id;
			}

			const {byKey} = await index();
			return byKey.get(ratingKey);
		},
		async twinsOf(item) {
			if (looks < mostLooks) {
				const {twins} = await lookFor(item.ratingKey, item);
				return twins;
			}

			const {byName} = await index();
			return byName.size === 0 ? [] : [...new Set(sharedNames(item).flatMap(name => byName.get(name) ?? []))];
		},
	};
};

export const sharedNames = (item: Pick<Item, 'type' | 'guid' | 'versions'>): string[] => [...(item.guid === undefined ? [] : [`${item.type} ${item.guid}`]), ...fileIdsOf(item)];
