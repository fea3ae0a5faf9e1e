import {sql, type Kysely} from 'kysely';
import {AppError} from '../../base/errors.js';
import {plural} from '../../base/text/format.js';
import type {CatalogHeader, Library, Server} from '../../catalog/types.js';
import {emptyHeader} from '../catalog-data.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import type {Nullable, Tables} from './table-types.js';

/**
A header with the token of its last commit, where it is known. A revision alone does not tell a commit from another one: after a failover that lost some, or in a database that was set back, it is given a second time.
*/
export type Head = {header: CatalogHeader; token: string | undefined};

/**
The header of the catalogue in the tables, in one statement, so it is that of one moment.

@throws {AppError} `newer`; `usage` if the tables hold a part of a catalogue that is being copied
*/
export const readHead = async (db: Kysely<Tables>): Promise<Head> => {
	const {rows} = await sql<{schemaVersion: number; revision: number; token: Nullable<string>; rewinds: string; servers: string[]; libraries: LibraryRow[]}>`
		SELECT schema_version AS "schemaVersion", revision, rewinds, (SELECT token FROM commits WHERE commits.revision = catalog.revision) AS token,
			(SELECT coalesce(json_agg(line ORDER BY position), '[]') FROM servers) AS servers,
			(SELECT coalesce(json_agg(json_build_array(line, movies, shows, seasons, episodes) ORDER BY position), '[]') FROM libraries) AS libraries
		FROM catalog
	`.execute(db);
	const [catalog] = rows;
	if (catalog === undefined) {
		await requireNoCopy(db);
		return {header: emptyHeader(), token: undefined};
	}

	const newest = schemaVersionOf(migrations);
	if (catalog.schemaVersion > newest) {
		throw new AppError('newer', `The catalogue in the database was written by a newer reelcat (format ${catalog.schemaVersion}; this one knows up to ${newest}).`, {hint: 'Update reelcat.'});
	}

	const rewinds = JSON.parse(catalog.rewinds) as NonNullable<CatalogHeader['rewinds']>;
	const header = {
		...emptyHeader(),
		schemaVersion: catalog.schemaVersion,
		revision: catalog.revision,
		servers: catalog.servers.map(line => JSON.parse(line) as Server),
		libraries: catalog.libraries.map(([line, movie, show, season, episode]) => ({
			...JSON.parse(line) as Library, counts: {
				movie, show, season, episode,
			},
		})),
		...rewinds.length > 0 && {rewinds},
	};
	return {header, token: catalog.token ?? undefined};
};

export const readHeader = async (db: Kysely<Tables>): Promise<CatalogHeader> => {
	const {header} = await readHead(db);
	return header;
};

type LibraryRow = [line: string, movies: number, shows: number, seasons: number, episodes: number];

/**
The tables of an unfinished copy are no catalogue: the row in `catalog` comes last.
*/
const requireNoCopy = async (db: Kysely<Tables>) => {
	const copying = await db.selectFrom('copying').select(['records', 'events']).executeTakeFirst();
	if (copying !== undefined) {
		throw new AppError('usage', `The database holds a catalogue that was not copied to its end (${plural(copying.records, 'record')} and ${plural(copying.events, 'history event')} so far).`, {
			hint: 'Wait for "reelcat store migrate", or start it again: it goes on where it ended. To give the copy up, drop the schema.',
		});
	}
};

/**
Does some reading that sees one moment of the catalogue, whatever is committed meanwhile.
*/
export const atOneMoment = async <Value>(db: Kysely<Tables>, read: (db: Kysely<Tables>) => Promise<Value>): Promise<Value> =>
	db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(async moment => {
		// The first look decides the moment. A restore empties tables for earlier moments, too, and this waits for its end before.
		await sql`LOCK TABLE records IN ACCESS SHARE MODE`.execute(moment);
		return read(moment);
	});

/**
The channel on which the commits of a schema are told.
*/
export const channelOf = (schema: string): string => `${schema}_commits`;

/**
Tells all who listen of a commit, when it is one.
*/
export const tellCommit = async (db: Kysely<Tables>, schema: string, revision: number): Promise<void> => {
	await sql`SELECT pg_notify(${channelOf(schema)}, ${String(revision)})`.execute(db);
};
