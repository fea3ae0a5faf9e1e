import process from 'node:process';
import type {CatalogRecord, TagKind} from '../source/catalog/types.js';
import {compileQuery} from '../source/query/language/compile.js';
import {openPostgresCatalog} from '../source/store/postgres/postgres-catalog.js';
import type {PostgresServer} from '../test/helpers/postgres-server.js';
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

/**
Writes an invented catalogue into tables and asks for the first page of each query of the benchmark, with the number of all that it finds, as the API does.
*/
export const measureAnswers = async (database: Pick<PostgresServer, 'address'>, {folder, items, rounds}: {folder: string; items: number; rounds: number}): Promise<Verdict[]> => {
	const store = await openPostgresCatalog({folder, login: {address: database.address()}});
	const beganMs = performance.now();
	for (let start = 0; start < items; start += itemsPerCommit) {
		const records = new Map(Array.from({length: Math.min(itemsPerCommit, items - start)}, (_, offset) => recordsOf(start + offset)).flat().map(record => [record.id, record]));
		const transaction = await store.begin();
		await transaction.upsert(records.values().toArray());
		await transaction.commit();
	}

	process.stdout.write(`${items} items are in the tables after ${Math.round((performance.now() - beganMs) / 1000)} s\n`);
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
		{what: `a page of a query of ${items} items, median, ms`, is: median(took), limit: 60},
		{what: `a page of a query of ${items} items, p95, ms`, is: percentile(took, 0.95), limit: 60},
	];
};
