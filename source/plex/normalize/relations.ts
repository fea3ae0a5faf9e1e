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

const alone: Relations = {
	showId: undefined,
	seasonId: undefined,
	seasonNumber: undefined,
	episodeNumber: undefined,
	parents: {show: undefined, season: undefined},
};

/**
Reads where a season or an episode belongs. 0 is a valid number: Specials, or a pilot numbered 0.
*/
export const readRelations = (row: RelatedRow, type: ItemType, serverId: string): Relations => {
	if (type === 'movie' || type === 'show') {
		return alone;
	}

	const isEpisode = type === 'episode';
	const parentKey = readParentKey(row.parentRatingKey, row.parentKey);
	const showKey = isEpisode ? readParentKey(row.grandparentRatingKey, row.grandparentKey) : parentKey;
	const show = showKey === undefined
		? undefined
		: {
			id: knownItemId(serverId, showKey),
			ratingKey: showKey,
			title: readString(isEpisode ? row.grandparentTitle : row.parentTitle),
			number: undefined,
		};
	const seasonNumber = readInteger(isEpisode ? row.parentIndex : row.index);
	if (!isEpisode) {
		return {
			...alone, showId: show?.id, seasonNumber, parents: {show, season: undefined},
		};
	}

	// A show with hidden seasons omits the season (python-plexapi#655), or names itself in its place.
	const seasonKey = parentKey === showKey ? undefined : parentKey;
	const seasonId = seasonKey === undefined
		? show && hiddenSeasonId(show.id, seasonNumber)
		: knownItemId(serverId, seasonKey);
	const season = seasonId === undefined
		? undefined
		: {
			id: seasonId,
			ratingKey: seasonKey,
			title: readString(row.parentTitle),
			number: seasonNumber,
		};
	return {
		showId: show?.id,
		seasonId,
		seasonNumber,
		episodeNumber: readInteger(row.index),
		parents: {show, season},
	};
};

const readParentKey = (ratingKey: unknown, path: unknown) =>
	readKey(ratingKey) ?? readKey(/\/library\/metadata\/(?<key>\d+)/v.exec(readString(path) ?? '')?.groups?.['key']);
