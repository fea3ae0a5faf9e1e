import {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';
import {hash} from 'node:crypto';
import {hostname} from 'node:os';
import path from 'node:path';
import {AppError} from '../../base/errors.js';
import {
	guarded,
	ifExists,
	nodeFileSystem,
	type FileSystem,
} from '../../base/file-system.js';
import type {HistoryEvent} from '../../catalog/history.js';
import {checkHistoryFiles} from '../check-history-files.js';
import {readSnapshot} from '../catalog-snapshot.js';
import {isSameDocument} from '../document-format.js';
import {
	historyNames,
	readHistoryFile,
	type HistoryPlace,
} from '../history-files.js';
import {readMonths, type MonthProof} from '../history-proof.js';
import {readJournal} from '../journal-reader.js';
import type {LineBytes} from '../line-reader.js';
import {createLinesDocument, type DocumentHead} from '../lines-document.js';
import {lockHolder, takeLock} from '../lock.js';
import {migrations, schemaVersionOf} from '../migrations.js';
import {catalogContext} from '../open-catalog.js';
import {inBatches, writtenByOther, type CopySource} from './copy-ends.js';

type DocumentSourceOptions = {
	folder: string;
	/**
	Takes the lock, so that nobody changes the catalogue.
	*/
	isLocked: boolean;
	now?: () => Date;
	fs?: FileSystem;
};

/**
Reads the catalogue in a folder without changing it: not even what a writer puts in order when it opens one. Only the places of the records are held in memory.

@throws {AppError} `locked`, `damaged`, `newer`, `not-writable`
*/
export const openDocumentSource = async ({folder, isLocked, now = () => new Date(), fs = nodeFileSystem}: DocumentSourceOptions): Promise<CopySource> => {
	const context = catalogContext({
		folder, access: 'read', now, fs,
	});
	const {files} = context;
	const place: HistoryPlace = {folder: files.history, fs};
	const isThere = await sizeOf(files.document, fs) !== undefined;
	const lock = isLocked && isThere ? await guarded(files.lock, 'taken', async () => takeLock(files.lock, {fs, now})) : undefined;
	if (lock?.isHeld === false) {
		throw writtenByOther(lock.holder, folder);
	}

	const close = async () => {
		await guarded(files.lock, 'released', async () => lock?.release());
	};

	try {
		const document = createLinesDocument(files.document, {fs, steps: context.steps, restBytes: context.restBytes});
		const {db} = await readSnapshot(context, document, {isHeaderOnly: false});
		const {header, table} = db.data;
		const head = await document.readHead();
		const newer = head === undefined ? [] : await eventsOfJournal(files.journal, head, fs);
		const kept = head?.header.revision ?? 0;

		async function * events(): AsyncGenerator<readonly HistoryEvent[]> {
			for (const name of await historyNames(place)) {
				for await (const batch of readHistoryFile(name, place)) {
					// The journal has what is newer, and all of it.
					yield batch.filter(({revision}) => revision <= kept);
				}
			}

			yield newer;
		}

		return {
			id: await idOf(files.marker, folder),
			name: folder,
			header: {...header, schemaVersion: schemaVersionOf(migrations)},
			records: table.size(),
			eventCount: countOf(head?.history?.months ?? await monthsOf(place)) + newer.length,
			bytes: await sizesOf(files, place),
			holder: isLocked ? undefined : await lockHolder(files.lock, {fs, now}),
			lines: skipped => inBatches(linesOf(table.lines()), skipped),
			events: skipped => inBatches(events(), skipped),
			async prove() {
				const {problems} = await checkHistoryFiles(folder);
				const [problem, ...others] = problems;
				if (problem !== undefined) {
					throw new AppError('damaged', `The history is not as it was written: ${problem}${others.length === 0 ? '' : ` (and ${others.length} more)`}`, {
						hint: 'Nothing was copied. "reelcat verify" names all that is wrong, and "reelcat repair" puts it in order.',
					});
				}
			},
			async requireSeat() {
				await lock?.check();
			},
			close,
		};
	} catch (error) {
		await close().catch(() => undefined);
		throw error;
	}
};

const linesPerBatch = 2000;

function * linesOf(lines: Iterable<LineBytes>): Generator<LineBytes[]> {
	let batch: LineBytes[] = [];
	for (const line of lines) {
		// The memory of a line is used again for the next one.
		batch.push(Buffer.from(line));
		if (batch.length !== linesPerBatch) {
			continue;
		}

		yield batch;
		batch = [];
	}

	yield batch;
}

const eventsOfJournal = async (journal: string, {id}: DocumentHead, fs: FileSystem): Promise<HistoryEvent[]> => {
	const events: Array<readonly HistoryEvent[]> = [];
	await readJournal(journal, {
		fs,
		follow: ({document}) => isSameDocument(document, id) ? {after: id.revision} : undefined,
		onCommit(commit) {
			events.push(commit.events);
		},
	});
	return events.flat();
};

const monthsOf = async (place: HistoryPlace) => {
	const {months} = await readMonths(place);
	return months;
};

const countOf = (months: readonly MonthProof[]) => months.reduce((sum, {events, summary}) => sum + (summary?.events ?? events), 0);

/**
The marker of the folder goes with it when it is moved. Without one, the folder is known by its path.
*/
const idOf = async (marker: string, folder: string): Promise<string> => {
	const text = await guarded(marker, 'read', async () => ifExists(readFile(marker, 'utf8')));
	return `document ${hash('sha256', text ?? JSON.stringify([hostname(), path.resolve(folder)]), 'hex').slice(0, 16)}`;
};

const sizeOf = async (file: string, fs: FileSystem): Promise<number | undefined> => {
	const stats = await guarded(file, 'read', async () => ifExists(fs.stat(file)));
	return stats?.size;
};

const sizesOf = async ({document, journal}: {document: string; journal: string}, place: HistoryPlace) => {
	let history = 0;
	for (const name of await historyNames(place)) {
		history += await sizeOf(path.join(place.folder, name), place.fs) ?? 0;
	}

	return {catalogue: (await sizeOf(document, place.fs) ?? 0) + (await sizeOf(journal, place.fs) ?? 0), history};
};
