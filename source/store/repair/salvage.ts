import {Buffer} from 'node:buffer';
import {isAppError} from '../../base/errors.js';
import {guarded, ifExists, type FileSystem} from '../../base/file-system.js';
import {recordSchema} from '../../catalog/schema.js';
import type {CatalogHeader} from '../../catalog/types.js';
import {applyChangeSet, type CatalogData, type ChangeSet} from '../catalog-data.js';
import {damaged, parseHeader, parseJson} from '../document-format.js';
import {decodeEntry, decodeHead, type JournalEntry} from '../journal-format.js';
import {type LineBytes, readLines} from '../line-reader.js';
import {createLinesDocument} from '../lines-document.js';
import {migrateLine, type Migration, schemaVersionOf} from '../migrations.js';
import {createRecordTable} from '../record-table.js';

type SalvageOptions = {
	fs: FileSystem;
	steps: readonly Migration[];
	/**
	The header of the newest other copy that can be read, if that of the document cannot.
	*/
	otherHeader: () => Promise<CatalogHeader | undefined>;
	report: (finding: string) => void;
};

type SalvagedDocument = {
	data: CatalogData;
	/**
	False if the header is that of another copy.
	*/
	isHeaderOwn: boolean;
};

/**
Everything in a document that can be read, whatever else is wrong with it. Reports what is lost.

@throws {AppError} `newer`, or `damaged` if no copy has a header that can be read
*/
export const salvageDocument = async (file: string, {fs, steps, otherHeader, report}: SalvageOptions): Promise<SalvagedDocument> => {
	let fault: string;
	try {
		const whole = await createLinesDocument(file, {fs, steps}).read();
		if (whole !== null) {
			return {data: whole, isHeaderOwn: true};
		}

		throw damaged(file, 'it is missing');
	} catch (error) {
		if (!isAppError(error, 'damaged')) {
			throw error;
		}

		fault = error.message;
	}

	report(fault);
	return guarded(file, 'read', async () => {
		const handle = await ifExists(fs.open(file, 'r'));
		if (handle === undefined) {
			throw damaged(file, 'it is missing');
		}

		try {
			const table = createRecordTable();
			let header: CatalogHeader | undefined;
			let isHeaderOwn = true;
			const foreign = async () => {
				isHeaderOwn = false;
				return otherHeader();
			};

			let migrate = (line: LineBytes) => line;
			let lost = 0;
			let number = 0;
			for await (const {lines} of readLines(handle)) {
				for (const line of lines) {
					number++;
					if (number === 1) {
						header = await headerOf(line.toString('utf8'), file, {steps, otherHeader: foreign});
						migrate = migrateLine(header, steps);
					} else if (!line.toString('latin1', 0, 12).startsWith('],"trailer"')) {
						lost += isKept(line, migrate, table) ? 0 : 1;
					}
				}
			}

			const known = header ?? await headerOf('', file, {steps, otherHeader: foreign});
			report(`${table.size()} records of it can be read${lost === 0 ? '' : `, ${lost} lines cannot`}.`);
			const {history: _, ...kept} = known as CatalogHeader & {history?: unknown};
			return {data: {header: {...kept, schemaVersion: schemaVersionOf(steps)}, table}, isHeaderOwn};
		} finally {
			await handle.close();
		}
	});
};

const headerOf = async (line: string, file: string, {steps, otherHeader}: Pick<SalvageOptions, 'steps' | 'otherHeader'>): Promise<CatalogHeader> => {
	try {
		return parseHeader(line, file, schemaVersionOf(steps));
	} catch (error) {
		if (!isAppError(error, 'damaged')) {
			throw error;
		}

		const other = await otherHeader();
		if (other === undefined) {
			throw error;
		}

		return other;
	}
};

const comma = 44;

const isKept = (line: LineBytes, migrate: (line: LineBytes) => LineBytes, table: CatalogData['table']): boolean => {
	const text = line.toString('utf8', 0, line.at(-1) === comma ? line.length - 1 : undefined);
	const record = parseJson(text);
	if (typeof record !== 'object' || record === null) {
		return false;
	}

	try {
		const migrated = migrate(line.subarray(0, line.at(-1) === comma ? line.length - 1 : undefined));
		const parsed = recordSchema().safeParse(parseJson(migrated.toString('utf8')));
		if (!parsed.success) {
			return false;
		}

		table.put(migrated);
		return true;
	} catch {
		// A migration of what is no record of its version.
		return false;
	}
};

export type SalvagedJournal = {
	/**
	The first line that is wrong; undefined if the journal is whole.
	*/
	line: number | undefined;
	/**
	Commits whose every line is whole, also those after the damage, oldest first.
	*/
	commits: ChangeSet[];
	/**
	A commit among them does not follow the one before: something between is lost.
	*/
	hasGap: boolean;
};

/**
Reads the commits of a journal that belongs to a document of this revision, or to any; `undefined` if there is none.
*/
export type ReadDamagedJournal = (file: string, revision: number | undefined, fs: FileSystem) => Promise<SalvagedJournal | undefined>;

export const readDamagedJournal: ReadDamagedJournal = async (file, revision, fs) => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		const found: SalvagedJournal = {line: undefined, commits: [], hasGap: false};
		let pending: JournalEntry[] = [];
		let isForeign = false;
		let last = revision ?? 0;
		let number = 0;
		const take = (line: LineBytes) => {
			const entry = decodeEntry(line);
			if (entry === undefined) {
				found.line ??= number;
				pending = [];
				return;
			}

			if (!('commit' in entry)) {
				pending.push('put' in entry ? {put: Buffer.from(entry.put)} : entry);
				return;
			}

			// A commit that is older than the document is in it already.
			if (entry.lines === pending.length && entry.commit > last) {
				found.hasGap ||= entry.after !== last;
				found.line ??= entry.after === last ? undefined : number;
				last = entry.commit;
				found.commits.push(commitOf(entry, pending));
			} else {
				found.line ??= number;
			}

			pending = [];
		};

		for await (const {lines} of readLines(handle)) {
			for (const line of lines) {
				number++;
				if (number === 1) {
					const head = decodeHead(line);
					found.line = head === undefined ? 1 : undefined;
					isForeign = revision !== undefined && head !== undefined && head.document.revision !== revision;
					last = revision ?? head?.document.revision ?? 0;
				} else if (!isForeign) {
					take(line);
				}
			}
		}

		return isForeign ? undefined : found;
	} finally {
		await handle.close();
	}
});

const commitOf = ({commit, after, counts}: Extract<JournalEntry, {commit: number}>, entries: readonly JournalEntry[]): ChangeSet => ({
	revision: commit,
	after,
	counts,
	puts: entries.flatMap(entry => 'put' in entry ? [entry.put] : []),
	removes: entries.flatMap(entry => 'remove' in entry ? [entry.remove] : []),
	servers: entries.flatMap(entry => 'server' in entry ? [entry.server] : []),
	libraries: entries.flatMap(entry => 'library' in entry ? [entry.library] : []),
	events: entries.flatMap(entry => 'event' in entry ? [entry.event] : []),
});

/**
Puts the commits of a journal into the data.
*/
export const applyJournal = (data: CatalogData, {commits}: SalvagedJournal, migrate: (line: LineBytes) => LineBytes): void => {
	for (const commit of commits) {
		applyChangeSet(data, {...commit, puts: commit.puts.map(line => migrate(line))});
	}
};
