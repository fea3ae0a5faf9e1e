import {sql, type Kysely} from 'kysely';
import type {
	CatalogRecord,
	Item,
	Library,
	Server,
} from '../../../catalog/types.js';
import {nextTurn} from '../../../base/turns.js';
import {inPieces} from '../pieces.js';
import type {Tables} from '../table-types.js';
import {
	libraryColumns,
	libraryRow,
	serverColumns,
	serverRow,
} from './header-columns.js';
import {
	itemFileShape,
	itemPersonShape,
	itemShape,
	itemTagShape,
	partSources,
	personSources,
	tagSources,
	trackShape,
	trackSources,
	versionShape,
	versionSources,
} from './item-shapes.js';
import {findLinks, type Links} from './links.js';
import {
	collectionItemShape,
	collectionShape,
	fileShape,
	memberSources,
	missingShape,
	personShape,
	playlistItemShape,
	playlistShape,
	runLibraryShape,
	runParts,
	runProblemShape,
	runShape,
	tagShape,
	tombstoneShape,
} from './record-shapes.js';
import {rowOf, type Shape} from './shape.js';
import {
	deleteRows,
	fillRows,
	insertSources,
	putRows,
} from './write-rows.js';

type Kind<Name> = Extract<CatalogRecord, {kind: Name}>;
type ByKind = {[Name in CatalogRecord['kind']]: Array<Kind<Name>>};

const sorted = (records: Iterable<CatalogRecord>): ByKind => {
	const kinds: ByKind = {
		item: [], person: [], tag: [], file: [], collection: [], playlist: [], tombstone: [], run: [],
	};
	for (const record of records) {
		// A kind that nobody knows has no table.
		if (Object.hasOwn(kinds, record.kind)) {
			(kinds[record.kind] as CatalogRecord[]).push(record);
		}
	}

	return kinds;
};

// A piece has so many records. Items have several rows each.
const recordsPerPiece = 500;

const key = {id: {type: 'id'}} as const;

/**
Fills the readable columns of servers and libraries that are in their tables.
*/
export const putReadableHeader = async (db: Kysely<Tables>, {servers, libraries}: {servers: readonly Server[]; libraries: readonly Library[]}): Promise<void> => {
	await fillRows(db, 'servers', {key, columns: serverColumns}, servers.map(server => ({id: server.id, ...serverRow(server)})));
	const stored = libraries.length === 0 ? [] : await db.selectFrom('servers').select('id').execute();
	const serverIds = new Set(stored.map(({id}) => id));
	await fillRows(db, 'libraries', {key, columns: libraryColumns}, libraries.map(library => ({id: library.id, ...libraryRow({library, serverIds})})));
};

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
	Ids of servers and libraries that may be new.
	*/
	others?: readonly string[];
};

/**
Brings the readable tables in step with records that were put and removed in the same transaction. What refers to something that came or went is written anew as well, so the tables say the same whatever the order of commits was.

@returns what was written anew in this way
*/
export const putReadable = async (db: Kysely<Tables>, {puts, known = new Map(), removes, others = []}: Changes): Promise<CatalogRecord[]> => {
	const records = new Map<string, CatalogRecord>();
	for (const record of puts) {
		records.set(record.id, record);
	}

	const touched = await referring(db, {
		records, known, removes, others,
	});
	const rewritten = new Set(touched.map(({id}) => id));
	const isThere = (id: string) => known.has(id) || rewritten.has(id);
	if (removes.length > 0) {
		for (const {name} of recordShapes) {
			await deleteRows(db, name, 'id', removes);
		}
	}

	await deleteRows(db, missingShape.name, 'record_id', [...removes, ...touched.map(({id}) => id)]);
	const all = [...records.values(), ...touched];
	// What they refer to is found out for all of them at once.
	const links = await findLinks(db, all);
	const kinds = sorted(all);
	await putRows(db, personShape, kinds.person.values().map(person => rowOf(personShape.columns, person)), isThere);
	await putRows(db, tagShape, kinds.tag.values().map(tag => rowOf(tagShape.columns, tag)), isThere);
	await putRows(db, fileShape, kinds.file.values().map(file => rowOf(fileShape.columns, {file, links})), isThere);
	for (const items of inPieces(kinds.item, recordsPerPiece)) {
		await putItems(db, items, {links, isThere});
		await nextTurn();
	}

	await putLists(db, kinds, {links, isThere});
	await putRows(db, tombstoneShape, kinds.tombstone.values().map(tombstone => rowOf(tombstoneShape.columns, tombstone)), isThere);
	await putRuns(db, kinds.run, isThere);
	await putRows(db, missingShape, links.missing().map(missing => rowOf(missingShape.columns, missing)));
	return touched;
};

const recordShapes: ReadonlyArray<Shape<never>> = [itemShape, personShape, tagShape, fileShape, collectionShape, playlistShape, tombstoneShape, runShape];

/**
The records that are not put themselves but refer to what came, went, or is a file of another size by now.
*/
const referring = async (db: Kysely<Tables>, {records, known, removes, others}: Required<Omit<Changes, 'puts'>> & {records: ReadonlyMap<string, CatalogRecord>}): Promise<CatalogRecord[]> => {
	const ids = new Set<string>();
	const collect = async (query: (piece: string[]) => ReturnType<typeof sql<{id: string}>>, about: readonly string[]) => {
		for (const piece of inPieces(about)) {
			const {rows} = await query(piece).execute(db);
			for (const {id} of rows) {
				ids.add(id);
			}
		}
	};

	await collect(files => sql`SELECT DISTINCT item_id AS id FROM item_files WHERE file_id = ANY(${files}::text[])`, records.values().filter(({id, kind}) => kind === 'file' && known.has(id)).map(({id}) => id).toArray());
	await collect(gone => sql`
		SELECT item_id AS id FROM item_people WHERE person_id = ANY(${gone}::text[])
				UNION SELECT item_id FROM item_tags WHERE tag_id = ANY(${gone}::text[])
				UNION SELECT item_id FROM item_files WHERE file_id = ANY(${gone}::text[])
				UNION SELECT id FROM items WHERE show_id = ANY(${gone}::text[]) OR season_id = ANY(${gone}::text[])
				UNION SELECT collection_id FROM collection_items WHERE item_id = ANY(${gone}::text[])
				UNION SELECT playlist_id FROM playlist_items WHERE item_id = ANY(${gone}::text[])
	`, removes);
	const missing = await sql`SELECT FROM missing_references LIMIT 1`.execute(db);
	if (missing.rows.length > 0) {
		await collect(come => sql`SELECT DISTINCT record_id AS id FROM missing_references WHERE missing_id = ANY(${come}::text[])`, [...records.keys(), ...others]);
		// What they lacked before is found out anew.
		await deleteRows(db, missingShape.name, 'record_id', records.keys().toArray());
	}

	const gone = new Set(removes);
	const unread = [...ids].filter(id => !records.has(id) && !gone.has(id));
	const touched: CatalogRecord[] = [];
	for (const piece of inPieces(unread)) {
		const rows = await db.selectFrom('records').select('line').where('id', '=', sql<string>`ANY(${piece}::text[])`).execute();
		touched.push(...rows.map(({line}) => JSON.parse(line) as CatalogRecord));
	}

	return touched;
};

const ownedByItem = [itemFileShape, trackShape, versionShape, itemPersonShape, itemTagShape];

type IsThere = (id: string) => boolean;
type Putting = {links: Links; isThere: IsThere};

const putItems = async (db: Kysely<Tables>, items: readonly Item[], {links, isThere}: Putting) => {
	const sources = items.map(item => ({item, links}));
	const replaced = await putRows(db, itemShape, sources.map(source => rowOf(itemShape.columns, source)), isThere);
	for (const {name} of ownedByItem) {
		await deleteRows(db, name, 'item_id', replaced);
	}

	const versions = sources.flatMap(source => versionSources(source));
	await insertSources(db, versionShape, versions);
	await insertSources(db, itemFileShape, versions.flatMap(version => partSources(version)));
	await insertSources(db, trackShape, versions.flatMap(version => trackSources(version)));
	await insertSources(db, itemPersonShape, sources.flatMap(source => personSources(source)));
	await insertSources(db, itemTagShape, sources.flatMap(source => tagSources(source)));
};

const putLists = async (db: Kysely<Tables>, {collection, playlist}: ByKind, {links, isThere}: Putting) => {
	for (const [lists, shape, memberShape] of [[collection, collectionShape, collectionItemShape], [playlist, playlistShape, playlistItemShape]] as const) {
		const sources = lists.map(list => ({list, links}));
		const replaced = await putRows(db, shape, sources.map(source => rowOf(shape.columns, source)), isThere);
		await deleteRows(db, memberShape.name, memberShape.key[0]!, replaced);
		await insertSources(db, memberShape, sources.flatMap(source => memberSources(source)));
	}
};

const putRuns = async (db: Kysely<Tables>, runs: ByKind['run'], isThere: IsThere) => {
	const replaced = await putRows(db, runShape, runs.map(run => rowOf(runShape.columns, run)), isThere);
	for (const {name} of [runLibraryShape, runProblemShape]) {
		await deleteRows(db, name, 'run_id', replaced);
	}

	await insertSources(db, runLibraryShape, runs.flatMap(run => runParts(run, run.libraries)));
	await insertSources(db, runProblemShape, runs.flatMap(run => runParts(run, run.problems)));
};
