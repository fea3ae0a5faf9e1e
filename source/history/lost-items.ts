import {type CatalogStore, storedItems} from '../catalog/catalog-store.js';
import {
	copyFileIds,
	fileIdsOf,
	isUnavailable,
	unavailableFileIds,
} from '../catalog/item.js';
import {heldSince} from '../catalog/library.js';
import {bestVersion} from '../catalog/quality.js';
import type {
	Item,
	ItemType,
	MediaFile,
	RemovalReason,
	Tombstone,
} from '../catalog/types.js';

/**
An item that is gone, that is missing and held, or that is unavailable.
*/
type Loss = {
	item: Item;
	files: readonly MediaFile[];
	/**
	Undefined if nobody knows: a server does not say since when a file is missing.
	*/
	at: string | undefined;
	reason: LossReason;
};

/**
`trash` and `no-file` are of items that the server still lists.
*/
export const absenceReasons = ['held', 'trash', 'no-file'] as const;
type LossReason = RemovalReason | typeof absenceReasons[number];

/**
A line of the list of lost items.
*/
export type LostItem = ReturnType<typeof lostItem>;

/**
An item that is gone while other items of its server play all its files: nothing is lost with it.
*/
export type PlayedElsewhere = LostItem & {players: Player[]};

/**
An item that plays a file of a loss now. Of an episode it is the show, because a whole show is one line.
*/
type Player = {itemId: string; libraryId: string; title: string};

type PlayingItem = Pick<Item, 'id' | 'libraryId' | 'title' | 'showId'>;

export type LoadedLosses = {
	losses: readonly Loss[];
	/**
	The items that play the files of the losses now, by file id. An item that is missing or unavailable itself plays nothing.
	*/
	players: ReadonlyMap<string, PlayingItem>;
};

export type LostFilter = {
	libraryIds?: readonly string[] | undefined;
	type?: ItemType | undefined;
	since?: string | undefined;
	/**
	The items that are asked for. What was lost with one of them is counted in its line, whether it is asked for or not.
	*/
	ids?: ReadonlySet<string> | undefined;
};

/**
Lists the losses, the latest first. A loss below a lost show or season is counted in the line of that item, unless `type` is given. A file is lost when no item of its server plays it any more; what has files and loses none of them is apart. `showTitle` names shows that are not among the losses.
*/
export const lostItems = (
	{losses, players}: LoadedLosses,
	{libraryIds, type, since = '', ids: wanted}: LostFilter,
	showTitle: (id: string) => string | undefined,
): {items: LostItem[]; elsewhere: PlayedElsewhere[]} => {
	const isAsked = ({item, at = ''}: Loss) => at >= since && (libraryIds === undefined || libraryIds.includes(item.libraryId));
	const titles = new Map(losses.map(({item}) => [item.id, item.title]));
	const titleOf = (id: string) => titles.get(id) ?? showTitle(id);
	const isLost = lossJudge({losses, players});
	const linesOf = <Line extends LostItem>(some: readonly Loss[], toLine: (loss: Loss, below: readonly Loss[]) => Line): Line[] => {
		const asked = wanted === undefined ? some : some.filter(({item}) => wanted.has(item.id));
		const ids = new Set(asked.map(({item}) => item.id));
		const belowShow = Map.groupBy(some, ({item}) => item.showId);
		const belowSeason = Map.groupBy(some, ({item}) => item.seasonId);
		return asked
			.filter(({item: {type: own, showId = '', seasonId = ''}}) => type === undefined ? !ids.has(showId) && !ids.has(seasonId) : own === type)
			.map(loss => toLine(loss, belowShow.get(loss.item.id) ?? belowSeason.get(loss.item.id) ?? []))
			.toSorted(byTime);
	};

	const [lost, found] = [losses.filter(loss => isAsked(loss) && isLost(loss)), losses.filter(loss => isAsked(loss) && !isLost(loss))];
	return {
		items: linesOf(lost.map(loss => ({...loss, files: loss.files.filter(({id}) => loss.reason === 'no-file' || !players.has(id))})), (loss, below) => lostItem(loss, below, titleOf)),
		elsewhere: linesOf(found, (loss, below) => {
			const line = lostItem(loss, below, titleOf);
			const playing = line.files.map(({id}) => players.get(id)!);
			return {...line, players: distinctPlayers(playing, titleOf)};
		}),
	};
};

/**
A show or season is lost unless all episodes that went with it are played elsewhere. What has no known file is lost.
*/
const lossJudge = ({losses, players}: LoadedLosses) => {
	// What the server cannot find is missing for every item.
	const isOwnLost = ({files, reason}: Loss) => files.length === 0 || reason === 'no-file' || files.some(({id}) => !players.has(id));
	const parents = new Map<string, boolean>();
	const episodes = losses.filter(({item}) => item.type === 'episode');
	for (const loss of episodes) {
		for (const id of [loss.item.seasonId, loss.item.showId]) {
			if (id !== undefined) {
				parents.set(id, isOwnLost(loss) || parents.get(id) === true);
			}
		}
	}

	return (loss: Loss): boolean => parents.get(loss.item.id) ?? isOwnLost(loss);
};

const distinctPlayers = (items: readonly PlayingItem[], titleOf: (id: string) => string | undefined): Player[] => {
	const players = new Map<string, Player>();
	for (const {id, libraryId, title, showId} of items) {
		players.set(showId ?? id, {itemId: showId ?? id, libraryId, title: showId === undefined ? title : titleOf(showId) ?? title});
	}

	return players.values().toArray();
};

const never = '1970-01-01T00:00:00Z';

const byTime = (left: LostItem, right: LostItem) => {
	const byInstant = Date.parse(right.at ?? never) - Date.parse(left.at ?? never);
	return byInstant === 0 ? nameOf(left).localeCompare(nameOf(right), 'en', {numeric: true}) : byInstant;
};

const nameOf = ({show, title, seasonNumber, episodeNumber}: LostItem) => show === undefined ? title : `${show} ${seasonNumber ?? ''} ${episodeNumber ?? ''} ${title}`;

/**
`below` are the seasons and episodes that were lost with the item.
*/
const lostItem = ({item, files, at, reason}: Loss, below: readonly Loss[], titleOf: (id: string) => string | undefined) => {
	const best = bestVersion(item.versions);
	return {
		itemId: item.id,
		libraryId: item.libraryId,
		type: item.type,
		title: item.title,
		show: item.showId === undefined ? undefined : titleOf(item.showId),
		seasonNumber: item.seasonNumber,
		episodeNumber: item.episodeNumber,
		year: item.year,
		ids: item.ids,
		at,
		reason,
		resolution: best?.resolution,
		hdr: best?.hdr,
		seasons: below.filter(loss => loss.item.type === 'season').length,
		episodes: below.filter(loss => loss.item.type === 'episode').length,
		files: distinct([files, ...below.map(loss => loss.files)].flat()),
		copies: new Set([item, ...below.map(loss => loss.item)].flatMap(lost => copyFileIds(lost))),
	};
};

const distinct = (files: readonly MediaFile[]): MediaFile[] => new Map(files.map(file => [file.id, file])).values().toArray();

/**
Sums over all lines. A file that several items played counts once, and a copy that Plex made of another file does not count.
*/
export const lostTotals = (items: readonly LostItem[]) => {
	const copies = new Set(items.flatMap(item => [...item.copies]));
	const files = distinct(items.flatMap(item => item.files)).filter(({id}) => !copies.has(id));
	let sizeBytes = 0;
	let seasons = 0;
	let episodes = 0;
	for (const file of files) {
		sizeBytes += file.sizeBytes ?? 0;
	}

	for (const item of items) {
		seasons += item.seasons;
		episodes += item.episodes;
	}

	return {
		items: items.length, seasons, episodes, files: files.length, sizeBytes,
	};
};

export const storedTombstones = async (store: Pick<CatalogStore, 'page'>): Promise<Tombstone[]> => {
	const tombstones: Tombstone[] = [];
	let after: string | undefined;
	do {
		const page = await store.page({kind: 'tombstone', limit: 500, after});
		tombstones.push(...page.records.filter(record => record.kind === 'tombstone'));
		after = page.cursor;
	} while (after !== undefined);

	return tombstones;
};

/**
Loads the removed items, one for each tombstone.
*/
export const loadTombstones = async (store: CatalogStore): Promise<LoadedLosses> => {
	const tombstones = await storedTombstones(store);
	const losses = tombstones.map(({item, files, removedAt, reason}): Loss => ({
		item, files, at: removedAt, reason,
	}));
	return {losses, players: await playersOf(store, losses)};
};

/**
Loads the items that the server no longer lists and that are held until someone accepts their removal, be it single items or all items of a library that has vanished.
*/
export const loadHeld = async (store: CatalogStore): Promise<LoadedLosses> => {
	const losses: Loss[] = [];
	const {libraries} = store.header();
	const players = new Map<string, PlayingItem>();
	const readLibrary = async (libraryId: string, wanted: ReadonlySet<string> | undefined) => {
		for await (const items of storedItems(store, {libraryId})) {
			for (const item of items) {
				const at = heldSince(item, libraries);
				if (at !== undefined) {
					losses.push({
						item, files: await filesOf(store, fileIdsOf(item)), at, reason: 'held',
					});
				} else if (!isUnavailable(item)) {
					addPlayers(players, [item], wanted);
				}
			}
		}
	};

	// The libraries that hold something come first, so that their items need not be read twice.
	const [holding, others] = [libraries.filter(({sync}) => sync?.held !== undefined), libraries.filter(({sync}) => sync?.held === undefined)];
	for (const {id} of holding) {
		await readLibrary(id, undefined);
	}

	const wanted = fileIdsOfLosses(losses);
	for (const fileId of players.keys().filter(id => !wanted.has(id))) {
		players.delete(fileId);
	}

	for (const {id} of others) {
		await readLibrary(id, wanted);
	}

	return {losses, players};
};

/**
Loads the items that the server lists in its trash or without one of their files.
*/
export const loadUnavailable = async (store: CatalogStore): Promise<LoadedLosses> => {
	const losses: Loss[] = [];
	const {libraries} = store.header();
	for await (const items of storedItems(store)) {
		const unavailable = items.filter(item => isUnavailable(item) && heldSince(item, libraries) === undefined);
		for (const item of unavailable) {
			losses.push({
				item, files: await filesOf(store, unavailableFileIds(item)), at: item.trashedAt, reason: item.trashedAt === undefined ? 'no-file' : 'trash',
			});
		}
	}

	return {losses, players: await playersOf(store, losses)};
};

/**
Reads which items play the files of the losses. An item that is missing or unavailable itself plays nothing.
*/
const playersOf = async (store: CatalogStore, losses: readonly Loss[]): Promise<Map<string, PlayingItem>> => {
	const wanted = fileIdsOfLosses(losses);
	const players = new Map<string, PlayingItem>();
	const {libraries} = store.header();
	if (wanted.size > 0) {
		for await (const items of storedItems(store)) {
			addPlayers(players, items.filter(item => heldSince(item, libraries) === undefined && !isUnavailable(item)), wanted);
		}
	}

	return players;
};

const fileIdsOfLosses = (losses: readonly Loss[]) => new Set(losses.flatMap(({files}) => files.map(({id}) => id)));

const addPlayers = (players: Map<string, PlayingItem>, items: readonly Item[], wanted: ReadonlySet<string> | undefined): void => {
	for (const item of items) {
		const {id, libraryId, title, showId} = item;
		for (const fileId of fileIdsOf(item)) {
			if ((wanted === undefined || wanted.has(fileId)) && !players.has(fileId)) {
				players.set(fileId, {
					id, libraryId, title, showId,
				});
			}
		}
	}
};

const filesOf = async (store: CatalogStore, fileIds: readonly string[]): Promise<MediaFile[]> => {
	const records = await store.getMany(fileIds);
	return records.filter(record => record.kind === 'file');
};

/**
Returns a function that gives the title of a show that lost items belong to, `undefined` if the catalogue has no such show.
*/
export const loadShowTitles = async (store: Pick<CatalogStore, 'getMany'>, {losses, players}: LoadedLosses): Promise<(showId: string) => string | undefined> => {
	const items = [...losses.map(({item}) => item), ...players.values()];
	const shows = await store.getMany([...new Set(items.map(({showId}) => showId).filter(id => id !== undefined))]);
	const titles = new Map(shows.map(record => [record.id, record.kind === 'item' ? record.title : undefined]));
	return id => titles.get(id);
};
