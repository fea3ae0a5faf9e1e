import {Buffer} from 'node:buffer';
import {sql, type Kysely} from 'kysely';
import {nextTurn} from '../../base/turns.js';
import type {CatalogStore, HistoryQuery, PageQuery} from '../../catalog/catalog-store.js';
import type {HistoryEvent} from '../../catalog/history.js';
import type {CatalogRecord} from '../../catalog/types.js';
import type {LineBytes} from '../line-reader.js';
import {comparedItem} from '../record-line.js';
import type {Connections} from './connections.js';
import type {StoredLine} from './staged-changes.js';
import type {Tables} from './table-types.js';
import {inPieces} from './pieces.js';

const parse = ({line}: {line: string}) => JSON.parse(line) as CatalogRecord;

const linesPerTurn = 200;

const parseAll = async <Record>(rows: ReadonlyArray<{line: string}>, read: (row: {line: string}) => Record): Promise<Record[]> => {
	const records: Record[] = [];
	for (const [index, row] of rows.entries()) {
		if (index > 0 && index % linesPerTurn === 0) {
			await nextTurn();
		}

		records.push(read(row));
	}

	return records;
};

/**
What the tables have for these ids, in no order.
*/
export const linesOf = async (db: Kysely<Tables>, ids: readonly string[]): Promise<StoredLine[]> => {
	const found: StoredLine[] = [];
	for (const piece of inPieces(ids)) {
		const rows = await db.selectFrom('records').select(['id', 'kind', 'type', 'library_id', 'line']).where('id', '=', sql<string>`ANY(${piece}::text[])`).execute();
		for (const {type, library_id: libraryId, ...row} of rows) {
			found.push({...row, type: type ?? undefined, libraryId: libraryId ?? undefined});
		}
	}

	return found;
};

const eventsPerPage = 1000;

/**
The methods of the store that read. Nothing is held in memory.
*/
export const createReading = ({db, asking}: Connections): Pick<CatalogStore, 'get' | 'getMany' | 'page' | 'comparedPage' | 'history'> => ({
	async get(id) {
		const row = await asking(async () => db.selectFrom('records').select('line').where('id', '=', id).executeTakeFirst());
		return row && parse(row);
	},
	async getMany(ids, {kind} = {}) {
		const rows = await asking(async () => linesOf(db, [...new Set(ids)]));
		const byId = new Map(rows.map(row => [row.id, row]));
		return parseAll(ids.map(id => byId.get(id)).filter(row => row !== undefined && (kind === undefined || row.kind === kind)) as StoredLine[], parse);
	},
	page: async query => pageOf({db, asking}, query, parse),
	comparedPage: async query => pageOf({db, asking}, {...query, kind: 'item'}, ({line}) => comparedItem(Buffer.from(line), query)),
	async * history({since = '', until = '~'}: HistoryQuery = {}) {
		let after = 0;
		for (;;) {
			const page = db.selectFrom('history').select(['number', 'line'])
				.where('at', '>=', since).where('at', '<', until).where('number', '>', after).orderBy('number').limit(eventsPerPage);
			const rows = await asking(async () => page.execute());
			yield rows.map(({line}) => JSON.parse(line) as HistoryEvent);
			if (rows.length < eventsPerPage) {
				return;
			}

			after = rows.at(-1)!.number;
		}
	},
});

const pageOf = async <Record>({db, asking}: Pick<Connections, 'db' | 'asking'>, query: PageQuery, read: (row: {line: string}) => Record) => {
	const page = rowsOf(db, query);
	const rows = await asking(async () => (Number.isFinite(query.limit) ? page.limit(query.limit + 1) : page).execute());
	const isMore = rows.length > query.limit;
	const shown = isMore ? rows.slice(0, query.limit) : rows;
	return {records: await parseAll(shown, read), cursor: isMore ? shown.at(-1)!.position.toString(36) : undefined};
};

const rowsOf = (db: Kysely<Tables>, {kind, type, libraryId, containing, after}: PageQuery) => {
	let wanted = db.selectFrom('records').select(['position', 'line']).orderBy('position');
	if (after !== undefined) {
		wanted = wanted.where('position', '>', Number.parseInt(after, 36));
	}

	if (kind !== undefined) {
		wanted = wanted.where('kind', '=', kind);
	}

	if (type !== undefined) {
		wanted = wanted.where('type', '=', type);
	}

	if (libraryId !== undefined) {
		wanted = wanted.where('library_id', '=', libraryId);
	}

	if (containing !== undefined) {
		const texts = containing.map(text => JSON.stringify(text));
		wanted = wanted.where(sql<boolean>`EXISTS (SELECT FROM unnest(${texts}::text[]) AS wanted (text) WHERE strpos(line, wanted.text) > 0)`);
	}

	return wanted;
};

const linesPerPage = 2000;

/**
All lines in the order of the store, or those behind a position. `db` should be a transaction that sees one moment.
*/
export async function * allLines(db: Kysely<Tables>, after = 0): AsyncGenerator<LineBytes[]> {
	for (;;) {
		const rows = await rowsOf(db, {limit: linesPerPage, after: after.toString(36)}).limit(linesPerPage).execute();
		yield rows.map(({line}) => Buffer.from(line));
		if (rows.length < linesPerPage) {
			return;
		}

		after = rows.at(-1)!.position;
	}
}
