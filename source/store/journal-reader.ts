import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';
import type {HistoryEvent} from '../catalog/history.js';
import type {Library, Server} from '../catalog/types.js';
import {AppError} from '../base/errors.js';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';
import {plural} from '../base/text/format.js';
import type {ChangeSet} from './catalog-data.js';
import {
	type CommitEntry,
	decodeEntry,
	decodeHead,
	type JournalEntry,
	type JournalHead,
} from './journal-format.js';
import {type LineBatch, readLines, type LineBytes} from './line-reader.js';
import {migrateLibrary} from './migrations.js';

type JournalReadOptions = {
	fs: FileSystem;
	/**
	Gets the first line. Returns the revision that the first commit must follow, and the offset to read from (by default the first commit), or `undefined` to read no further.
	*/
	follow: (head: JournalHead) => {after: number; from?: number} | undefined;
	/**
	Gets a commit, its libraries as those of today and its records as they are.
	*/
	onCommit?: (commit: ChangeSet) => void;
	/**
	The commits come without records and events, which are only proved and counted.
	*/
	isWithoutRecords?: boolean | undefined;
	/**
	Gets the whole commits after a damaged spot, in their order. Whether they can still be applied is for the caller to judge: `after` says which revision each of them followed.
	*/
	onLaterCommit?: (commit: ChangeSet) => void;
};

export type JournalState = {
	// `undefined` if the first line is broken.
	head: JournalHead | undefined;
	headBytes: number;
	sizeBytes: number;
	// Where the last complete commit ends.
	goodBytes: number;
	/**
	The revision of the last complete commit, or `after` from `follow`.
	*/
	revision: number;
	/**
	The highest revision that any valid line of a commit names, also after a damaged spot.
	*/
	highestRevision: number;
	/**
	What is wrong beyond a torn end. Absent if the bytes after `goodBytes` are only what a write that was cut short leaves: nobody was told that they are durable.
	*/
	damage: JournalDamage | undefined;
};

export type JournalDamage = {
	/**
	Where the first line begins that is wrong or does not follow.
	*/
	offset: number;
	/**
	The whole commits after it.
	*/
	later: Array<{revision: number; after: number}>;
};

/**
Read complete commits up to the first wrong byte. Returns `undefined` if there is no journal.
*/
export const readJournal = async (file: string, options: JournalReadOptions): Promise<JournalState | undefined> => guarded(file, 'read', async () => {
	const handle = await ifExists(options.fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		return await read(handle, options);
	} finally {
		await handle.close();
	}
});

export const journalDamaged = (file: string, {offset, later}: JournalDamage) => new AppError('damaged', `${file} is damaged at byte ${offset}${later.length === 0 ? '' : `; ${plural(later.length, 'whole commit')} follow${later.length === 1 ? 's' : ''}`}. What it holds up to there is older than what was saved.`, {
	hint: 'Run "reelcat repair" to save what can be saved, or "reelcat restore" to go back to a backup. Nothing was changed.',
});

const read = async (handle: FileHandle, {follow, ...options}: JournalReadOptions): Promise<JournalState> => {
	const {size} = await handle.stat();
	const head = await readHead(handle);
	const plan = head && follow(head.head);
	const state: JournalState = {
		head: head?.head,
		headBytes: head?.endOffset ?? 0,
		sizeBytes: size,
		goodBytes: plan?.from ?? (plan === undefined ? 0 : head!.endOffset),
		revision: plan?.after ?? 0,
		highestRevision: Math.max(plan?.after ?? 0, head?.head.document.revision ?? 0),
		damage: undefined,
	};
	if (head !== undefined && plan === undefined) {
		return state;
	}

	const scan = createJournalScan(state, options);
	for await (const {lines} of readLines(handle, {start: state.goodBytes})) {
		for (const line of lines) {
			scan.line(line);
		}

		scan.keep();
	}

	scan.end(await readRest(handle, scan.offset()));
	return state;
};

/**
Takes the lines after the first, one by one, and notes in `state` how far they are valid. Lines from the beginning of the file, if its first line is broken.

A write that was cut short is told from damage as etcd does it. Such a write ends within a line, or the disk kept only some of its sectors and the others are zero; and nothing follows it, because the next commit begins only when this one is durable. So a whole line that is wrong without such zeros is damage, and so is anything wrong that a whole commit follows, or a part of one that names a commit which is not there as the one before it.
*/
const createJournalScan = (state: JournalState, {onCommit, onLaterCommit, isWithoutRecords = false}: Omit<JournalReadOptions, 'fs' | 'follow'>) => {
	let pending = noLines();
	let keptPuts = 0;
	let leftOut = 0;
	let offset = state.goodBytes;
	let damage: JournalDamage | undefined = state.head === undefined ? {offset: 0, later: []} : undefined;
	let isLikeTorn = false;
	let isCommitLost = false;

	const drop = () => {
		const dropped = pending;
		pending = noLines();
		keptPuts = 0;
		leftOut = 0;
		return dropped;
	};

	const noteDamage = (at: number) => {
		damage ??= {offset: at, later: []};
		return damage;
	};

	const commit = ({commit: revision, after, lines, counts}: CommitEntry, start: number) => {
		const isWhole = lines === countLines(pending) + leftOut;
		const complete = drop();
		state.highestRevision = Math.max(state.highestRevision, revision);
		const changes = {
			...complete, libraries: complete.libraries.map(library => migrateLibrary(library, state.head?.schemaVersion ?? Infinity)), revision, after, counts,
		};
		if (isWhole && damage === undefined && after === state.revision) {
			onCommit?.(changes);
			state.revision = revision;
			state.goodBytes = offset;
			return;
		}

		const {later} = noteDamage(start);
		isCommitLost ||= after !== state.revision;
		if (!isWhole) {
			return;
		}

		later.push({revision, after});
		onLaterCommit?.(changes);
	};

	return {
		offset: () => offset,
		line(line: LineBytes) {
			const start = offset;
			offset += line.length + 1;
			const entry = decodeEntry(line);
			if (entry === undefined) {
				noteDamage(start);
				isLikeTorn ||= hasZeroSector(line, {start, firstByte: state.goodBytes});
				drop();
			} else if ('commit' in entry) {
				commit(entry, start);
			} else if (isWithoutRecords && ('put' in entry || 'event' in entry)) {
				leftOut++;
			} else {
				addLine(pending, entry);
			}
		},
		/**
		Copy the pending records: the memory of their lines is about to be used again.
		*/
		keep() {
			const {puts} = pending;
			for (; keptPuts < puts.length; keptPuts++) {
				puts[keptPuts] = Buffer.from(puts[keptPuts]!);
			}
		},
		/**
		`rest` is what follows the last line break.
		*/
		end(rest: LineBytes) {
			// Only its line break is wrong, so it was written whole.
			if (decodeEntry(rest.subarray(0, -1)) !== undefined) {
				noteDamage(offset);
			}

			state.damage = isLikeTorn && !isCommitLost && damage?.later.length === 0 && state.head !== undefined ? undefined : damage;
		},
	};
};

const sectorBytes = 512;

/**
Whether the line contains a whole sector of zeros, or its part after `firstByte`, where the write began. `start` is the place of the line in its file.
*/
const hasZeroSector = (line: LineBytes, {start, firstByte}: {start: number; firstByte: number}): boolean => {
	const boundary = (place: number) => Math.ceil(place / sectorBytes) * sectorBytes;
	const end = start + line.length;
	for (let from = start === firstByte ? start : boundary(start); from < end;) {
		const to = boundary(from + 1);
		if (to <= end && line.subarray(from - start, to - start).every(byte => byte === 0)) {
			return true;
		}

		from = to;
	}

	return false;
};

const mostRestBytes = 2 ** 26;

/**
What follows the last line break; nothing if a writer has ended the line meanwhile.
*/
const readRest = async (handle: FileHandle, offset: number): Promise<LineBytes> => {
	const {size} = await handle.stat();
	const bytes = Buffer.alloc(Math.min(mostRestBytes, Math.max(0, size - offset)));
	const {bytesRead} = bytes.length === 0 ? {bytesRead: 0} : await handle.read(bytes, 0, bytes.length, offset);
	const rest = bytes.subarray(0, bytesRead);
	return rest.includes(10) ? rest.subarray(0, 0) : rest;
};

const readHead = async (handle: FileHandle): Promise<{head: JournalHead; endOffset: number} | undefined> => {
	const {value} = await readLines(handle, {chunkBytes: 2 ** 12}).next() as IteratorResult<LineBatch, undefined>;
	const line = value?.lines[0];
	const head = line && decodeHead(line);
	return line && head && {head, endOffset: line.length + 1};
};

type Pending = {
	puts: LineBytes[];
	removes: string[];
	servers: Server[];
	libraries: Library[];
	events: HistoryEvent[];
};

const noLines = (): Pending => ({
	puts: [], removes: [], servers: [], libraries: [], events: [],
});

const addLine = (pending: Pending, entry: Exclude<JournalEntry, CommitEntry>) => {
	if ('put' in entry) {
		pending.puts.push(entry.put);
	} else if ('remove' in entry) {
		pending.removes.push(entry.remove);
	} else if ('server' in entry) {
		pending.servers.push(entry.server);
	} else if ('library' in entry) {
		pending.libraries.push(entry.library);
	} else if ('event' in entry) {
		pending.events.push(entry.event);
	}
};

const countLines = ({puts, removes, servers, libraries, events}: Pending) =>
	puts.length + removes.length + servers.length + libraries.length + events.length;
