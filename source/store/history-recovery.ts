import {Buffer} from 'node:buffer';
import path from 'node:path';
import {copyAside, setAside} from '../base/durable-write.js';
import {guarded, ifExists} from '../base/file-system.js';
import type {HistoryEvent} from '../catalog/history.js';
import {openAppendFile} from './append-file.js';
import {
	historyNames,
	type HistoryPlace,
	monthOf,
	parseEvent,
	readHistoryFile,
	readProof,
} from './history-files.js';
import {encodeEvents, type MonthProof} from './history-proof.js';
import {type LineBytes, readLines} from './line-reader.js';

export const monthFile = ({folder}: Pick<HistoryPlace, 'folder'>, month: string): string => path.join(folder, `${month}.ndjson`);

/**
The events that go into the next file, its month, and the bytes that they become. The month is never older than that of the newest file: the events stay in order if the clock was set back.
*/
export const nextPiece = (newest: MonthProof | undefined, events: readonly HistoryEvent[]) => {
	const month = [newest?.month ?? '', events[0]!.at.slice(0, 7)].toSorted()[1]!;
	const later = events.findIndex(({at}) => at.slice(0, 7) > month);
	const count = later === -1 ? events.length : later;
	const isNew = month !== newest?.month;
	const {bytes, end} = encodeEvents(events.slice(0, count), isNew ? {events: 0, sum: newest?.sum ?? ''} : newest);
	const startBytes = isNew ? 0 : newest.bytes;
	return {
		count, startBytes, bytes, isNew, proof: {month, ...end, bytes: startBytes + bytes.length} satisfies MonthProof,
	};
};

/**
What the files hold with the piece.
*/
export const withPiece = (months: readonly MonthProof[], {isNew, proof}: Pick<ReturnType<typeof nextPiece>, 'isNew' | 'proof'>): MonthProof[] =>
	[...isNew ? months : months.slice(0, -1), proof];

export type Recovered = {
	/**
	`undefined`: the files must be read to know what they hold.
	*/
	months: MonthProof[] | undefined;
	/**
	The events that the files lack.
	*/
	missing: readonly HistoryEvent[];
	isDamaged: boolean;
};

type RecoverOptions = HistoryPlace & {
	now: () => Date;
	/**
	The revision of the document.
	*/
	kept: number;
	/**
	The events of its journal.
	*/
	events: readonly HistoryEvent[];
};

/**
Puts the end of the history in order after the last writer ended in any way: what the document says the files hold, then the events of the journal. Reads only that end, and cuts only what the journal has. A file that does not hold what it should is copied before anything in it changes, and the digests go on from what it should hold, so that `verify` finds it.
*/
export const recoverHistory = async (proved: readonly MonthProof[], options: RecoverOptions): Promise<Recovered> => {
	const {kept, events} = options;
	const newest = proved.at(-1);
	const {months, pieces} = plan(proved, events);
	const later = await laterNames(options, newest?.month);
	const isIntact = newest === undefined || await isEndProved(options, newest);
	const ends = await Promise.all(pieces.map(async piece => isThere(options, piece, isIntact || piece.isNew)));
	const isExtended = pieces[0]?.isNew === false || newest === undefined || !isIntact || await sizeOf(monthFile(options, newest.month), options) === newest.bytes;
	const hasOthers = later.some(name => pieces.every(({proof}) => proof.month !== monthOf(name)));
	if (isIntact && isExtended && !hasOthers && ends.every(Boolean)) {
		return {months, missing: [], isDamaged: false};
	}

	if (!isIntact && !hasOthers && events.length > 0 && ends.every(Boolean)) {
		// An earlier start has put it right already.
		return {months: await withSizes(months, pieces, options), missing: [], isDamaged: true};
	}

	for (const name of later) {
		await removeLater(path.join(options.folder, name), name, options);
	}

	if (newest === undefined) {
		return {months: [], missing: events, isDamaged: false};
	}

	const bytes = isIntact ? newest.bytes : await keepGood(monthFile(options, newest.month), kept, options);
	await cut(monthFile(options, newest.month), bytes, options);
	return {months: [...proved.slice(0, -1), {...newest, bytes}], missing: events, isDamaged: !isIntact};
};

/**
The same for a document that does not say what the files hold, by revisions alone.
*/
export const recoverUnproved = async (options: RecoverOptions): Promise<Recovered> => {
	const {folder, fs, kept, events} = options;
	if (await isEndOfEvents(options)) {
		return {months: undefined, missing: [], isDamaged: false};
	}

	const names = await historyNames(options);
	for (const name of names.toReversed()) {
		const file = path.join(folder, name);
		const end = await endOfKept(file, kept, options);
		if (end > 0) {
			await cut(file, end, options);
			break;
		}

		await guarded(file, 'removed', async () => fs.unlink(file));
	}

	return {months: undefined, missing: events, isDamaged: false};
};

type Piece = ReturnType<typeof nextPiece>;

const plan = (proved: readonly MonthProof[], events: readonly HistoryEvent[]): {months: MonthProof[]; pieces: Piece[]} => {
	let months = [...proved];
	const pieces: Piece[] = [];
	for (let rest = events; rest.length > 0;) {
		const piece = nextPiece(months.at(-1), rest);
		pieces.push(piece);
		months = withPiece(months, piece);
		rest = rest.slice(piece.count);
	}

	return {months, pieces};
};

const laterNames = async (place: HistoryPlace, newest = ''): Promise<string[]> => {
	const names = await historyNames(place);
	return names.filter(name => monthOf(name) > newest);
};

const sizeOf = async (file: string, {fs}: Pick<HistoryPlace, 'fs'>): Promise<number | undefined> => {
	const stats = await guarded(file, 'read', async () => ifExists(fs.stat(file)));
	return stats?.size;
};

const lineBreak = 10;

/**
Whether the file has a line that ends where the proof says, with the digest that it says. Lines of older reelcats have no digest.
*/
const isEndProved = async (place: HistoryPlace, {month, bytes, sum}: MonthProof): Promise<boolean> => {
	const file = monthFile(place, month);
	if (bytes === 0) {
		return true;
	}

	const end = await readRange(file, Math.max(0, bytes - 120), Math.min(120, bytes), place);
	if (end?.at(-1) !== lineBreak) {
		return false;
	}

	const proof = readProof(end.toString('utf8', 0, end.length - 1));
	return proof === undefined || proof.sum === sum;
};

/**
Whether the bytes of a piece end its file; with `isExact`, whether they also begin where the proof says.
*/
const isThere = async (place: HistoryPlace, {proof: {month}, bytes, startBytes}: Piece, isExact: boolean): Promise<boolean> => {
	const file = monthFile(place, month);
	const size = await sizeOf(file, place);
	if (size === undefined || size < bytes.length || (isExact && size !== startBytes + bytes.length)) {
		return false;
	}

	const end = await readRange(file, size - bytes.length, bytes.length, place);
	return end?.equals(bytes) === true;
};

const withSizes = async (months: readonly MonthProof[], pieces: readonly Piece[], place: HistoryPlace): Promise<MonthProof[]> => Promise.all(months.map(async month => pieces.some(({proof}) => proof === month)
	? {...month, bytes: await sizeOf(monthFile(place, month.month), place) ?? 0}
	: month));

/**
A file of a month that the document does not know yet: its events are in the journal. Whatever else it holds is kept.
*/
const removeLater = async (file: string, name: string, {kept, ...options}: RecoverOptions) => {
	let isInJournal = true;
	for await (const events of readHistoryFile(name, options)) {
		isInJournal &&= events.every(({revision}) => revision > kept);
	}

	await (isInJournal
		? guarded(file, 'removed', async () => options.fs.unlink(file))
		: guarded(file, 'set aside', async () => setAside(file, options)));
};

const keepGood = async (file: string, kept: number, options: RecoverOptions): Promise<number> => {
	if (await sizeOf(file, options) === undefined) {
		return 0;
	}

	await guarded(file, 'copied', async () => copyAside(file, options));
	return endOfKept(file, kept, options);
};

const cut = async (file: string, end: number, {fs}: Pick<HistoryPlace, 'fs'>) => {
	const size = await sizeOf(file, {fs}) ?? 0;
	if (size <= end) {
		return;
	}

	const open = await openAppendFile(file, end, fs);
	await open.close();
};

/**
The offset after the last event that is not newer than `kept`.
*/
const endOfKept = async (file: string, kept: number, {fs}: Pick<HistoryPlace, 'fs'>): Promise<number> => guarded(file, 'read', async () => {
	const handle = await fs.open(file, 'r');
	let end = 0;
	let offset = 0;
	try {
		for await (const {lines} of readLines(handle)) {
			for (const line of lines) {
				offset += line.length + 1;
				const event = parseEvent(line.toString('utf8'));
				end = event !== undefined && event.revision <= kept ? offset : end;
			}
		}
	} finally {
		await handle.close();
	}

	return end;
});

/**
Whether the files end with an event up to revision `kept`, then exactly `events`. Reads only the end of the newest file.
*/
const isEndOfEvents = async ({kept, events, ...place}: RecoverOptions): Promise<boolean> => {
	const names = await historyNames(place);
	const newest = names.at(-1);
	if (newest === undefined) {
		return events.length === 0;
	}

	const expected = events.map(event => JSON.stringify(event));
	const mostBytes = expected.reduce((sum, text) => sum + Buffer.byteLength(text) + 120, 2 ** 16);
	const file = path.join(place.folder, newest);
	const size = await sizeOf(file, place) ?? 0;
	const tail = await readRange(file, Math.max(0, size - mostBytes), Math.min(size, mostBytes), place);
	if (tail === undefined || tail.length === 0 || tail.at(-1) !== lineBreak) {
		return tail?.length === 0 && events.length === 0;
	}

	const lines = tail.toString('utf8', 0, tail.length - 1).split('\n');
	const ends = lines.slice(Math.max(0, lines.length - expected.length)).map(line => JSON.stringify(parseEvent(line)));
	const before = lines[lines.length - expected.length - 1];
	return ends.length === expected.length
		&& ends.every((text, index) => text === expected[index])
		&& (before === undefined || (parseEvent(before)?.revision ?? Infinity) <= kept);
};

/**
`undefined` if the file does not exist or is shorter.
*/
const readRange = async (file: string, start: number, length: number, {fs}: Pick<HistoryPlace, 'fs'>): Promise<LineBytes | undefined> => guarded(file, 'read', async () => {
	const handle = await ifExists(fs.open(file, 'r'));
	if (handle === undefined) {
		return undefined;
	}

	try {
		const bytes = Buffer.alloc(length);
		let done = 0;
		while (done < length) {
			const {bytesRead} = await handle.read(bytes, done, length - done, start + done);
			if (bytesRead === 0) {
				return undefined;
			}

			done += bytesRead;
		}

		return bytes;
	} finally {
		await handle.close();
	}
});
