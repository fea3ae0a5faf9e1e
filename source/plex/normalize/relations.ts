import {hiddenSeasonId} from '../../catalog/identity.js';
import type {ItemType} from '../../catalog/types.js';
import type {NormalizedItem} from '../types.js';
import {
	readInteger,
	readKey,
	readString,
	type Wire,
} from '../wire.js';
import {knownItemId} from './memo.js';

export type RelatedRow = Wire<
	'index' | 'parentIndex' | 'parentRatingKey' | 'parentKey' | 'parentTitle'
	| 'grandparentRatingKey' | 'grandparentKey' | 'grandparentTitle'
>;

type Relations = {
	showId: string | undefined;
	seasonId: string | undefined;
	seasonNumber: number | undefined;
	episodeNumber: number | undefined;
	parents: NormalizedItem['parents'];
};

/**
Reads where a season or an episode belongs. 0 is a valid number: Specials, or a pilot numbered 0.
*/
export const readRelations = (row: RelatedRow, type: ItemType, serverId: string): Relations => {
	if (type === 'season') {
		return seasonRelations(row, serverId);
	}

	return type === 'episode' ? episodeRelations(row, serverId) : alone;
};

const alone: Relations = {
	showId: undefined,
	seasonId: undefined,
	seasonNumber: undefined,
	episodeNumber: undefined,
	parents: {show: undefined, season: undefined},
};

const seasonRelations = (row: RelatedRow, serverId: string): Relations => {
	const show = showHint(readParentKey(row.parentRatingKey, row.parentKey), row.parentTitle, serverId);
	return {
		...alone,
		showId: show?.id,
		seasonNumber: readInteger(row.index),
		parents: {show, season: undefined},
	};
};

const episodeRelations = (row: RelatedRow, serverId: string): Relations => {
	const showKey = readParentKey(row.grandparentRatingKey, row.grandparentKey);
	const show = showHint(showKey, row.grandparentTitle, serverId);
	const parentKey = readParentKey(row.parentRatingKey, row.parentKey);
	// A show with hidden seasons omits the season (python-plexapi#655), or names itself in its place.
	const seasonKey = parentKey === showKey ? undefined : parentKey;
	const seasonNumber = readInteger(row.parentIndex);
	const seasonId = seasonKey === undefined
		? show && hiddenSeasonId(show.id, seasonNumber)
		: knownItemId(serverId, seasonKey);
	return {
		showId: show?.id,
		seasonId,
		seasonNumber,
		episodeNumber: readInteger(row.index),
		parents: {
			show,
			season: seasonId === undefined
				? undefined
				: {
					id: seasonId,
					ratingKey: seasonKey,
					title: readString(row.parentTitle),
					number: seasonNumber,
				},
		},
	};
};

const showHint = (ratingKey: string | undefined, title: unknown, serverId: string) => ratingKey === undefined
	? undefined
	: {
		id: knownItemId(serverId, ratingKey),
		ratingKey,
		title: readString(title),
		number: undefined,
	};

const readParentKey = (ratingKey: unknown, path: unknown) =>
	readKey(ratingKey) ?? readKey(/\/library\/metadata\/(?<key>\d+)/v.exec(readString(path) ?? '')?.groups?.['key']);
