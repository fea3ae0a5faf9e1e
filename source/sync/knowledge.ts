import {once} from '../base/once.js';
import {fileIdsOf} from '../catalog/item.js';
import type {Fingerprints, Item, Library} from '../catalog/types.js';
import {
	comparedItems,
	storedItems,
	type CatalogStore,
	type ItemLookup,
} from '../catalog/catalog-store.js';
import type {ListedRow} from '../plex/listed-row.js';
import {createKnownLibrary, type KnownLibrary} from './known-library.js';
import {lookedUp, storedIn, type StoredItems} from './stored-items.js';

/**
What a sync asks the catalogue beyond single records. It is read again for each run, or kept from run to run (see `createLivingKnowledge`).
*/
export type Knowledge = {
	library: (libraryId: string) => Promise<KnownLibrary>;
	/**
	The same for who asks of a few items.
	*/
	stored: (libraryId: string) => Promise<StoredItems>;
	/**
	Ids of the items with a ratingKey that are unavailable.
	*/
	unavailable: (libraryId: string) => Promise<string[]>;
	elsewhere: (context: ElsewhereContext) => Elsewhere;
	/**
	Ids of the stored items that play each file, by file id.
	*/
	players: (fileIds: ReadonlySet<string>) => Promise<Map<string, string[]>>;
};

export const readKnowledge = (store: Pick<CatalogStore, 'page' | 'comparedPage' | 'header' | 'lookup'>): Knowledge => {
	const {lookup} = store;
	const library = async (libraryId: string) => {
		const known = createKnownLibrary();
		for await (const items of comparedItems(store, {libraryId})) {
			for (const item of items) {
				known.put(item);
			}
		}

		return known;
	};

	return {
		library,
		stored: async libraryId => lookup === undefined ? storedIn(await library(libraryId)) : lookedUp(lookup, libraryId, async () => library(libraryId)),
		unavailable: async libraryId => lookup === undefined ? unavailableIn(await library(libraryId)) : lookup.unavailable(libraryId),
		elsewhere: context => createElsewhere(store, context),
		async players(fileIds) {
			const players = new Map(fileIds.values().map((id): [string, string[]] => [id, []]));
			if (fileIds.size === 0) {
				return players;
			}

			if (lookup !== undefined) {
				for (const {fileId, itemId} of await lookup.players([...fileIds])) {
					players.get(fileId)?.push(itemId);
				}

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
	};
};

export const unavailableIn = (library: KnownLibrary): string[] => [...library.passing().filter(item => item.isUnavailable).map(({id}) => id), ...library.displaced().filter(item => item.isUnavailable).map(({id}) => id)];

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
To look for one item takes less than a tenth of the time of reading all, but each item needs it anew. To look one up takes next to nothing.
*/
const mostLooks = {through: 4, up: 200};

const createElsewhere = (store: Pick<CatalogStore, 'page' | 'header' | 'lookup'>, context: ElsewhereContext): Elsewhere => {
	const {lookup} = store;
	const othersOf = () => store.header().libraries.filter(library => isElsewhere(library, context)).map(({id}) => id);
	const askedOf = () => [...othersOf(), ...context.isWithOwn === true ? [context.libraryId] : []];
	const readItems = async function * (containing?: readonly string[]) {
		for (const libraryId of askedOf()) {
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

	const lookThrough = async (ratingKey: string | undefined, item: Item | undefined) => {
		const names = item === undefined ? [] : sharedNames(item);
		const byName = new Map(names.map((name): [string, string[]] => [name, []]));
		let id: string | undefined;
		for await (const found of readItems([ratingKey, item?.guid, ...item === undefined ? [] : fileIdsOf(item)].filter(text => text !== undefined))) {
			id = found.ratingKey === ratingKey && found.libraryId !== context.libraryId ? found.id : id;
			for (const name of sharedNames(found)) {
				byName.get(name)?.push(found.id);
			}
		}

		return {id, twins: [...new Set(byName.values().toArray().flat())]};
	};

	const lookUp = async ({byKeys, twinsOf}: ItemLookup, ratingKey: string | undefined, item: Item | undefined) => {
		const others = othersOf();
		const found = ratingKey === undefined || others.length === 0 ? [] : await byKeys(others, [ratingKey]);
		const owners = others.map(libraryId => found.filter(other => other.libraryId === libraryId)).map(items => items.findLast(({missingSince}) => missingSince === undefined) ?? items[0]);
		const asked = askedOf();
		return {id: owners.find(owner => owner !== undefined)?.id, twins: item === undefined || asked.length === 0 ? [] : await twinsOf(asked, item)};
	};

	const lookFor = async (ratingKey: string | undefined, item?: Item) => {
		looks++;
		const found = await (lookup === undefined ? lookThrough(ratingKey, item) : lookUp(lookup, ratingKey, item));
		if (ratingKey !== undefined) {
			idOfKey.set(ratingKey, found.id);
		}

		return found;
	};

	const isLookLess = () => looks < (lookup === undefined ? mostLooks.through : mostLooks.up);

	return {
		async byKey(ratingKey) {
			if (idOfKey.has(ratingKey)) {
				return idOfKey.get(ratingKey);
			}

			if (isLookLess()) {
				const {id} = await lookFor(ratingKey);
				return id;
			}

			const {byKey} = await index();
			return byKey.get(ratingKey);
		},
		async twinsOf(item) {
			if (isLookLess()) {
				const {twins} = await lookFor(item.ratingKey, item);
				return twins;
			}

			const {byName} = await index();
			return byName.size === 0 ? [] : [...new Set(sharedNames(item).flatMap(name => byName.get(name) ?? []))];
		},
	};
};

export const sharedNames = (item: Pick<Item, 'type' | 'guid' | 'versions'>): string[] => [...(item.guid === undefined ? [] : [`${item.type} ${item.guid}`]), ...fileIdsOf(item)];
