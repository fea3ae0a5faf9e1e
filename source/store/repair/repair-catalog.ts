import {Buffer} from 'node:buffer';
import path from 'node:path';
import {copyAside, durableWrite, setAside} from '../../base/durable-write.js';
import {AppError, isAppError} from '../../base/errors.js';
import {
	guarded,
	makeFolders,
	nodeFileSystem,
	type FileSystem,
} from '../../base/file-system.js';
import type {CatalogHeader, CatalogRecord} from '../../catalog/types.js';
import {instantOf} from '../../catalog/values.js';
import {createBackups} from '../backups.js';
import type {CatalogData} from '../catalog-data.js';
import {checkCatalog, createProblemList} from '../check-catalog.js';
import {checkHistoryFiles} from '../check-history-files.js';
import {documentStream, type HistoryProof} from '../document-format.js';
import {catalogFiles, type CatalogFiles} from '../folders.js';
import {
	type HistoryPlace,
	isSummaryName,
	lastRevision,
	monthOf,
} from '../history-files.js';
import {encodeEvents, type MonthProof, readMonths} from '../history-proof.js';
import {nextPiece, withPiece} from '../history-recovery.js';
import {encodeHead} from '../journal-format.js';
import {createLinesDocument} from '../lines-document.js';
import {takeLock} from '../lock.js';
import {migrateLine, migrations, schemaVersionOf} from '../migrations.js';
import {recordLine} from '../record-line.js';
import {mendHistory} from './mend-history.js';
import {mendRecords} from './mend-records.js';
import {
	applyJournal,
	readDamagedJournal,
	type ReadDamagedJournal,
	salvageDocument,
} from './salvage.js';

type RepairOptions = {
	folder: string;
	/**
	Only say what would be done.
	*/
	isDry: boolean;
	fs?: FileSystem;
	now?: () => Date;
	readJournal?: ReadDamagedJournal;
};

export type Repaired = {
	/**
	What was wrong and what becomes of it, in sentences; none if all is in order.
	*/
	findings: string[];
	/**
	Copies of what was there before.
	*/
	aside: string[];
	/**
	What is still wrong afterwards.
	*/
	left: string[];
};

const steps = migrations;

/**
Puts a catalogue in order with what its own files have. It reads everything first and then writes history, document and journal, in this order; after a kill in between it can be called again. Copies of all that changes stay beside it.

@throws {AppError} `locked`, `newer`, `disk-full`, `not-writable`, or `damaged` if no copy of the header can be read
*/
export const repairCatalog = async ({folder, isDry, fs = nodeFileSystem, now = () => new Date(), readJournal = readDamagedJournal}: RepairOptions): Promise<Repaired> => {
	const files = catalogFiles(folder);
	const lock = await guarded(files.lock, 'taken', async () => takeLock(files.lock, {fs, now}));
	if (!lock.isHeld) {
		throw new AppError('locked', 'Another reelcat writes to this catalogue.', {hint: 'End it, then repair.'});
	}

	try {
		const plan = await makePlan({
			files, folder, fs, now, readJournal,
		});
		return {findings: plan.findings, left: plan.left, aside: isDry || plan.findings.length === 0 ? [] : await carryOut(plan, {files, fs, now})};
	} finally {
		// A record that stays names a process that has ended, and the next writer replaces it.
		await lock.release().catch(() => undefined);
	}
};

type Places = {files: CatalogFiles; fs: FileSystem; now: () => Date};

type Plan = {
	findings: string[];
	left: string[];
	data: CatalogData;
	removed: string[];
	/**
	Undefined if the files of the history stay as they are.
	*/
	history: Awaited<ReturnType<typeof mendHistory>> | undefined;
	since: string | undefined;
	foreign: ReadonlySet<string>;
};

const makePlan = async ({files, folder, fs, now, readJournal}: Places & {folder: string; readJournal: ReadDamagedJournal}): Promise<Plan> => {
	const {report, all} = createProblemList();
	const {data, isHeaderOwn} = await salvageDocument(files.document, {
		fs, steps, report, otherHeader: async () => otherHeader(files, fs),
	});
	const isSalvaged = all().length > 0;
	const head = await headOf(files.document, fs);
	const journal = await readJournal(files.journal, isHeaderOwn ? data.header.revision : undefined, fs);
	if (journal !== undefined) {
		applyJournal(data, journal, migrateLine({...data.header, schemaVersion: head?.header.schemaVersion ?? data.header.schemaVersion}, steps));
		if (journal.line !== undefined) {
			report(`${files.journal}: line ${journal.line} is damaged. ${journal.commits.length} commits can be read${journal.hasGap ? ', some of them after the damage' : ''}.`);
		}
	}

	const removed = await mendRecords(data, report);
	mendMarks(data, report);
	if (all().length > 0) {
		// No stamp of the server tells what is missing now.
		data.header.libraries = data.header.libraries.map(({sync, ...library}) => ({...library, ...sync !== undefined && {sync: {...sync, areDetailsOld: true}}}));
	}

	const {problems} = isSalvaged ? {problems: []} : await checkHistoryFiles(folder);
	for (const problem of problems) {
		report(problem);
	}

	const foreign = new Set(problems.filter(problem => problem.endsWith(foreignFile)).map(problem => path.basename(problem.slice(0, -foreignFile.length))));
	const place = {folder: files.history, fs};
	const revision = Math.max(data.header.revision, await lastRevision(place)) + 1;
	const history = await mendHistory({
		...place, data, newer: journal?.commits.flatMap(({events}) => events) ?? [], revision, at: instantOf(now()), foreign, report,
	});
	const isRewritten = isSalvaged || problems.length > 0 || history.added.length > 0 || history.months.some(({isChanged}) => isChanged);
	const {problems: left} = await checkCatalog(data);
	data.header = {...data.header, revision};
	return {
		findings: all(),
		left,
		data,
		removed,
		history: isRewritten ? history : undefined,
		since: head?.history?.since ?? (history.months.some(({hasBare}) => hasBare) ? instantOf(now()) : undefined),
		foreign,
	};
};

const foreignFile = ': no commit of this catalogue wrote it.';

const headOf = async (file: string, fs: FileSystem) => {
	try {
		return await createLinesDocument(file, {fs, steps}).readHead();
	} catch (error) {
		if (isAppError(error, 'damaged')) {
			return undefined;
		}

		throw error;
	}
};

/**
Of the document before the last rewrite, or of a backup; the newest.
*/
const otherHeader = async (files: CatalogFiles, fs: FileSystem): Promise<CatalogHeader | undefined> => {
	const bak = await headOf(`${files.document}.bak`, fs);
	const backups = createBackups(files.backups, {fs, now: () => new Date(), schemaVersion: schemaVersionOf(steps)});
	const backup = await backups.newestGood();
	const ofBackup = backup && await backups.prove(backup.file);
	return [bak?.header, ofBackup?.header].filter(header => header !== undefined).toSorted((left, right) => right.revision - left.revision)[0];
};

/**
Items that are marked as missing although their library holds nothing cannot be accepted; the next sync marks them again if they are.
*/
const mendMarks = ({table, header}: CatalogData, report: (finding: string) => void) => {
	const holding = new Set(header.libraries.filter(({sync}) => sync?.held !== undefined).map(({id}) => id));
	const items = table.lines().filter(line => line.includes('"missingSince":')).map(line => JSON.parse(line.toString('utf8')) as CatalogRecord).toArray();
	for (const item of items) {
		if (item.kind !== 'item' || item.missingSince === undefined || holding.has(item.libraryId)) {
			continue;
		}

		const {missingSince: _, ...rest} = item;
		table.put(Buffer.from(recordLine(rest)));
		report(`${item.id}: it is marked as missing, but its library holds no removals; the mark is taken away.`);
	}
};

const carryOut = async ({data, removed, history, since, foreign}: Plan, {files, fs, now}: Places): Promise<string[]> => {
	const aside: string[] = [];
	const keep = async (file: string) => {
		const copy = await guarded(file, 'copied', async () => copyAside(file, {fs, now}));
		aside.push(...copy === undefined ? [] : [copy]);
	};

	const place = {folder: files.history, fs};
	for (const name of foreign) {
		const moved = await guarded(files.history, 'put in order', async () => setAside(path.join(files.history, name), {fs, now}));
		aside.push(...moved === undefined ? [] : [moved]);
	}

	if (history !== undefined) {
		for (const {name, isChanged} of history.months) {
			if (isChanged) {
				await keep(path.join(files.history, name));
			}
		}
	}

	const {months} = history === undefined ? await readMonths(place) : {months: await writeHistory(history, place, now)};
	if (removed.length > 0) {
		const file = path.join(path.dirname(files.document), `removed-by-repair-${instantOf(now()).replaceAll(/[\-:]/gv, '')}.ndjson`);
		await durableWrite(file, removed.map(line => `${line}\n`), {fs});
		aside.push(file);
	}

	await keep(files.document);
	await keep(files.journal);
	const proof: HistoryProof = {revision: data.header.revision, ...(since !== undefined && {since}), months};
	const stream = documentStream({...data, header: {...data.header, history: proof}});
	await durableWrite(files.document, stream.chunks, {fs});
	await durableWrite(files.journal, [encodeHead({
		schemaVersion: schemaVersionOf(steps), document: {revision: data.header.revision, crc32: stream.crc()}, previous: undefined,
	})], {fs});
	return aside;
};

const writeHistory = async ({months, added}: NonNullable<Plan['history']>, {folder, fs}: HistoryPlace, now: () => Date): Promise<MonthProof[]> => {
	let proofs: MonthProof[] = [];
	const pieces = new Map<string, Uint8Array[]>();
	for (const {name, events} of months) {
		const {bytes, end} = encodeEvents(events, {events: 0, sum: proofs.at(-1)?.sum ?? ''});
		pieces.set(name, [bytes]);
		proofs.push({
			month: monthOf(name), ...end, bytes: bytes.length, ...(isSummaryName(name) && {summary: end}),
		});
	}

	const newest = proofs.at(-1);
	if (newest?.summary !== undefined && added.length > 0) {
		// Nothing is added to a summary.
		proofs.push({
			month: [newest.month, instantOf(now()).slice(0, 7)].toSorted()[1]!, events: 0, bytes: 0, sum: newest.sum,
		});
	}

	for (let rest = added; rest.length > 0;) {
		const piece = nextPiece(proofs.at(-1), rest);
		const name = `${piece.proof.month}.ndjson`;
		pieces.set(name, [...pieces.get(name) ?? [], piece.bytes]);
		proofs = withPiece(proofs, piece);
		rest = rest.slice(piece.count);
	}

	await guarded(folder, 'made', async () => makeFolders(folder, {fs, mode: 0o700}));
	for (const [name, chunks] of pieces) {
		await durableWrite(path.join(folder, name), chunks, {fs});
	}

	return proofs;
};
