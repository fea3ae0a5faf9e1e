import {Buffer} from 'node:buffer';
import path from 'node:path';
import type {HistoryEvent} from '../catalog/history.js';
import {summariseHistory} from '../history/summarise-history.js';
import type {HistoryQuery} from '../catalog/catalog-store.js';
import {durableWrite} from '../base/durable-write.js';
import {guarded, ifExists, type FileSystem} from '../base/file-system.js';
import {type JournalWriter, openJournalWriter} from './journal-writer.js';
import {parseJson} from './document-format.js';
import {readLines} from './line-reader.js';

/**
The history as it rests: a file of events for each month, one JSON object a line, oldest first. The journal decides which events there are; these files take them over.
*/
export type HistoryFiles = {
	/**
	Put the files in order after whatever ended the last writer: `kept` is the revision of the document, `commits` are those of its journal.
	*/
	recover: (kept: number, commits: readonly CommittedEvents[]) => Promise<void>;
	/**
	Add the events of a commit that is durable in the journal. What cannot be written now waits for the next time.
	*/
	add: (events: readonly HistoryEvent[]) => Promise<void>;
	/**
	@throws {AppError} `disk-full` or `not-writable` while events are still waiting.
	*/
	flush: () => Promise<void>;
	/**
	Of the newest event; 0 when there is none.
	*/
	lastRevision: () => Promise<number>;
	/**
	Oldest first. `newer` are events that the files may lack.
	*/
	read: (query: HistoryQuery, newer?: () => Promise<readonly HistoryEvent[]>) => AsyncGenerator<HistoryEvent[]>;
	/**
	Sum up the months before `month`, each once; the newest file stays as it is.
	*/
	summarise: (month: string) => Promise<void>;
	close: () => Promise<void>;
};

export type CommittedEvents = {revision: number; events: readonly HistoryEvent[]};

const namePattern = /^(?<month>\d{4}-\d\d)(?:\.summary)?\.ndjson$/v;

export const monthOf = (name: string): string => namePattern.exec(name)?.groups!['month'] ?? '';

const eventLine = (event: HistoryEvent) => `${JSON.stringify(event)}\n`;

/**
Names of the files, oldest month first. Where a month has a summary, that counts.
*/
export const historyNames = async (folder: string, fs: FileSystem): Promise<string[]> => {
	const entries = await guarded(folder, 'read', async () => ifExists(fs.readdir(folder)));
	const byMonth = new Map<string, string>();
	for (const name of (entries ?? []).filter(entry => namePattern.test(entry)).toSorted()) {
		// `2024-01.ndjson` comes before `2024-01.summary.ndjson`.
		byMonth.set(monthOf(name), name);
	}

	return byMonth.values().toArray();
};

export async function * readHistoryFile(file: string, fs: FileSystem): AsyncGenerator<HistoryEvent[]> {
	const handle = await guarded(file, 'read', async () => ifExists(fs.open(file, 'r')));
	if (handle === undefined) {
		return;
	}

	try {
		for await (const {lines} of readLines(handle)) {
			const events: HistoryEvent[] = [];
			for (const line of lines) {
				const event = parseEvent(line.toString('utf8'));
				if (event === undefined) {
					// The writer is in the middle of it; whoever writes next puts it right.
					yield events;
					return;
				}

				events.push(event);
			}

			yield events;
		}
	} finally {
		await handle.close();
	}
}

const parseEvent = (line: string): HistoryEvent | undefined => {
	const event = parseJson(line) as Partial<HistoryEvent> | undefined;
	return typeof event?.revision === 'number' && typeof event.at === 'string' ? event as HistoryEvent : undefined;
};

export const createHistoryFiles = (folder: string, fs: FileSystem): HistoryFiles => {
	let writer: {month: string; journal: JournalWriter} | undefined;
	let waiting: HistoryEvent[] = [];
	let working: Promise<void> = Promise.resolve();

	const fileOf = (name: string) => path.join(folder, name);

	const closeWriter = async () => {
		const old = writer;
		writer = undefined;
		await old?.journal.close();
	};

	const writerFor = async (month: string): Promise<JournalWriter> => {
		if (writer?.month === month) {
			return writer.journal;
		}

		await closeWriter();
		const file = fileOf(`${month}.ndjson`);
		await guarded(folder, 'made', async () => fs.mkdir(folder, {recursive: true, mode: 0o700}));
		const stats = await guarded(file, 'read', async () => ifExists(fs.stat(file)));
		if (stats === undefined) {
			await durableWrite(file, [], {fs});
		}

		writer = {month, journal: await openJournalWriter(file, stats?.size ?? 0, fs)};
		return writer.journal;
	};

	/**
	A clock that is set back must not bring the events out of order.
	*/
	const monthFor = async ({at}: HistoryEvent): Promise<string> => {
		const names = await historyNames(folder, fs);
		return [monthOf(names.at(-1) ?? ''), at.slice(0, 7)].toSorted()[1]!;
	};

	const drain = async () => {
		while (waiting.length > 0) {
			const [first] = waiting;
			const month = await monthFor(first!);
			const count = waiting.findIndex(({at}) => at.slice(0, 7) > month);
			const batch = waiting.slice(0, count === -1 ? undefined : count);
			const journal = await writerFor(month);
			await journal.append(Buffer.from(batch.map(event => eventLine(event)).join('')));
			waiting = waiting.slice(batch.length);
		}
	};

	const flush = async () => {
		const turn = working.then(drain);
		working = turn.catch(() => {/* told to the one who flushes */});
		await turn;
	};

	/**
	Where the first line stands that is newer than `kept`, or is none.
	*/
	const endOfKept = async (file: string, kept: number): Promise<number> => {
		const handle = await guarded(file, 'read', async () => fs.open(file, 'r'));
		let end = 0;
		try {
			for await (const {lines} of readLines(handle)) {
				for (const line of lines) {
					const event = parseEvent(line.toString('utf8'));
					if (event === undefined || event.revision > kept) {
						return end;
					}

					end += line.length + 1;
				}
			}
		} finally {
			await handle.close();
		}

		return end;
	};

	const cutTo = async (kept: number) => {
		const names = await historyNames(folder, fs);
		for (const name of names.toReversed()) {
			const file = fileOf(name);
			const end = await endOfKept(file, kept);
			const {size} = await guarded(file, 'read', async () => fs.stat(file));
			if (end < size) {
				const journal = await openJournalWriter(file, end, fs);
				await journal.close();
			}

			if (end > 0) {
				return;
			}

			await guarded(file, 'removed', async () => fs.unlink(file));
		}
	};

	/**
	The usual case costs no more than a look at the end of the newest file.
	*/
	const isInOrder = async (kept: number, events: readonly HistoryEvent[]): Promise<boolean> => {
		const names = await historyNames(folder, fs);
		const newest = names.at(-1);
		if (newest === undefined) {
			return events.length === 0;
		}

		const expected = Buffer.from(events.map(event => eventLine(event)).join(''));
		const tail = await readTail(fileOf(newest), expected.length + (2 ** 16), fs);
		const rest = tail.length - expected.length;
		if (rest < 0 || tail.at(-1) !== lineBreak || !Buffer.from(tail.subarray(rest)).equals(expected)) {
			return false;
		}

		const before = Buffer.from(tail.subarray(0, rest));
		if (rest === 0) {
			return true;
		}

		const start = before.lastIndexOf(lineBreak, -2) + 1;
		const last = parseEvent(before.toString('utf8', start, before.length - 1));
		return last !== undefined && last.revision <= kept;
	};

	return {
		async recover(kept, commits) {
			const events = commits.flatMap(commit => commit.events);
			if (await isInOrder(kept, events)) {
				return;
			}

			await closeWriter();
			await cutTo(kept);
			waiting = [...events];
			// The journal keeps them until they are here.
			await flush().catch(() => undefined);
		},
		async add(events) {
			if (events.length === 0 && waiting.length === 0) {
				return;
			}

			waiting.push(...events);
			await flush().catch(() => undefined);
		},
		flush,
		async lastRevision() {
			const names = await historyNames(folder, fs);
			for (const name of names.toReversed()) {
				let last = 0;
				for await (const events of readHistoryFile(fileOf(name), fs)) {
					last = events.at(-1)?.revision ?? last;
				}

				if (last > 0) {
					return last;
				}
			}

			return 0;
		},
		async * read({since = '', until = '~'}, newer = async () => waiting) {
			const isWanted = ({at}: HistoryEvent) => at >= since && at < until;
			let last = 0;
			for (const name of await historyNames(folder, fs)) {
				if (monthOf(name) < since.slice(0, 7)) {
					continue;
				}

				for await (const events of readHistoryFile(fileOf(name), fs)) {
					last = events.at(-1)?.revision ?? last;
					yield events.filter(event => isWanted(event));
				}
			}

			const rest = await newer();
			yield rest.filter(event => event.revision > last && isWanted(event));
		},
		async summarise(before) {
			const names = await historyNames(folder, fs);
			for (const name of names.slice(0, -1)) {
				const month = monthOf(name);
				const file = fileOf(`${month}.ndjson`);
				if (month >= before) {
					return;
				}

				if (!name.includes('summary')) {
					const events: HistoryEvent[] = [];
					for await (const batch of readHistoryFile(file, fs)) {
						events.push(...batch);
					}

					await durableWrite(fileOf(`${month}.summary.ndjson`), summariseHistory(events).map(event => eventLine(event)), {fs});
				}

				// It may also be left over from a summary that was cut short just here.
				await guarded(file, 'removed', async () => ifExists(fs.unlink(file)));
			}
		},
		async close() {
			await working;
			await closeWriter();
		},
	};
};

const lineBreak = 10;

const readTail = async (file: string, most: number, fs: FileSystem): Promise<Uint8Array> => guarded(file, 'read', async () => {
	const handle = await fs.open(file, 'r');
	try {
		const {size} = await handle.stat();
		const length = Math.min(size, most);
		const bytes = Buffer.alloc(length);
		const {bytesRead} = await handle.read(bytes, 0, length, size - length);
		return bytes.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
});
