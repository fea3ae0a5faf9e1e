import {execFileSync, spawnSync} from 'node:child_process';
import {readdir} from 'node:fs/promises';
import test from 'ava';
import {loadSqlite} from '../../../source/base/load-sqlite.js';
import {sqliteColumns, columnName} from '../../../source/export/sqlite-tables.js';
import {mediaFile} from '../../helpers/events.js';
import {makeItem} from '../../query/_items.js';
import {
	exportFolder,
	exportRun,
	exportToFile,
	hostileStore,
	hostileTitles,
	mixedStore,
	storeWith,
} from '../_exports.js';

type Row = Record<string, string | number | undefined>;

const hasProgram = spawnSync('sqlite3', ['-version']).status === 0;

const askProgram = (file: string, sql: string) => {
	const answer = execFileSync('sqlite3', ['-json', '-readonly', file, sql], {encoding: 'utf8'});
	// It prints nothing where there is no row.
	return answer === '' ? [] : JSON.parse(answer) as Row[];
};

const askNode = (file: string, sql: string) => {
	const {DatabaseSync} = loadSqlite();
	const database = new DatabaseSync(file, {readOnly: true});
	const rows = database.prepare(sql).all().map(row => ({...row}));
	database.close();
	return rows as Row[];
};

// Where there is no sqlite3 program, SQLite itself is asked through Node.js, which has written the file.
const ask = hasProgram ? askProgram : askNode;

const inProgram = hasProgram ? test : test.skip;

test('the file is in order, and every key leads somewhere, also when parents were not exported', async t => {
	const store = await mixedStore();
	for (const args of [[], ['type:episode'], ['limit:1']]) {
		const {file} = await exportToFile(t, store, {name: 'all.sqlite', args});
		t.deepEqual(ask(file, 'PRAGMA integrity_check'), [{integrity_check: 'ok'}]);
		t.deepEqual(ask(file, 'PRAGMA foreign_key_check'), []);
		t.deepEqual(ask(file, 'PRAGMA user_version'), [{user_version: 1}]);
		t.true(ask(file, 'SELECT * FROM items').length > 0);
	}
});

test('while the file is written, no journal is beside it, which would stay there after a kill', async t => {
	const store = await mixedStore();
	const folder = await exportFolder(t);
	const seen: string[] = [];
	await exportRun({
		...store,
		async getMany(...args) {
			seen.push(...await readdir(folder));
			return store.getMany(...args);
		},
	}, ['-o', `${folder}/all.sqlite`]);
	t.true(seen.length > 0);
	t.deepEqual(seen.filter(name => name.includes('journal')), []);
});

test('what the catalogue knows can be asked', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.db'});
	t.like(ask(file, 'SELECT * FROM items WHERE id = \'movie42\'')[0], {
		title: 'Nosferatu', year: 1922, releaseDate: '1922-03-04', userRating: 7.5, placeholder: 1, showId: 'show1', showTitle: 'The Show', folders: '["/films/folder"]',
	});
	t.deepEqual(ask(file, 'SELECT path, title, version, part FROM playedFiles WHERE itemId = \'movie42\' ORDER BY part'), [
		{
			path: '/films/n1.mkv', title: 'Nosferatu', version: 0, part: 0,
		},
		{
			path: '/films/n2.mkv', title: 'Nosferatu', version: 0, part: 1,
		},
	]);
	t.deepEqual(ask(file, 'SELECT people.name, credits.kind, role FROM credits JOIN people ON people.id = personId ORDER BY credits.kind, position'), [
		{name: 'Schreck', kind: 'actor', role: 'Orlok'},
		{name: 'Murnau', kind: 'actor', role: null},
		{name: 'Murnau', kind: 'director', role: null},
		{name: 'Grau', kind: 'producer', role: null},
		{name: 'Galeen', kind: 'writer', role: null},
	]);
	t.deepEqual(ask(file, 'SELECT kind, name FROM tags ORDER BY kind').map(({kind, name}) => `${kind} ${name}`), ['collection Silent', 'country Germany', 'genre Horror', 'label Keep', 'studio Prana']);
	t.deepEqual(ask(file, 'SELECT source, id FROM externalIds ORDER BY source, id').map(({source, id}) => `${source} ${id}`), ['anidb 33', 'imdb tt1', 'imdb tt2', 'tmdb 31', 'tvdb 32']);
	t.deepEqual(ask(file, 'SELECT kind, codec, channels FROM tracks ORDER BY kind'), [{kind: 'audio', codec: 'truehd', channels: 8}, {kind: 'subtitle', codec: 'srt', channels: null}]);
	t.deepEqual(ask(file, 'SELECT show, seasonNumber, episodeNumber, title FROM episodes WHERE seasonNumber = 3'), [{
		show: 'The Show', seasonNumber: 3, episodeNumber: 1, title: 'Episode 1',
	}]);
	t.is(ask(file, 'SELECT * FROM films').length, 3);
	t.deepEqual(ask(file, 'SELECT count(*) AS parts FROM parts WHERE fileId = \'double\''), [{parts: 2}]);
	t.deepEqual(ask(file, 'SELECT * FROM duplicates'), []);
});

test('copies that Plex made do not count in the view of films', async t => {
	const copy = {
		id: 'copy', optimized: true, width: 1280, parts: [{fileId: 'file2'}],
	};
	const {file} = await exportToFile(t, await storeWith([
		makeItem('m1', {title: 'Both', versions: [{id: 'own', width: 720, parts: [{fileId: 'file1'}]}, copy]}),
		makeItem('m2', {title: 'Only a copy', versions: [copy]}),
		mediaFile('file1', '/films/own.mkv', 1000),
		mediaFile('file2', '/films/copy.mp4', 20),
	]), {name: 'all.sqlite'});
	t.deepEqual(ask(file, 'SELECT title, versions, width, sizeBytes FROM films ORDER BY title'), [
		{
			title: 'Both', versions: 1, width: 720, sizeBytes: 1000,
		},
		{
			title: 'Only a copy', versions: 1, width: 1280, sizeBytes: 20,
		},
	]);
});

test('sqlite-utils and Datasette recognise the search table', async t => {
	const {file} = await exportToFile(t, await storeWith([makeItem('m1', {title: 'Nosferatu'})]), {name: 'all.sqlite'});
	// This is how both look for it; with single quotes they found none.
	t.deepEqual(ask(file, 'SELECT name FROM sqlite_schema WHERE rootpage = 0 AND sql LIKE \'%VIRTUAL TABLE%USING FTS%content="items"%\''), [{name: 'search'}]);
});

test('words are found whatever the accents of their Latin letters are', async t => {
	const titles = ['Älg', 'Việt Nam', 'E\u{301}tude', 'Øre', 'Κλέος', 'Ёлка', '日本語の題名', '한국 영화'];
	const {file} = await exportToFile(t, await storeWith(titles.map((title, index) => makeItem(`m${index}`, {title}))), {name: 'all.sqlite'});
	const found = (words: string) => ask(file, `SELECT items.title FROM search JOIN items ON items.number = search.rowid WHERE search MATCH '${words}'`).map(({title}) => title);
	const pairs = [
		['alg', 'Älg'],
		['ÄLG', 'Älg'],
		['älg', 'Älg'],
		['viet', 'Việt Nam'],
		['étude', 'E\u{301}tude'],
		['øre', 'Øre'],
		['κλέος', 'Κλέος'],
		['ёлка', 'Ёлка'],
		['日本*', '日本語の題名'],
		['영화', '한국 영화'],
	] as const;
	for (const [words, title] of pairs) {
		t.deepEqual(found(words), [title], `It is ${words}.`);
	}

	// The documents say that these find nothing.
	for (const words of ['ore', 'κλεος', 'елка', '日本', '題名*']) {
		t.deepEqual(found(words), [], `It is ${words}.`);
	}
});

test('the views tell what is often asked, and a film of two libraries is a duplicate', async t => {
	const ids = {imdb: ['tt1'], tmdb: [], tvdb: []};
	const store = await storeWith([makeItem('m1', {title: 'One', ids}), makeItem('m2', {title: 'One, again', ids}), makeItem('m3', {title: 'Other'})]);
	const {file} = await exportToFile(t, store, {name: 'all.sqlite'});
	t.deepEqual(ask(file, 'SELECT source, externalId, items FROM duplicates'), [{source: 'imdb', externalId: 'tt1', items: 2}]);
	for (const view of ['films', 'episodes', 'playedFiles', 'duplicates']) {
		t.notThrows(() => ask(file, `SELECT * FROM ${view}`), `It is ${view}.`);
	}

	t.is(ask(file, 'SELECT * FROM films').length, 3);
});

test('every exported field of one value has its column', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.sqlite'});
	for (const [table, columns] of Object.entries(sqliteColumns)) {
		const names = new Set(ask(file, `SELECT name FROM pragma_table_info('${table}')`).map(({name}) => name));
		t.deepEqual(columns.map(column => columnName(column)).filter(name => !names.has(name)), [], `It is ${table}.`);
		t.true(columns.length > 3);
	}
});

test('whole numbers have 64 bits also for drivers that go by the declared type', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.sqlite'});
	const typeOf = (table: string, column: string) => ask(file, `SELECT type FROM pragma_table_info('${table}') WHERE name = '${column}'`)[0]!['type'];
	t.is(typeOf('files', 'sizeBytes'), 'BIGINT');
	t.deepEqual(ask(file, 'SELECT tables.name, columns.name AS "column" FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns WHERE columns.type = \'REAL\''), []);
	t.deepEqual(['items.userRating', 'ratings.value'].map(name => typeOf(...name.split('.') as [string, string])), ['DOUBLE', 'DOUBLE']);
	for (const [table, columns] of Object.entries(sqliteColumns)) {
		for (const column of columns) {
			t.is(typeOf(table, columnName(column)) === 'BIGINT', column.type === 'integer', `It is ${columnName(column)}.`);
		}
	}

	t.deepEqual(ask(file, 'SELECT DISTINCT typeof(sizeBytes) AS type FROM files WHERE sizeBytes IS NOT NULL'), [{type: 'integer'}]);
});

test('hostile titles come back as they were, but for NUL and halves of characters', async t => {
	const {file} = await exportToFile(t, await hostileStore(), {name: 'all.sqlite'});
	const plain = hostileTitles.map(title => title.toWellFormed().replaceAll('\0', ''));
	t.deepEqual(ask(file, 'SELECT title FROM items ORDER BY titleSort').map(({title}) => title), plain);
	t.deepEqual(ask(file, 'SELECT name FROM tags').map(({name}) => name as string).toSorted(), plain.toSorted());
	t.deepEqual(ask(file, 'SELECT path FROM files').map(({path}) => path as string).toSorted(), plain.map(title => `/films/${title}/${title}.mkv`).toSorted());
});

inProgram('the program and Node.js read the same', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.sqlite'});
	const sql = 'SELECT * FROM items ORDER BY number';
	t.deepEqual(askProgram(file, sql), askNode(file, sql));
});
