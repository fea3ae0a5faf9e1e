import {durableWrite} from '../base/durable-write.js';
import {AppError} from '../base/errors.js';
import {guarded, ifExists, makeFolders} from '../base/file-system.js';
import type {HistoryQuery} from '../catalog/catalog-store.js';
import type {HistoryEvent} from '../catalog/history.js';
import {instantOf} from '../catalog/values.js';
import {type AppendFile, openAppendFile} from './append-file.js';
import type {HistoryProof} from './document-format.js';
import {type HistoryPlace, readHistoryEvents} from './history-files.js';
import {type MonthProof, readMonths} from './history-proof.js';
import type {DocumentHead} from './lines-document.js';
import {
	monthFile,
	nextPiece,
	recoverHistory,
	recoverUnproved,
	withPiece,
} from './history-recovery.js';
import {summariseMonths} from './history-summaries.js';

/**
Writes the files of the history, see `HistoryPlace`, and knows what they hold.
*/
export const createHistoryWriter = (place: HistoryPlace, {now}: {now: () => Date}) => {
	const {folder, fs} = place;
	let writer: {month: string; file: AppendFile} | undefined;
	let waiting: readonly HistoryEvent[] = [];
	let working: Promise<void> = Promise.resolve();
	let months: readonly MonthProof[] | undefined;
	let since: string | undefined;

	const closeWriter = async () => {
		const old = writer;
		writer = undefined;
		await old?.file.close();
	};

	const knownMonths = async (): Promise<readonly MonthProof[]> => {
		if (months === undefined) {
			const read = await readMonths(place);
			since = read.hasBare ? instantOf(now()) : undefined;
			({months} = read);
		}

		return months;
	};

	const writerFor = async (month: string, startBytes: number): Promise<AppendFile> => {
		if (writer?.month === month) {
			return writer.file;
		}

		await closeWriter();
		const file = monthFile(place, month);
		await guarded(folder, 'made', async () => makeFolders(folder, {fs, mode: 0o700}));
		if (await guarded(file, 'read', async () => ifExists(fs.stat(file))) === undefined) {
			await durableWrite(file, [], {fs});
		}

		writer = {month, file: await openAppendFile(file, startBytes, fs)};
		return writer.file;
	};

	/**
	What was deleted cannot be made again, so the history goes on with what is left.
	*/
	const examineWriter = async () => {
		if (writer === undefined) {
			return;
		}

		const {month, file} = writer;
		const condition = await file.examine();
		if (condition === 'changed') {
			throw new AppError('locked', `The history of ${month} in ${folder} was changed by someone else.`, {hint: 'Close the other program, then start reelcat again. Nothing was overwritten.'});
		}

		if (condition !== 'gone') {
			return;
		}

		await closeWriter();
		months = undefined;
	};

	const drain = async () => {
		while (waiting.length > 0) {
			await examineWriter();
			const known = await knownMonths();
			const piece = nextPiece(known.at(-1), waiting);
			const file = await writerFor(piece.proof.month, piece.startBytes);
			await file.append(piece.bytes);
			months = withPiece(known, piece);
			waiting = waiting.slice(piece.count);
		}
	};

	const flush = async () => {
		const turn = working.then(drain);
		working = turn.catch(() => {/* The caller of this flush gets the error. */});
		await turn;
	};

	return {
		/**
		Repairs the end of the files after the last writer ended in any way. `head` is that of the document, `events` are those of its journal.

		@returns a sentence if a file does not hold what it should
		*/
		async recover({header: {revision, rewinds}, history: proof}: DocumentHead, events: readonly HistoryEvent[]): Promise<string | undefined> {
			await closeWriter();
			// A restored document has the proof of the backup, and the files have gone on since.
			const isProved = proof !== undefined && proof.revision >= (rewinds?.at(-1)?.revision ?? 0);
			const options = {
				...place, now, kept: revision, events,
			};
			const recovered = await (isProved ? recoverHistory(proof.months, options) : recoverUnproved(options));
			({months} = recovered);
			since = isProved ? proof.since : undefined;
			waiting = recovered.missing;
			// The journal keeps the events until they are in the files.
			await flush().catch(() => undefined);
			return recovered.isDamaged ? 'The newest file of the history is not as it was written; "reelcat verify" says more.' : undefined;
		},
		/**
		Adds the events of a commit that is durable in the journal. Events that cannot be written now wait for the next call.
		*/
		async add(events: readonly HistoryEvent[]) {
			if (events.length === 0 && waiting.length === 0) {
				return;
			}

			// One commit may hold more events than a call takes arguments.
			waiting = [...waiting, ...events];
			await flush().catch(() => undefined);
		},
		/**
		@throws {AppError} `disk-full` or `not-writable` while events are still waiting.
		*/
		flush,
		/**
		What the files hold, for the header of a document with this revision.

		@throws {AppError} `not-writable` if they cannot be read
		*/
		async proof(revision: number): Promise<HistoryProof> {
			const known = await knownMonths();
			return {revision, ...(since !== undefined && {since}), months: [...known]};
		},
		/**
		Oldest first, with the events that are still waiting.
		*/
		read: (query: HistoryQuery) => readHistoryEvents(place, query, async () => waiting),
		/**
		Sums up the months before `month`, each once; the newest file stays as it is. `writeDocument` is called before anything is replaced.
		*/
		async summarise(before: string, writeDocument: () => Promise<void>) {
			await summariseMonths({
				...place,
				before,
				months: await knownMonths(),
				async announce(next) {
					months = next;
					await writeDocument();
				},
			});
		},
		async close() {
			await working;
			await closeWriter();
		},
	};
};

export type HistoryWriter = ReturnType<typeof createHistoryWriter>;
