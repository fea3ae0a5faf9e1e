import type {DemoLibrary} from '../library/library.js';
import type {PlexRow} from '../library/row.js';
import type {DemoRoute} from './context.js';
import {cut, listAnswer} from './list-answer.js';
import {keysOfAll} from './everywhere.js';

/**
What was played: one row for each time. Somebody who plays a film again does so a month later.
*/
export const history: DemoRoute = (request, {library}) => {
	if (request.path !== '/status/sessions/history/all') {
		return undefined;
	}

	const {query} = request;
	const wanted = {ratingKey: query.get('metadataItemID'), librarySectionID: query.get('librarySectionID'), accountID: query.get('accountID')};
	const after = Number(query.get('viewedAt>') ?? 0);
	const rows = playsOf(library).filter(play =>
		[null, play.ratingKey].includes(wanted.ratingKey)
		&& [null, play.librarySectionID].includes(wanted.librarySectionID)
		&& [null, String(play.accountID)].includes(wanted.accountID)
		&& play.viewedAt >= after);
	const isNewestFirst = query.get('sort') === 'viewedAt:desc';
	const sorted = rows.toSorted((a, b) => isNewestFirst ? b.viewedAt - a.viewedAt : a.viewedAt - b.viewedAt);
	return listAnswer(request, {total: sorted.length, rows: range => cut(sorted, range)});
};

const betweenPlays = 2_592_000;

const watched = 'viewCount>>=0';

const playsOf = (library: DemoLibrary) => ['movie', 'episode']
	.flatMap(type => keysOfAll(library, type, `${watched}&lastViewedAt>>=0`))
	.map(key => library.listed(key))
	.filter(row => row !== undefined)
	.flatMap(row => Array.from({length: row.viewCount!}, (_, earlier) => playOf(row, earlier)));

const playOf = (row: PlexRow, earlier: number) => {
	const {key, ratingKey, parentKey, parentRatingKey, grandparentKey, grandparentRatingKey, title, parentTitle, grandparentTitle, type} = row;
	const {thumb, parentThumb, grandparentThumb, grandparentArt, index, parentIndex, originallyAvailableAt} = row;
	return {
		historyKey: `/status/sessions/history/${(Number(ratingKey) * 10) + earlier}`,
		key,
		ratingKey,
		parentKey,
		parentRatingKey,
		grandparentKey,
		grandparentRatingKey,
		// Text here, although a number in other rows ([REC]).
		librarySectionID: String(row.librarySectionID),
		title,
		parentTitle,
		grandparentTitle,
		type,
		thumb,
		parentThumb,
		grandparentThumb,
		grandparentArt,
		index,
		parentIndex,
		originallyAvailableAt,
		viewedAt: row.lastViewedAt! - (earlier * betweenPlays),
		accountID: 1,
		deviceID: 1,
	};
};
