import {containerAnswer} from '../answer.js';
import type {DemoLibrary} from '../library/library.js';
import type {PlexRow} from '../library/row.js';
import {readRange} from '../request.js';
import type {DemoRoute} from './context.js';
import {
	keysOfAll,
	listedRows,
	onDeckRows,
	recentlyAddedRows,
} from './everywhere.js';
import {
	cut,
	listAnswer,
	mixedRow,
	rowsNamed,
} from './list-answer.js';

const homeTypes = new Map([['1', ['movie']], ['2', ['episode']], ['3', ['season']], ['4', ['episode']]]);

/**
Lists of rows of all libraries.
*/
export const shownAtHome: DemoRoute = (request, {library}) => {
	const rows = rowsAtHome(request.path, request.query, library);
	if (rows === undefined) {
		return undefined;
	}

	// Without a size these are only the latest.
	const some = readRange(request.query) === undefined ? rows.slice(0, 50) : rows;
	return listAnswer(request, {total: some.length, rows: range => cut(some, range).map(row => mixedRow(row, request.query)), facts: {mixedParents: true}});
};

const rowsAtHome = (path: string, query: URLSearchParams, library: DemoLibrary): PlexRow[] | undefined => {
	switch (path) {
		case '/library/onDeck':
		case '/hubs/continueWatching/items': {
			return onDeckRows(library);
		}

		case '/library/recentlyAdded': {
			return recentlyAddedRows(library);
		}

		case '/hubs/home/recentlyAdded': {
			const section = query.get('sectionID');
			return recentlyAddedRows(library, homeTypes.get(query.get('type') ?? '')).filter(row => section === null || section === String(row.librarySectionID));
		}

		default: {
			return undefined;
		}
	}
};

type HubFacts = {key: string; title: string; type: string; hubIdentifier: string; rows: readonly PlexRow[]};

const inHub = 10;

const hubRow = ({key, title, type, hubIdentifier, rows}: HubFacts, query: URLSearchParams) => {
	const asked = query.get('count') ?? query.get('limit') ?? '';
	const shown = rows.slice(0, /^\d+$/v.test(asked) ? Number(asked) : inHub);
	return {
		hubKey: `/library/metadata/${shown.map(({ratingKey}) => ratingKey).join(',')}`,
		key,
		title,
		type,
		hubIdentifier,
		context: `hub.${hubIdentifier}`,
		size: shown.length,
		more: rows.length > shown.length,
		style: 'shelf',
		promoted: true,
		...rowsNamed('Metadata', shown.map(row => mixedRow(row, query))),
	};
};

/**
The shelves of the home page, of one library, and of a search.
*/
export const hubs: DemoRoute = ({path, query, wantsJson}, {library}) => {
	const facts = hubsAt(path, query, library);
	if (facts === undefined) {
		return undefined;
	}

	const rows = facts.filter(hub => hub.rows.length > 0).map(hub => hubRow(hub, query));
	return containerAnswer({
		size: rows.length, allowSync: true, identifier: 'com.plexapp.plugins.library', ...rowsNamed('Hub', rows),
	}, {wantsJson});
};

const hubsAt = (path: string, query: URLSearchParams, library: DemoLibrary): HubFacts[] | undefined => {
	const section = /^\/hubs\/sections\/(?<key>\d+)$/v.exec(path)?.groups?.['key'];
	if (section !== undefined) {
		return library.sections().some(({key}) => key === section) ? homeHubs(library, section) : undefined;
	}

	switch (path) {
		case '/hubs':
		case '/hubs/promoted': {
			return homeHubs(library, undefined);
		}

		case '/hubs/continueWatching': {
			return homeHubs(library, undefined).slice(0, 1);
		}

		case '/hubs/search': {
			return searchHubs(library, query.get('query') ?? '');
		}

		default: {
			return undefined;
		}
	}
};

const homeHubs = (library: DemoLibrary, section: string | undefined): HubFacts[] => {
	const isMeant = (row: PlexRow) => section === undefined || section === String(row.librarySectionID);
	const deck: HubFacts = {
		key: '/hubs/continueWatching/items',
		title: 'Continue Watching',
		type: 'mixed',
		hubIdentifier: section === undefined ? 'home.continue' : `continueWatching.${section}`,
		rows: onDeckRows(library).filter(row => isMeant(row)),
	};
	const recent = library.sections()
		.filter(({key, type}) => (section === undefined || section === key) && (type === 'movie' || type === 'show'))
		.map(({key, title, type}): HubFacts => ({
			key: `/hubs/home/recentlyAdded?type=${type === 'movie' ? 1 : 4}&sectionID=${key}`,
			title: `Recently Added in ${title}`,
			type: type === 'movie' ? 'movie' : 'episode',
			hubIdentifier: `${type}.recentlyadded.${key}`,
			rows: recentlyAddedRows(library, [type === 'movie' ? 'movie' : 'episode']).filter(row => String(row.librarySectionID) === key),
		}));
	return [deck, ...recent];
};

const searchHubs = (library: DemoLibrary, text: string): HubFacts[] => text === ''
	? []
	: ['movie', 'show', 'episode'].map(type => ({
		key: `/hubs/search?query=${encodeURIComponent(text)}`,
		title: `${type[0]!.toUpperCase()}${type.slice(1)}s`,
		type,
		hubIdentifier: type,
		rows: listedRows(library, keysOfAll(library, type, new URLSearchParams({title: text}).toString())),
	}));
