import {Buffer} from 'node:buffer';
import {sql} from 'kysely';
import type {ItemLookup} from '../../catalog/catalog-store.js';
import {fileIdsOf} from '../../catalog/item.js';
import {comparedItem} from '../record-line.js';
import type {Connections} from './connections.js';
import {inPieces} from './pieces.js';
import {keptText} from './readable/fit.js';

const kept = (texts: readonly string[]) => texts.map(text => keptText(text));

const comparedIn = ({rows}: {rows: ReadonlyArray<{line: string}>}) => rows.map(({line}) => comparedItem(Buffer.from(line)));

const belowCondition = (libraryId: string, parentIds: readonly string[]) => {
	const parents = kept(parentIds);
	return sql`library_id = ${keptText(libraryId)} AND (season_id = ANY(${parents}::text[]) OR (season_id IS NULL AND show_id = ANY(${parents}::text[])))`;
};

/**
Looks items up in the readable tables, which have indexes for it.
*/
export const createItemLookup = ({db, asking}: Connections): ItemLookup => ({
	async byKeys(libraryIds, ratingKeys) {
		const items = [];
		for (const piece of inPieces(kept(ratingKeys))) {
			items.push(...comparedIn(await asking(async () => sql<{line: string}>`
				SELECT line FROM items JOIN records USING (id)
				WHERE items.library_id = ANY(${kept(libraryIds)}::text[]) AND rating_key = ANY(${piece}::text[]) ORDER BY position
			`.execute(db))));
		}

		return items;
	},
	ofSharedKeys: async libraryId => comparedIn(await asking(async () => sql<{line: string}>`
		SELECT line FROM items JOIN records USING (id)
		WHERE items.library_id = ${keptText(libraryId)} AND rating_key IN (
			SELECT rating_key FROM items AS missing WHERE library_id = ${keptText(libraryId)} AND missing_since IS NOT NULL
			AND EXISTS (SELECT FROM items AS other WHERE other.library_id = missing.library_id AND other.rating_key = missing.rating_key AND other.id <> missing.id)
		) ORDER BY position
	`.execute(db))),
	async below(libraryId, parentIds) {
		const {rows} = await asking(async () => sql<{ratingKey: string}>`
			SELECT rating_key AS "ratingKey" FROM items WHERE ${belowCondition(libraryId, parentIds)} AND rating_key IS NOT NULL
		`.execute(db));
		return rows.map(({ratingKey}) => ratingKey);
	},
	async parentsAmong(libraryId, parentIds, except) {
		const {rows} = await asking(async () => sql<{parentId: string}>`
			SELECT DISTINCT coalesce(season_id, show_id) AS "parentId" FROM items WHERE ${belowCondition(libraryId, parentIds)} AND id <> ALL(${kept(except)}::text[])
		`.execute(db));
		return rows.map(({parentId}) => parentId);
	},
	async twinsOf(libraryIds, item) {
		const libraries = kept(libraryIds);
		const {rows} = await asking(async () => sql<{id: string}>`
			SELECT id FROM items WHERE library_id = ANY(${libraries}::text[]) AND type = ${item.type} AND guid = ${item.guid === undefined ? undefined : keptText(item.guid)}
			UNION
			SELECT id FROM item_files JOIN items ON id = item_id WHERE library_id = ANY(${libraries}::text[]) AND file_id = ANY(${kept(fileIdsOf(item))}::text[])
		`.execute(db));
		return rows.map(({id}) => id);
	},
	async players(fileIds) {
		const players = [];
		for (const piece of inPieces(kept(fileIds))) {
			const {rows} = await asking(async () => sql<{fileId: string; itemId: string}>`
				SELECT DISTINCT file_id AS "fileId", item_id AS "itemId" FROM item_files WHERE file_id = ANY(${piece}::text[])
			`.execute(db));
			players.push(...rows);
		}

		return players;
	},
	async unavailable(libraryId) {
		const {rows} = await asking(async () => sql<{id: string}>`
			SELECT id FROM items WHERE library_id = ${keptText(libraryId)} AND (trashed_at IS NOT NULL OR is_without_file) AND rating_key IS NOT NULL
		`.execute(db));
		return rows.map(({id}) => id);
	},
});
