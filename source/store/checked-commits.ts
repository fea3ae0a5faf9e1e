import type {CatalogRecord, Library} from '../catalog/types.js';
import type {CatalogData} from './catalog-data.js';
import type {LineBytes} from './line-reader.js';
import type {RecordKindOrType} from './record-kinds.js';
import type {RecordTable} from './record-table.js';

const mostOften = 50_000;

// Not everybody who opens a catalogue changes it.
const loadChecks = async () => import('./check-catalog.js');

/**
Whether the catalogue is known to be whole. What was whole stays so when each commit is checked as it comes, while its records are at hand; a backup then needs not read and check all of them again. Whatever a commit may do to other records than its own leaves it unknown, and the next backup checks everything.
*/
export const createCheckedCommits = (data: () => CatalogData) => {
	let isKnown = false;
	// The same people and tags are referred to again and again. No kind changes while the catalogue is known to be whole.
	const often = new Map<string, RecordKindOrType>();

	const kindInTable: RecordTable['kindOf'] = id => {
		const known = often.get(id);
		if (known !== undefined) {
			return known;
		}

		const kind = data().table.kindOf(id);
		if (kind === 'person' || kind === 'tag') {
			if (often.size >= mostOften) {
				often.clear();
			}

			often.set(id, kind);
		}

		return kind;
	};

	const lose = () => {
		isKnown = false;
		often.clear();
	};

	return {
		/**
		The records were read. An empty catalogue is whole, and so may be one that was known to be when it was closed.
		*/
		loaded({isWhole}: {isWhole: boolean}): void {
			often.clear();
			isKnown = isWhole || data().table.size() === 0;
		},
		isWhole: () => isKnown,
		/**
		Checks the records of one transaction, in the order in which they are handed over.
		*/
		async begin() {
			// A transaction that began before the check of everything has records that nobody has checked.
			const checks = isKnown ? await loadChecks() : undefined;
			const kinds = new Map<string, RecordKindOrType>();
			// Those that name something that is not there yet.
			const open = new Set<string>();
			const kindOf: RecordTable['kindOf'] = id => kinds.get(id) ?? kindInTable(id);

			return {
				put(record: CatalogRecord): void {
					if (checks === undefined || !isKnown) {
						return;
					}

					const {id} = record;
					const [before, after] = [kindOf(id), record.kind === 'item' ? record.type : record.kind];
					if (!checks.hasRecordShape(record) || (before !== undefined && before !== after)) {
						lose();
						return;
					}

					kinds.set(id, after);
					if (checks.referenceProblems(record, data().header, kindOf).length === 0) {
						open.delete(id);
					} else {
						open.add(id);
					}
				},
				/**
				Others may refer to the record.
				*/
				remove: lose,
				putLibrary({id, serverId}: Library): void {
					const before = data().header.libraries.find(library => library.id === id);
					isKnown &&= before === undefined || before.serverId === serverId;
				},
				/**
				Call it when everything is in the table.
				*/
				committed(): void {
					const {header, table} = data();
					isKnown &&= checks !== undefined && open.values().every(id => {
						const record = table.get(id);
						return record === undefined || checks.referenceProblems(record, header, table.kindOf).length === 0;
					});
				},
			};
		},
		/**
		The check of a backup: `take` wants each line that is written, unless the catalogue is known to be whole, and `end` throws {AppError} `damaged` if it is not.
		*/
		async ofBackup(): Promise<BackupCheck> {
			const {createCatalogCheck, countProblems, requireNone} = await loadChecks();
			if (isKnown) {
				return {
					end() {
						requireNone(countProblems(data()));
					},
				};
			}

			const {take, end} = createCatalogCheck(data());
			return {
				take,
				end() {
					requireNone(end().problems);
					isKnown = true;
				},
			};
		},
	};
};

export type BackupCheck = {take?: (line: LineBytes) => void; end: () => void};

export type CheckedTransaction = Awaited<ReturnType<ReturnType<typeof createCheckedCommits>['begin']>>;
