import {containerAnswer, htmlAnswer} from '../answer.js';
import {readFilter} from '../library/filter.js';
import type {PlaylistRow} from '../library/playlists.js';
import type {DemoRoute} from './context.js';
import {cut, listAnswer, mixedRow} from './list-answer.js';

/**
All playlists, limited by kind and title.
*/
export const playlists: DemoRoute = (request, {library}) => {
	if (request.path !== '/playlists' && request.path !== '/playlists/all') {
		return undefined;
	}

	const {query} = request;
	const filter = readFilter(query);
	const isMeant = ({playlistType, smart, content, ...row}: PlaylistRow) =>
		[playlistType, null].includes(query.get('playlistType'))
		&& [String(Number(smart)), null].includes(query.get('smart'))
		&& ['15', null].includes(query.get('type'))
		&& filter?.holds(row, () => []) !== false;
	const rows = library.playlists.list().filter(row => isMeant(row));
	return listAnswer(request, {total: rows.length, rows: range => cut(rows, range)});
};

export const playlist: DemoRoute = (request, {library}) => {
	const {key, view} = /^\/playlists\/(?<key>\d+)(?:\/(?<view>items))?$/v.exec(request.path)?.groups ?? {};
	if (key === undefined) {
		return undefined;
	}

	const row = library.playlists.row(key);
	if (row === undefined) {
		return htmlAnswer(404);
	}

	if (view === undefined) {
		return containerAnswer({size: 1, identifier: 'com.plexapp.plugins.library', Metadata: [row]}, request);
	}

	const items = library.playlists.items(key) ?? [];
	const {composite, duration, leafCount, playlistType, ratingKey, smart, title} = row;
	return listAnswer(request, {
		total: items.length,
		rows: range => cut(items, range).map(item => ({...mixedRow(library.listed(item.key)!, request.query), ...(!smart && {playlistItemID: item.playlistItemID})})),
		facts: {
			composite, duration: Math.floor(duration / 1000), leafCount, playlistType, ratingKey, smart, title,
		},
	});
};
