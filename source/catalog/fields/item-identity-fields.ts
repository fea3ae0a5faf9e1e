import * as z from 'zod';
import {described} from '../media-schema.js';
import {itemTypes} from '../kinds.js';
import {itemSchema} from '../schema.js';
import type {Item} from '../types.js';
import {defined} from '../values.js';
import {
	plainField,
	shownField,
	type Field,
	type FieldLine,
} from './field.js';

const typeNames = {
	movie: 'Movie', show: 'Show', season: 'Season', episode: 'Episode',
} as const;

/**
What an item is and what it is called, in the order of the export.
*/
export const identityFields = {
	id: {
		...shownField('text', 'Catalogue id', 'The id of the item in the catalogue; it stays the same from run to run', {section: 'Ids', pane: 40, example: 'i0a1b2c3d4e5f6071'}),
		exported: {schema: () => itemSchema().shape.id.meta({description: 'Of the catalogue; stays the same from run to run'})},
		kept: {place: 10},
		table: {place: 100, heading: 'Id'},
		isKey: true,
		listed: {place: 10},
		asked: {kind: 'choice'},
	},
	type: {
		label: 'Type',
		description: 'movie, show, season or episode',
		example: 'movie',
		pane: {
			section: 'Overview',
			place: 20,
			lines: ({type, placeholder}) => [['Type', typeNames[type] + (placeholder === true ? ' (a placeholder: the server does not give it)' : '')]],
		},
		exported: true,
		kept: {place: 20, isShared: true},
		table: {place: 20},
		listed: {place: 20},
		asked: {kind: 'choice', values: itemTypes, also: type => [`${type}s`, ...type === 'movie' ? ['film', 'films'] : [], ...type === 'show' ? ['series', 'tv'] : []]},
	},
	serverId: {
		label: 'Server',
		description: 'The server that the item is on',
		example: {id: 'abc', name: 'Attic'},
		print: (id, {name}) => name(id) ?? id,
		pane: {section: 'Overview', place: 260},
		exported: {
			as: 'server',
			schema: () => z.object({id: described(z.string(), 'The id of the server in the catalogue', 'abc'), name: described(z.string().optional(), 'Its name', 'Attic')}),
			value: ({serverId}, {server}) => defined({id: serverId, name: server?.name}),
		},
		asked: {kind: 'server'},
	},
	libraryId: {
		label: 'Library',
		description: 'The library that the item is in',
		example: {id: '3f6a1c52-8a0e-4f5b-9d57-0c1c5b7e2a11', key: '1', title: 'Films'},
		print: (id, {name}) => name(id) ?? id,
		pane: {section: 'Overview', place: 250},
		told: {place: 10},
		exported: {
			as: 'library',
			schema: () => z.object({
				id: described(z.string(), 'Usually the uuid under which the section was first seen; it is kept when the library is made anew', '3f6a1c52-8a0e-4f5b-9d57-0c1c5b7e2a11'),
				key: described(z.string().optional(), 'The key of the section on the server', '1'),
				title: described(z.string().optional(), 'Its title', 'Films'),
			}),
			value: ({libraryId}, {library}) => defined({id: libraryId, key: library?.key, title: library?.title}),
		},
		kept: {place: 30, isShared: true},
		listed: {place: 30},
		asked: {kind: 'library'},
	},
	ratingKey: {
		...shownField('text', 'ratingKey', 'Plex\'s key of the item; it changes when an item is added anew', {section: 'Ids', pane: 30, example: '512'}),
		told: {place: 380, name: 'Plex key'},
		exported: true,
		kept: {place: 40},
		table: {
			place: 10, heading: 'Key', align: 'right', minColumns: 90,
		},
		isKey: true,
		listed: {place: 40},
		asked: {names: ['key'], kind: 'choice'},
	},
	guid: {
		...shownField('text', 'Plex guid', 'Plex\'s id of the work; the same on every server', {section: 'Ids', pane: 20, example: 'plex://movie/5d77aaaa0001aa001f0a0001'}),
		told: {place: 150, name: 'Plex guid'},
		exported: true,
		isKey: true,
		asked: {kind: 'choice'},
	},
	ids: {
		type: 'record',
		label: 'External ids',
		description: 'Ids at IMDb, TMDB, TVDB and other providers; each may have several',
		example: {
			imdb: ['tt0013442'], tmdb: ['653'], tvdb: [], other: [{source: 'anidb', id: '112'}],
		},
		pane: {section: 'Ids', place: 10, lines: item => externalIdLines(item)},
		told: {place: 160, lines: item => externalIdLines(item)},
		exported: {
			schema: () => itemSchema().shape.ids, value: ({ids}) => defined({
				imdb: ids.imdb, tmdb: ids.tmdb, tvdb: ids.tvdb, other: ids.other,
			}),
		},
	},
	title: {
		...plainField('text', 'Title', 'The title', {pane: 10, example: 'The Last Ferry to Orsa', told: 60}),
		kept: {place: 90},
		table: {
			place: 50,
			isFlexible: true,
			isKept: true,
			text: ({title, editionTitle}: Pick<Item, 'title' | 'editionTitle'>) => editionTitle === undefined ? title : `${title} (${editionTitle})`,
		},
		listed: {place: 50},
		// Lists are sorted by the sort key, which is made of the sort title or the title.
		sort: {place: 10, types: itemTypes, values: []},
		isSearched: true,
		asked: {},
	},
	titleSort: {
		...plainField('text', 'Sort title', 'The title that the server sorts by, where it is not the title', {pane: 50, example: 'Last Ferry to Orsa', told: 70}),
		asked: {},
	},
	originalTitle: {
		...plainField('text', 'Original title', 'The title in the original language', {pane: 40, example: 'Sista färjan till Orsa', told: 80}),
		kept: {place: 105},
		isSearched: true,
		asked: {names: ['original']},
	},
	editionTitle: {
		...plainField('text', 'Edition', 'The name of the edition, for instance Director\'s Cut', {pane: 60, example: 'Director\'s Cut', told: 90}),
		kept: {place: 110, isShared: true},
		listed: {place: 60},
		isSearched: true,
		asked: {names: ['edition']},
	},
	year: {
		...plainField('number', 'Year', 'The year of release', {pane: 140, example: 2016, told: 100}),
		kept: {place: 120},
		column: {places: {movie: 10, show: 10, season: 20}, align: 'right'},
		table: {place: 60, align: 'right'},
		listed: {place: 70},
		sort: {place: 30, types: itemTypes, values: [({year}: Pick<Item, 'year'>) => year]},
		isSearched: true,
		asked: {},
	},
	releaseDate: {
		...plainField('date', 'Released', 'The day of the release or of the first broadcast', {pane: 150, example: '2016-09-02', told: 110}),
		kept: {place: 130, isShared: true},
		column: {
			places: {episode: 30}, heading: 'Aired', sort: 'year',
		},
		listed: {place: 80},
		asked: {names: ['released']},
	},
	summary: {...plainField('text', 'Summary', 'What it is about', {pane: 190, example: 'A ferry pilot loses her licence.', told: 200}), asked: {}},
	tagline: {...plainField('text', 'Tagline', 'The line on the poster', {pane: 180, example: 'Mind the tide.', told: 190}), asked: {}},
	contentRating: {
		...plainField('text', 'Content rating', 'The rating for age, as the authority of a country writes it', {pane: 170, example: 'gb/12', told: 180}),
		kept: {place: 115, isShared: true},
		asked: {kind: 'choice'},
	},
	subtype: {exported: true, ...shownField('text', 'Subtype', 'Plex\'s kind of a movie that is none, for instance clip', {pane: 30, example: 'clip', since: 2}), told: {place: 140}},
	placeholder: {
		type: 'flag',
		label: 'Placeholder',
		description: 'Made by reelcat so that a child has its parent; the server does not give it',
		example: true,
		since: 2,
		exported: true,
		kept: {place: 180},
		listed: {place: 25},
		asked: {},
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

const externalIdLines = ({ids}: Item): FieldLine[] => [
	['IMDb', ids.imdb.join(', ')],
	['TMDB', ids.tmdb.join(', ')],
	['TVDB', ids.tvdb.join(', ')],
	...(ids.other ?? []).map(({source, id}) => [sourceNames.get(source) ?? source, id] as const),
];

const sourceNames = new Map([
	['anidb', 'AniDB'],
	['mal', 'MyAnimeList'],
	['musicbrainz', 'MusicBrainz'],
	['tvmaze', 'TVmaze'],
	['tmsid', 'Gracenote'],
	['youtube', 'YouTube'],
]);
