import {type CatalogStore, storedItems} from '../catalog/catalog-store.js';
import {fileIdsOf} from '../catalog/item.js';
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
An item that is gone, or that is missing and held.
*/
type Loss = {
	item: Item;
	files: readonly MediaFile[];
	at: string;
	reason: RemovalReason | 'held';
};

/**
A line of the list of lost items.
*/
export type LostItem = ReturnType<typeof lostItem>;

export type LostFilter = {
	libraryIds?: readonly string[] | undefined;
	type?: ItemType | undefined;
	since?: string | undefined;
};

/**
Lists the losses, the latest first. A loss below a lost show or season is counted in the line of that item, unless `type` is given. `showTitle` names shows that are not among the losses.
*/
export const lostItems = (losses: readonly Loss[], {libraryIds, type, since = ''}: LostFilter, showTitle: (id: string) => string | undefined): LostItem[] => {
	const known = losses.filter(({item, at}) => at >= since && (libraryIds === undefined || libraryIds.includes(item.libraryId)));
	const byId = new Map(known.map(loss => [loss.item.id, loss]));
	const belowShow = Map.groupBy(known, ({item}) => item.showId);
	const belowSeason = Map.groupBy(known, ({item}) => item.seasonId);
	const isCounted = ({item: {showId = '', seasonId = ''}}: Loss) => byId.has(showId) || byId.has(seasonId);
	return known
		.filter(loss => type === undefined ? !isCounted(loss) : loss.item.type === type)
		.map(loss => lostItem(loss, belowShow.get(loss.item.id) ?? belowSeason.get(loss.item.id) ?? [], id => byId.get(id)?.item.title ?? showTitle(id)))
		.toSorted(byTime);
};

const byTime = (left: LostItem, right: LostItem) => {
	const byInstant = Date.parse(right.at) - Date.parse(left.at);
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
	};
};

const distinct = (files: readonly MediaFile[]): MediaFile[] => new Map(files.map(file => [file.id, file])).values().toArray();

/**
Sums over all lines. A file that several items played counts once.
*/
export const lostTotals = (items: readonly LostItem[]) => {
	const files = distinct(items.flatMap(item => item.files));
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
export const loadTombstones = async (store: CatalogStore): Promise<Loss[]> => {
	const tombstones = await storedTombstones(store);
	return tombstones.map(({item, files, removedAt, reason}) => ({
		item, files, at: removedAt, reason,
	}));
};

/**
Loads the items that the server no longer lists and that are held until someone accepts their removal, be it single items or all items of a library that has vanished.
*/
export const loadHeld = async (store: CatalogStore): Promise<Loss[]> => {
	const losses: Loss[] = [];
	const {libraries} = store.header();
	for await (const items of storedItems(store)) {
		for (const item of items) {
			const at = heldSince(item, libraries);
			if (at !== undefined) {
				losses.push({
					item, files: await filesOf(store, item), at, reason: 'held',
				});
			}
		}
	}

	return losses;
};

const filesOf = async (store: CatalogStore, item: Item): Promise<MediaFile[]> => {
	const records = await store.getMany(fileIdsOf(item));
	return records.filter(record => record.kind === 'file');
};

/**
Returns a function that gives the title of a show that lost items belong to, `undefined` if the catalogue has no such show.
*/
export const loadShowTitles = async (store: Pick<CatalogStore, 'getMany'>, losses: readonly Loss[]): Promise<(showId: string) => string | undefined> => {
	const shows = await store.getMany([...new Set(losses.map(({item}) => item.showId).filter(id => id !== undefined))]);
	const titles = new Map(shows.map(record => [record.id, record.kind === 'item' ? record.title : undefined]));
	return id => titles.get(id);
};
