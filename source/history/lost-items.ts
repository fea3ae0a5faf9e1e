import {bestVersion} from '../catalog/quality.js';
import type {
	ExternalIds,
	Item,
	ItemType,
	MediaFile,
	RemovalReason,
} from '../catalog/types.js';

/**
Something that is gone, or is missing and held.
*/
export type Loss = {
	item: Item;
	files: readonly MediaFile[];
	at: string;
	reason: RemovalReason | 'held';
};

/**
A line that one can act on.
*/
export type LostItem = {
	itemId: string;
	libraryId: string;
	type: ItemType;
	title: string;
	show: string | undefined;
	seasonNumber: number | undefined;
	episodeNumber: number | undefined;
	year: number | undefined;
	ids: ExternalIds;
	at: string;
	reason: Loss['reason'];
	resolution: string | undefined;
	hdr: string | undefined;
	/**
	Lost with it, when it stands for what was below it.
	*/
	seasons: number;
	episodes: number;
	files: MediaFile[];
};

export type LostFilter = {
	libraryIds?: readonly string[] | undefined;
	type?: ItemType | undefined;
	since?: string | undefined;
};

/**
Latest loss first. What was lost below a lost show or season is counted there, unless a type is asked for.

`showTitle` names shows that are not among the losses.
*/
export const lostItems = (losses: readonly Loss[], {libraryIds, type, since = ''}: LostFilter, showTitle: (id: string) => string | undefined): LostItem[] => {
	const known = losses.filter(({item, at}) => at >= since && (libraryIds === undefined || libraryIds.includes(item.libraryId)));
	const byId = new Map(known.map(loss => [loss.item.id, loss]));
	const below = groupByParent(known);
	const isCounted = ({item: {showId = '', seasonId = ''}}: Loss) => byId.has(showId) || byId.has(seasonId);
	return known
		.filter(loss => type === undefined ? !isCounted(loss) : loss.item.type === type)
		.map(loss => lostItem(loss, below.get(loss.item.id) ?? [], id => byId.get(id)?.item.title ?? showTitle(id)))
		.toSorted(byTime);
};

/**
An episode is below its season and its show.
*/
const groupByParent = (losses: readonly Loss[]): Map<string, Loss[]> => {
	const below = new Map<string, Loss[]>();
	const add = (parentId: string | undefined, loss: Loss) => {
		if (parentId === undefined) {
			return;
		}

		const others = below.get(parentId) ?? [];
		others.push(loss);
		below.set(parentId, others);
	};

	for (const loss of losses) {
		add(loss.item.showId, loss);
		add(loss.item.seasonId, loss);
	}

	return below;
};

const byTime = (left: LostItem, right: LostItem) => {
	const byInstant = Date.parse(right.at) - Date.parse(left.at);
	return byInstant === 0 ? nameOf(left).localeCompare(nameOf(right), 'en', {numeric: true}) : byInstant;
};

const nameOf = ({show, title, seasonNumber, episodeNumber}: LostItem) => show === undefined ? title : `${show} ${seasonNumber ?? ''} ${episodeNumber ?? ''} ${title}`;

const lostItem = ({item, files, at, reason}: Loss, below: readonly Loss[], titleOf: (id: string) => string | undefined): LostItem => {
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

export type LostTotals = {items: number; seasons: number; episodes: number; files: number; sizeBytes: number};

/**
A file that several items played counts once.
*/
export const lostTotals = (items: readonly LostItem[]): LostTotals => {
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
