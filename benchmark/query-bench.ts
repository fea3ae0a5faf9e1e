import process from 'node:process';
import {DatabaseSync} from 'node:sqlite';
import type {Item} from '../source/catalog/types.js';
import {createCatalogIndex} from '../source/query/catalog-index.js';
import {compileQuery} from '../source/query/language/compile.js';
import {makeItem} from '../test/query/_items.js';
import {judge, median, percentile} from './judge.js';
import {queryPairs} from './query-pairs.js';

/**
Asks an invented catalogue 40 queries, and SQLite the same with indexes and FTS5 on the same data: `npm run bench:query [-- items = 278268 [rounds = 7]]`. Both give the ids in order; the counts must be equal. It ends with 1 when a limit is exceeded.
*/
const [first = '278268', second = '7'] = process.argv.slice(2);
const [count, rounds] = [Number(first), Number(second)];
const now = new Date('2026-06-01T12:00:00Z');

const pick = <Value>(values: readonly Value[], number: number): Value => values[number % values.length]!;

const nouns = ['Harbour', 'Lantern', 'Ferry', 'Orchard', 'Signal', 'Cradle', 'Ledger', 'Windmill', 'Samovar', 'Viaduct', 'Almanac', 'Tram', 'Quarry', 'Belfry'];
const adjectives = ['Hushed', 'Gilded', 'Restless', 'Copper', 'Marbled', 'Distant', 'Crooked', 'Ivory', 'Painted', 'Silent', 'Lavender'];
const genreNames = ['Drama', 'Comedy', 'Crime', 'Horror', 'Science Fiction', 'Animation', 'Documentary', 'War', 'Western', 'Romance', 'Family', 'Music'];
const resolutions = ['sd', '480', '720', '1080', '1080', '1080', '4k'];
const ranks: Record<string, number> = {
	sd: 400, 480: 480, 720: 720, 1080: 1080, '4k': 2160,
};
const languages = ['en', 'nl', 'de', 'fr', 'sv', 'ja'];
const studios = ['Lantern Row', 'Paper Moon', 'Vellum', 'A24', 'Orsa Film'];
const peopleCount = 20_000;

/**
A number below a million that looks random.
*/
const hash = (number: number) => Math.abs(Math.imul(number + 17, 2_654_435_761)) % 1_000_003;

const day = (number: number) => new Date(Date.UTC(2018, 0, 1) + (number * 86_400_000)).toISOString();

const personName = (number: number) => `${pick(adjectives, number)} ${pick(nouns, Math.floor(number / 11))} ${number}`;

type Row = {item: Item; sizeBytes: number; genres: string[]; people: Array<[role: string, name: number]>; audio: string; sub: string; studio: string};

const rowOf = (number: number): Row => {
	const random = hash(number);
	const resolution = pick(resolutions, random);
	const isMovie = number % 10 === 0;
	const genres = [...new Set([pick(genreNames, random), pick(genreNames, Math.floor(random / 7))])];
	const people = [hash(number + 1) % 4000, ...Array.from({length: 5}, (_, index) => hash((number * 7) + index) % peopleCount)];
	const [audio, sub] = [pick(languages, Math.floor(random / 3)), pick(languages, Math.floor(random / 5))];
	const studio = pick(studios, random);
	const sizeBytes = 300_000_000 + (random * 60_000);
	const item = makeItem(`item-${String(number).padStart(8, '0')}`, {
		type: isMovie ? 'movie' : 'episode',
		title: `The ${pick(adjectives, random)} ${pick(nouns, Math.floor(random / 13))} ${isMovie ? '' : 'part '}${number % 5000}`,
		year: 1920 + (random % 105),
		releaseDate: day(random % 3000).slice(0, 10),
		addedAt: day(number % 3060).replace('.000Z', 'Z'),
		durationMs: (20 + (random % 160)) * 60_000,
		genres: genres.map(name => `g ${name}`),
		studios: [`s ${studio}`],
		directors: [`p${people[0]!}`],
		cast: people.slice(1).map(id => ({personId: `p${id}`})),
		ratings: random % 4 === 0 ? [] : [{source: 'imdb', kind: 'audience', value: (random % 100) / 10}],
		viewState: random % 3 === 0 ? {viewCount: 1} : {},
		versions: [{
			id: 'v',
			resolution,
			videoCodec: resolution === '4k' ? 'hevc' : 'h264',
			...resolution === '4k' && random % 2 === 0 && {hdr: 'HDR10'},
			container: random % 5 === 0 ? 'mp4' : 'mkv',
			bitrateKbps: 800 + (random % 30_000),
			audio: [{languageCode: audio}],
			subtitles: [{languageCode: sub}],
			parts: [{fileId: `f${number}`}],
		}],
	});
	return {
		item, sizeBytes, genres, people: people.map((person, index) => [index === 0 ? 'director' : 'actor', person]), audio, sub, studio,
	};
};

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

const world = {now, libraries: [], servers: []};
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

const shares = results.map(({ms, sqliteMs}) => ms / sqliteMs);
const slower = results.filter(({ms, sqliteMs}) => ms > sqliteMs && ms > 1);
process.stdout.write(`${slower.length} of ${results.length} queries are slower than SQLite\n`);
judge([
	{what: 'queries with another count', is: differences, limit: 0},
	{what: 'median of the shares of the time of SQLite', is: median(shares), limit: 1},
	{what: 'p95 of a query, ms', is: percentile(results.map(({ms}) => ms), 0.95), limit: 30},
	{what: 'queries that are slower than SQLite', is: slower.length, limit: 0},
]);
