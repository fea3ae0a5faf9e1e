import path from 'node:path';
import {AppError} from '../base/errors.js';
import {
	durableWrite,
	syncFolder,
	setAside,
} from '../base/durable-write.js';
import {guarded} from '../base/file-system.js';
import type {CatalogContext} from './catalog-context.js';
import type {ChangeSet, JournalPlaces} from './catalog-data.js';
import {type DocumentId, isSameDocument} from './document-format.js';
import {encodeHead, type EncodedCommit, type JournalHead} from './journal-format.js';
import {journalDamaged, type JournalState, readJournal} from './journal-reader.js';
import {openLineFile, type LineFile} from './line-file.js';
import {type AppendFile, type Condition, openAppendFile} from './append-file.js';
import {schemaVersionOf} from './migrations.js';

export type Persisted = {writtenBytes: number; places?: JournalPlaces | undefined};

type AdoptOptions = {
	/**
	False if the folder of a new document could not be synced.
	*/
	isDurable: boolean;
	/**
	Proves the document. It is called before a journal goes that seems not to belong to it.
	*/
	prove: () => Promise<unknown>;
	onCommit?: (commit: ChangeSet) => void;
};

/**
The journal as the writer uses it. It always continues the document on the disk.
*/
export const createJournalSession = ({files: {journal: file}, fs, now, steps, restBytes}: CatalogContext) => {
	const folder = path.dirname(file);
	const schemaVersion = schemaVersionOf(steps);
	let writer: AppendFile | undefined;
	// The same file, for those who read its records.
	let lines: LineFile | undefined;
	let headBytes = 0;
	let document: DocumentId | undefined;
	let previous: DocumentId | undefined;
	let isFolderSynced = true;

	const settleFolder = async () => {
		if (isFolderSynced) {
			return;
		}

		await guarded(folder, 'synced', async () => syncFolder(folder, fs));
		isFolderSynced = true;
	};

	// The order matters: replace the old journal only when the document survives a power cut, and take a commit only when the journal does.
	const ready = async (): Promise<AppendFile> => {
		await settleFolder();
		if (writer === undefined) {
			const head = encodeHead({schemaVersion, document: document!, previous});
			const {isDurable} = await durableWrite(file, [head], {fs});
			isFolderSynced = isDurable;
			headBytes = head.length;
			writer = await openAppendFile(file, head.length, fs);
		}

		await settleFolder();
		return writer;
	};

	const closeWriter = async () => {
		const old = writer;
		writer = undefined;
		lines = undefined;
		await old?.close();
	};

	const restart = async (next: DocumentId, isDurable: boolean) => {
		previous = document;
		document = next;
		isFolderSynced &&= isDurable;
		await closeWriter();
		await ready();
	};

	const replaceForeign = async (id: DocumentId, state: JournalState): Promise<string | undefined> => {
		previous = state.head!.document;
		const contained = await readJournal(file, {fs, follow: head => ({after: head.document.revision})});
		if (contained!.damage !== undefined || contained!.revision > id.revision) {
			const aside = await guarded(file, 'set aside', async () => setAside(file, {fs, now}));
			return `The journal of another catalogue was found and set aside as ${aside!}.`;
		}

		return undefined;
	};

	const follow = (id: DocumentId) => (head: JournalHead) => isSameDocument(head.document, id) ? {after: id.revision} : undefined;

	const resume = async (state: JournalState): Promise<undefined> => {
		previous = state.head!.previous;
		headBytes = state.headBytes;
		writer = await openAppendFile(file, state.goodBytes, fs);
	};

	const takeOver = async (id: DocumentId, state: JournalState, prove: () => Promise<unknown>): Promise<string | undefined> => {
		if (state.head !== undefined && state.head.schemaVersion > schemaVersion) {
			throw new AppError('newer', `${file} was written by a newer reelcat.`, {hint: 'Update reelcat. The file is left as it is.'});
		}

		if (state.damage !== undefined) {
			throw journalDamaged(file, state.damage);
		}

		if (isSameDocument(state.head!.document, id)) {
			return resume(state);
		}

		// One wrong bit at the beginning or end of the document is enough for the journal to seem that of another.
		await prove();
		return replaceForeign(id, state);
	};

	return {
		/**
		Takes over the journal on the disk: continues it if it belongs to this document, replaces it if the document contains its commits already. Only a torn end is cut off. Returns a sentence if something had to be set aside.

		@throws {AppError} `damaged` if the journal is; it is then as before, whatever `onDamaged` says. `newer`, `disk-full`, `not-writable`, and what `prove` throws.
		*/
		async adopt(id: DocumentId, {isDurable, prove, onCommit}: AdoptOptions): Promise<string | undefined> {
			document = id;
			isFolderSynced &&= isDurable;
			const state = await readJournal(file, {fs, onCommit, follow: follow(id)});
			const notice = state && await takeOver(id, state, prove);
			await ready();
			return notice;
		},
		/**
		Reads commits again: all, or those from a place on.
		*/
		async replay(onCommit: (commit: ChangeSet) => void, place?: {after: number; from: number}) {
			const state = await readJournal(file, {fs, onCommit, follow: head => follow(document!)(head) && (place ?? {after: document!.revision})});
			if (state?.damage !== undefined) {
				throw journalDamaged(file, state.damage);
			}
		},
		/**
		The highest revision that the journal on the disk names, whatever document it belongs to and however damaged it is.
		*/
		async highestRevision(): Promise<number> {
			const state = await readJournal(file, {fs, follow: head => ({after: head.document.revision})});
			return state?.highestRevision ?? 0;
		},
		/**
		Call it when a new document is in place; `isDurable` is false if its folder could not be synced. The old journal is replaced now or, if that fails, before the next commit.
		*/
		restart,
		/**
		Returns, when the commit is durable, the number of bytes written, and where its records are if the journal is long enough for them to stay there.

		@throws {AppError} `disk-full` or `not-writable`; the journal is then as before.
		*/
		async append({bytes, offsets}: EncodedCommit): Promise<Persisted> {
			const journal = await ready();
			const start = journal.sizeBytes();
			await journal.append(bytes);
			if (start < restBytes) {
				return {writtenBytes: bytes.length};
			}

			lines ??= openLineFile(file);
			return {writtenBytes: bytes.length, places: lines && {file: lines, offsets: offsets.map(offset => start + offset)}};
		},
		/**
		What became of the file since the last commit. Until a new journal is written there is nothing to look at.
		*/
		examine: async (): Promise<Condition> => writer === undefined ? 'ours' : writer.examine(),
		/**
		Size of the commits, without the first line.
		*/
		commitBytes: () => writer === undefined ? 0 : writer.sizeBytes() - headBytes,
		sizeBytes: () => writer?.sizeBytes() ?? 0,
		close: closeWriter,
	};
};

export type JournalSession = ReturnType<typeof createJournalSession>;
