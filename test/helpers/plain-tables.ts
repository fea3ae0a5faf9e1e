import type {
	CatalogHeader,
	CatalogRecord,
	Item,
	ItemList,
} from '../../source/catalog/types.js';

type Row = Record<string, unknown>;
type Rows = Record<string, Row[]>;

/**
Whether there is a record of a kind, a server or a library.
*/
type IsThere = (kind: CatalogRecord['kind'] | 'server' | 'library', id: string | undefined) => boolean;

type World = {isThere: IsThere; sizes: ReadonlyMap<string, number | undefined>};

const originals = (versions: Item['versions']) => {
	const found = versions.filter(({optimized, proxy}) => optimized !== true && proxy !== true);
	return found.length === 0 ? versions : found;
};

const ofItem = (item: Item, {isThere, sizes}: World): Rows => {
	const id = (kind: Parameters<IsThere>[0], value: string | undefined) => isThere(kind, value) ? value! : null;
	const played = new Set(originals(item.versions).flatMap(({parts}) => parts.map(({fileId}) => fileId)));
	const known = [...played].map(file => sizes.get(file)).filter(size => size !== undefined);
	const roles = {
		director: item.directors.map(personId => ({personId})), writer: item.writers.map(personId => ({personId})), producer: item.producers.map(personId => ({personId})), actor: item.cast,
	};
	const tags = [...new Set([...item.genres, ...item.countries, ...item.studios, ...item.collections, ...item.labels])];
	return {
		items: [{
			id: item.id,
			type: item.type,
			title: item.title,
			year: item.year ?? null,
			server_id: id('server', item.serverId),
			library_id: id('library', item.libraryId),
			show_id: id('item', item.showId),
			season_id: id('item', item.seasonId),
			size_bytes: known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0),
		}],
		item_people: Object.entries(roles).flatMap(([role, people]) => people.map((person, index) => ({
			item_id: item.id, role, position: index + 1, person_id: id('person', person.personId), character_name: ('role' in person ? person.role : undefined) ?? null,
		})).filter(row => row.person_id !== null)),
		item_tags: tags.map((tag, index) => ({item_id: item.id, tag_id: id('tag', tag), position: index + 1})).filter(row => row.tag_id !== null),
		versions: item.versions.map((version, index) => ({item_id: item.id, version: index + 1, resolution: version.resolution ?? null})),
		item_files: item.versions.flatMap((version, index) => version.parts.map((part, place) => ({
			item_id: item.id, version: index + 1, part: place + 1, file_id: id('file', part.fileId), is_copy: !originals(item.versions).includes(version),
		})).filter(row => row.file_id !== null)),
		tracks: item.versions.flatMap(({audio = [], subtitles = []}, index) => [
			...audio.map((track, place) => ({
				item_id: item.id, version: index + 1, kind: 'audio', track: place + 1, language_code: track.languageCode ?? null,
			})),
			...subtitles.map((track, place) => ({
				item_id: item.id, version: index + 1, kind: 'subtitle', track: place + 1, language_code: track.languageCode ?? null,
			})),
		]),
	};
};

const ofList = (list: ItemList, isThere: IsThere): Rows => ({
	[`${list.kind}s`]: [{id: list.id, title: list.title, server_id: isThere('server', list.serverId) ? list.serverId : null}],
	[`${list.kind}_items`]: list.items.map((item, index) => ({[`${list.kind}_id`]: list.id, position: index + 1, item_id: item})).filter(row => isThere('item', row.item_id)),
});

/**
What the readable tables should hold, read from the records in the plainest way: the keys, the references and a few values of each row.
*/
export const plainTables = (records: readonly CatalogRecord[], {servers, libraries}: Pick<CatalogHeader, 'servers' | 'libraries'>): Rows => {
	const ids = new Set([
		...records.map(({kind, id}) => `${kind} ${id}`),
		...servers.map(({id}) => `server ${id}`),
		...libraries.map(({id}) => `library ${id}`),
	]);
	const isThere: IsThere = (kind, id) => id !== undefined && ids.has(`${kind} ${id}`);
	const sizes = new Map(records.filter(record => record.kind === 'file').map(({id, sizeBytes}) => [id, sizeBytes]));
	const tables: Rows = {
		items: [], item_people: [], item_tags: [], versions: [], item_files: [], tracks: [], people: [], tags: [], files: [], collections: [], collection_items: [], playlists: [], playlist_items: [], tombstones: [], runs: [], run_libraries: [], run_problems: [],
	};
	for (const record of records) {
		for (const [table, more] of Object.entries(rowsOf(record, {isThere, sizes}))) {
			tables[table]!.push(...more);
		}
	}

	return tables;
};

const rowsOf = (record: CatalogRecord, world: World): Rows => {
	const {isThere} = world;
	switch (record.kind) {
		case 'item': {
			return ofItem(record, world);
		}

		case 'person': {
			return {people: [{id: record.id, name: record.name}]};
		}

		case 'tag': {
			return {tags: [{id: record.id, kind: record.tagKind, name: record.name}]};
		}

		case 'file': {
			return {
				files: [{
					id: record.id, path: record.path ?? null, size_bytes: record.sizeBytes ?? null, server_id: isThere('server', record.serverId) ? record.serverId : null,
				}],
			};
		}

		case 'collection':
		case 'playlist': {
			return ofList(record, isThere);
		}

		case 'tombstone': {
			return {tombstones: [{id: record.id, item_id: record.itemId, title: record.item.title}]};
		}

		case 'run': {
			return {
				runs: [{id: record.id, command: record.command, problem_count: record.problemCount}],
				run_libraries: record.libraries.map((library, index) => ({run_id: record.id, position: index + 1, library_id: library.id})),
				run_problems: record.problems.map((problem, index) => ({run_id: record.id, position: index + 1, message: problem.message})),
			};
		}
	}
};

const inOrder = (rows: readonly Row[]) => rows.map(row => JSON.stringify(row)).toSorted();

type Ask = <Result extends Row>(text: string) => Promise<Result[]>;

/**
The same columns as the tables of a schema have them, and as they should be, in an order that does not matter.
*/
export const comparedTables = async (ask: Ask, schema: string, expected: Rows): Promise<Array<{table: string; found: string[]; expected: string[]}>> => {
	const found = await ask<{table: string; row: Row}>(Object.keys(expected).map(table => `SELECT '${table}' AS table, to_jsonb(found) AS row FROM ${schema}.${table} AS found`).join(' UNION ALL '));
	return Object.entries(expected).map(([table, rows]) => {
		const columns = Object.keys(rows[0] ?? {});
		return {
			table,
			found: inOrder(found.filter(row => row.table === table).map(({row}) => Object.fromEntries(columns.map(column => [column, row[column]])))),
			expected: inOrder(rows),
		};
	});
};
