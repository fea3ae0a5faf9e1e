import {hash} from 'node:crypto';
import {itemTypes} from '../catalog/kinds.js';
import type {Fingerprints, ItemType, ViewState} from '../catalog/types.js';
import {isPartUnavailable} from './normalize/versions.js';
import {readViewState} from './normalize/ratings.js';
import {
	asRecords,
	isRecord,
	readRatingKey,
	readTitle,
	type Wire,
} from './wire.js';

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
Fields that slim and full rows share. `updatedAt` alone is not enough: it stays when a file is replaced (PKC#1893, PKC#2201, [ETV] PlexEtag.cs).
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
		asRecords<'id' | 'key' | 'file' | 'size' | 'duration' | 'exists' | 'accessible'>(media.Part).map(part => [
			part.id, part.key, part.file, part.size, part.duration, ...isPartUnavailable(part) ? ['unavailable'] : [],
		]),
	]),
]);

/**
Fields that users change, or that servers recompute at will.
*/
const volatile = new Set([
	'viewCount', 'viewOffset', 'lastViewedAt', 'userRating', 'lastRatedAt', 'skipCount', 'viewedLeafCount', 'UltraBlurColors',
]);

const fullFingerprint = (row: Wire<string>): string =>
	digest(Object.keys(row).filter(name => !volatile.has(name)).toSorted().map(name => [name, row[name]]));

/**
An absent field and null give the same fingerprint.
*/
const digest = (fields: unknown): string => hash('sha1', JSON.stringify(fields), 'base64url').slice(0, 16);
