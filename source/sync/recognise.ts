import {compareText} from '../base/text/compare.js';
import {externalIdPairs} from '../catalog/item.js';
import type {Item, MediaFile, Tombstone} from '../catalog/types.js';

/**
An item that Plex no longer has under its ratingKey, or one that was removed a while ago.
*/
export type Lost = {
	item: Item;
	files: readonly MediaFile[];
	tombstone?: Tombstone;
};

/**
Finds the item that a new row was before. Plex gives a new ratingKey when something is deleted and added again, when the agent changes, or when it moves to another library (tunarr#464, Tautulli#204). First by guid, then by external ids, then by file.

Each lost item is found only once. The same library comes before another, and a later removal before an earlier one.
*/
export const createRecogniser = (lost: readonly Lost[]) => {
	const byName = new Map<string, Lost[]>();
	const taken = new Set<Lost>();
	const add = (entry: Lost): void => {
		for (const name of namesOf(entry.item, entry.files).flatMap(({names}) => names)) {
			const entries = byName.get(name) ?? [];
			entries.push(entry);
			byName.set(name, entries);
		}
	};

	for (const entry of lost) {
		add(entry);
	}

	const best = (item: Item, candidates: readonly Lost[]): Lost | undefined => {
		const free = candidates.filter(candidate => !taken.has(candidate) && isCompatible(candidate.item, item));
		return free.toSorted((left, right) => {
			const byLibrary = rank(item, left) - rank(item, right);
			return byLibrary === 0 ? compareText(right.tombstone?.removedAt ?? '~', left.tombstone?.removedAt ?? '~') : byLibrary;
		})[0];
	};

	return {
		add,
		find(item: Item, files: readonly MediaFile[]): {lost: Lost; why: string} | undefined {
			for (const {why, names} of byName.size === 0 ? [] : namesOf(item, files)) {
				const found = best(item, names.flatMap(name => byName.get(name) ?? []));
				if (found !== undefined) {
					taken.add(found);
					return {lost: found, why};
				}
			}

			return undefined;
		},
	};
};

export type Recogniser = ReturnType<typeof createRecogniser>;

const rank = (item: Item, {item: other}: Lost) => other.libraryId === item.libraryId ? 0 : 1;

/**
Two editions of a film share their guid. An episode is recognised by its place in its show.
*/
const isCompatible = (old: Item, item: Item) => old.type === item.type
	&& old.serverId === item.serverId
	&& (old.editionTitle ?? '') === (item.editionTitle ?? '')
	&& (item.type !== 'season' || (old.showId === item.showId && isSameNumber(old, item)))
	// Several episodes may share a file.
	&& (item.type !== 'episode' || isSameNumber(old, item) || (item.guid !== undefined && old.guid === item.guid));

const isSameNumber = (old: Item, item: Item) => old.seasonNumber === item.seasonNumber && old.episodeNumber === item.episodeNumber;

const namesOf = (item: Item, files: readonly MediaFile[]): Array<{why: string; names: string[]}> => [
	{why: 'recognised by its guid', names: isOwnGuid(item.guid) ? [`${item.type} ${item.guid}`] : []},
	{
		why: 'recognised by its external ids',
		names: externalIdPairs(item).map(([source, id]) => `${item.type} ${source} ${id}`),
	},
	{why: 'recognised by its file', names: item.versions.length === 0 ? [] : files.filter(({path}) => path !== undefined).map(({id}) => `${item.type} file ${id}`)},
	...(item.type === 'season' ? [{why: 'recognised by its number', names: [`season ${item.showId} ${item.seasonNumber}`]}] : []),
];

/**
Guids with `local://` and `none://` are made from the ratingKey, and say nothing about the content.
*/
export const isOwnGuid = (guid: string | undefined): guid is string => guid !== undefined && !/^(?:local|none):|agents\.none:/v.test(guid);
