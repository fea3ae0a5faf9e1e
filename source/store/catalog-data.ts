import type {HistoryEvent} from '../catalog/history.js';
import type {
	CatalogHeader,
	ItemCounts,
	ItemType,
	Library,
	Server,
} from '../catalog/types.js';
import type {Change} from '../catalog/catalog-store.js';
import {migrations, schemaVersionOf} from './migrations.js';
import {lineFacts} from './record-line.js';
import {noItems} from './record-kinds.js';
import {createRecordTable, type RecordTable} from './record-table.js';
import type {LineBytes} from './line-reader.js';

export type CatalogData = {
	header: CatalogHeader;
	table: RecordTable;
};

export const emptyHeader = (): CatalogHeader => ({
	format: 'reelcat-catalog',
	schemaVersion: schemaVersionOf(migrations),
	revision: 0,
	servers: [],
	libraries: [],
});

export const emptyCatalog = (): CatalogData => ({header: emptyHeader(), table: createRecordTable()});

/**
One commit: records as lines, ids of removed records, and the changes of the header.
*/
export type ChangeSet = {
	revision: number;
	// The revision before this one.
	after: number;
	puts: readonly LineBytes[];
	removes: readonly string[];
	servers: readonly Server[];
	libraries: readonly Library[];
	events: readonly HistoryEvent[];
	/**
	Item counts after the commit, of the libraries that it touches, by their ids. A map, because a server names the ids.
	*/
	counts: ReadonlyMap<string, ItemCounts>;
};

export const applyChangeSet = (data: CatalogData, changes: ChangeSet): Change => {
	const upserted = changes.puts.map(line => data.table.put(line));
	for (const id of changes.removes) {
		data.table.remove(id);
	}

	data.header = nextHeader(data.header, changes);
	return {revision: changes.revision, upserted, removed: [...changes.removes]};
};

/**
The header after a commit; needs no records.
*/
export const nextHeader = (header: CatalogHeader, {revision, servers, libraries, counts}: Pick<ChangeSet, 'revision' | 'servers' | 'libraries' | 'counts'>): CatalogHeader => {
	const countsOf = (wanted: string) => counts.get(wanted) ?? header.libraries.find(({id}) => id === wanted)?.counts ?? noItems();
	return {
		...header,
		revision,
		servers: replaceById(header.servers, servers),
		libraries: replaceById(header.libraries, libraries).map(library => ({...library, counts: countsOf(library.id)})),
	};
};

/**
Item counts of the touched libraries, and of `libraryIds`, after `puts` and `removes`.
*/
export const countsAfter = (table: RecordTable, puts: readonly LineBytes[], removes: readonly string[], libraryIds: readonly string[]): Map<string, ItemCounts> => {
	const counts = new Map<string, ItemCounts>(libraryIds.map(id => [id, table.counts(id)]));
	const add = (line: LineBytes | undefined, step: 1 | -1) => {
		const {type, libraryId} = (line && lineFacts(line)) ?? {};
		if (type === undefined || libraryId === undefined) {
			return;
		}

		const library: Record<ItemType, number> = counts.get(libraryId) ?? table.counts(libraryId);
		library[type] += step;
		counts.set(libraryId, library);
	};

	for (const line of puts) {
		add(table.line(lineFacts(line)?.id ?? ''), -1);
		add(line, 1);
	}

	for (const id of removes) {
		add(table.line(id), -1);
	}

	return counts;
};

const replaceById = <Entry extends {id: string}>(entries: readonly Entry[], changed: readonly Entry[]): Entry[] => {
	const byId = new Map(entries.map(entry => [entry.id, entry]));
	for (const entry of changed) {
		byId.set(entry.id, entry);
	}

	return byId.values().toArray();
};
