import {Buffer} from 'node:buffer';
import type {NewHistoryEvent} from '../catalog/history.js';
import type {Library, Server} from '../catalog/types.js';
import {nextTurn} from '../base/turns.js';
import type {StoreTransaction} from '../catalog/catalog-store.js';
import {type CatalogData, type ChangeSet, countsAfter} from './catalog-data.js';
import {canonicalJson, recordLine} from './record-line.js';
import type {LineBytes} from './line-reader.js';

/**
The changes that a transaction has gathered. They do not touch the data.
*/
type StagedChanges = Pick<StoreTransaction, 'upsert' | 'remove' | 'putServer' | 'putLibrary' | 'record'> & {
	/**
	`undefined` if nothing would change.
	*/
	changes: () => StagedChangeSet | undefined;
};

type StagedChangeSet = Omit<ChangeSet, 'revision' | 'events'> & {events: readonly NewHistoryEvent[]};

const recordsPerTurn = 250;

export const stageChanges = (data: CatalogData): StagedChanges => {
	// `undefined` marks a removal.
	const staged = new Map<string, LineBytes | undefined>();
	const servers = new Map<string, Server>();
	const libraries = new Map<string, Library>();
	const events: NewHistoryEvent[] = [];

	const current = (id: string) => staged.has(id) ? staged.get(id) : data.table.line(id);

	return {
		async upsert(records) {
			const result = {inserted: [] as string[], updated: [] as string[], unchanged: [] as string[]};
			for (const [index, record] of records.entries()) {
				if (index % recordsPerTurn === 0) {
					await nextTurn();
				}

				const line = Buffer.from(recordLine(record));
				const before = current(record.id);
				if (before?.equals(line) === true) {
					result.unchanged.push(record.id);
					continue;
				}

				staged.set(record.id, line);
				result[before === undefined ? 'inserted' : 'updated'].push(record.id);
			}

			return result;
		},
		async remove(ids) {
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
		async record(fresh) {
			for (const event of fresh) {
				events.push(event);
			}
		},
		changes() {
			const puts: LineBytes[] = [];
			const removes: string[] = [];
			for (const [id, line] of staged) {
				const stored = data.table.line(id);
				if (line !== undefined && stored?.equals(line) !== true) {
					puts.push(line);
				} else if (line === undefined && stored !== undefined) {
					removes.push(id);
				}
			}

			const newServers = servers.values().filter(server => !isStored(data.header.servers, server)).toArray();
			const newLibraries = libraries.values().filter(library => {
				const stored = data.header.libraries.find(({id}) => id === library.id);
				return !isStored(data.header.libraries, {...library, counts: stored?.counts ?? library.counts});
			}).toArray();
			return puts.length + removes.length + newServers.length + newLibraries.length + events.length === 0
				? undefined
				: {
					after: data.header.revision,
					puts,
					removes,
					servers: newServers,
					libraries: newLibraries,
					events,
					counts: countsAfter(data.table, puts, removes, newLibraries.map(({id}) => id)),
				};
		},
	};
};

const isStored = <Entry extends {id: string}>(entries: readonly Entry[], entry: Entry): boolean => {
	const stored = entries.find(({id}) => id === entry.id);
	return stored !== undefined && canonicalJson(stored) === canonicalJson(entry);
};
