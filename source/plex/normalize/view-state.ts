import type {ViewState} from '../../catalog/types.js';
import {readCount, readEpoch, type Wire} from '../wire.js';
import {defined} from '../../catalog/defined.js';
import {readScore} from './ratings.js';

export type ViewedRow = Wire<'viewCount' | 'viewOffset' | 'lastViewedAt' | 'userRating' | 'lastRatedAt'>;

/**
What the user of the token did. Kept apart, since another token sees something else.
*/
export const readViewState = (row: ViewedRow): ViewState | undefined => {
	const viewState = defined({
		viewCount: readCount(row.viewCount),
		viewOffsetMs: readCount(row.viewOffset),
		lastViewedAt: readEpoch(row.lastViewedAt),
		userRating: readScore(row.userRating),
		lastRatedAt: readEpoch(row.lastRatedAt),
	});
	return Object.keys(viewState).length === 0 ? undefined : viewState;
};
