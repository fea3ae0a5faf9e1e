import {Buffer} from 'node:buffer';
import path from 'node:path';
import {durableWrite} from '../base/durable-write.js';
import {AppError} from '../base/errors.js';
import {guarded, ifExists} from '../base/file-system.js';
import type {HistoryQuery} from '../catalog/catalog-store.js';
import type {HistoryEvent} from '../catalog/history.js';
import {summariseHistory} from '../history/summarise-history.js';
import {type AppendFile, openAppendFile} from './append-file.js';
import {
	historyNames,
	type HistoryPlace,
	monthOf,
	parseEvent,
	readHistoryEvents,
	readHistoryFile,
} from './history-files.js';
import {readLines} from './line-reader.js';

const eventLine = (event: HistoryEvent) => `${JSON.stringify(event)}\n`;

const bytesOf = (events: readonly HistoryEvent[]) => Buffer.from(events.map(event => eventLine(event)).join(''));

/**
Writes the files of the history, see `HistoryPlace`.
*/
export const createHistoryWriter = (place: HistoryPlace) => {
	const {folder, fs} = place;
	let writer: {month: string; file: AppendFile} | undefined;
	let waiting: HistoryEvent[] = [];
	let working: Promise<void> = Promise.resolve();

	const closeWriter = async () => {
		const old = writer;
		writer = undefined;
		await old?.file.close();
	};

	const writerFor = async (month: string): Promise<AppendFile> => {
		if (writer?.month === month) {
			const condition = await writer.file.examine();
			if (condition === 'ours') {
				return writer.file;
			}

			if (condition === 'changed') {
				throw new AppError('locked', `The history of ${month} in ${folder} was changed by someone else.`, {hint: 'Close the other program, then start reelcat again. Nothing was overwritten.'});
			}
		}

		await closeWriter();
		const file = path.join(folder, `${month}.ndjson`);
		await guarded(folder, 'made', async () => fs.mkdir(folder, {recursive: true, mode: 0o700}));
		const stats = await guarded(file, 'read', async () => ifExists(fs.stat(file)));
		if (stats === undefined) {
			await durableWrite(file, [], {fs});
		}

		writer = {month, file: await openAppendFile(file, stats?.size ?? 0, fs)};
		return writer.file;
	};

	/**
	Never older than the newest file: the events stay in order if the clock was set back.
	*/
	const monthFor = async ({at}: HistoryEvent): Promise<string> => {
		const names = await historyNames(place);
		return [monthOf(names.at(-1) ?? ''), at.slice(0, 7)].toSorted()[1]!;
	};

	const drain = async () => {
		while (waiting.length > 0) {
			const month = await monthFor(waiting[0]!);
			const count = waiting.findIndex(({at}) => at.slice(0, 7) > month);
			const batch = waiting.slice(0, count === -1 ? undefined : count);
			const file = await writerFor(month);
			await file.append(bytesOf(batch));
			waiting = waiting.slice(batch.length);
		}
	};

	const flush = async () => {
		const turn = working.then(drain);
		working = turn.catch(() => {/* The caller of this flush gets the error. */});
		await turn;
	};

	return {
		/**
		Repairs the files after the last writer ended in any way. `kept` is the revision of the document, `events` are those of its journal.
		*/
		async recover(kept: number, events: readonly HistoryEvent[]) {
			if (await isInOrder(place, kept, events)) {
				return;
			}

			await closeWriter();
			await cutTo(place, kept);
			waiting = [...events];
			// The journal keeps the events until they are in the files.
			await flush().catch(() => undefined);
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
		Oldest first, with the events that are still waiting.
		*/
		read: (query: HistoryQuery) => readHistoryEvents(place, query, async () => waiting),
		/**
		Sums up the months before `month`, each once; the newest file stays as it is.
		*/
		summarise: async (month: string) => summariseMonths(place, month),
		async close() {
			await working;
			await closeWriter();
		},
	};
};

export type HistoryWriter = ReturnType<typeof createHistoryWriter>;

const summariseMonths = async (place: HistoryPlace, before: string) => {
	const {folder, fs} = place;
	const names = await historyNames(place);
	for (const name of names.slice(0, -1)) {
		const month = monthOf(name);
		if (month >= before) {
			return;
		}

		const full = `${month}.ndjson`;
		if (name === full) {
			const events: HistoryEvent[] = [];
			for await (const batch of readHistoryFile(full, place)) {
				events.push(...batch);
			}

			await durableWrite(path.join(folder, `${month}.summary.ndjson`), summariseHistory(events).map(event => eventLine(event)), {fs});
		}

		// The full file may also be left over from a process that was stopped here.
		const file = path.join(folder, full);
		await guarded(file, 'removed', async () => ifExists(fs.unlink(file)));
	}
};

/**
Whether the files end with an event up to revision `kept`, then exactly `events`. Reads only the end of the newest file.
*/
const isInOrder = async (place: HistoryPlace, kept: number, events: readonly HistoryEvent[]): Promise<boolean> => {
	const names = await historyNames(place);
	const newest = names.at(-1);
	if (newest === undefined) {
		return events.length === 0;
	}

	const expected = bytesOf(events);
	const tail = await readTail(place, newest, expected.length + (2 ** 16));
	const rest = tail.length - expected.length;
	if (rest < 0 || tail.at(-1) !== lineBreak || !Buffer.from(tail.subarray(rest)).equals(expected)) {
		return false;
	}

	if (rest === 0) {
		return true;
	}

	const before = Buffer.from(tail.subarray(0, rest));
	const start = before.lastIndexOf(lineBreak, -2) + 1;
	const last = parseEvent(before.toString('utf8', start, before.length - 1));
	return last !== undefined && last.revision <= kept;
};

/**
Removes all events that are newer than `kept`, and everything after a broken line.
*/
const cutTo = async (place: HistoryPlace, kept: number) => {
	const {folder, fs} = place;
	const names = await historyNames(place);
	for (const name of names.toReversed()) {
		const file = path.join(folder, name);
		const end = await endOfKept(place, file, kept);
		const {size} = await guarded(file, 'read', async () => fs.stat(file));
		if (end < size) {
			const cut = await openAppendFile(file, end, fs);
			await cut.close();
		}

		if (end > 0) {
			return;
		}

		await guarded(file, 'removed', async () => fs.unlink(file));
	}
};

/**
The offset of the first line that is newer than `kept` or is no event.
*/
const endOfKept = async ({fs}: HistoryPlace, file: string, kept: number): Promise<number> => {
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

const lineBreak = 10;

const readTail = async ({folder, fs}: HistoryPlace, name: string, most: number): Promise<Uint8Array> => {
	const file = path.join(folder, name);
	return guarded(file, 'read', async () => {
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
};
