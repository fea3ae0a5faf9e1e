import process from 'node:process';
import {sql} from 'kysely';
import type {CatalogRecord, TagKind} from '../source/catalog/types.js';
import {compileQuery} from '../source/query/language/compile.js';
import {listShapes} from '../source/store/postgres/answers/list-shapes.js';
import {fillListRows} from '../source/store/postgres/answers/put-list.js';
import {createDatabaseConnections, type StoreLogin} from '../source/store/postgres/connections.js';
import {openPostgresCatalog} from '../source/store/postgres/postgres-catalog.js';
import type {PostgresServer} from '../test/helpers/postgres-server.js';
import {runRecord} from '../test/helpers/run-records.js';
import {median, percentile, type Verdict} from './judge.js';
import {queryPairs} from './query-pairs.js';
import {personName, rowOf} from './query-rows.js';

const itemsPerCommit = 1000;
const itemsPerPage = 50;

const recordsOf = (number: number): CatalogRecord[] => {
	const {item, sizeBytes, genres, people, studio} = rowOf(number);
	const tag = (prefix: string, tagKind: TagKind, name: string): CatalogRecord => ({
		id: `${prefix} ${name}`, kind: 'tag', tagKind, name,
	});
	return [
		item,
		{
			id: `f${number}`, kind: 'file', serverId: 'server', path: `/srv/${number}.mkv`, sizeBytes,
		},
		...genres.map(name => tag('g', 'genre', name)),
		tag('s', 'studio', studio),
		...people.map(([, person]): CatalogRecord => ({id: `p${person}`, kind: 'person', name: personName(person)})),
	];
};

const fillingMs = async (login: StoreLogin): Promise<number> => {
	const {db} = await createDatabaseConnections(login);
	return db.transaction().execute(async transaction => {
		await sql`TRUNCATE ${sql.join(listShapes.map(({name}) => sql.table(name)))}`.execute(transaction);
		const beganMs = performance.now();
		await fillListRows(transaction);
		return performance.now() - beganMs;
	});
};

/**
Writes an invented catalogue into tables, tells what of that the tables of the queries take, and asks for the first page of each query of the benchmark, with the number of all that it finds, as the API does.
*/
export const measureAnswers = async (database: Pick<PostgresServer, 'address'>, {folder, items, rounds}: {folder: string; items: number; rounds: number}): Promise<Verdict[]> => {
	const login = {address: database.address()};
	const store = await openPostgresCatalog({folder, login});
	const beganMs = performance.now();
	for (let start = 0; start < items; start += itemsPerCommit) {
		const records = new Map(Array.from({length: Math.min(itemsPerCommit, items - start)}, (_, offset) => recordsOf(start + offset)).flat().map(record => [record.id, record]));
		const transaction = await store.begin();
		await transaction.upsert(records.values().toArray());
		await transaction.commit();
	}

	const writtenMs = performance.now() - beganMs;
	const filledMs = await fillingMs(login);
	process.stdout.write(`${items} items were written in ${Math.round(writtenMs / 1000)} s. To fill the tables of the queries alone takes ${Math.round(filledMs / 1000)} s.\n`);
	// The end of the first run makes the indexes for those who ask.
	const ending = await store.begin();
	await ending.upsert([runRecord('r1', '2026-06-01T11:00:00Z')]);
	await ending.commit();
	const world = {now: new Date('2026-06-01T12:00:00Z'), libraries: [], servers: []};
	const took: number[] = [];
	for (const [query] of queryPairs) {
		const own: number[] = [];
		let found = 0;
		for (let round = 0; round <= rounds; round++) {
			const askedMs = performance.now();
			const {total} = await store.answers!.list({plan: await compileQuery(query, world)}, {limit: itemsPerPage});
			found = total;
			// The first time finds out where things are.
			if (round > 0) {
				own.push(performance.now() - askedMs);
			}
		}

		took.push(median(own));
		process.stdout.write(`${median(own).toFixed(1).padStart(8)} ms  ${String(found).padStart(7)}  ${query}\n`);
	}

	await store.close();
	return [
		{what: 'filling of the tables of queries ÷ writing of all', is: filledMs / writtenMs, limit: 0.3},
		{what: `a page of a query of ${items} items, median, ms`, is: median(took), limit: 60},
		{what: `a page of a query of ${items} items, p95, ms`, is: percentile(took, 0.95), limit: 60},
	];
};
