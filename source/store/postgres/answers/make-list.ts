import {sql, type Kysely} from 'kysely';
import pg from 'pg';
import {createTable, indexesOf, trigramIndexes} from '../readable/make-readable.js';
import type {Tables} from '../table-types.js';
import {listShapes} from './list-shapes.js';
import {fillListRows} from './put-list.js';

/**
Makes the tables that answer queries, and fills them from the records. The indexes come last, which takes less than to keep them while they grow.

They are made as this version declares them. A later step that adds a column therefore says ADD COLUMN IF NOT EXISTS.
*/
export const makeListTables = async (db: Kysely<Tables>): Promise<void> => {
	const run = async (statement: string) => sql.raw(statement).execute(db);
	for (const shape of listShapes) {
		await run(createTable(shape));
		await run(`COMMENT ON TABLE ${shape.name} IS ${pg.escapeLiteral(shape.comment)}`);
		for (const [name, {comment}] of Object.entries(shape.columns)) {
			await run(`COMMENT ON COLUMN ${shape.name}.${name} IS ${pg.escapeLiteral(comment)}`);
		}
	}

	await fillListRows(db);
	for (const statement of [
		...listShapes.flatMap(shape => indexesOf(shape)),
		trigramIndexes.list_rows_by_part,
		trigramIndexes.list_names_by_part,
	]) {
		await run(statement);
	}
};
