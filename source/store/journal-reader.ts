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
import {type LineBatch, readLines} from './line-reader.js';
import type {LineBytes} from './line-bytes.js';

export type JournalReadOptions = {
	fs: FileSystem;
	/**
	Given the first line, the revision that the first commit read must follow, or `undefined` to read no further.
	*/
	follow: (head: JournalHead) => {after: number; from?: number} | undefined;
	onCommit?: (commit: ChangeSet) => void;
};

export type JournalState = {
	/**
	`undefined` when the first line is broken.
	*/
	head: JournalHead | undefined;
	headBytes: number;
	sizeBytes: number;
	/**
	Where the last complete commit ends.
	*/
	goodBytes: number;
	/**
	Of the last complete commit, or what `follow` gave.
	*/
	revision: number;
	/**
	A whole line, with its line break, is wrong or does not follow: more than the usual torn end.
	*/
	isBroken: boolean;
	/**
	There is a valid commit among or after what is broken.
	*/
	hasLostCommits: boolean;
};

/**
Read complete commits up to the first byte that is wrong. `undefined` when there is no journal.
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
Goes through the lines after the first and notes in `state` how far they hold.
*/
const createScan = (state: JournalState, onCommit: JournalReadOptions['onCommit']) => {
	const pending = createPending();
	let offset = state.goodBytes;

	const commit = (entry: CommitEntry) => {
		if (entry.after !== state.revision || !pending.isWhole(entry.lines)) {
			state.isBroken = true;
			state.hasLostCommits = true;
			return;
		}

		const taken = pending.take();
		onCommit?.({
			...taken, revision: entry.commit, after: entry.after, counts: entry.counts,
		});
		state.revision = entry.commit;
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
				pending.add(entry);
			}
		},
		keep: pending.keep,
	};
};

const readHead = async (handle: FileHandle): Promise<{head: JournalHead; endOffset: number} | undefined> => {
	const {value} = await readLines(handle, {chunkBytes: 2 ** 12}).next() as IteratorResult<LineBatch, undefined>;
	const line = value?.lines[0];
	const head = line && decodeHead(line);
	return line && head && {head, endOffset: line.length + 1};
};

/**
The lines of a commit that is not complete yet.
*/
const createPending = () => {
	let puts: LineBytes[] = [];
	let kept = 0;
	let removes: string[] = [];
	let servers: Server[] = [];
	let libraries: Library[] = [];
	let events: HistoryEvent[] = [];

	return {
		add(entry: JournalEntry) {
			if ('put' in entry) {
				puts.push(entry.put);
			} else if ('remove' in entry) {
				removes.push(entry.remove);
			} else if ('server' in entry) {
				servers.push(entry.server);
			} else if ('library' in entry) {
				libraries.push(entry.library);
			} else if ('event' in entry) {
				events.push(entry.event);
			}
		},
		isWhole: (lines: number) => puts.length + removes.length + servers.length + libraries.length + events.length === lines,
		take() {
			const taken = {
				puts, removes, servers, libraries, events,
			};
			puts = [];
			removes = [];
			servers = [];
			libraries = [];
			events = [];
			kept = 0;
			return taken;
		},
		/**
		The memory of the lines is about to be used again.
		*/
		keep() {
			for (; kept < puts.length; kept++) {
				puts[kept] = Buffer.from(puts[kept]!);
			}
		},
	};
};
