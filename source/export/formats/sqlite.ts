import type {DatabaseSync, SQLInputValue, StatementSync} from 'node:sqlite';
import {AppError} from '../../base/errors.js';
import {loadSqlite} from '../../base/load-sqlite.js';
import {nextTurn} from '../../base/turns.js';
import {externalIdPairs} from '../../catalog/item.js';
import type {CatalogHeader, Item, Version} from '../../catalog/types.js';
import {playedFiles} from '../../catalog/fields/file-fields.js';
import {detailResolver} from '../../query/related.js';
import type {CellValue, ExportColumn, ExportRow} from '../export-columns.js';
import type {ExportFormat, ExportSource, FixedColumn} from '../format.js';
import {
	columnName,
	tableStatements,
	finalStatements,
	sqliteColumns,
} from '../sqlite-tables.js';

// Programs that read the file end a text at NUL, and half a character is no UTF-8.
const plainText = (text: string) => text.toWellFormed().replaceAll('\0', '');

const sqlValue = (value: CellValue): SQLInputValue => {
	if (value === undefined) {
		return null;
	}

	if (typeof value === 'number') {
		return value;
	}

	return typeof value === 'boolean' ? Number(value) : plainText(typeof value === 'string' ? value : JSON.stringify(value));
};

/**
Statements that are prepared when they are first needed; rows that are there already are left alone.
*/
const createInserter = (database: DatabaseSync) => {
	const statements = new Map<string, StatementSync>();
	return (table: string, values: readonly CellValue[], columns = '') => {
		const key = `${table}${columns}`;
		const statement = statements.get(key) ?? database.prepare(`INSERT OR IGNORE INTO ${table}${columns} VALUES (${values.map(() => '?').join(', ')})`);
		statements.set(key, statement);
		statement.run(...values.map(value => sqlValue(value)));
	};
};

type Insert = ReturnType<typeof createInserter>;

const insertHeader = (insert: Insert, {servers, libraries}: CatalogHeader) => {
	for (const {id, name} of servers) {
		insert('servers', [id, name]);
	}

	for (const {id, serverId, key, title, type} of libraries) {
		insert('libraries', [id, serverId, key, title, type]);
	}
};

const namesOf = (columns: readonly ExportColumn[]) => columns.map(column => `"${columnName(column)}"`).join(', ');

const itemNames = ` (libraryId, showId, seasonId, showTitle, ${namesOf(sqliteColumns.items)})`;

const insertItem = (insert: Insert, row: ExportRow) => {
	const {item, show} = row.detail;
	insert('items', [item.libraryId, item.showId, item.seasonId, show?.title, ...sqliteColumns.items.map(column => column.cell(row))], itemNames);
	for (const [position, version] of item.versions.entries()) {
		insertVersion(insert, {...row, version}, position);
	}

	insertPeople(insert, row);
	for (const [position, tagId] of [item.genres, item.countries, item.studios, item.collections, item.labels].flat().entries()) {
		const tag = row.detail.tags.get(tagId);
		if (tag === undefined) {
			continue;
		}

		insert('tags', [tag.id, tag.tagKind, tag.name]);
		insert('itemTags', [item.id, tag.id, position]);
	}

	insertLists(insert, item);
};

const insertLists = (insert: Insert, item: Item) => {
	for (const [source, id] of externalIdPairs(item)) {
		insert('externalIds', [item.id, source, id]);
	}

	for (const [position, {source, kind, value}] of item.ratings.entries()) {
		insert('ratings', [item.id, position, source, kind, value]);
	}

	for (const [position, {title, startMs, endMs}] of (item.chapters ?? []).entries()) {
		insert('chapters', [item.id, position, title, startMs, endMs]);
	}

	for (const [position, {kind, startMs, endMs}] of (item.markers ?? []).entries()) {
		insert('markers', [item.id, position, kind, startMs, endMs]);
	}
};

const insertVersion = (insert: Insert, row: ExportRow & {version: Version}, position: number) => {
	const {version, detail} = row;
	const {id} = detail.item;
	insert('versions', [id, position, ...sqliteColumns.versions.map(column => column.cell(row))]);
	for (const file of playedFiles({versions: [version]}, detailResolver(detail))) {
		insert('files', sqliteColumns.files.map(column => column.cell({...row, file})));
	}

	for (const [index, {fileId, partId, key, durationMs, unavailable}] of version.parts.entries()) {
		insert('parts', [id, position, index, fileId, partId, key, durationMs, unavailable]);
	}

	for (const [index, track] of (version.audio ?? []).entries()) {
		insert('tracks', [id, position, 'audio', index, track.codec, track.channels, track.language, track.languageCode, track.title, JSON.stringify(track)]);
	}

	for (const [index, track] of (version.subtitles ?? []).entries()) {
		insert('tracks', [id, position, 'subtitle', index, track.codec, undefined, track.language, track.languageCode, track.title, JSON.stringify(track)]);
	}
};

const insertPeople = (insert: Insert, {detail: {item, people}}: ExportRow) => {
	for (const {id, name, plexKey, thumb} of people.values()) {
		insert('people', [id, name, plexKey, thumb]);
	}

	const credits: ReadonlyArray<readonly [kind: string, members: ReadonlyArray<{personId: string; role?: string | undefined}>]> = [
		['director', item.directors.map(personId => ({personId}))],
		['writer', item.writers.map(personId => ({personId}))],
		['producer', item.producers.map(personId => ({personId}))],
		['actor', item.cast],
	];
	for (const [kind, members] of credits) {
		for (const [position, {personId, role}] of members.entries()) {
			if (people.has(personId)) {
				insert('credits', [item.id, kind, position, personId, role]);
			}
		}
	}
};

const diskFull = 13;

const writeSqlite = async ({rows, header, signal}: ExportSource, file: string) => {
	const sqlite = loadSqlite();
	// The defence keeps the journal of a database even where it is switched off.
	const database = new sqlite.DatabaseSync(file, {enableForeignKeyConstraints: false, defensive: false});
	try {
		// Nobody else reads the file yet, and it is synced as a whole.
		database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;');
		// A drive that cannot keep a database says so at the first commit, before any row was read.
		database.exec(`BEGIN; ${tableStatements}; COMMIT; BEGIN`);
		const insert = createInserter(database);
		insertHeader(insert, header);
		for await (const row of rows('item')) {
			insertItem(insert, row);
		}

		for (const statement of finalStatements) {
			await nextTurn();
			signal.throwIfAborted();
			database.exec(statement);
		}

		database.exec('COMMIT');
	} catch (error) {
		throw error instanceof Error && 'errcode' in error && error.errcode === diskFull
			? new AppError('disk-full', 'The disk is full.', {hint: 'Make room on this disk and try again.', cause: error})
			: error;
	} finally {
		database.close();
	}
};

const tables: readonly FixedColumn[] = [
	{name: 'servers, libraries', from: 'server, library', about: 'What there is, with keys'},
	{name: 'items', from: 'all fields of an item with one value, and the other ones as JSON', about: 'Films, shows, seasons and episodes; showId and seasonId lead to their parents'},
	{name: 'versions, parts, files, tracks', from: 'versions, files', about: 'What is played, with picture, sound and paths'},
	{name: 'people, credits', from: 'directors, writers, producers, cast', about: 'Who made it, and who plays whom'},
	{name: 'tags, itemTags', from: 'genres, countries, studios, collections, labels', about: 'What it is filed under'},
	{name: 'externalIds, ratings', from: 'ids, ratings', about: 'Ids and ratings by their source'},
	{name: 'chapters, markers', from: 'chapters, markers', about: 'Where parts of it begin and end'},
	{name: 'search', from: 'title, originalTitle, tagline, summary', about: 'FTS5: finds words whatever their accents are'},
	{name: 'films, episodes, playedFiles, duplicates', from: 'views', about: 'Ready answers'},
];

export const sqliteFormat: ExportFormat = {
	about: 'A database with tables, keys, views and full-text search',
	extension: 'sqlite',
	isBinary: true,
	columns: tables,
	takes: [],
	writeFile: writeSqlite,
};
