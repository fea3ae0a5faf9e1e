import {exportedName} from '../catalog/fields/exported.js';
import {fileFieldList} from '../catalog/fields/file-fields.js';
import type {NamedField} from '../catalog/fields/field.js';
import {itemFieldList} from '../catalog/fields/item-fields.js';
import {versionFieldList} from '../catalog/fields/version-fields.js';
import {exportColumns, type CellType, type ExportColumn} from './export-columns.js';
import type {RowLevel} from './levels.js';

/**
Raised when a table, a column or its meaning changes; it is the `user_version` of the file.
*/
export const sqliteVersion = 1;

const exportedNames = (fields: ReadonlyArray<NamedField<never>>, without: readonly string[]) => fields
	.filter(({name}) => !without.includes(name))
	.flatMap(field => exportedName(field) ?? []);

// These have tables or keys of their own.
const keptElsewhere = {
	item: ['serverId', 'libraryId', 'showId', 'seasonId', 'ids', 'ratings', 'studios', 'genres', 'countries', 'collections', 'labels', 'directors', 'writers', 'producers', 'cast', 'people', 'versions', 'files', 'chapters', 'markers'],
	version: ['fileIds', 'audio', 'subtitles'],
	file: ['part', 'parts', 'sharedWith', 'unavailable', 'optimized', 'partId', 'partKey'],
} as const;

const columnsOf = (level: RowLevel, fields: ReadonlyArray<NamedField<never>>): ExportColumn[] => {
	const prefix = level === 'item' ? '' : `${level}.`;
	return exportColumns(exportedNames(fields, keptElsewhere[level]).map(name => `${prefix}${name}`), level);
};

export const sqliteColumns = {
	items: columnsOf('item', itemFieldList),
	versions: columnsOf('version', versionFieldList),
	files: columnsOf('file', fileFieldList),
};

// To SQLite, BIGINT is INTEGER, and DOUBLE is REAL. Drivers of ODBC give the numbers of a column that is called INTEGER 32 bits, and files are larger; pgloader gives those of REAL four bytes, in which 7.3 is another number.
const affinities: Readonly<Record<CellType, string>> = {
	text: 'TEXT', integer: 'BIGINT', decimal: 'DOUBLE', boolean: 'INTEGER', date: 'TEXT', instant: 'TEXT', list: 'TEXT', json: 'TEXT',
};

/**
The name of a column in its table.
*/
export const columnName = ({name}: Pick<ExportColumn, 'name'>): string => name.replace(/^(?:version|file)\./v, '');

const definitions = (columns: readonly ExportColumn[], without: readonly string[]) => columns
	.filter(column => !without.includes(columnName(column)))
	.map(column => `"${columnName(column)}" ${affinities[column.type]}`)
	.join(', ');

/**
The tables, in an order in which each refers only to those before it or to itself. Keys between tables are checked at the end.
*/
export const tableStatements = `
CREATE TABLE servers (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE libraries (id TEXT PRIMARY KEY, serverId TEXT NOT NULL REFERENCES servers (id), key TEXT NOT NULL, title TEXT NOT NULL, type TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, libraryId TEXT NOT NULL REFERENCES libraries (id), showId TEXT REFERENCES items (id), seasonId TEXT REFERENCES items (id), showTitle TEXT, ${definitions(sqliteColumns.items, ['id'])});
CREATE TABLE versions (itemId TEXT NOT NULL REFERENCES items (id), position INTEGER NOT NULL, ${definitions(sqliteColumns.versions, [])}, PRIMARY KEY (itemId, position)) WITHOUT ROWID;
CREATE TABLE files (id TEXT PRIMARY KEY, ${definitions(sqliteColumns.files, ['id'])}) WITHOUT ROWID;
CREATE TABLE parts (itemId TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, fileId TEXT NOT NULL REFERENCES files (id), partId TEXT, key TEXT, durationMs INTEGER, unavailable INTEGER, PRIMARY KEY (itemId, version, position), FOREIGN KEY (itemId, version) REFERENCES versions (itemId, position)) WITHOUT ROWID;
CREATE TABLE tracks (itemId TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, codec TEXT, channels INTEGER, language TEXT, languageCode TEXT, title TEXT, details TEXT NOT NULL, PRIMARY KEY (itemId, version, kind, position), FOREIGN KEY (itemId, version) REFERENCES versions (itemId, position)) WITHOUT ROWID;
CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, plexKey TEXT, picture TEXT) WITHOUT ROWID;
CREATE TABLE credits (itemId TEXT NOT NULL REFERENCES items (id), kind TEXT NOT NULL, position INTEGER NOT NULL, personId TEXT NOT NULL REFERENCES people (id), role TEXT, PRIMARY KEY (itemId, kind, position)) WITHOUT ROWID;
CREATE TABLE tags (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE itemTags (itemId TEXT NOT NULL REFERENCES items (id), tagId TEXT NOT NULL REFERENCES tags (id), position INTEGER NOT NULL, PRIMARY KEY (itemId, tagId)) WITHOUT ROWID;
CREATE TABLE externalIds (itemId TEXT NOT NULL REFERENCES items (id), source TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (itemId, source, id)) WITHOUT ROWID;
CREATE TABLE ratings (itemId TEXT NOT NULL REFERENCES items (id), position INTEGER NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, value DOUBLE NOT NULL, PRIMARY KEY (itemId, position)) WITHOUT ROWID;
CREATE TABLE chapters (itemId TEXT NOT NULL REFERENCES items (id), position INTEGER NOT NULL, title TEXT, startMs INTEGER, endMs INTEGER, PRIMARY KEY (itemId, position)) WITHOUT ROWID;
CREATE TABLE markers (itemId TEXT NOT NULL REFERENCES items (id), position INTEGER NOT NULL, kind TEXT NOT NULL, startMs INTEGER, endMs INTEGER, PRIMARY KEY (itemId, position)) WITHOUT ROWID;
`;

// Copies that Plex made count only where an item has nothing else.
const ofOriginals = '(optimized IS NOT 1 AND proxy IS NOT 1) = (SELECT max(optimized IS NOT 1 AND proxy IS NOT 1) FROM versions WHERE itemId = items.id)';

/**
Made when the rows are there, which is quicker. An item whose show or season was not exported does not refer to it.
*/
export const finalStatements: readonly string[] = `
UPDATE items SET showId = NULL WHERE showId IS NOT NULL AND showId NOT IN (SELECT id FROM items);
UPDATE items SET seasonId = NULL WHERE seasonId IS NOT NULL AND seasonId NOT IN (SELECT id FROM items);
CREATE INDEX itemsByLibrary ON items (libraryId, type);
CREATE INDEX itemsByShow ON items (showId, seasonNumber, episodeNumber);
CREATE INDEX itemsBySeason ON items (seasonId);
CREATE INDEX itemsByTitle ON items (title COLLATE NOCASE);
CREATE INDEX partsByFile ON parts (fileId);
CREATE INDEX creditsByPerson ON credits (personId);
CREATE INDEX peopleByName ON people (name COLLATE NOCASE);
CREATE INDEX itemTagsByTag ON itemTags (tagId);
CREATE INDEX tagsByName ON tags (kind, name COLLATE NOCASE);
CREATE INDEX externalIdsById ON externalIds (source, id);
CREATE VIRTUAL TABLE search USING fts5 (title, originalTitle, tagline, summary, content="items", content_rowid='number', tokenize='unicode61 remove_diacritics 2');
INSERT INTO search (search) VALUES ('rebuild');
CREATE VIEW films AS
	SELECT items.id, libraries.title AS library, items.title, items.editionTitle, items.year, items.durationMs, items.viewCount, items.userRating,
		(SELECT count(*) FROM versions WHERE versions.itemId = items.id AND ${ofOriginals}) AS versions,
		(SELECT max(width) FROM versions WHERE versions.itemId = items.id AND ${ofOriginals}) AS width,
		(SELECT sum(sizeBytes) FROM files WHERE files.id IN (SELECT fileId FROM versions JOIN parts ON parts.itemId = versions.itemId AND parts.version = versions.position WHERE versions.itemId = items.id AND ${ofOriginals})) AS sizeBytes
	FROM items JOIN libraries ON libraries.id = items.libraryId WHERE items.type = 'movie';
CREATE VIEW episodes AS
	SELECT items.id, libraries.title AS library, items.showTitle AS show, items.seasonNumber, items.episodeNumber, items.title, items.releaseDate, items.durationMs, items.viewCount
	FROM items JOIN libraries ON libraries.id = items.libraryId WHERE items.type = 'episode';
CREATE VIEW playedFiles AS
	SELECT files.path, files.sizeBytes, items.id AS itemId, items.type, items.showTitle AS show, items.title, parts.version, parts.position AS part
	FROM parts JOIN files ON files.id = parts.fileId JOIN items ON items.id = parts.itemId;
CREATE VIEW duplicates AS
	SELECT externalIds.source, externalIds.id AS externalId, count(DISTINCT items.id) AS items, group_concat(DISTINCT items.title) AS titles
	FROM externalIds JOIN items ON items.id = externalIds.itemId WHERE items.type = 'movie' GROUP BY externalIds.source, externalIds.id HAVING count(DISTINCT items.id) > 1;
PRAGMA user_version = ${sqliteVersion};
`.trim().split(/(?<=;)\n/v);
