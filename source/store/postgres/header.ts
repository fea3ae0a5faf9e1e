import {sql, type Kysely} from 'kysely';
import {AppError} from '../../base/errors.js';
import {plural} from '../../base/text/format.js';
import type {CatalogHeader, Library, Server} from '../../catalog/types.js';
import {emptyHeader} from '../catalog-data.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import type {Tables} from './tables.js';

/**
The header of the catalogue in the tables, of one moment: `db` should be a transaction that sees one.

@throws {AppError} `newer`; `usage` if the tables hold a part of a catalogue that is being copied
*/
export const readHeader = async (db: Kysely<Tables>): Promise<CatalogHeader> => {
	const catalog = await db.selectFrom('catalog').select(['schema_version', 'revision', 'rewinds']).executeTakeFirst();
	if (catalog === undefined) {
		await requireNoCopy(db);
		return emptyHeader();
	}

	const newest = schemaVersionOf(migrations);
	if (catalog.schema_version > newest) {
		throw new AppError('newer', `The catalogue in the database was written by a newer reelcat (format ${catalog.schema_version}; this one knows up to ${newest}).`, {hint: 'Update reelcat.'});
	}

	const servers = await db.selectFrom('servers').select('line').orderBy('position').execute();
	const libraries = await db.selectFrom('libraries').select(['movies', 'shows', 'seasons', 'episodes', 'line']).orderBy('position').execute();
	const rewinds = JSON.parse(catalog.rewinds) as NonNullable<CatalogHeader['rewinds']>;
	return {
		...emptyHeader(),
		schemaVersion: catalog.schema_version,
		revision: catalog.revision,
		servers: servers.map(({line}) => JSON.parse(line) as Server),
		libraries: libraries.map(({line, movies, shows, seasons, episodes}) => ({
			...JSON.parse(line) as Library, counts: {
				movie: movies, show: shows, season: seasons, episode: episodes,
			},
		})),
		...rewinds.length > 0 && {rewinds},
	};
};

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
	db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);

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
