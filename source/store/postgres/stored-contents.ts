import {sql, type Kysely} from 'kysely';
import type {HistoryEvent} from '../../catalog/history.js';
import type {StoredContents} from '../copy/copy-ends.js';
import type {LineBytes} from '../line-reader.js';
import type {Connections} from './connections.js';
import {allLines} from './read-tables.js';
import type {Tables} from './table-types.js';

/**
Everything that the tables hold, whatever the row in `catalog` says of it.
*/
export const storedContents = (db: Kysely<Tables>, working: Connections['working']): StoredContents => ({
	lines: (skipped = 0) => inWords(linesBehind(db, skipped), working),
	events: (skipped = 0) => inWords(eventsBehind(db, skipped), working),
});

/**
Tells a failure in words. Nothing is asked again: a generator that has thrown is at its end.
*/
async function * inWords<Batch>(batches: AsyncGenerator<Batch>, working: Connections['working']): AsyncGenerator<Batch> {
	try {
		for (;;) {
			const next = await working(async () => batches.next());
			if (next.done === true) {
				return;
			}

			yield next.value;
		}
	} finally {
		await batches.return(undefined);
	}
}

async function * linesBehind(db: Kysely<Tables>, skipped: number): AsyncGenerator<LineBytes[]> {
	const last = skipped === 0
		? {position: 0}
		: await db.selectFrom('records').select('position').orderBy('position').offset(skipped - 1).limit(1).executeTakeFirst();
	if (last !== undefined) {
		yield * allLines(db, last.position);
	}
}

const eventsPerBatch = 2000;

async function * eventsBehind(db: Kysely<Tables>, skipped: number): AsyncGenerator<HistoryEvent[]> {
	const last = skipped === 0
		? {number: 0}
		: await db.selectFrom('history').select('number').orderBy('number').offset(skipped - 1).limit(1).executeTakeFirst();
	for (let after = last?.number; after !== undefined;) {
		const rows = await db.selectFrom('history').select(['number', 'line']).where('number', '>', after).orderBy('number').limit(eventsPerBatch).execute();
		yield rows.map(({line}) => JSON.parse(line) as HistoryEvent);
		after = rows.length < eventsPerBatch ? undefined : rows.at(-1)!.number;
	}
}

export type StoredAmounts = {records: number; eventCount: number; bytes: {catalogue: number; history: number}};

export const storedAmounts = async (db: Kysely<Tables>, schema: string): Promise<StoredAmounts> => {
	const {rows} = await sql<{records: number; events: number; bytes: number; history: number}>`
		SELECT (SELECT count(*) FROM records) AS records, (SELECT count(*) FROM history) AS events,
			(SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${schema} AND c.relkind = 'r') AS bytes,
			pg_total_relation_size('history') AS history
	`.execute(db);
	const {records, events, bytes, history} = rows[0]!;
	return {records, eventCount: events, bytes: {catalogue: bytes - history, history}};
};
