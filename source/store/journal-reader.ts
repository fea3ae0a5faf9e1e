import {Buffer} from 'node:buffer';
import type {FileHandle} from 'node:fs/promises';
import type {HistoryEvent} from '../catalog/history.js';
import type {Library, Server} from '../catalog/types.js';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';
import type {ChangeSet} from './catalog-data.js';
import {
	type CommitEntry,
	decodeEntry,
	decodeHead,
	type JournalEntry,
	type JournalHead,
} from './journal-format.js';
import {type LineBatch, readLines, type LineBytes} from './line-reader.js';

type JournalReadOptions = {
	fs: FileSystem;
	/**
	Gets the first line. Returns the revision that the first commit must follow, and the offset to read from (by default the first commit), or `undefined` to read no further.
	*/
	follow: (head: JournalHead) => {after: number; from?: number} | undefined;
	onCommit?: (commit: ChangeSet) => void;
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
	A whole line, with its line break, is wrong or does not follow the one before: more than the usual torn end.
	*/
	isBroken: boolean;
	/**
	There is a valid commit in or after the broken part.
	*/
	hasLostCommits: boolean;
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

const read = async (handle: FileHandle, {follow, onCommit}: JournalReadOptions): Promise<JournalState> => {
	const {size} = await handle.stat();
	const state: JournalState = {
		head: undefined, headBytes: 0, sizeBytes: size, goodBytes: 0, revision: 0, isBroken: false, hasLostCommits: false,
	};
	const head = await readHead(handle);
	const plan = head && follow(head.head);
	if (head === undefined || plan === undefined) {
		return {...state, head: head?.head};
	}

	state.head = head.head;
	state.headBytes = head.endOffset;
	state.revision = plan.after;
	state.goodBytes = plan.from ?? head.endOffset;
	const scan = createScan(state, onCommit);
	for await (const {lines} of readLines(handle, {start: state.goodBytes})) {
		for (const line of lines) {
			scan.line(line);
		}

		scan.keep();
	}

	return state;
};

/**
Takes the lines after the first, one by one, and notes in `state` how far they are valid.
*/
const createScan = (state: JournalState, onCommit: JournalReadOptions['onCommit']) => {
	let pending = noLines();
	let keptPuts = 0;
	let offset = state.goodBytes;

	const commit = ({commit: revision, after, lines, counts}: CommitEntry) => {
		if (after !== state.revision || lines !== countLines(pending)) {
			state.isBroken = true;
			state.hasLostCommits = true;
			return;
		}

		const complete = pending;
		pending = noLines();
		keptPuts = 0;
		onCommit?.({
			...complete, revision, after, counts,
		});
		state.revision = revision;
		state.goodBytes = offset;
	};

	return {
		line(line: LineBytes) {
			offset += line.length + 1;
			const entry = decodeEntry(line);
			if (state.isBroken) {
				state.hasLostCommits ||= entry !== undefined && 'commit' in entry;
			} else if (entry === undefined) {
				state.isBroken = true;
			} else if ('commit' in entry) {
				commit(entry);
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
	};
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
