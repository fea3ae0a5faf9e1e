import type {Steps} from '../base/columns/cells.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {
	CatalogHeader,
	ItemCounts,
	ItemType,
	Library,
	Server,
} from '../catalog/types.js';
import type {Change} from '../catalog/catalog-store.js';
import type {LineFile} from './line-file.js';
import {migrations, schemaVersionOf} from './migrations.js';
import {lineFacts, type LineFacts} from './record-line.js';
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

/**
Where the records of a commit are in the journal, in their order.
*/
export type JournalPlaces = {file: LineFile; offsets: Float64Array};

/**
Without `places` the records are held in memory.
*/
export const applyChangeSet = (data: CatalogData, changes: ChangeSet, places?: JournalPlaces): Change => {
	const upserted = changes.puts.map((line, index) => data.table.put(line, places && {file: places.file, offset: places.offsets[index]!, isInJournal: true}));
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

// To read these takes a few milliseconds.
const linesPerStep = 250;

/**
Item counts of the touched libraries, and of `libraryIds`, after `puts` and `removes`, in steps.
*/
export function * countsAfter(table: RecordTable, puts: readonly LineBytes[], removes: readonly string[], libraryIds: readonly string[]): Steps<Map<string, ItemCounts>> {
	const counts = new Map<string, ItemCounts>(libraryIds.map(id => [id, table.counts(id)]));
	const count = (facts: LineFacts | undefined, step: 1 | -1) => {
		const {type, libraryId} = facts ?? {};
		if (type === undefined || libraryId === undefined) {
			return;
		}

		const library: Record<ItemType, number> = counts.get(libraryId) ?? table.counts(libraryId);
		library[type] += step;
		counts.set(libraryId, library);
	};

	const leave = (id: string) => {
		const line = table.line(id);
		count(line && lineFacts(line), -1);
	};

	for (const [index, line] of puts.entries()) {
		const facts = lineFacts(line);
		leave(facts?.id ?? '');
		count(facts, 1);
		if ((index + 1) % linesPerStep === 0) {
			yield;
		}
	}

	for (const [index, id] of removes.entries()) {
		leave(id);
		if ((index + 1) % linesPerStep === 0) {
			yield;
		}
	}

	return counts;
}

const replaceById = <Entry extends {id: string}>(entries: readonly Entry[], changed: readonly Entry[]): Entry[] => {
	const byId = new Map(entries.map(entry => [entry.id, entry]));
	for (const entry of changed) {
		byId.set(entry.id, entry);
	}

	return byId.values().toArray();
};
