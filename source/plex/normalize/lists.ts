import {hash} from 'node:crypto';
import {listOrders} from '../../catalog/list-schema.js';
import type {Collection, ItemList} from '../../catalog/types.js';
import {defined} from '../../catalog/values.js';
import {
	asRecord,
	readBoolean,
	readCount,
	readEpoch,
	readInteger,
	readRatingKey,
	readString,
	readTitle,
	type Wire,
} from '../wire.js';
import {readImagePath} from './images.js';

type ListRow = Wire<'type' | 'guid' | 'titleSort' | 'summary' | 'thumb' | 'composite' | 'smart' | 'content' | 'collectionSort' | 'addedAt' | 'updatedAt' | 'childCount' | 'leafCount' | 'duration' | 'playlistType'>;

/**
What the row of a collection or a playlist says. Its members have a list of their own.
*/
export type ListedList = Pick<ItemList, 'ratingKey' | 'guid' | 'title' | 'titleSort' | 'summary' | 'poster' | 'smart' | 'filter' | 'addedAt'> & Pick<Collection, 'order'> & {
	/**
	Of the stamps, numbers and filter, which move when the members do. A smart list may get other members without that: a film that comes for one that goes leaves all of them as they are.
	*/
	fingerprint: string;
};

/**
@returns undefined for a row that cannot be used
*/
export const readListedList = (row: unknown): ListedList | undefined => {
	const ratingKey = readRatingKey(row);
	if (ratingKey === undefined) {
		return undefined;
	}

	const {guid, titleSort, summary, thumb, composite, smart, content, collectionSort, addedAt, updatedAt, childCount, leafCount, duration}: ListRow = asRecord(row);
	const filter = readString(content);
	// Real servers send `smart` for playlists, and for collections only where it is true.
	const isSmart = readBoolean(smart) ?? (filter !== undefined);
	const order = isSmart ? undefined : listOrders[readInteger(collectionSort) ?? -1];
	return defined({
		ratingKey,
		guid: readString(guid),
		title: readTitle(row) ?? ratingKey,
		titleSort: readString(titleSort),
		summary: readString(summary),
		poster: readImagePath(thumb) ?? readImagePath(composite),
		smart: isSmart ? true : undefined,
		filter: isSmart ? filter : undefined,
		order,
		addedAt: readEpoch(addedAt),
		fingerprint: digestOf([ratingKey, readString(updatedAt), readCount(childCount), readCount(leafCount), readCount(duration), filter, order]),
	});
};

/**
`playlistType=video` asks for videos only; a server that does not know it sends music and photos as well.
*/
export const isVideoList = (row: unknown): boolean => {
	const {playlistType}: ListRow = asRecord(row);
	return playlistType === undefined || playlistType === 'video';
};

export const digestOf = (value: unknown): string => hash('sha1', JSON.stringify(value), 'base64url').slice(0, 16);
