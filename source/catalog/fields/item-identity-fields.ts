import * as z from 'zod';
import {defined} from '../defined.js';
import {itemSchema} from '../schema.js';
import type {Item} from '../types.js';
import type {Field} from './field.js';

const optionalText = z.string().optional();

const typeNames = {
	movie: 'Movie', show: 'Show', season: 'Season', episode: 'Episode',
} as const;

const allTypes = ['movie', 'show', 'season', 'episode'] as const;

/**
What an item is and what it is called. The order is that of the export.
*/
export const identityFields = {
	id: {
		type: 'text',
		label: 'Catalogue id',
		description: 'The id of the item in the catalogue; it stays the same from run to run',
		pane: {section: 'Ids', place: 40},
		exported: {schema: itemSchema.shape.id.meta({description: 'Of the catalogue; stays the same from run to run'})},
		kept: {place: 10},
		table: {place: 100, heading: 'Id'},
		listed: {place: 10},
	},
	type: {
		type: 'text',
		label: 'Type',
		description: 'movie, show, season or episode',
		pane: {
			section: 'Overview',
			place: 20,
			lines: ({type, placeholder}) => [['Type', typeNames[type] + (placeholder === true ? ' (not listed by Plex itself)' : '')]],
		},
		exported: true,
		kept: {place: 20},
		table: {place: 20},
		listed: {place: 20},
	},
	serverId: {
		type: 'text',
		label: 'Server',
		description: 'The server that the item is on',
		print: (id, {name}) => name(id) ?? id,
		pane: {section: 'Overview', place: 260},
		exported: {
			as: 'server',
			schema: z.object({id: z.string(), name: optionalText}),
			value: ({serverId}, {server}) => defined({id: serverId, name: server?.name}),
		},
	},
	libraryId: {
		type: 'text',
		label: 'Library',
		description: 'The library that the item is in',
		print: (id, {name}) => name(id) ?? id,
		pane: {section: 'Overview', place: 250},
		told: {place: 10},
		exported: {
			as: 'library',
			schema: z.object({
				id: z.string().meta({description: 'The uuid of the section'}),
				key: optionalText,
				title: optionalText,
			}),
			value: ({libraryId}, {library}) => defined({id: libraryId, key: library?.key, title: library?.title}),
		},
		kept: {place: 30, isShared: true},
		listed: {place: 30},
	},
	ratingKey: {
		type: 'text',
		label: 'ratingKey',
		description: 'Plex\'s key of the item; it changes when an item is added anew',
		pane: {section: 'Ids', place: 30},
		told: {place: 380, name: 'Plex key'},
		exported: true,
		kept: {place: 40},
		table: {place: 10, heading: 'Key', align: 'right'},
		listed: {place: 40},
	},
	guid: {
		type: 'text',
		label: 'Plex guid',
		description: 'Plex\'s id of the work; the same on every server',
		pane: {section: 'Ids', place: 20},
		told: {place: 150, name: 'Plex guid'},
		exported: true,
	},
	ids: {
		type: 'record',
		label: 'External ids',
		description: 'Ids at IMDb, TMDB and TVDB; each provider may have several',
		pane: {section: 'Ids', place: 10, lines: item => externalIdLines(item)},
		told: {place: 160, lines: item => externalIdLines(item)},
		exported: {schema: itemSchema.shape.ids, value: ({ids}) => ({imdb: ids.imdb, tmdb: ids.tmdb, tvdb: ids.tvdb})},
	},
	title: {
		type: 'text',
		label: 'Title',
		description: 'The title',
		pane: {section: 'Overview', place: 10},
		told: {place: 60},
		exported: true,
		kept: {place: 90},
		table: {
			place: 50,
			isFlexible: true,
			isKept: true,
			text: ({title, editionTitle}: Pick<Item, 'title' | 'editionTitle'>) => editionTitle === undefined ? title : `${title} (${editionTitle})`,
		},
		listed: {place: 50},
		// The order is that of the sort key, which is made of the sort title or the title.
		sort: {place: 10, types: allTypes, values: []},
		isSearched: true,
	},
	titleSort: {
		type: 'text',
		label: 'Sort title',
		description: 'The title that the server sorts by, where it is not the title',
		pane: {section: 'Overview', place: 50},
		told: {place: 70},
		exported: true,
	},
	originalTitle: {
		type: 'text',
		label: 'Original title',
		description: 'The title in the original language',
		pane: {section: 'Overview', place: 40},
		told: {place: 80},
		exported: true,
	},
	editionTitle: {
		type: 'text',
		label: 'Edition',
		description: 'The name of the edition, for instance Director\'s Cut',
		pane: {section: 'Overview', place: 60},
		told: {place: 90},
		exported: true,
		kept: {place: 110, isShared: true},
		listed: {place: 60},
		isSearched: true,
	},
	year: {
		type: 'number',
		label: 'Year',
		description: 'The year of release',
		pane: {section: 'Overview', place: 140},
		told: {place: 100},
		exported: true,
		kept: {place: 120},
		column: {places: {movie: 10, show: 10, season: 20}, width: 4, align: 'right'},
		table: {place: 60, align: 'right'},
		listed: {place: 70},
		sort: {place: 30, types: allTypes, values: [({year}: Pick<Item, 'year'>) => year]},
		isSearched: true,
	},
	releaseDate: {
		type: 'date',
		label: 'Released',
		description: 'The day of the release or of the first broadcast',
		pane: {section: 'Overview', place: 150},
		told: {place: 110},
		exported: true,
		kept: {place: 130},
		column: {
			places: {episode: 30}, heading: 'Aired', width: 10, sort: 'year',
		},
		listed: {place: 80},
	},
	summary: {
		type: 'text',
		label: 'Summary',
		description: 'What it is about',
		pane: {section: 'Overview', place: 190},
		told: {place: 200},
		exported: true,
	},
	tagline: {
		type: 'text',
		label: 'Tagline',
		description: 'The line on the poster',
		pane: {section: 'Overview', place: 180},
		told: {place: 190},
		exported: true,
	},
	contentRating: {
		type: 'text',
		label: 'Content rating',
		description: 'The rating for age, as the authority of a country writes it',
		pane: {section: 'Overview', place: 170},
		told: {place: 180},
		exported: true,
	},
	subtype: {
		type: 'text',
		label: 'Subtype',
		description: 'Plex\'s kind of a movie that is none, for instance clip',
		pane: {section: 'Overview', place: 30},
		told: {place: 140},
	},
	placeholder: {
		type: 'flag',
		label: 'Placeholder',
		description: 'Made by reelcat so that a child has its parent; Plex itself does not list it',
	},
} as const satisfies Readonly<Record<string, Field<Item>>>;

const externalIdLines = ({ids}: Item) => [
	['IMDb', ids.imdb.join(', ')],
	['TMDB', ids.tmdb.join(', ')],
	['TVDB', ids.tvdb.join(', ')],
] as const;
