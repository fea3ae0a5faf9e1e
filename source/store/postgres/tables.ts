import {sql, type Kysely} from 'kysely';
import {Migrator, type Migration} from 'kysely/migration';
import {AppError, errorCode} from '../../base/errors.js';
import type {Server} from '../../catalog/types.js';
import {listShapes} from './answers/list-shapes.js';
import {makeListTables} from './answers/make-list.js';
import {makeReadable} from './readable/make-readable.js';
import {views} from './readable/views.js';
import type {Tables} from './table-types.js';

const copyingComments = {
	'TABLE copying': 'Has a row while "reelcat store migrate" copies a catalogue into these tables',
	'COLUMN copying.singleton': 'Always true: there is one row at most',
	'COLUMN copying.source': 'Of which catalogue it is a copy',
	'COLUMN copying.fingerprint': 'In which state that catalogue was when the copy began',
	'COLUMN copying.records': 'How many records are here',
	'COLUMN copying.events': 'How many events of the history are here',
};

const writerComments = {
	'TABLE writer': 'The processes that write at the moment. A row may be left over from one that has ended; its lock is not',
	'COLUMN writer.token': 'Tells this writer from every other one',
	'COLUMN writer.backend': 'The number of the process of PostgreSQL that holds its lock',
	'COLUMN writer.servers': 'Ids of the servers for which it writes; NULL for the whole catalogue',
	'COLUMN commits.servers': 'Ids of the servers for which its process wrote; NULL for the whole catalogue',
};

const jobsComments = {
	'TABLE jobs': 'The jobs of the daemons, so that one that takes over goes on with them',
	'COLUMN jobs.server_id': 'Of which server; with a time behind it for a queue that could not be read',
	'COLUMN jobs.queue': 'The jobs that wait and the last ones that ended, as JSON',
};

const comment = async (db: Kysely<unknown>, comments: Readonly<Record<string, string>>) =>
	sql.raw(Object.entries(comments).map(([on, text]) => `COMMENT ON ${on} IS '${text}'`).join('; ')).execute(db);

/**
Each step of the tables, by its name. A step that was released is never changed; a later one changes what it made.
*/
const steps: Record<string, Migration> = {
	'001-catalog': {
		async up(db: Kysely<unknown>) {
			await sql`
				CREATE TABLE catalog (
					singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
					schema_version integer NOT NULL,
					revision bigint NOT NULL,
					rewinds text NOT NULL DEFAULT '[]'
				)
			`.execute(db);
			await sql`
				CREATE TABLE servers (
					id text COLLATE "C" PRIMARY KEY,
					position bigint GENERATED ALWAYS AS IDENTITY,
					line text NOT NULL
				)
			`.execute(db);
			await sql`
				CREATE TABLE libraries (
					id text COLLATE "C" PRIMARY KEY,
					position bigint GENERATED ALWAYS AS IDENTITY,
					movies integer NOT NULL DEFAULT 0,
					shows integer NOT NULL DEFAULT 0,
					seasons integer NOT NULL DEFAULT 0,
					episodes integer NOT NULL DEFAULT 0,
					line text NOT NULL
				)
			`.execute(db);
			await sql`
				CREATE TABLE records (
					id text COLLATE "C" PRIMARY KEY,
					position bigint GENERATED ALWAYS AS IDENTITY,
					kind text NOT NULL,
					type text,
					library_id text COLLATE "C",
					line text NOT NULL
				)
			`.execute(db);
			await sql`CREATE UNIQUE INDEX records_of_kind ON records (kind, position)`.execute(db);
			await sql`CREATE INDEX records_of_library ON records (library_id, type, position) WHERE library_id IS NOT NULL`.execute(db);
			await sql`CREATE UNIQUE INDEX records_in_order ON records (position)`.execute(db);
			await sql`
				CREATE TABLE commits (
					revision bigint PRIMARY KEY,
					token text NOT NULL,
					upserted text[] NOT NULL,
					removed text[] NOT NULL,
					is_reload boolean NOT NULL DEFAULT false
				)
			`.execute(db);
			await sql`
				CREATE TABLE history (
					number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
					at text COLLATE "C" NOT NULL,
					revision bigint NOT NULL,
					line text NOT NULL
				)
			`.execute(db);
			await sql`CREATE INDEX history_by_time ON history (at)`.execute(db);
			await sql`
				CREATE TABLE writer (
					singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
					pid integer NOT NULL,
					host text NOT NULL,
					started_at text NOT NULL,
					token text NOT NULL
				)
			`.execute(db);
		},
	},
	'002-readable': {
		up: async (db: Kysely<unknown>) => makeReadable(db),
	},
	'003-copying': {
		async up(db: Kysely<unknown>) {
			await sql`
				CREATE TABLE copying (
					singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
					source text NOT NULL,
					fingerprint text NOT NULL,
					records bigint NOT NULL DEFAULT 0,
					events bigint NOT NULL DEFAULT 0
				)
			`.execute(db);
			await comment(db, copyingComments);
		},
	},
	'004-writers': {
		async up(db: Kysely<unknown>) {
			await sql`ALTER TABLE writer DROP COLUMN singleton, ADD COLUMN backend integer NOT NULL DEFAULT 0, ADD COLUMN servers text[], ADD PRIMARY KEY (token)`.execute(db);
			await sql`ALTER TABLE commits ADD COLUMN servers text[]`.execute(db);
			await comment(db, writerComments);
		},
	},
	'005-lists': {
		up: async (db: Kysely<unknown>) => makeListTables(db),
	},
	'006-jobs': {
		async up(db: Kysely<unknown>) {
			await sql`CREATE TABLE jobs (server_id text COLLATE "C" PRIMARY KEY, queue text NOT NULL)`.execute(db);
			await comment(db, jobsComments);
		},
	},
	'007-list-indexes': {
		async up(db: Kysely<unknown>) {
			await sql`CREATE INDEX IF NOT EXISTS list_rows_by_type ON list_rows (type, library_id)`.execute(db);
			await sql`CREATE INDEX IF NOT EXISTS list_rows_by_language ON list_rows USING gin (audio_languages, subtitle_languages)`.execute(db);
		},
	},
	'008-lookup-indexes': {
		async up(db: Kysely<unknown>) {
			await sql`CREATE INDEX IF NOT EXISTS items_of_key ON items USING hash (rating_key)`.execute(db);
			await sql`CREATE INDEX IF NOT EXISTS items_of_guid ON items USING hash (guid)`.execute(db);
			await sql`CREATE INDEX IF NOT EXISTS items_missing ON items (library_id) WHERE missing_since IS NOT NULL`.execute(db);
			await sql`CREATE INDEX IF NOT EXISTS items_unavailable ON items (library_id) WHERE trashed_at IS NOT NULL OR is_without_file`.execute(db);
		},
	},
	'009-late-indexes': {
		async up(db: Kysely<unknown>) {
			await sql`ALTER TABLE catalog ADD COLUMN IF NOT EXISTS are_indexes_late boolean NOT NULL DEFAULT false`.execute(db);
			await comment(db, {'COLUMN catalog.are_indexes_late': 'Whether indexes for those who ask are missing, because a first import has not ended yet'});
		},
	},
	'010-folded-signs': {
		// The texts that queries ask were folded in another way before.
		async up(db: Kysely<Tables>) {
			for (const {name} of listShapes) {
				await sql`DROP TABLE ${sql.id(name)}`.execute(db);
			}

			await makeListTables(db);
		},
	},
	'011-dated-gaps': {
		// Seasons with episodes numbered by month and day had gaps before.
		async up(db: Kysely<unknown>) {
			const {name, query, comment: text} = views.find(view => view.name === 'missing_episodes')!;
			await sql.raw(`CREATE OR REPLACE VIEW ${name} AS ${query}`).execute(db);
			await comment(db, {[`VIEW ${name}`]: text});
		},
	},
};

const newer = () => new AppError('newer', 'The tables in the database were made by a newer reelcat.', {hint: 'Update reelcat, or name another schema in the address of the store.'});

/**
Makes the schema and its tables, or brings them up to date. Two processes that do so at the same time wait for each other. Where nothing is to be done, this is one statement.

@returns what the tables were before
@throws {AppError} `newer`
*/
export const migrateTables = async (db: Kysely<Tables>, schema: string): Promise<'none' | 'older' | 'same'> => {
	const state = await tablesState(db, schema);
	if (state === 'same') {
		return state;
	}

	if (state === 'newer') {
		throw newer();
	}

	if (!await hasSchema(db, schema)) {
		// Only who makes a schema needs the right to. Where another process makes it at the same moment, IF NOT EXISTS does not help.
		try {
			await sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(schema)}`.execute(db);
		} catch (error) {
			if (!await hasSchema(db, schema)) {
				throw error;
			}
		}
	}

	const migrator = new Migrator({db, provider: {getMigrations: async () => steps}, migrationTableSchema: schema});
	const {error} = await migrator.migrateToLatest();
	if (error !== undefined) {
		throw error as Error;
	}

	return state;
};

/**
How PostgreSQL says that there is no such table or schema.
*/
const isMissing = (error: unknown) => ['42P01', '3F000'].includes(errorCode(error) ?? '');

/**
Whether the tables are those of this reelcat. A reader changes none.
*/
export const tablesState = async (db: Kysely<Tables>, schema: string): Promise<'none' | 'older' | 'same' | 'newer'> => {
	let names: string[];
	try {
		const {rows} = await sql<{name: string}>`SELECT name FROM ${sql.id(schema, 'kysely_migration')}`.execute(db);
		names = rows.map(({name}) => name);
	} catch (error) {
		if (isMissing(error)) {
			return 'none';
		}

		throw error;
	}

	const known = Object.keys(steps);
	if (names.some(name => !known.includes(name))) {
		return 'newer';
	}

	return names.length === known.length ? 'same' : (names.length === 0 ? 'none' : 'older');
};

/**
The servers of the catalogue in the tables of any version, if there are tables.
*/
export const storedServers = async (db: Kysely<Tables>, schema: string): Promise<Server[]> => {
	const rows = await tablesState(db, schema) === 'none' ? [] : await db.selectFrom('servers').select('line').execute();
	return rows.map(({line}) => JSON.parse(line) as Server);
};

/**
@throws {AppError} `newer` or `damaged` where a reader cannot use the tables
*/
export const requireTables = async (db: Kysely<Tables>, {schema, text}: {schema: string; text: string}): Promise<void> => {
	const state = await tablesState(db, schema);
	if (state === 'newer') {
		throw newer();
	}

	if (state !== 'same') {
		throw new AppError('usage', state === 'none' ? `There is no catalogue in ${text} yet.` : `The tables in ${text} were made by an older reelcat.`, {
			hint: 'A command that writes makes them: "reelcat import", "reelcat sync" or "reelcat store migrate".',
		});
	}
};

const hasSchema = async (db: Kysely<Tables>, schema: string): Promise<boolean> => {
	const {rows} = await sql<{found: boolean}>`SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ${schema}) AS found`.execute(db);
	return rows[0]?.found === true;
};
