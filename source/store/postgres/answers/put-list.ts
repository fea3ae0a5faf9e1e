import {sql, type Kysely} from 'kysely';
import {fileIdsOf} from '../../../catalog/item.js';
import type {CatalogRecord, Item, MediaFile} from '../../../catalog/types.js';
import {nextTurn} from '../../../base/turns.js';
import {inPieces} from '../pieces.js';
import {idsIn, rowOf, type ReadableRow} from '../readable/shape.js';
import {deleteRows, putRows} from '../readable/write-rows.js';
import type {Tables} from '../table-types.js';
import {
	listNameShape,
	rowOfItem,
	listRowShape,
	askedItem,
	textsOfItem,
	listTextShape,
	sharedNamesOf,
	type ListName,
} from './list-shapes.js';

type Changes = {
	puts: Iterable<CatalogRecord>;
	/**
	Of the records that are put, those that were there before, by their ids.
	*/
	known?: ReadonlyMap<string, unknown>;
	/**
	Ids of records that are removed, or that were of another kind before.
	*/
	removes: readonly string[];
	/**
	Items that are the same and refer to what was put or removed, such as a file that has another size.
	*/
	touched: readonly CatalogRecord[];
};

const itemsPerPiece = 500;

/**
Brings what queries ask in step with records that were put and removed in the same transaction. The readable tables must be in step already.
*/
export const putListRows = async (db: Kysely<Tables>, {puts, known = new Map(), removes, touched}: Changes): Promise<void> => {
	const records = [...puts, ...touched];
	const rewritten = new Set(touched.map(({id}) => id));
	const isThere = (id: string) => known.has(id) || rewritten.has(id);
	const items = new Map(records.flatMap(record => record.kind === 'item' ? [[record.id, record] as const] : []));
	const files = new Map(records.flatMap(record => record.kind === 'file' ? [[record.id, record] as const] : []));
	const named = records.filter(({kind}) => kind === 'person' || kind === 'tag') as ListName[];
	await deleteRows(db, listRowShape.name, 'id', removes);
	await deleteRows(db, listTextShape.name, 'id', removes);
	await removeNames(db, removes);
	await putRows(db, listNameShape, named.values().map(name => rowOf(listNameShape.columns, name)), isThere);

	const shared = new Map<string, ListName>();
	for (const piece of inPieces(items.values(), itemsPerPiece)) {
		await putItems(db, piece, {files, shared, isThere});
		await nextTurn();
	}

	await addNames(db, shared.values().map(name => rowOf(listNameShape.columns, name)).toArray());
};

type Putting = {files: ReadonlyMap<string, MediaFile>; shared: Map<string, ListName>; isThere: (id: string) => boolean};

const putItems = async (db: Kysely<Tables>, items: readonly Item[], {files, shared, isThere}: Putting) => {
	const known = await storedFiles(db, items.flatMap(item => fileIdsIn(item)).filter(id => !files.has(id)));
	const sources = items.map(item => askedItem(item, id => files.get(id) ?? known.get(id)));
	const rows = sources.map(source => rowOfItem(source));
	await putRows(db, listRowShape, rows, isThere);
	await putRows(db, listTextShape, sources.map(source => textsOfItem(source)), isThere);
	for (const name of rows.flatMap(row => sharedNamesOf(row))) {
		shared.set(JSON.stringify([name.kind, name.id]), name);
	}
};

// What is damaged plays no file.
const fileIdsIn = (item: Item): readonly string[] => {
	try {
		return idsIn(fileIdsOf(item));
	} catch {
		return [];
	}
};

const storedFiles = async (db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, MediaFile>> => {
	const files = new Map<string, MediaFile>();
	for (const piece of inPieces(new Set(ids))) {
		const rows = await db.selectFrom('records').select('line').where('id', '=', sql<string>`ANY(${piece}::text[])`).where('kind', '=', 'file').execute();
		for (const {line} of rows) {
			const file = JSON.parse(line) as MediaFile;
			files.set(file.id, file);
		}
	}

	return files;
};

const removeNames = async (db: Kysely<Tables>, ids: readonly string[]) => {
	for (const piece of inPieces(ids)) {
		await sql`DELETE FROM list_names WHERE kind IN ('person', 'tag') AND id = ANY(${piece}::text[])`.execute(db);
	}
};

/**
Adds names that are not there yet. A text that no item has any more stays, which finds nothing.
*/
const addNames = async (db: Kysely<Tables>, names: readonly ReadableRow[]) => {
	for (const piece of inPieces(names)) {
		await sql`
			INSERT INTO list_names (kind, id, name, words)
			SELECT kind, id, name, words FROM unnest(${piece.map(({kind}) => kind)}::text[], ${piece.map(({id}) => id)}::text[], ${piece.map(({name}) => name)}::text[], ${piece.map(({words}) => words)}::text[]) AS put (kind, id, name, words)
			ON CONFLICT DO NOTHING
		`.execute(db);
	}
};

const linesPerPage = 1000;

/**
Fills the tables, which must be empty, from the records that are there.
*/
export const fillListRows = async (db: Kysely<Tables>): Promise<void> => {
	for (const kind of ['person', 'tag', 'item']) {
		await fillKind(db, kind);
	}

	// PostgreSQL itself does this after a while. Until then it would plan badly, and look through all that GIN indexes have put off.
	await sql`ANALYZE list_rows, list_texts, list_names`.execute(db);
	await sql`
		SELECT gin_clean_pending_list(indexes.oid) FROM pg_class AS indexes JOIN pg_index ON indexrelid = indexes.oid JOIN pg_am ON pg_am.oid = relam
		WHERE indrelid IN ('list_rows'::regclass, 'list_names'::regclass) AND amname = 'gin' AND pg_has_role(relowner, 'USAGE')
	`.execute(db);
};

const fillKind = async (db: Kysely<Tables>, kind: string) => {
	let after = 0;
	for (;;) {
		const rows = await db.selectFrom('records').select(['position', 'line']).where('kind', '=', kind).where('position', '>', after).orderBy('position').limit(linesPerPage).execute();
		await putListRows(db, {puts: rows.map(({line}) => JSON.parse(line) as CatalogRecord), removes: [], touched: []});
		if (rows.length < linesPerPage) {
			return;
		}

		after = rows.at(-1)!.position;
	}
};
