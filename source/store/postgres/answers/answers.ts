import {sql, type Kysely, type RawBuilder} from 'kysely';
import {emptyFields} from '../../../catalog/item.js';
import type {Item, ItemType} from '../../../catalog/types.js';
import {loadRegexEngine} from '../../../query/language/regex.js';
import type {CatalogAnswers, ListQuery} from '../../../query/types.js';
import type {Connections} from '../connections.js';
import {atOneMoment} from '../header.js';
import {inPieces} from '../pieces.js';
import type {Nullable, Tables} from '../table-types.js';
import type {Asking, RowCondition} from './asking.js';
import {conditionOf, hasRegex} from './conditions.js';
import {inExportOrder} from './export-order.js';
import {orderOf, sortedBy, type ListSortKey} from './list-order.js';
import {joinConditions} from './row-conditions.js';

const rows = 'listed';

/**
Answers queries from the tables of a database, with the same items in the same order as an index in memory.
*/
export const createAnswers = ({db, asking}: Pick<Connections, 'db' | 'asking'>): CatalogAnswers => {
	// All statements of a question see the same moment.
	const inOneMoment = async <Value>(work: (moment: Kysely<Tables>) => Promise<Value>): Promise<Value> => asking(async () => atOneMoment(db, work));

	return {
		async list(query, {signal, isExact = false, limit, offset = 0} = {}) {
			signal?.throwIfAborted();
			if (query.plan !== undefined && hasRegex(query.plan.where)) {
				await loadRegexEngine();
			}

			return inOneMoment(async moment => {
				const condition = await whereOf(query, {db: moment, signal, isExact});
				const most = Math.min(limit ?? Infinity, Math.max(0, (query.plan?.limit ?? Infinity) - offset));
				const from = sql`FROM list_rows AS ${sql.id(rows)} WHERE ${condition}`;
				const keys = orderOf(query, rows);
				const cut = sql`LIMIT ${most === Infinity ? sql`ALL` : sql.lit(most)} OFFSET ${sql.lit(offset)}`;
				const page = sql`SELECT ${sql.ref(`${rows}.id`)} ${from} ORDER BY ${sortedBy(keys)} ${cut}`;
				const isKept = most !== Infinity && await isBestKept(page, moment);
				const found = await (isKept ? foundWhole({keys, from, cut}) : foundInOrder({page, from}, most, offset)).execute(moment);
				signal?.throwIfAborted();
				const {ids, total, revision} = found.rows[0]!;
				return {ids, revision, total: Math.min(total, query.plan?.limit ?? Infinity)};
			});
		},
		find: async idOrRatingKey => asking(async () => {
			const found = await db.selectFrom('list_rows').select('id').where('id', '=', idOrRatingKey).execute();
			const keyed = found.length > 0 ? found : await db.selectFrom('list_rows').innerJoin('records', 'records.id', 'list_rows.id').select('list_rows.id').where('rating_key', '=', idOrRatingKey).orderBy('records.position').execute();
			return keyed.map(({id}) => id);
		}),
		children: async parentId => asking(async () => {
			const found = await sql<{id: string}>`SELECT id FROM list_rows WHERE show_id = ${parentId} OR season_id = ${parentId}`.execute(db);
			return found.rows.map(({id}) => id);
		}),
		exported: async scope => inOneMoment(async moment => inExportOrder(scope, moment)),
		relatives: async ids => inOneMoment(async moment => {
			const items = new Map<string, Item>();
			for (const piece of inPieces(ids)) {
				for (const item of [...await besidesOf(piece, moment), ...await parentsOf(piece, moment)]) {
					items.set(item.id, item);
				}
			}

			return items.values().toArray();
		}),
	};
};

type Found = {ids: string[]; total: number; revision: number};
type Plan = {'Node Type': string; 'Plan Rows': number; 'Total Cost': number; Plans?: readonly Plan[]};

// What PostgreSQL would take, by its own measure, to keep and sort a row that it looks at anyway.
const costOfKeeping = 0.1;

/**
Whether it is best to keep all that is found, since it is counted anyway. Where an index has the rows in order and many are found, the page is among the first of them.
*/
const isBestKept = async (page: RawBuilder<unknown>, db: Kysely<Tables>): Promise<boolean> => {
	const explained = await sql<{'QUERY PLAN': [{Plan: Plan}]}>`EXPLAIN (FORMAT JSON) ${page}`.execute(db);
	const {'Total Cost': cost, Plans: plans} = explained.rows[0]!['QUERY PLAN'][0].Plan;
	const found = plans?.[0];
	return found !== undefined && (found['Node Type'] === 'Sort' || cost > costOfKeeping * found['Plan Rows']);
};

const revisionNow = sql`(SELECT coalesce(max(revision), 0) FROM catalog) AS revision`;

/**
Keeps all that is found, to count it and to sort it.
*/
const foundWhole = ({keys: all, from, cut}: {keys: readonly ListSortKey[]; from: RawBuilder<unknown>; cut: RawBuilder<unknown>}): RawBuilder<Found> => {
	const keys = all.filter(({isForIndex}) => isForIndex !== true);
	const names = keys.map((_, place) => `key_${place}`);
	return sql<Found>`
		WITH found AS MATERIALIZED (SELECT ${sql.join([sql.ref(`${rows}.id`), ...keys.map(({key}, place) => sql`${key} AS ${sql.id(names[place]!)}`)])} ${from})
		SELECT ARRAY(SELECT id FROM found ORDER BY ${sortedBy(keys.map(({isDescending}, place) => ({key: sql.id(names[place]!), isDescending})))} ${cut}) AS ids,
			(SELECT count(*) FROM found) AS total, ${revisionNow}
	`;
};

/**
Takes the page from an index. MATERIALIZED, or it would be found once for each place that reads it.
*/
const foundInOrder = ({page, from}: {page: RawBuilder<unknown>; from: RawBuilder<unknown>}, most: number, offset: number): RawBuilder<Found> => {
	// Where the page is the last one, nobody has to count.
	const ending = joinConditions([...most === Infinity ? [] : [sql`cardinality(ids) < ${sql.lit(most)}`], ...offset === 0 ? [] : [sql`cardinality(ids) > 0`]], 'and');
	return sql<Found>`
		WITH page AS MATERIALIZED (SELECT ARRAY(${page}) AS ids)
		SELECT ids, ${revisionNow}, CASE WHEN ${ending} THEN cardinality(ids) + ${sql.lit(offset)} ELSE (SELECT count(*) ${from}) END AS total
		FROM page
	`;
};

const whereOf = async ({libraryId, type, showId, seasonId, plan}: ListQuery, asking: Asking): Promise<RowCondition> => {
	const scope = Object.entries({
		library_id: libraryId, type, show_id: showId, season_id: seasonId,
	}).flatMap(([column, wanted]) => wanted === undefined ? [] : [sql`${sql.ref(`${rows}.${column}`)} = ${wanted}`]);
	const within = scope.length === 0 ? undefined : joinConditions(scope, 'and');
	return joinConditions([...scope, ...plan === undefined ? [] : [await conditionOf(plan.where, rows, {...asking, within})]], 'and');
};

type RelativeRow = {
	id: string;
	type: ItemType;
	libraryId: string;
	showId: Nullable<string>;
	seasonId: Nullable<string>;
	seasonNumber: Nullable<number>;
	episodeNumber: Nullable<number>;
	fileIds: string[];
};

const parentsOf = async (ids: readonly string[], db: Kysely<Tables>): Promise<Item[]> => {
	const found = await sql<{line: string}>`
		SELECT line FROM records WHERE kind = 'item' AND id IN (
			SELECT show_id FROM list_rows WHERE id = ANY(${ids}::text[]) UNION SELECT season_id FROM list_rows WHERE id = ANY(${ids}::text[])
		)
	`.execute(db);
	return found.rows.map(({line}) => JSON.parse(line) as Item);
};

/**
The seasons of shows, the episodes of seasons, and what plays the same files, with no more than what gaps and shared files are told by.
*/
const besidesOf = async (ids: readonly string[], db: Kysely<Tables>): Promise<Item[]> => {
	const found = await sql<RelativeRow>`
		WITH own AS MATERIALIZED (SELECT id, type FROM list_rows WHERE id = ANY(${ids}::text[])),
		wanted AS (
			SELECT below.id FROM own JOIN list_rows AS below ON below.show_id = own.id WHERE own.type = 'show' AND below.type = 'season'
			UNION SELECT below.id FROM own JOIN list_rows AS below ON below.season_id = own.id WHERE own.type = 'season' AND below.type = 'episode'
			UNION SELECT other.item_id FROM own JOIN item_files AS played ON played.item_id = own.id JOIN item_files AS other ON other.file_id = played.file_id WHERE other.item_id <> own.id
		)
		SELECT id, type, library_id AS "libraryId", show_id AS "showId", season_id AS "seasonId",
			season_number AS "seasonNumber", episode_number AS "episodeNumber", ARRAY(SELECT file_id FROM item_files WHERE item_id = list_rows.id) AS "fileIds"
		FROM list_rows WHERE id IN (SELECT id FROM wanted)
	`.execute(db);
	return found.rows.map(row => relative(row));
};

const relative = ({id, type, libraryId, showId, seasonId, seasonNumber, episodeNumber, fileIds}: RelativeRow): Item => ({
	...emptyFields(),
	id,
	kind: 'item',
	serverId: '',
	type,
	libraryId,
	title: '',
	...showId !== null && {showId},
	...seasonId !== null && {seasonId},
	...seasonNumber !== null && {seasonNumber},
	...episodeNumber !== null && {episodeNumber},
	versions: fileIds.length === 0 ? [] : [{id: '', parts: fileIds.map(fileId => ({fileId}))}],
});
