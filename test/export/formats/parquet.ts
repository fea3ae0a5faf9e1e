import {Buffer} from 'node:buffer';
import {execFileSync, spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import test from 'ava';
import {parquetMetadata, parquetReadObjects} from 'hyparquet';
import {makeItem} from '../../query/_items.js';
import {
	exportToFile,
	hostileStore,
	hostileTitles,
	mixedStore,
	storeWith,
} from '../_exports.js';

const read = async (file: string) => {
	const bytes = await readFile(file);
	const rows: Array<Record<string, unknown>> = await parquetReadObjects({file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)});
	return rows;
};

test('every column has its type, also where nothing is in it', async t => {
	const columns = 'title,year,userRating,watched,releaseDate,addedAt,imdb,ratings,version.bitrateKbps,tagline';
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.parquet', args: ['--rows', 'version', '--columns', columns]});
	const rows = await read(file);
	t.is(rows.length, 4);
	t.deepEqual(rows[0], {
		title: 'Nosferatu',
		year: 1922n,
		userRating: 7.5,
		watched: true,
		releaseDate: new Date('1922-03-04'),
		addedAt: new Date('2021-01-02T12:00:00Z'),
		imdb: ['tt1', 'tt2'],
		ratings: '[{"source":"imdb","kind":"audience","value":7.9}]',
		'version.bitrateKbps': 12_345n,
		tagline: 'Beware',
	});
	t.is(rows[1]!['year'] ?? undefined, undefined);
	const bytes = await readFile(file);
	const {schema} = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
	t.deepEqual(schema.filter(({name}) => ['year', 'userRating', 'releaseDate', 'title', 'watched'].includes(name)).map(({name, type}) => `${name} ${type}`), [
		'title BYTE_ARRAY', 'year INT64', 'userRating DOUBLE', 'watched BOOLEAN', 'releaseDate INT32',
	]);
});

test('all columns can be written, and an export of nothing is a file, too', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.parquet', args: ['--columns', 'all', '--rows', 'file']});
	t.is((await read(file)).length, 5);
	const empty = await exportToFile(t, await storeWith([]), {name: 'empty.parquet'});
	t.deepEqual(await read(empty.file), []);
});

test('a long export comes in several groups of rows', async t => {
	const films = Array.from({length: 10_050}, (_, index) => makeItem(`m${index}`, {title: `Film ${index}`, ...index % 7 === 0 && {year: 1900 + (index % 100)}}));
	const {file} = await exportToFile(t, await storeWith(films), {name: 'long.parquet', args: ['--columns', 'id,year', 'sort:title']});
	const rows = await read(file);
	t.is(new Set(rows.map(row => row['id'])).size, 10_050);
	t.is(rows.filter(row => typeof row['year'] === 'bigint').length, 1436);
});

test('hostile titles come back as they were, but for halves of characters', async t => {
	const {file} = await exportToFile(t, await hostileStore(), {name: 'all.parquet', args: ['--columns', 'title,year,genre']});
	const rows = await read(file);
	const plain = hostileTitles.map(title => title.toWellFormed());
	t.deepEqual(rows.map(row => row['title']), plain);
	t.deepEqual(rows.map(row => row['genre']), plain.map(title => [title]));
});

const isDuckdb = spawnSync('duckdb', ['--version']).status === 0;

// The program is not everywhere; the tests above read with a package of the same family as the writer.
const inDuckdb = isDuckdb ? test : test.skip;

const askDuckdb = (sql: string): unknown => JSON.parse(execFileSync('duckdb', ['-json', '-c', sql], {encoding: 'utf8'}));

inDuckdb('DuckDB reads the same', async t => {
	const {file} = await exportToFile(t, await mixedStore(), {name: 'all.parquet', args: ['--columns', 'all']});
	// How it prints lists and days depends on its version.
	const values = 'title, year, userRating, isWatched, CAST(releaseDate AS VARCHAR) AS released, epoch_ms(addedAt) AS addedMs, array_to_string(imdb, \' \') AS imdb';
	t.deepEqual(askDuckdb(`SELECT ${values} FROM '${file}' WHERE id = 'movie42'`), [{
		title: 'Nosferatu', year: 1922, userRating: 7.5, isWatched: true, released: '1922-03-04', addedMs: Date.parse('2021-01-02T12:00:00Z'), imdb: 'tt1 tt2',
	}]);
	t.deepEqual(askDuckdb(`SELECT count(*) AS items, count(DISTINCT id) AS ids FROM '${file}'`), [{items: 13, ids: 13}]);
});

inDuckdb('DuckDB takes each column for what it is, also in an export of nothing', async t => {
	const columns = 'title,year,sizeBytes,userRating,watched,releaseDate,addedAt,imdb,ratings';
	for (const store of [await mixedStore(), await storeWith([])]) {
		const {file} = await exportToFile(t, store, {name: 'all.parquet', args: ['--columns', columns]});
		const described = askDuckdb(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${file}')`) as Array<{column_name: string; column_type: string}>;
		t.deepEqual(described.map(row => `${row.column_name} ${row.column_type}`), [
			'title VARCHAR', 'year BIGINT', 'sizeBytes BIGINT', 'userRating DOUBLE', 'watched BOOLEAN', 'releaseDate DATE', 'addedAt TIMESTAMP WITH TIME ZONE', 'imdb VARCHAR[]', 'ratings VARCHAR',
		]);
	}
});

inDuckdb('DuckDB reads a long export of several groups of rows, and hostile titles', async t => {
	const films = Array.from({length: 10_050}, (_, index) => makeItem(`m${index}`, {title: `Film ${index}`, year: 1900 + (index % 100)}));
	const long = await exportToFile(t, await storeWith(films), {name: 'long.parquet', args: ['--columns', 'id,year']});
	t.deepEqual(askDuckdb(`SELECT count(DISTINCT id) AS ids, CAST(sum(year) AS BIGINT) AS years FROM '${long.file}'`), [{ids: 10_050, years: films.reduce((sum, {year}) => sum + year!, 0)}]);
	const hostile = await exportToFile(t, await hostileStore(), {name: 'hostile.parquet', args: ['--columns', 'title,year']});
	// Its shell may end a text at NUL.
	const rows = askDuckdb(`SELECT hex(title) AS bytes FROM '${hostile.file}' ORDER BY year`) as Array<{bytes: string}>;
	t.deepEqual(rows.map(({bytes}) => Buffer.from(bytes, 'hex').toString()), hostileTitles.map(title => title.toWellFormed()));
});
