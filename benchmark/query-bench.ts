import process from 'node:process';
import {DatabaseSync} from 'node:sqlite';
import {setTimeout} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {createCatalogIndex} from '../source/query/catalog-index.js';
import {compileQuery} from '../source/query/language/compile.js';
import {isQueryError} from '../source/query/language/query-error.js';
import {judge, median, percentile} from './judge.js';
import {measureCold} from './query-cold.js';
import {queryPairs} from './query-pairs.js';
import {
	personName,
	ranks,
	rowOf,
	type Row,
} from './query-rows.js';

/**
Asks an invented catalogue 40 queries, and SQLite the same with indexes and FTS5 on the same data: `npm run bench:query [-- items = 278268 [rounds = 7 [warm]]]`. Both give the ids in order; the counts must be equal. Then it types filters letter by letter, tells how much memory the questions have left behind, and asks some queries of a catalogue on the disk with whole processes, beside `sqlite3`; `warm` as a third argument leaves the last part out. It ends with 1 when a limit is exceeded.
*/
const [first = '278268', second = '7', third] = process.argv.slice(2);
const [count, rounds] = [Number(first), Number(second)];
const now = new Date('2026-06-01T12:00:00Z');

const createDatabase = () => {
	const database = new DatabaseSync(':memory:');
	database.exec(`
		CREATE TABLE items (n INTEGER PRIMARY KEY, id TEXT, type TEXT, title TEXT, sort_title TEXT, year INTEGER, res INTEGER, hdr TEXT, codec TEXT, size INTEGER, len INTEGER, rating REAL, added TEXT, released TEXT, watched INTEGER, container TEXT, bitrate INTEGER);
		CREATE TABLE tags (n INTEGER, kind TEXT, name TEXT);
		CREATE TABLE people (n INTEGER, role TEXT, name TEXT);
		CREATE TABLE languages (n INTEGER, kind TEXT, code TEXT);
		CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3');
		BEGIN;
	`);
	const insert = {
		item: database.prepare('INSERT INTO items VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)'),
		tag: database.prepare('INSERT INTO tags VALUES (?,?,?)'),
		person: database.prepare('INSERT INTO people VALUES (?,?,?)'),
		language: database.prepare('INSERT INTO languages VALUES (?,?,?)'),
		words: database.prepare('INSERT INTO words(rowid, text) VALUES (?,?)'),
	};
	return {
		database,
		add(number: number, {item, sizeBytes, genres, people, audio, sub, studio}: Row) {
			const version = item.versions[0]!;
			const names = people.map(([, person]) => personName(person));
			insert.item.run(number, item.id, item.type, item.title, item.title.replace(/^The /v, '').toLowerCase(), item.year!, ranks[version.resolution!]!, version.hdr ?? null, version.videoCodec!, sizeBytes, item.durationMs!, item.ratings[0]?.value ?? null, item.addedAt!, item.releaseDate!, item.viewState?.viewCount ?? 0, version.container!, version.bitrateKbps!);
			for (const name of genres) {
				insert.tag.run(number, 'genre', name);
			}

			insert.tag.run(number, 'studio', studio);
			for (const [index, [role]] of people.entries()) {
				insert.person.run(number, role, names[index]!);
			}

			insert.language.run(number, 'audio', audio);
			insert.language.run(number, 'sub', sub);
			insert.words.run(number, [item.title, item.year, ...names, ...genres].join(' '));
		},
		finish() {
			database.exec(`
				COMMIT;
				CREATE INDEX tags_by_name ON tags (kind, name, n);
				CREATE INDEX people_by_name ON people (name, role, n);
				CREATE INDEX languages_by_code ON languages (kind, code, n);
				CREATE INDEX items_by_type ON items (type);
				CREATE INDEX items_by_year ON items (year);
				CREATE INDEX items_by_res ON items (res);
				CREATE INDEX items_by_hdr ON items (hdr);
				CREATE INDEX items_by_codec ON items (codec);
				CREATE INDEX items_by_size ON items (size);
				CREATE INDEX items_by_len ON items (len);
				CREATE INDEX items_by_rating ON items (rating);
				CREATE INDEX items_by_added ON items (added);
				CREATE INDEX items_by_released ON items (released);
				CREATE INDEX items_by_watched ON items (watched);
				CREATE INDEX items_by_container ON items (container);
				CREATE INDEX items_by_bitrate ON items (bitrate);
				CREATE INDEX items_by_sort_title ON items (sort_title);
				ANALYZE;
			`);
		},
	};
};

const index = createCatalogIndex();
const sqlite = createDatabase();
const batch = 1000;
for (let start = 0; start < count; start += batch) {
	const rows = Array.from({length: Math.min(batch, count - start)}, (_, offset) => rowOf(start + offset));
	const sizes = new Map(rows.map(({sizeBytes}, offset) => [`f${start + offset}`, sizeBytes]));
	index.put(rows.map(({item}) => item), id => sizes.get(id));
	for (const [offset, row] of rows.entries()) {
		sqlite.add(start + offset, row);
	}
}

sqlite.finish();
for (const id of index.unnamedIds()) {
	index.rename(id, id.startsWith('p') ? personName(Number(id.slice(1))) : id.slice(2));
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heldBytes = () => {
	// The second time counts what the first has let go of.
	collect();
	collect();
	const {heapUsed, external} = process.memoryUsage();
	return heapUsed + external;
};

const saved = await index.save();
const diskBytes = saved.values().reduce((sum, {byteLength}) => sum + byteLength, 0);
saved.clear();
const heldBefore = heldBytes();
const world = {now, libraries: [], servers: []};
// What many questions share is made in the background once it has been wanted several times.
for (let round = 0; round < 3; round++) {
	for (const [query] of queryPairs) {
		await index.list({plan: await compileQuery(query, world)});
	}
}

await setTimeout(5000);

type Took = {wallMs: number; processorMs: number};

// What is slow only because others use the machine, too, has less processor time. Systems count it in steps that are longer than a short query.
const beginTiming = (): (() => Took) => {
	const [beganMs, before] = [performance.now(), process.threadCpuUsage()];
	return () => {
		const {user, system} = process.threadCpuUsage(before);
		return {wallMs: performance.now() - beganMs, processorMs: (user + system) / 1000};
	};
};

const results: Array<{query: string; ms: number; sqliteMs: number; found: number}> = [];
let differences = 0;
for (const [query, sql] of queryPairs) {
	const statement = sqlite.database.prepare(sql);
	const [mine, theirs]: [number[], number[]] = [[], []];
	let [found, foundBySqlite] = [0, 0];
	for (let round = 0; round < rounds; round++) {
		let beganMs = performance.now();
		found = (await index.list({plan: await compileQuery(query, world)})).length;
		mine.push(performance.now() - beganMs);
		beganMs = performance.now();
		foundBySqlite = statement.all().length;
		theirs.push(performance.now() - beganMs);
	}

	if (found !== foundBySqlite) {
		differences++;
		process.stdout.write(`DIFFERENT  ${query}: ${found}, SQLite ${foundBySqlite}\n`);
	}

	results.push({
		query, ms: median(mine), sqliteMs: median(theirs), found,
	});
}

for (const {query, ms, sqliteMs, found} of results) {
	process.stdout.write(`${ms.toFixed(1).padStart(8)} ms  ${sqliteMs.toFixed(1).padStart(8)} ms of SQLite  ${(ms / sqliteMs).toFixed(2).padStart(6)}  ${String(found).padStart(7)}  ${query}\n`);
}

/**
What a person sees while these are typed, after each letter with which they are a query: how many rows the list has, and the first of them.
*/
const typed = ['gilded harbour', 'lantern 1984', 'genre:drama', 'director:hushed', 'year:1926 copper'];
const rowsOfScreen = 50;
const keystrokes: Took[] = [];
let shown = 0;
const filters = Array.from({length: rounds}, () => typed.flatMap(text => Array.from(text, (_, length) => text.slice(0, length + 1)))).flat();
for (const filter of filters) {
	const took = beginTiming();
	try {
		const ids = await index.glance({plan: await compileQuery(filter, world)});
		shown += ids.slice(0, rowsOfScreen).map(id => index.get(id)!.title).length;
		keystrokes.push(took());
	} catch (error) {
		// Half a query is often wrong.
		if (!isQueryError(error)) {
			throw error;
		}
	}
}

const bytesPerItem = (heldBytes() - heldBefore) / count;
const keystrokesMs = keystrokes.map(({wallMs}) => wallMs);
for (const [name, all] of [['wall', keystrokesMs], ['processor', keystrokes.map(({processorMs}) => processorMs)]] as const) {
	process.stdout.write(`${keystrokes.length} keystrokes, which show ${shown} rows, ${name}: median ${median(all).toFixed(1)} ms, p95 ${percentile(all, 0.95).toFixed(1)} ms, longest ${Math.max(...all).toFixed(1)} ms\n`);
}

process.stdout.write(`The saved index has ${(diskBytes / count).toFixed(0)} bytes an item. What questions leave in memory is not saved.\n`);
const shares = results.map(({ms, sqliteMs}) => ms / sqliteMs);
const slower = results.filter(({ms, sqliteMs}) => ms > sqliteMs && ms > 1);
process.stdout.write(`${slower.length} of ${results.length} queries are slower than SQLite\n`);
judge([
	{what: 'queries with another count', is: differences, limit: 0},
	{what: 'median of the shares of the time of SQLite', is: median(shares), limit: 1},
	{what: 'p95 of a query, ms', is: percentile(results.map(({ms}) => ms), 0.95), limit: 30},
	{what: 'queries that are slower than SQLite', is: slower.length, limit: 0},
	{what: 'p95 of a keystroke, ms', is: percentile(keystrokesMs, 0.95), limit: 30},
	{what: 'memory that questions leave, bytes an item', is: bytesPerItem, limit: 120},
	...third === 'warm' ? [] : await measureCold(sqlite.database, {count, rounds}),
]);
