import {sql, type Kysely} from 'kysely';
import type {ExportScope} from '../../../query/types.js';
import type {Tables} from '../table-types.js';
import {sortedBy, type ListSortKey} from './list-order.js';

const rising = (keys: readonly string[]): ListSortKey[] => keys.map(key => ({key: sql.id(key), isDescending: false}));

const numbers = ['season_number', 'episode_number', 'release_date'] as const;
const names = ['sort_key', 'year', 'id'] as const;

/**
The ids of items in the order of an export: of a library the films, then each show with its seasons and their episodes, then what is below no show of the library.
*/
export const inExportOrder = async ({libraryIds, types, ids, limit}: ExportScope, db: Kysely<Tables>): Promise<string[]> => {
	// An episode whose season belongs to another show than itself stands where it comes first.
	const titleOf = (show: string) => sql`(${sql.ref(`${show}.sort_key`)}, coalesce(${sql.ref(`${show}.year`)}, 'Infinity'), ${sql.ref(`${show}.id`)})`;
	const bySeason = sql`(by_season.id IS NOT NULL AND (own.id IS NULL OR ${titleOf('by_season')} <= ${titleOf('own')}))`;
	const {rows} = await sql<{id: string}>`
		SELECT id FROM (
			SELECT
				placed.id, array_position(${libraryIds}::text[], placed.library_id) AS library, ${bySeason} AND placed.type <> 'season' AS is_behind_season, placed.sort_key, placed.year,
				CASE WHEN placed.type = 'movie' THEN 0 WHEN by_season.id IS NULL AND own.id IS NULL THEN 2 ELSE 1 END AS part,
				CASE WHEN placed.type = 'show' THEN 0 WHEN ${bySeason} THEN 1 ELSE 2 END AS place,
				${sql.join(names.map(name => sql`CASE WHEN ${bySeason} THEN by_season.${sql.id(name)} ELSE own.${sql.id(name)} END AS ${sql.id(`show_${name}`)}`))},
				${sql.join([...numbers, ...names].map(name => sql`CASE WHEN ${bySeason} THEN season.${sql.id(name)} END AS ${sql.id(`in_${name}`)}`))},
				${sql.join(numbers.map(name => sql`CASE WHEN by_season.id IS NOT NULL OR own.id IS NOT NULL THEN placed.${sql.id(name)} END AS ${sql.id(name)}`))}
			FROM list_rows AS placed
			LEFT JOIN list_rows AS season ON placed.type IN ('season', 'episode') AND season.library_id = placed.library_id
				AND season.id = CASE placed.type WHEN 'season' THEN placed.id ELSE placed.season_id END AND season.type = 'season'
			LEFT JOIN list_rows AS by_season ON by_season.library_id = placed.library_id AND by_season.id = season.show_id AND by_season.type = 'show'
			LEFT JOIN list_rows AS own ON placed.type IN ('show', 'episode') AND own.library_id = placed.library_id
				AND own.id = CASE placed.type WHEN 'show' THEN placed.id ELSE placed.show_id END AND own.type = 'show'
			WHERE placed.library_id = ANY(${libraryIds}::text[]) ${types === undefined ? sql`` : sql`AND placed.type = ANY(${types}::text[])`} ${ids === undefined ? sql`` : sql`AND placed.id = ANY(${ids}::text[])`}
		) AS placed
		ORDER BY ${sortedBy(rising(['library', 'part', ...names.map(name => `show_${name}`), 'place', ...[...numbers, ...names].map(name => `in_${name}`), 'is_behind_season', ...numbers, ...names]))}
		LIMIT ${limit === undefined ? sql`ALL` : sql.lit(limit)}
	`.execute(db);
	return rows.map(({id}) => id);
};
