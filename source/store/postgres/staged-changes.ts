import {nextTurn} from '../../base/turns.js';
import type {NewHistoryEvent} from '../../catalog/history.js';
import type {
	CatalogHeader,
	CatalogRecord,
	Library,
	Server,
} from '../../catalog/types.js';
import {changedEntries, type StagedMethods} from '../one-transaction.js';
import {recordLine} from '../record-line.js';

/**
What the tables have for a record.
*/
export type StoredLine = Pick<CatalogRecord, 'id'> & {
	kind: string;
	type: string | undefined;
	libraryId: string | undefined;
	line: string;
};

export type StagedPut = {record: CatalogRecord; line: string};

/**
What a transaction changes, and what was there before.
*/
export type StagedChanges = {
	puts: ReadonlyMap<string, StagedPut>;
	/**
	Of the records that are put or removed, those that are there.
	*/
	before: ReadonlyMap<string, StoredLine>;
	removes: readonly string[];
	servers: readonly Server[];
	libraries: readonly Library[];
	events: readonly NewHistoryEvent[];
};

type StageOptions = {
	header: () => CatalogHeader;
	linesOf: (ids: readonly string[]) => Promise<StoredLine[]>;
};

export type StagedTransaction = StagedMethods & {
	/**
	Another process has put or removed these records, or without ids any, so what was there before is found out anew.
	*/
	outdate: (ids?: Iterable<string>) => void;
	/**
	What the transaction changes in the header and the tables as they are now; undefined if that is nothing.
	*/
	changes: () => Promise<StagedChanges | undefined>;
};

const linesPerTurn = 250;

/**
Several servers refer to the same people and tags. What only another process has told of one, such as a picture, stays.
*/
const onTop = (stored: StoredLine, put: StagedPut): StagedPut => {
	if (put.record.kind !== 'person' && put.record.kind !== 'tag') {
		return put;
	}

	const record = {...JSON.parse(stored.line) as typeof put.record, ...put.record};
	return {record, line: recordLine(record)};
};

/**
Gathers the changes of a transaction without touching the tables.
*/
export const stageChanges = ({header, linesOf}: StageOptions): StagedTransaction => {
	const before = new Map<string, StoredLine>();
	const looked = new Set<string>();
	// Records that another process has changed since they were looked at.
	const outdated = new Set<string>();
	// `undefined` marks a removal.
	const staged = new Map<string, StagedPut | undefined>();
	const servers = new Map<string, Server>();
	const libraries = new Map<string, Library>();
	const events: NewHistoryEvent[] = [];

	const look = async (ids: readonly string[]) => {
		const unknown = ids.filter(id => !looked.has(id));
		// What is outdated while the answer is on its way is no longer among these.
		for (const id of unknown) {
			looked.add(id);
		}

		try {
			for (const stored of unknown.length === 0 ? [] : await linesOf([...new Set(unknown)])) {
				if (looked.has(stored.id)) {
					before.set(stored.id, stored);
				}
			}
		} catch (error) {
			for (const id of unknown) {
				looked.delete(id);
			}

			throw error;
		}
	};

	const current = (id: string) => staged.has(id) ? staged.get(id)?.line : before.get(id)?.line;

	return {
		async upsert(records) {
			const result = {inserted: [] as string[], updated: [] as string[], unchanged: [] as string[]};
			await look(records.map(({id}) => id));
			for (const [index, record] of records.entries()) {
				if (index % linesPerTurn === 0) {
					await nextTurn();
				}

				const line = recordLine(record);
				const was = current(record.id);
				if (was === line) {
					result.unchanged.push(record.id);
					continue;
				}

				staged.set(record.id, {record, line});
				result[was === undefined ? 'inserted' : 'updated'].push(record.id);
			}

			return result;
		},
		async remove(ids) {
			await look(ids);
			for (const id of ids) {
				staged.set(id, undefined);
			}
		},
		async putServer(server) {
			servers.set(server.id, server);
		},
		async putLibrary(library) {
			libraries.set(library.id, library);
		},
		async record(told) {
			for (const event of told) {
				events.push(event);
			}
		},
		outdate(ids = [...looked]) {
			for (const id of ids) {
				if (!looked.delete(id)) {
					continue;
				}

				before.delete(id);
				outdated.add(id);
			}
		},
		async changes() {
			await look(outdated.keys().filter(id => staged.has(id)).toArray());
			for (const id of outdated) {
				const put = staged.get(id);
				const stored = before.get(id);
				if (put === undefined || stored === undefined) {
					continue;
				}

				staged.set(id, onTop(stored, put));
			}

			outdated.clear();
			const puts = new Map<string, StagedPut>();
			const removes: string[] = [];
			for (const [id, put] of staged) {
				if (put !== undefined && put.line !== before.get(id)?.line) {
					puts.set(id, put);
				} else if (put === undefined && before.has(id)) {
					removes.push(id);
				}
			}

			const {servers: newServers, libraries: newLibraries} = changedEntries(header(), {servers: servers.values(), libraries: libraries.values()});
			return puts.size + removes.length + newServers.length + newLibraries.length + events.length === 0
				? undefined
				: {
					puts, before, removes, servers: newServers, libraries: newLibraries, events,
				};
		},
	};
};
