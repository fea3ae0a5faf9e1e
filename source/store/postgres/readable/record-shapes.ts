import {fileFieldList} from '../../../catalog/fields/file-fields.js';
import {itemFieldList} from '../../../catalog/fields/item-fields.js';
import {itemSize} from '../../../catalog/item.js';
import {collectionSchema} from '../../../catalog/list-schema.js';
import {personSchema, runSchema, tombstoneSchema} from '../../../catalog/schema.js';
import type {
	ItemList,
	MediaFile,
	Person,
	Run,
	Tag,
	Tombstone,
} from '../../../catalog/types.js';
import type {Links} from './links.js';
import {
	fieldWords,
	idIn,
	idsIn,
	objectsIn,
	schemaColumns,
	schemaWords,
	type Column,
	type Shape,
} from './shape.js';

const key = <Row>(comment: string, of: (row: Row) => unknown): Column<Row> => ({type: 'id', comment, of});

export const personShape: Shape<Person> = {
	name: 'people',
	comment: 'People who made items or play in them. Two people with the same name are two rows',
	key: ['id'],
	columns: {
		id: key('The id of the person in the catalogue', ({id}) => id),
		name: {type: 'text', comment: 'The name', of: ({name}) => name},
		plex_key: {type: 'text', comment: schemaWords(personSchema().shape.plexKey), of: ({plexKey}) => plexKey},
		picture: {type: 'text', comment: 'The address of a picture, or its path on the server', of: ({thumb}) => thumb},
	},
	// A hash has room for a name of any length.
	indexes: {people_by_name: 'ON people USING hash (name)'},
};

export const tagShape: Shape<Tag> = {
	name: 'tags',
	comment: 'Genres, countries, studios, collections and labels, each once',
	key: ['id'],
	columns: {
		id: key('The id of the tag in the catalogue', ({id}) => id),
		kind: {type: 'text', comment: 'genre, country, studio, collection or label', of: ({tagKind}) => tagKind},
		name: {type: 'text', comment: 'The name', of: ({name}) => name},
	},
	indexes: {tags_by_name: 'ON tags USING hash (name)'},
};

export type FileSource = {file: MediaFile; links: Links};

const ofFile = (name: string, type: Column<FileSource>['type'], of: (file: MediaFile) => unknown): Column<FileSource> => ({type, comment: fieldWords(fileFieldList, name), of: ({file}) => of(file)});

export const fileShape: Shape<FileSource> = {
	name: 'files',
	comment: 'Physical files, each once, however many items play it',
	key: ['id'],
	columns: {
		id: ofFile('id', 'id', ({id}) => id),
		server_id: {
			type: 'id', comment: 'The server that the file is on', of: ({file, links}) => links.to('servers', file.serverId, file.id), rest: 'REFERENCES servers (id) ON DELETE SET NULL',
		},
		path: ofFile('path', 'text', ({path}) => path),
		size_bytes: ofFile('sizeBytes', 'bigint', ({sizeBytes}) => sizeBytes),
		duration_ms: {type: 'bigint', comment: 'How long the file plays, where that is known of the file itself. Unit: ms', of: ({file}) => file.durationMs},
		container: ofFile('container', 'text', ({container}) => container),
	},
	indexes: {files_by_size: 'ON files (size_bytes)'},
};

export type ListRowSource = {list: ItemList; links: Links};

const listColumns = {
	server_id: {
		type: 'id', comment: 'The server that it is on', of: ({list, links}: ListRowSource) => links.to('servers', list.serverId, list.id), rest: 'REFERENCES servers (id) ON DELETE SET NULL',
	},
	title: {type: 'text', comment: 'The title', of: ({list}: ListRowSource) => list.title},
	title_sort: {type: 'text', comment: 'The title that the server sorts by, where it is not the title', of: ({list}: ListRowSource) => list.titleSort},
	summary: {type: 'text', comment: 'What someone wrote about it', of: ({list}: ListRowSource) => list.summary},
	...schemaColumns(collectionSchema().shape, [['smart', 'boolean'], ['filter', 'text'], ['unknownItems', 'integer']], ({list}: ListRowSource) => list),
	added_at: {type: 'timestamptz', comment: 'When it was made on the server', of: ({list}: ListRowSource) => list.addedAt},
	...schemaColumns(collectionSchema().shape, [['firstSeenAt', 'timestamptz'], ['lastSeenAt', 'timestamptz'], ['poster', 'text']], ({list}: ListRowSource) => list),
	rating_key: {type: 'text', comment: 'Plex\'s key of it; it changes when it is made anew', of: ({list}: ListRowSource) => list.ratingKey},
	guid: {type: 'text', comment: 'Plex\'s own id of it', of: ({list}: ListRowSource) => list.guid},
} as const satisfies Record<string, Column<ListRowSource>>;

export const collectionShape: Shape<ListRowSource> = {
	name: 'collections',
	comment: 'Collections of libraries. The tags of the kind collection are what items say of themselves; here is what the server lists',
	key: ['id'],
	columns: {
		id: key('The id of the collection in the catalogue; it stays when its title changes', ({list}) => list.id),
		library_id: {
			type: 'id', comment: 'The library that it belongs to', of: ({list, links}) => links.to('libraries', (list as {libraryId?: unknown}).libraryId, list.id), rest: 'REFERENCES libraries (id) ON DELETE SET NULL',
		},
		...listColumns,
		sort_order: {type: 'text', comment: schemaWords(collectionSchema().shape.order), of: ({list}) => (list as {order?: unknown}).order},
	},
};

export const playlistShape: Shape<ListRowSource> = {
	name: 'playlists',
	comment: 'Video playlists of the user of the token, which may hold items of several libraries',
	key: ['id'],
	columns: {id: key('The id of the playlist in the catalogue', ({list}) => list.id), ...listColumns},
};

type MemberSource = ListRowSource & {itemId: string; position: number};

const memberShape = (owner: 'collection' | 'playlist'): Shape<MemberSource> => ({
	name: `${owner}_items`,
	comment: `The members of ${owner}s that the catalogue has`,
	key: [`${owner}_id`, 'position'],
	columns: {
		[`${owner}_id`]: {...key(`The ${owner}`, ({list}: MemberSource) => list.id), rest: `NOT NULL REFERENCES ${owner}s (id) ON DELETE CASCADE`},
		position: {
			type: 'integer', comment: 'The place in the list, from 1', of: ({position}) => position, rest: 'NOT NULL',
		},
		item_id: {...key('The item in that place', ({itemId}: MemberSource) => itemId), rest: 'NOT NULL REFERENCES items (id) ON DELETE CASCADE'},
	},
	indexes: {[`${owner}_items_of_item`]: `ON ${owner}_items (item_id)`},
});

export const collectionItemShape = memberShape('collection');
export const playlistItemShape = memberShape('playlist');

export const memberSources = ({list, links}: ListRowSource): MemberSource[] => idsIn(list.items).flatMap((itemId, index) => links.to('items', itemId, list.id) === undefined
	? []
	: [{
		list, links, itemId, position: index + 1,
	}]);

const wordsOfItem = (name: string) => fieldWords(itemFieldList, name);

// A tombstone may name an item, a run and a library that are long gone, so these are no foreign keys.
export const tombstoneShape: Shape<Tombstone> = {
	name: 'tombstones',
	comment: 'What is left of items that the server no longer has. One that comes back leaves this table; the table history keeps its removal',
	key: ['id'],
	columns: {
		id: key(schemaWords(tombstoneSchema().shape.id), ({id}) => id),
		item_id: key('The id that the item had', ({itemId}) => itemId),
		type: {type: 'text', comment: wordsOfItem('type'), of: ({item}) => item.type},
		title: {type: 'text', comment: 'The title that it had, without that of its show', of: ({item}) => item.title},
		year: {type: 'integer', comment: wordsOfItem('year'), of: ({item}) => item.year},
		season_number: {type: 'integer', comment: wordsOfItem('seasonNumber'), of: ({item}) => item.seasonNumber},
		episode_number: {type: 'integer', comment: wordsOfItem('episodeNumber'), of: ({item}) => item.episodeNumber},
		server_id: key('The server that it was on', ({serverId}) => serverId),
		library_id: key('The library that it was in', ({libraryId}) => libraryId),
		added_at: {type: 'timestamptz', comment: wordsOfItem('addedAt'), of: ({item}) => item.addedAt},
		removed_at: {type: 'timestamptz', comment: 'When it was removed from the catalogue', of: ({removedAt}) => removedAt},
		run_id: key('The run that removed it', ({runId}) => runId),
		reason: {type: 'text', comment: 'gone: the server no longer listed it; accepted: someone accepted the removal; library-gone: its library is gone; left-library: it went to another library', of: ({reason}) => reason},
		size_bytes: {type: 'bigint', comment: 'The size of the files that it had. Unit: bytes', of: ({item, files}) => itemSize(item, id => objectsIn(files).find(file => file.id === id)?.sizeBytes)},
		item: {type: 'jsonb', comment: schemaWords(tombstoneSchema().shape.item), of: ({item}) => item},
	},
	indexes: {tombstones_by_removed_at: 'ON tombstones (removed_at)'},
};

export const runShape: Shape<Run> = {
	name: 'runs',
	comment: 'Imports, syncs, acceptances of removals and restores',
	key: ['id'],
	columns: {
		id: key('The id of the run', ({id}) => id),
		command: {type: 'text', comment: 'import, sync, accept or restore', of: ({command}) => command},
		status: {type: 'text', comment: 'running, done, partly, failed or cancelled; running with no process that writes means that it was interrupted', of: ({status}) => status},
		started_at: {type: 'timestamptz', comment: 'When it began', of: ({startedAt}) => startedAt},
		finished_at: {type: 'timestamptz', comment: 'When it ended', of: ({finishedAt}) => finishedAt},
		duration_ms: {type: 'bigint', comment: 'How long it took. Unit: ms', of: ({durationMs}) => durationMs},
		requests: {type: 'bigint', comment: 'How many requests the server answered', of: ({requests}) => requests},
		received_bytes: {type: 'bigint', comment: 'How much the server sent. Unit: bytes', of: ({receivedBytes}) => receivedBytes},
		problem_count: {type: 'integer', comment: 'How many problems there were; run_problems has at most the first 100', of: ({problemCount}) => problemCount},
		log: {type: 'text', comment: schemaWords(runSchema().shape.log), of: ({log}) => log},
	},
	indexes: {runs_by_started_at: 'ON runs (started_at)'},
};

type PlacedRun<Part> = {run: Run; part: Part; position: number};

const runKey = {
	run_id: {...key('The run', ({run}: PlacedRun<unknown>) => run.id), rest: 'NOT NULL REFERENCES runs (id) ON DELETE CASCADE'},
	position: {
		type: 'integer', comment: 'The place in the run, from 1', of: ({position}: PlacedRun<unknown>) => position, rest: 'NOT NULL',
	},
} as const satisfies Record<string, Column<PlacedRun<unknown>>>;

type RunLibrary = Run['libraries'][number];
type RunProblem = Run['problems'][number];

const runLibrarySchema = runSchema().shape.libraries.element;

export const runLibraryShape: Shape<PlacedRun<RunLibrary>> = {
	name: 'run_libraries',
	comment: 'What a run did with each library. expected = imported + unchanged + failed + skipped',
	key: ['run_id', 'position'],
	columns: {
		...runKey,
		library_id: key('The library, which may be gone by now', ({part}) => part.id),
		title: {type: 'text', comment: 'The title that the library had', of: ({part}) => part.title},
		mode: {type: 'text', comment: 'import, retry, skip, touch, lists, look, sweep or full', of: ({part}) => part.mode},
		complete: {type: 'boolean', comment: 'The library was read to its end', of: ({part}) => part.complete},
		duration_ms: {type: 'bigint', comment: 'How long the library took. Unit: ms', of: ({part}) => part.durationMs},
		expected: {type: 'integer', comment: 'How many items the server announced', of: ({part}) => part.expected},
		imported: {type: 'integer', comment: 'How many were new or had changed', of: ({part}) => part.imported},
		unchanged: {type: 'integer', comment: 'How many were as before', of: ({part}) => part.unchanged},
		failed: {type: 'integer', comment: 'How many could not be read', of: ({part}) => part.failed},
		skipped: {type: 'integer', comment: 'How many were left out', of: ({part}) => part.skipped},
		held: {type: 'integer', comment: schemaWords(runLibrarySchema.shape.held), of: ({part}) => part.held},
		changes: {type: 'jsonb', comment: schemaWords(runLibrarySchema.shape.changes), of: ({part}) => part.changes},
		notes: {type: 'text[]', comment: schemaWords(runLibrarySchema.shape.notes), of: ({part}) => part.notes},
	},
};

export const runProblemShape: Shape<PlacedRun<RunProblem>> = {
	name: 'run_problems',
	comment: 'What failed in a run, at most the first 100 problems',
	key: ['run_id', 'position'],
	columns: {
		...runKey,
		library_id: key('The library, which may be gone by now', ({part}) => part.libraryId),
		rating_key: {type: 'text', comment: wordsOfItem('ratingKey'), of: ({part}) => part.ratingKey},
		title: {type: 'text', comment: 'The title of the item, where it is known', of: ({part}) => part.title},
		stage: {type: 'text', comment: 'Where in the work it failed', of: ({part}) => part.stage},
		code: {type: 'text', comment: 'The kind of the problem, in one word', of: ({part}) => part.code},
		message: {type: 'text', comment: 'What happened', of: ({part}) => part.message},
		hint: {type: 'text', comment: 'What to do', of: ({part}) => part.hint},
	},
};

export const runParts = <Part extends Record<string, unknown>>(run: Run, parts: readonly Part[]): Array<PlacedRun<Part>> => objectsIn(parts).map((part, index) => ({run, part, position: index + 1}));

type MissingReference = {record_id: string; missing_id: string};

export const missingShape: Shape<MissingReference> = {
	name: 'missing_references',
	comment: 'References of records to records that are not there, which the other tables leave out. "reelcat verify" tells more about them',
	key: ['record_id', 'missing_id'],
	columns: {
		record_id: {...key('The record that refers', ({record_id}: MissingReference) => record_id), rest: 'NOT NULL'},
		missing_id: {...key('What it refers to', ({missing_id}: MissingReference) => idIn(missing_id)), rest: 'NOT NULL'},
	},
	indexes: {missing_references_to: 'ON missing_references (missing_id)'},
};
