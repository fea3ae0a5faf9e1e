import {librarySchema, serverSchema} from '../../../catalog/schema.js';
import {itemFieldList} from '../../../catalog/fields/item-fields.js';
import type {HistoryEvent} from '../../../catalog/history.js';
import type {Library, Server} from '../../../catalog/types.js';
import {
	fieldWords,
	rowOf,
	schemaWords,
	type Column,
	type ReadableRow,
} from './shape.js';

const server = serverSchema().shape;
const library = librarySchema().shape;

/**
What stands beside the line of a server.
*/
export const serverColumns: Readonly<Record<string, Column<Server>>> = {
	name: {type: 'text', comment: 'The name of the server', of: ({name}) => name},
	version: {type: 'text', comment: 'The version of Plex Media Server that was met last', of: ({version}) => version},
	url: {type: 'text', comment: 'The address where the server was reached last, without a token', of: ({url}) => url},
	machine_identifier: {type: 'text', comment: schemaWords(server.machineIdentifier), of: ({machineIdentifier}) => machineIdentifier},
};

export type LibrarySource = {library: Library; serverIds: ReadonlySet<string>};

const held = schemaWords(library.sync.unwrap().shape.held);

export const libraryColumns: Readonly<Record<string, Column<LibrarySource>>> = {
	server_id: {
		type: 'id', comment: 'The server that the library is on', of: ({library: {serverId}, serverIds}) => serverIds.has(serverId) ? serverId : undefined, rest: 'REFERENCES servers (id) ON DELETE SET NULL',
	},
	title: {type: 'text', comment: 'The title of the library', of: ({library: {title}}) => title},
	type: {type: 'text', comment: schemaWords(library.type), of: ({library: {type}}) => type},
	section_key: {type: 'text', comment: 'The number by which the server names the library; it may change', of: ({library: {key}}) => key},
	uuid: {type: 'text', comment: schemaWords(library.uuid), of: ({library: {uuid}}) => uuid},
	agent: {type: 'text', comment: 'Where the server takes the data of items from', of: ({library: {agent}}) => agent},
	scanner: {type: 'text', comment: 'What finds the files on the server', of: ({library: {scanner}}) => scanner},
	language: {type: 'text', comment: 'The language of titles and summaries', of: ({library: {language}}) => language},
	hidden: {type: 'integer', comment: schemaWords(library.hidden), of: ({library: {hidden}}) => hidden},
	locations: {type: 'text[]', comment: 'The folders of the library, as the server sees them', of: ({library: {locations}}) => locations},
	imported_at: {type: 'timestamptz', comment: 'When the last import of it ended', of: ({library: {lastImport}}) => lastImport?.finishedAt},
	is_imported: {type: 'boolean', comment: 'The last import of it was complete', of: ({library: {lastImport}}) => lastImport?.complete},
	looked_at: {type: 'timestamptz', comment: schemaWords(library.sync.unwrap().shape.lookedAt), of: ({library: {sync}}) => sync?.lookedAt},
	swept_at: {type: 'timestamptz', comment: schemaWords(library.sync.unwrap().shape.sweptAt), of: ({library: {sync}}) => sync?.sweptAt},
	held_items: {type: 'integer', comment: 'How many removals wait to be accepted', of: ({library: {sync}}) => sync?.held?.items},
	held_since: {type: 'timestamptz', comment: 'Since when removals wait to be accepted', of: ({library: {sync}}) => sync?.held?.since},
	held_reason: {type: 'text', comment: held, of: ({library: {sync}}) => sync?.held?.reason},
	gone_since: {type: 'timestamptz', comment: schemaWords(library.sync.unwrap().shape.goneSince), of: ({library: {sync}}) => sync?.goneSince},
};

const fieldsOf = (event: HistoryEvent) => event as unknown as Readonly<Record<string, unknown>>;
const ofEvent = (name: string) => (event: HistoryEvent) => fieldsOf(event)[name];

/**
What stands beside the line of an event. What it tells of may be gone, so nothing is a foreign key.
*/
export const historyColumns: Readonly<Record<string, Column<HistoryEvent>>> = {
	happened_at: {type: 'timestamptz', comment: 'When it was noticed', of: ofEvent('at')},
	kind: {type: 'text', comment: 'added, removed, restored, split, merged, upgraded, replaced, version-added, version-removed, moved, rematched, edited, readded, watched, refreshed (by Plex itself), viewer (another user looks), collection-… and playlist-…; or of a whole library baseline, gap, made-anew and held', of: ofEvent('kind')},
	run_id: {type: 'id', comment: 'The run that noticed it', of: ofEvent('runId')},
	library_id: {type: 'id', comment: 'The library; of a playlist the server', of: ofEvent('libraryId')},
	item_id: {type: 'id', comment: 'The item, if it is about one', of: ofEvent('itemId')},
	list_id: {type: 'id', comment: 'The collection or the playlist, if it is about one', of: ofEvent('listId')},
	type: {type: 'text', comment: fieldWords(itemFieldList, 'type'), of: ofEvent('type')},
	title: {type: 'text', comment: 'The title, with the show and the number', of: ofEvent('title')},
	reason: {type: 'text', comment: 'Why, in words; for instance how an item was recognised', of: ofEvent('reason')},
	items: {type: 'integer', comment: 'How many items a baseline found, or how many removals are held', of: ofEvent('items')},
	before: {type: 'jsonb', comment: 'The fields that changed, as they were; of what was removed the whole item and its files', of: event => fieldsOf(event)['before'] ?? fieldsOf(event)['past']},
	after: {type: 'jsonb', comment: 'The fields that changed, as they are now; null stands for none', of: event => fieldsOf(event)['after'] ?? fieldsOf(event)['present']},
};

export const serverRow = (row: Server): ReadableRow => rowOf(serverColumns, row);
export const libraryRow = (row: LibrarySource): ReadableRow => rowOf(libraryColumns, row);
export const historyRow = (event: HistoryEvent): ReadableRow => rowOf(historyColumns, event);
