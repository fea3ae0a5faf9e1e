import PQueue from 'p-queue';
import {pushAll} from '../base/push-all.js';
import {itemId} from '../catalog/identity.js';
import {wrongParents, type ParentFacts} from '../catalog/parentage.js';
import type {
	CatalogRecord,
	Item,
	ItemType,
	Library,
	MediaFile,
} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {clean} from '../base/text/clean.js';
import type {
	Normalize,
	NormalizedItem,
	PlexClient,
	ServerInfo,
} from '../plex/types.js';
import {withServerTime} from '../plex/normalize/plausible.js';
import {readRatingKey} from '../plex/wire.js';
import {storedItems, type CatalogStore} from '../catalog/catalog-store.js';
import {canonicalJson} from '../store/record-line.js';
import {compareLists} from './compare-lists.js';
import type {Difference} from './difference.js';
import {importedTypes} from './library-record.js';
import {doubtfulList} from './tally.js';
import {
	batchSize,
	fetchDetails,
	fullPageSize,
	listPages,
} from './listing.js';

export type CompareOptions = {
	plex: Pick<PlexClient, 'sections' | 'page' | 'details' | 'list' | 'usage'>;
	store: CatalogStore;
	normalize: Normalize;
	server: Pick<ServerInfo, 'id' | 'name'>;
	/**
	If absent, all libraries that were imported are compared.
	*/
	libraryIds?: readonly string[];
	signal?: AbortSignal | undefined;
	now?: () => Date;
	onProgress?: (progress: {library: Library; compared: number}) => void;
};

const batchesInFlight = 4;

/**
Compares every item of every imported library with the server. Reads only.

@throws AppError when the server as a whole fails
*/
export const compareWithServer = async (options: CompareOptions): Promise<Difference[]> => {
	const {plex, store, server, libraryIds, signal = new AbortController().signal, onProgress} = options;
	const sections = await plex.sections({signal});
	const inventory = await takeInventory(store, server.id);
	const claims = createFileClaims();
	const differences: Difference[] = [];
	const listed = {
		plex, store, signal, ...inventory,
	};
	const {servers, libraries} = store.header();
	if (servers.every(({id}) => id !== server.id)) {
		throw new AppError('not-found', `The catalogue has nothing of the server "${clean(server.name).trim()}".`, {hint: 'Import it first, or name another one with --server.'});
	}

	for (const library of libraries) {
		if (library.serverId !== server.id || library.lastImport === undefined || libraryIds?.includes(library.id) === false) {
			continue;
		}

		const section = sections.find(({id}) => id === library.id);
		if (section === undefined) {
			// If a sync has seen that, what was imported from it is held or gone already.
			differences.push(...library.sync?.goneSince === undefined ? [difference('library-gone', library, {title: library.title})] : []);
			continue;
		}

		const comparison = createComparison(options, library, {inventory, claims});
		for (const type of importedTypes(section.type)) {
			await comparison.compareKeys(await comparison.listKeys(section.key, type));
		}

		await comparison.compareRest();
		pushAll(differences, comparison.differences);
		pushAll(differences, await compareLists({...listed, scope: library.id}, 'collection', section.key));
		onProgress?.({library, compared: comparison.compared()});
	}

	if (libraryIds === undefined) {
		pushAll(differences, await compareLists({...listed, scope: server.id}, 'playlist', ''));
	}

	const disputed = claims.disputedOwners();
	for (const owner of disputed) {
		owner.fields.push('files');
	}

	return [...new Set([...differences, ...disputed])];
};

type Shared = {inventory: Inventory; claims: ReturnType<typeof createFileClaims>};

const createComparison = ({plex, store, normalize: given, server, signal, now = () => new Date()}: CompareOptions, library: Library, {inventory, claims}: Shared) => {
	const {byKey} = inventory;
	const seen = new Set<string>();
	const differences: Difference[] = [];
	const normalize = withServerTime(given, plex);
	const context = {serverId: server.id, libraryId: library.id, now: now()};
	let compared = 0;

	const compareOne = async ({item, ...related}: NormalizedItem) => {
		compared++;
		const entry = byKey.get(item.ratingKey!);
		const [known] = entry === undefined ? [] : await store.getMany([entry.id]);
		if (known?.kind !== 'item') {
			differences.push(difference('missing', library, item));
			return;
		}

		const own: Difference = {...difference('different', library, item), itemId: known.id, fields: differingFields({item, ...related}, known, inventory)};
		claims.add(own, related.files, await store.getMany(related.files.map(({id}) => id)));
		if (own.fields.length > 0) {
			differences.push(own);
		}
	};

	const compareBatch = async (ratingKeys: readonly string[]) => {
		const rows = await fetchDetails(plex, ratingKeys, {
			signal,
			onLostItem(ratingKey, error) {
				seen.add(ratingKey);
				differences.push(unreadable(library, ratingKey, error));
			},
		});
		for (const row of rows) {
			const ratingKey = readRatingKey(row);
			const normalized = normalize(row, context);
			if (ratingKey !== undefined) {
				seen.add(ratingKey);
			}

			if (normalized.ok) {
				await compareOne(normalized.value);
			} else {
				differences.push(unreadable(library, ratingKey, normalized.problem));
			}
		}
	};

	const compareKeys = async (ratingKeys: readonly string[]) => {
		const queue = new PQueue({concurrency: batchesInFlight});
		const batches = Array.from({length: Math.ceil(ratingKeys.length / batchSize)}, (_, index) => ratingKeys.slice(index * batchSize, (index + 1) * batchSize));
		try {
			await queue.addAll(batches.map(batch => async () => compareBatch(batch)));
		} finally {
			queue.clear();
		}
	};

	return {
		differences,
		compared: () => compared,
		compareKeys,
		async listKeys(sectionKey: string, type: ItemType): Promise<string[]> {
			const listed = new Set<string | undefined>();
			const pages = listPages({
				plex,
				sectionKey,
				type,
				pageSize: fullPageSize,
				signal,
				onLostRow(_position, error) {
					differences.push(unreadable(library, undefined, error));
				},
				onDoubt(doubt) {
					differences.push(unreadable(library, undefined, doubtfulList(type, doubt)));
				},
			});
			for await (const {rows} of pages) {
				for (const row of rows) {
					listed.add(readRatingKey(row));
				}
			}

			return [...listed].filter(key => key !== undefined);
		},
		/**
		Asks for what no listing has: a server sends a hidden show when it is asked for by its key.
		*/
		async compareRest() {
			const rest = [...byKey].filter(([ratingKey, {libraryId, isUnlisted}]) => libraryId === library.id && !isUnlisted && !seen.has(ratingKey));
			await compareKeys(rest.map(([ratingKey]) => ratingKey));
			for (const [ratingKey, {id}] of rest) {
				if (seen.has(ratingKey)) {
					continue;
				}

				const known = await store.get(id);
				differences.push({...difference('extra', library, {ratingKey, title: known?.kind === 'item' ? known.title : undefined}), itemId: id});
			}
		},
	};
};

const difference = (kind: Difference['kind'], {id}: Library, {ratingKey, title}: {ratingKey?: string | undefined; title?: string | undefined}): Difference => ({
	kind, libraryId: id, ratingKey, itemId: undefined, title, fields: [],
});

const unreadable = (library: Library, ratingKey: string | undefined, {message}: Pick<AppError, 'message'>): Difference =>
	difference('unreadable', library, {ratingKey, title: message});

/**
Gathers what rows say about the files that they play. If several rows play one file and do not agree on it, any of them may be right.
*/
const createFileClaims = () => {
	const settled = new Set<string>();
	const disputed: Array<{owner: Difference; claim: string}> = [];
	return {
		add(owner: Difference, files: readonly MediaFile[], known: readonly CatalogRecord[]): void {
			const byId = new Map(known.map(record => [record.id, record]));
			for (const file of files) {
				const stored: Readonly<Record<string, unknown>> = byId.get(file.id) ?? {};
				// A known value is never overwritten with nothing, so only the values in the row count.
				for (const [name, value] of Object.entries(file)) {
					const claim = `${file.id} ${name}`;
					if (stored[name] === value) {
						settled.add(claim);
					} else if (value !== undefined) {
						disputed.push({owner, claim});
					}
				}
			}
		},
		/**
		Differences of items that have a file with a stored value that no row gives.
		*/
		disputedOwners: (): Set<Difference> => new Set(disputed.filter(({claim}) => !settled.has(claim)).map(({owner}) => owner)),
	};
};

/**
Fields that do not come from the server.
*/
const ownFields: ReadonlySet<string> = new Set(['id', 'kind', 'placeholder', 'firstSeenAt', 'missingSince', 'fingerprints'] satisfies Array<keyof Item>);

const differingFields = (
	{item, parents}: Pick<NormalizedItem, 'item' | 'parents'>,
	known: Item,
	{idOf, seasonOf, parentOf}: Inventory,
): string[] => {
	const theirs: Item & Record<string, unknown> = {
		...item,
		...(item.showId !== undefined && {showId: idOf(item.showId)}),
		...(item.seasonId !== undefined && {seasonId: idOf(item.seasonId)}),
	};
	// The server hides the season, so any season with that number is the right one.
	const isHiddenSeason = parents.season !== undefined && parents.season.ratingKey === undefined;
	if (isHiddenSeason && known.seasonId !== undefined && seasonOf(known.seasonId) === `${known.showId}:${known.seasonNumber}`) {
		theirs.seasonId = known.seasonId;
	}

	// What cannot be a parent was replaced when it was imported. A season is judged below the right show.
	for (const name of ['showId', 'seasonId'] as const) {
		const role = name === 'showId' ? 'show' : 'season';
		if (wrongParents(theirs, parentOf, {isExact: true}).some(wrong => wrong.role === role)) {
			theirs[name] = known[name];
		}
	}

	const ours: Readonly<Record<string, unknown>> = known;
	const names = Object.keys({...theirs, ...ours}).filter(name => !ownFields.has(name));
	return names.filter(name => canonicalJson(theirs[name] ?? null) !== canonicalJson(ours[name] ?? null));
};

type Inventory = {
	byKey: ReadonlyMap<string, InventoryEntry>;
	/**
	The stored id for an id that was made from a ratingKey: an item keeps its first id.
	*/
	idOf: (id: string) => string;
	/**
	Names a season by its show and number.
	*/
	seasonOf: (id: string) => string | undefined;
	/**
	Of shows and seasons.
	*/
	parentOf: (id: string) => ParentFacts | undefined;
	isListed: (id: string) => boolean;
};

type InventoryEntry = Pick<Item, 'id' | 'libraryId'> & {
	/**
	The server is not expected to list it, because it is a placeholder or known to be missing.
	*/
	isUnlisted: boolean;
};

const takeInventory = async (store: CatalogStore, serverId: string): Promise<Inventory> => {
	const byKey = new Map<string, InventoryEntry>();
	const aliases = new Map<string, string>();
	const seasons = new Map<string, string>();
	const parents = new Map<string, ParentFacts>();
	const take = (item: Item) => {
		const {id, libraryId, ratingKey} = item;
		if (item.type === 'season') {
			seasons.set(id, `${item.showId}:${item.seasonNumber}`);
		}

		if (item.type === 'show' || item.type === 'season') {
			const {type, showId} = item;
			parents.set(id, {type, libraryId, showId});
		}

		// What is held may share its key with the item that has it now.
		if (ratingKey === undefined || (item.missingSince !== undefined && byKey.has(ratingKey))) {
			return;
		}

		byKey.set(ratingKey, {id, libraryId, isUnlisted: item.placeholder === true || item.missingSince !== undefined});
		aliases.set(itemId(serverId, ratingKey), id);
	};

	for await (const items of storedItems(store)) {
		for (const item of items) {
			if (item.serverId === serverId) {
				take(item);
			}
		}
	}

	const listed = new Set(byKey.values().filter(({isUnlisted}) => !isUnlisted).map(({id}) => id));
	return {
		byKey, isListed: id => listed.has(id), idOf: id => aliases.get(id) ?? id, seasonOf: id => seasons.get(id), parentOf: id => parents.get(id),
	};
};
