type Comments = Readonly<Record<string, {comment: string; columns: Readonly<Record<string, string>>}>>;

const position = 'The place in the order of the catalogue';

/**
What the tables of the catalogue itself are. They are for reelcat, which makes the readable ones of them.
*/
export const catalogComments: Comments = {
	catalog: {
		comment: 'One row: the state of the catalogue. Only reelcat changes it',
		columns: {
			singleton: 'There is no second row',
			schema_version: 'The format of the records',
			revision: 'A number that grows with each commit',
			rewinds: 'Pairs of revisions between which the history does not hold, because a backup was restored',
		},
	},
	servers: {
		comment: 'The Plex Media Servers that the catalogue knows',
		columns: {id: 'The id of the server: the machineIdentifier under which it was first met', position, line: 'The server as JSON, of which reelcat fills the other columns'},
	},
	libraries: {
		comment: 'The libraries that were imported, with how many items they have',
		columns: {
			id: 'The id of the library, usually the uuid under which it was first seen',
			position,
			movies: 'How many movies it has',
			shows: 'How many shows it has',
			seasons: 'How many seasons it has',
			episodes: 'How many episodes it has',
			line: 'The library as JSON, of which reelcat fills the other columns',
		},
	},
	records: {
		comment: 'The catalogue itself, a row for each record. Only reelcat changes it; the other tables show the same for people',
		columns: {
			id: 'The id of the record',
			position,
			kind: 'item, person, tag, file, collection, playlist, tombstone or run',
			type: 'The type of an item',
			library_id: 'The library of an item',
			line: 'The record as JSON; docs/schema/catalog-record.schema.json says what is in it',
		},
	},
	commits: {
		comment: 'The last commits, by which other processes follow',
		columns: {
			revision: 'The revision that the commit led to',
			token: 'Tells the commit from every other one',
			upserted: 'Ids of the records that were put',
			removed: 'Ids of the records that were removed',
			is_reload: 'Everything was replaced',
		},
	},
	history: {
		comment: 'What happened to items, collections, playlists and libraries, in order. The view changes leaves out what a restored backup has undone',
		columns: {
			number: 'The place in the order of events',
			at: 'When it was noticed, as in the line',
			revision: 'The revision of the commit that it belongs to',
			line: 'The event as JSON, of which reelcat fills the other columns',
		},
	},
	writer: {
		comment: 'The process that writes at the moment. The row may be left over from one that has ended; its lock is not',
		columns: {
			singleton: 'There is no second row',
			pid: 'The number of the process on its machine',
			host: 'Its machine',
			started_at: 'When it began to write',
			token: 'Tells this writer from every other one',
		},
	},
};
