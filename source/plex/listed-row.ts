import {hash} from 'node:crypto';
import type {Fingerprints, ItemType, ViewState} from '../catalog/types.js';
import {itemTypes} from '../catalog/schema.js';
import {readViewState} from './normalize/view-state.js';
import {
	asRecords,
	isRecord,
	readRatingKey,
	readTitle,
	type Wire,
} from './wire.js';

/**
What a row of a listing says of its item without the details.
*/
export type ListedRow = {
	ratingKey: string;
	type: ItemType | undefined;
	title: string | undefined;
	/**
	`full` only when the row came from a full listing.
	*/
	fingerprints: Fingerprints;
	viewState: ViewState | undefined;
};

/**
`undefined` for a row that no item can be found by.
*/
export const readListedRow = (row: unknown, {isFull}: {isFull: boolean}): ListedRow | undefined => {
	const ratingKey = readRatingKey(row);
	if (ratingKey === undefined || !isRecord(row)) {
		return undefined;
	}

	return {
		ratingKey,
		type: itemTypes.find(itemType => itemType === row['type']),
		title: readTitle(row),
		fingerprints: {slim: slimFingerprint(row), ...(isFull && {full: fullFingerprint(row)})},
		viewState: readViewState(row),
	};
};

/**
Fields that slim and full rows have alike. `updatedAt` alone would not do: it stays when a file is replaced (PKC#1893, PKC#2201, [ETV] PlexEtag.cs).
*/
const slimFields = [
	'type',
	'guid',
	'title',
	'editionTitle',
	'addedAt',
	'updatedAt',
	'deletedAt',
	'index',
	'parentIndex',
	'parentRatingKey',
	'grandparentRatingKey',
	'leafCount',
	'childCount',
] as const;

const slimFingerprint = (row: Wire<string>): string => digest([
	...slimFields.map(name => row[name]),
	asRecords<'id' | 'videoResolution' | 'bitrate' | 'duration' | 'container' | 'Part'>(row['Media']).map(media => [
		media.id,
		media.videoResolution,
		media.bitrate,
		media.duration,
		media.container,
		asRecords<'id' | 'key' | 'file' | 'size' | 'duration'>(media.Part).map(part => [part.id, part.key, part.file, part.size, part.duration]),
	]),
]);

/**
What a user does, and what servers work out anew as they like.
*/
const volatile = new Set([
	'viewCount', 'viewOffset', 'lastViewedAt', 'userRating', 'lastRatedAt', 'skipCount', 'viewedLeafCount', 'UltraBlurColors',
]);

const fullFingerprint = (row: Wire<string>): string =>
	digest(Object.entries(row).filter(([name]) => !volatile.has(name)).toSorted(([left], [right]) => left < right ? -1 : 1));

/**
Absent and null are told alike.
*/
const digest = (fields: unknown): string => hash('sha1', JSON.stringify(fields), 'base64url').slice(0, 16);
