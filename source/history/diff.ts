import {isDeepStrictEqual} from 'node:util';
import type {FieldsEvent} from '../catalog/history.js';
import {fileIdsOf} from '../catalog/item.js';
import {bestVersion, originalVersions, resolutionRank} from '../catalog/quality.js';
import type {Item, MediaFile} from '../catalog/types.js';

/**
An item, and the files that its versions refer to.
*/
export type Snapshot = {item: Item; files: readonly MediaFile[]};

type FieldChange = {
	kind: FieldsEvent['kind'];
	/**
	Null stands for an absent field.
	*/
	before: Record<string, unknown>;
	after: Record<string, unknown>;
};

/**
Fields that reelcat adds for itself; they are no facts about the item.
*/
const ownFields: ReadonlySet<string> = new Set(['id', 'kind', 'fingerprints', 'firstSeenAt', 'missingSince'] satisfies Array<keyof Item>);

/**
Fields that Plex computes or refreshes by itself.
*/
const refreshedFields: ReadonlySet<string> = new Set([
	'updatedAt', 'addedAt', 'images', 'ratings', 'leafCount', 'childCount', 'durationMs', 'placeholder', 'slug', 'theme', 'chapters', 'markers', 'extras',
] satisfies Array<keyof Item>);

/**
Fields that older formats of the catalogue did not have. That an item has one for the first time tells that reelcat asks for it now, not that somebody edited it.
*/
const laterFields: ReadonlySet<string> = new Set([
	'folders', 'showOrdering', 'episodeOrder', 'createdAtAccuracy', 'createdAtOffsetSeconds',
] satisfies Array<keyof Item>);

const placeFields: ReadonlySet<string> = new Set(['libraryId', 'showId', 'seasonId'] satisfies Array<keyof Item>);

/**
Of an episode that went to another season, its number there belongs to the same change.
*/
const numberFields: ReadonlySet<string> = new Set(['seasonNumber', 'episodeNumber'] satisfies Array<keyof Item>);

/**
Finds the changes between two states of an item, at most one for each kind. Every field that differs is in exactly one of them. A new ratingKey means that the item was added again, unless the whole library was made anew (`isAnew`).
*/
export const diffSnapshots = (before: Snapshot, after: Snapshot, {isAnew = false}: {isAnew?: boolean} = {}): FieldChange[] => {
	const changes: FieldChange[] = [];
	const add = (kind: FieldChange['kind'], fields: readonly string[], files?: FileChange) => {
		if (files !== undefined || fields.length > 0) {
			changes.push({
				kind,
				before: {...pick(before.item, fields), ...(files && {files: files.before})},
				after: {...pick(after.item, fields), ...(files && {files: files.after})},
			});
		}
	};

	const differing = fieldsThatDiffer(before.item, after.item);
	const take = (isWanted: (field: string) => boolean) => differing.filter(field => isWanted(field));
	const hasMoved = differing.some(field => placeFields.has(field));
	const place = take(field => placeFields.has(field) || (hasMoved && (numberFields.has(field) || field === 'ratingKey')));
	const media = take(field => field === 'versions');
	// The episodes themselves tell that they were watched.
	const isOnlyCounted = isDeepStrictEqual(ownMarks(before.item), ownMarks(after.item));
	const isFirstRead = (field: string) => field === 'ids' ? isOnlyOthersFirst(before.item.ids, after.item.ids) : laterFields.has(field) && before.item[field as keyof Item] === undefined;
	const view = take(field => field === 'viewState' && !isOnlyCounted);
	const refreshed = take(field => refreshedFields.has(field) || isFirstRead(field) || (isAnew && field === 'ratingKey') || (field === 'viewState' && isOnlyCounted));
	const edited = take(field => ![...place, ...media, ...view, ...refreshed].includes(field));

	add('moved', place);
	const files = diffFiles(before.files, after.files);
	if (files !== undefined || media.length > 0) {
		add(mediaKind(before, after), media, files);
	}

	if (isRematch(before.item, after.item)) {
		add('rematched', [...edited, ...refreshed]);
	} else if (edited.length > 0) {
		add(edited.includes('ratingKey') ? 'readded' : 'edited', [...edited, ...refreshed]);
	} else {
		add('refreshed', refreshed);
	}

	add('watched', view);
	return changes;
};

const isOnlyOthersFirst = ({other: before, ...pastIds}: Item['ids'], {other: _, ...ids}: Item['ids']) => before === undefined && isDeepStrictEqual(pastIds, ids);

const ownMarks = ({viewState}: Item) => {
	const {viewedLeafCount: _, ...marks} = viewState ?? {};
	return marks;
};

const fieldsThatDiffer = (before: Item, after: Item): string[] => {
	const left: Record<string, unknown> = before;
	const right: Record<string, unknown> = after;
	const names = new Set([...Object.keys(left), ...Object.keys(right)]);
	return [...names].filter(name => !ownFields.has(name) && !isDeepStrictEqual(left[name], right[name])).toSorted();
};

const pick = (item: Item, fields: readonly string[]) => {
	const values: Record<string, unknown> = item;
	return Object.fromEntries(fields.map(field => [field, values[field] ?? null]));
};

type FileChange = {before: MediaFile[]; after: MediaFile[]};

/**
The records of files that came, went or changed; `undefined` if there are none.
*/
const diffFiles = (before: readonly MediaFile[], after: readonly MediaFile[]): FileChange | undefined => {
	const without = (files: readonly MediaFile[], others: readonly MediaFile[]) => {
		const byId = new Map(others.map(other => [other.id, other]));
		return files.filter(file => !isDeepStrictEqual(byId.get(file.id), file));
	};

	const gone = without(before, after);
	const come = without(after, before);
	return gone.length + come.length === 0 ? undefined : {before: gone, after: come};
};

const isRematch = (before: Item, after: Item) =>
	before.guid !== undefined && after.guid !== undefined && before.guid !== after.guid;

/**
Copies that Plex made come and go by themselves.
*/
const withoutCopies = ({item, files}: Snapshot): Snapshot => ({item: {...item, versions: [...originalVersions(item.versions)]}, files});

const mediaKind = (past: Snapshot, present: Snapshot): FieldChange['kind'] => {
	const [before, after] = [withoutCopies(past), withoutCopies(present)];
	const rank = ({item}: Snapshot) => resolutionRank(bestVersion(item.versions)?.resolution) ?? 0;
	if (isSameMedia(before, after)) {
		return isSamePlace(before, after) ? 'refreshed' : 'moved';
	}

	if (rank(before) > 0 && rank(after) > rank(before)) {
		return 'upgraded';
	}

	const [sizesBefore, sizesAfter] = [sizesOf(before), sizesOf(after)];
	if (isWithin(sizesBefore, sizesAfter)) {
		return 'version-added';
	}

	return isWithin(sizesAfter, sizesBefore) ? 'version-removed' : 'replaced';
};

const sizesOf = ({item, files}: Snapshot) => {
	const byId = new Map(files.map(file => [file.id, file]));
	return new Map(fileIdsOf(item).map(id => [id, byId.get(id)?.sizeBytes]));
};

/**
Whether all files are still there as they were, beside others.
*/
const isWithin = (few: ReadonlyMap<string, number | undefined>, many: ReadonlyMap<string, number | undefined>) =>
	few.size > 0 && few.size < many.size && few.entries().every(([id, size]) => many.has(id) && many.get(id) === size);

/**
Whether both states have the same number of files with the same sizes and resolutions, so that the bytes are probably the same. Plex names the versions in an order of its own.
*/
const isSameMedia = (before: Snapshot, after: Snapshot) => {
	const traits = (snapshot: Snapshot) => {
		const sizes = sizesOf(snapshot);
		return snapshot.item.versions.map(({parts, resolution}) => JSON.stringify([resolution, parts.map(({fileId}) => sizes.get(fileId))])).toSorted();
	};

	return isDeepStrictEqual(traits(before), traits(after));
};

const isSamePlace = (before: Snapshot, after: Snapshot) => {
	const places = ({item, files}: Snapshot) => item.versions.map(({parts}) => JSON.stringify(parts.map(({fileId}) => files.find(({id}) => id === fileId)?.path ?? fileId))).toSorted();
	return isDeepStrictEqual(places(before), places(after));
};
