import path from 'node:path';
import * as z from 'zod';
import {durableWrite, syncFolder} from '../../base/durable-write.js';
import {
	guarded,
	ifExists,
	nodeFileSystem,
	type FileSystem,
} from '../../base/file-system.js';
import {makeOwnFolder} from '../../base/own-folder.js';
import {plural} from '../../base/text/format.js';
import type {HistoryEvent} from '../../catalog/history.js';
import {readSnapshot} from '../catalog-snapshot.js';
import {parseJson} from '../document-format.js';
import {catalogFiles} from '../folders.js';
import {historyNames, readHistoryFile, type HistoryPlace} from '../history-files.js';
import {createHistoryWriter} from '../history-writer.js';
import {createLinesDocument} from '../lines-document.js';
import {takeLock} from '../lock.js';
import {catalogContext} from '../open-catalog.js';
import {
	fingerprintOf,
	inBatches,
	notEmpty,
	otherCopy,
	writtenByOther,
	type CopySource,
	type CopyTarget,
} from './copy-ends.js';
import {openGrowingDocument, storedLines, type GrowingDocument} from './growing-document.js';

type DocumentTargetOptions = {
	folder: string;
	source: Pick<CopySource, 'id' | 'header' | 'records'>;
	now?: () => Date;
	fs?: FileSystem;
};

const stateSchema = z.object({
	source: z.string(),
	fingerprint: z.string(),
	isPlacing: z.boolean(),
});

type State = z.infer<typeof stateSchema>;

/**
The files of a copy while it is made, in a folder of their own that no other command looks into.
*/
const stagingFiles = (folder: string) => {
	const own = path.join(folder, 'catalog.copy');
	return {
		folder: own, state: path.join(own, 'copy.json'), document: path.join(own, 'catalog.json'), history: path.join(own, 'history'),
	};
};

/**
Takes a catalogue into a folder. The history is written first, because the document says what its files hold; both are put in their places when they have been compared, the document last.

@throws {AppError} `locked`, `usage`, `damaged`, `newer`, `disk-full`, `not-writable`
*/
export const openDocumentTarget = async ({folder, source, now = () => new Date(), fs = nodeFileSystem}: DocumentTargetOptions): Promise<CopyTarget> => {
	const files = catalogFiles(folder);
	const staging = stagingFiles(folder);
	await makeOwnFolder(folder, {fs, isOnlyOurs: false});
	const lock = await guarded(files.lock, 'taken', async () => takeLock(files.lock, {fs, now}));
	if (!lock.isHeld) {
		throw writtenByOther(lock.holder, folder);
	}

	const place: HistoryPlace = {folder: staging.history, fs};
	const history = createHistoryWriter(place, {now});
	let document: GrowingDocument | undefined;
	const close = async () => {
		try {
			await history.close();
			await document?.close();
		} finally {
			await guarded(files.lock, 'released', async () => lock.release());
		}
	};

	try {
		const state: State = {source: source.id, fingerprint: fingerprintOf(source), isPlacing: false};
		const found = await requireRoom({folder, source, fs});
		if (found?.isPlacing === true) {
			await moveHistory(files.history, staging.history, fs);
		}

		const isSame = found?.fingerprint === state.fingerprint;
		if (!isSame) {
			await guarded(staging.folder, 'removed', async () => fs.rm(staging.folder, {recursive: true, force: true}));
			await makeOwnFolder(staging.folder, {fs});
		}

		const writeState = async (changed: Partial<State>) => {
			await durableWrite(staging.state, [`${JSON.stringify({...state, ...changed})}\n`], {fs});
		};

		await writeState({});
		return {
			name: folder,
			isAnew: found !== undefined && !isSame,
			async eventsHere() {
				const {months} = await history.proof(0);
				return months.reduce((sum, {events}) => sum + events, 0);
			},
			async addEvents(events) {
				await history.add(events);
				await history.flush();
			},
			async recordsHere() {
				document = await openGrowingDocument(staging.document, {...source.header, history: await history.proof(source.header.revision)}, fs);
				return document.count();
			},
			async addLines(lines) {
				await document!.add(lines);
			},
			async seal() {
				await document!.end();
				await createLinesDocument(staging.document, {fs}).prove();
			},
			lines: skipped => inBatches(storedLines(staging.document, fs), skipped),
			events: skipped => inBatches(storedEvents(place), skipped),
			async finish() {
				await history.close();
				await document!.close();
				await lock.check();
				await writeState({isPlacing: true});
				// Without a document, nobody takes the folder for a catalogue while it has only a part of one.
				await guarded(files.document, 'removed', async () => ifExists(fs.unlink(files.document)));
				await moveHistory(staging.history, files.history, fs);
				await guarded(files.document, 'put in its place', async () => {
					await fs.rename(staging.document, files.document);
					await syncFolder(folder, fs);
					await fs.rm(staging.folder, {recursive: true, force: true});
				});
			},
			async reject() {
				await writeState({fingerprint: ''});
			},
			close,
		};
	} catch (error) {
		await close().catch(() => undefined);
		throw error;
	}
};

/**
Looks whether the folder has room for the catalogue, and changes nothing.

@returns what is there of an earlier attempt to copy the same source
@throws {AppError} `usage` if anything else is there; `damaged` if something is there whose document is missing
*/
export const requireRoomInFolder = async ({folder, source, fs = nodeFileSystem}: Omit<DocumentTargetOptions, 'now'>): Promise<void> => {
	await requireRoom({folder, source, fs});
};

const requireRoom = async ({folder, source, fs}: {folder: string; source: DocumentTargetOptions['source']; fs: FileSystem}): Promise<State | undefined> => {
	const files = catalogFiles(folder);
	const staging = stagingFiles(folder);
	const state = await readState(staging.state, fs);
	const context = catalogContext({folder, access: 'read', fs});
	const document = createLinesDocument(files.document, {fs, steps: context.steps});
	const head = await document.readHead();
	const isPlacing = head === undefined && state?.isPlacing === true;
	if (head !== undefined && head.count > 0) {
		throw notEmpty(folder, `revision ${head.header.revision}, ${plural(head.count, 'record')}`);
	}

	if (!isPlacing) {
		// If there is no document, this says whether there should be one.
		const {db} = await readSnapshot(context, document, {isHeaderOnly: false});
		const {header, table} = db.data;
		const months = await historyNames({folder: files.history, fs});
		if (table.size() + header.servers.length + header.libraries.length + months.length > 0 || header.revision >= source.header.revision) {
			throw notEmpty(folder, `revision ${header.revision}, ${plural(table.size(), 'record')}`);
		}
	}

	if (state !== undefined && state.source !== source.id) {
		throw otherCopy(folder, `remove the folder ${staging.folder}`);
	}

	return state;
};

async function * storedEvents(place: HistoryPlace): AsyncGenerator<HistoryEvent[]> {
	for (const name of await historyNames(place)) {
		yield * readHistoryFile(name, place);
	}
}

const readState = async (file: string, fs: FileSystem): Promise<State | undefined> => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		return stateSchema.safeParse(parseJson(await handle.readFile('utf8'))).data;
	} finally {
		await handle.close();
	}
});

/**
One file after the other, so that it can be done again, and also back.
*/
const moveHistory = async (from: string, to: string, fs: FileSystem): Promise<void> => {
	const names = await historyNames({folder: from, fs});
	if (names.length === 0) {
		return;
	}

	await makeOwnFolder(to, {fs});
	await guarded(to, 'put in its place', async () => {
		for (const name of names) {
			await fs.rename(path.join(from, name), path.join(to, name));
		}

		await syncFolder(to, fs);
	});
};
