import {containerAnswer, htmlAnswer} from '../answer.js';
import {listRow} from '../library/shown-row.js';
import type {DemoRoute} from './context.js';
import {cut, listAnswer} from './list-answer.js';

/**
A collection and its items; Plex answers for it under its own path and under that of items ([PA], [TAU]).
*/
export const collection: DemoRoute = (request, {library}) => {
	const {key, view} = /^\/library\/(?:collections|metadata)\/(?<key>\d+)(?:\/(?<view>children|items))?$/v.exec(request.path)?.groups ?? {};
	if (key === undefined) {
		return undefined;
	}

	const row = library.collections.row(key);
	if (row === undefined) {
		return request.path.startsWith('/library/collections/') ? htmlAnswer(404) : undefined;
	}

	const {librarySectionID, librarySectionTitle} = row;
	const section = {librarySectionID, librarySectionTitle, librarySectionUUID: library.sections().find(candidate => Number(candidate.key) === librarySectionID)?.uuid};
	if (view === undefined) {
		return containerAnswer({
			size: 1, allowSync: true, identifier: 'com.plexapp.plugins.library', ...section, Metadata: [row],
		}, request);
	}

	const members = library.collections.members(key) ?? [];
	const switches = {includeGuids: request.query.get('includeGuids') === '1'};
	return listAnswer(request, {
		total: members.length,
		rows: range => cut(members, range).map(member => library.listed(member)).filter(member => member !== undefined).map(member => listRow(member, switches)),
		facts: {
			key, ...section, title1: librarySectionTitle, title2: row.title, viewGroup: row.subtype,
		},
	});
};
