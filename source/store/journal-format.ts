import {Buffer} from 'node:buffer';
import {crc32} from 'node:zlib';
import type {Steps} from '../base/columns/cells.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {ItemCounts, Library, Server} from '../catalog/types.js';
import type {ChangeSet} from './catalog-data.js';
import {type DocumentId, hex, parseJson} from './document-format.js';
import type {LineBytes} from './line-reader.js';

/**
The first line of a journal: the document that it continues, and the document before it, whose journal that document contains.
*/
export type JournalHead = {
	format: 'reelcat-journal';
	schemaVersion: number;
	document: DocumentId;
	previous: DocumentId | undefined;
};

export type JournalEntry = CommitEntry | {put: LineBytes} | {remove: string} | {server: Server} | {library: Library} | {event: HistoryEvent};

/**
The last line of a commit; `lines` is the number of lines before it.
*/
export type CommitEntry = {
	commit: number;
	after: number;
	lines: number;
	counts: ReadonlyMap<string, ItemCounts>;
};

/**
As it is on the disk. `JSON.parse` and `Object.fromEntries` make own fields even of names such as `__proto__`, so that nothing is lost as long as nobody looks up a field by its name.
*/
type StoredCommit = Omit<CommitEntry, 'counts'> & {counts: Readonly<Record<string, ItemCounts>>};

const putStart = Buffer.from('{"put":');
const putEnd = '}';
const sumBytes = 9;

/**
`crc32 SP json LF`, so that every line can be checked by itself.
*/
const frameJson = (value: unknown): LineBytes => {
	const json = JSON.stringify(value);
	const sum = hex(crc32(json));
	return Buffer.from(`${sum} ${json}\n`);
};

export const encodeHead = (head: Omit<JournalHead, 'format'>): LineBytes => frameJson({format: 'reelcat-journal', ...head});

/**
How many bytes of a journal's line come before a record.
*/
export const putStartBytes = sumBytes + putStart.length;

// These take a few milliseconds.
const linesPerStep = 500;

/**
The lines of one commit in one block, and where each of its records begins in it.
*/
export type EncodedCommit = {bytes: LineBytes; offsets: Float64Array};

/**
Makes the lines of one commit, in steps. The last line makes it valid.
*/
export function * encodeCommit({revision, after, puts, counts, ...others}: ChangeSet): Steps<EncodedCommit> {
	const lines: LineBytes[] = [];
	for (const value of otherEntries(others)) {
		lines.push(frameJson(value));
		if (lines.length % linesPerStep === 0) {
			yield;
		}
	}

	lines.push(frameJson({
		commit: revision, after, lines: puts.length + lines.length, counts: Object.fromEntries(counts),
	}));
	let size = 0;
	for (const line of lines) {
		size += line.length;
	}

	for (const line of puts) {
		size += putStartBytes + line.length + putEnd.length + 1;
	}

	const bytes = Buffer.allocUnsafeSlow(size);
	const offsets = new Float64Array(puts.length);
	let end = 0;
	for (const [index, line] of puts.entries()) {
		offsets[index] = end + putStartBytes;
		end = framePut(bytes, end, line);
		if ((index + 1) % linesPerStep === 0) {
			yield;
		}
	}

	for (const line of lines) {
		end += line.copy(bytes, end);
	}

	return {bytes, offsets};
}

function * otherEntries({removes, servers, libraries, events}: Pick<ChangeSet, 'removes' | 'servers' | 'libraries' | 'events'>) {
	yield * removes.values().map(remove => ({remove}));
	yield * servers.values().map(server => ({server}));
	yield * libraries.values().map(library => ({library}));
	yield * events.values().map(event => ({event}));
}

/**
Writes a record in the same frame at `start`, and returns where the frame ends.
*/
const framePut = (bytes: LineBytes, start: number, line: LineBytes): number => {
	const json = start + sumBytes;
	bytes.set(putStart, json);
	bytes.set(line, json + putStart.length);
	let end = json + putStart.length + line.length;
	end += bytes.write(putEnd, end, 'latin1');
	const sum = crc32(bytes.subarray(json, end));
	bytes.write(`${hex(sum)} `, start, 'latin1');
	return end + bytes.write('\n', end, 'latin1');
};

/**
The JSON of a line; `undefined` if its checksum is wrong.
*/
const proven = (line: LineBytes): LineBytes | undefined => {
	const json = line.subarray(9);
	return line.length > 9 && line[8] === 32 && line.toString('latin1', 0, 8) === hex(crc32(json)) ? json : undefined;
};

export const decodeHead = (line: LineBytes): JournalHead | undefined => {
	const json = proven(line);
	const head = json && parseJson(json.toString('utf8')) as Partial<JournalHead> | undefined;
	return head?.format === 'reelcat-journal' && head.document !== undefined ? head as JournalHead : undefined;
};

/**
`undefined` if the line is damaged. A record is returned as a view of `line`.
*/
export const decodeEntry = (line: LineBytes): JournalEntry | undefined => {
	const json = proven(line);
	if (json === undefined) {
		return undefined;
	}

	if (json.subarray(0, putStart.length).equals(putStart)) {
		return {put: json.subarray(putStart.length, -1)};
	}

	const entry = parseJson(json.toString('utf8'));
	if (typeof entry !== 'object' || entry === null) {
		return undefined;
	}

	return 'commit' in entry ? {...entry as StoredCommit, counts: new Map(Object.entries((entry as StoredCommit).counts))} : entry as JournalEntry;
};
