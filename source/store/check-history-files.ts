import path from 'node:path';
import {pushAll} from '../base/push-all.js';
import {guarded, ifExists, nodeFileSystem} from '../base/file-system.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {HistoryProof} from './document-format.js';
import {catalogFiles} from './folders.js';
import {
	historyNames,
	type HistoryPlace,
	isSummaryName,
	monthOf,
	parseEvent,
} from './history-files.js';
import {
	type ChainEnd,
	createChain,
	type MonthProof,
	walkLines,
} from './history-proof.js';
import {readJournal} from './journal-reader.js';
import {createLinesDocument} from './lines-document.js';

export type HistoryFilesReport = {
	/**
	In sentences, with the file and the line.
	*/
	problems: string[];
	/**
	From when lines have checksums; absent if all have.
	*/
	since: string | undefined;
};

const attempts = 5;

/**
Checks every line of every file against its checksum, and every file against what document and journal say that it holds. Does not change anything.
*/
export const checkHistoryFiles = async (folder: string): Promise<HistoryFilesReport> => {
	const files = catalogFiles(folder);
	const place: HistoryPlace = {folder: files.history, fs: nodeFileSystem};
	for (let attempt = 1; ; attempt++) {
		const isLast = attempt === attempts;
		const before = await stampOf(folder);
		const expected = await readExpected(folder);
		const problems = await compareFiles(expected, place);
		// A commit in between would look like a fault.
		if (isLast || problems.length === 0 || await stampOf(folder) === before) {
			return {problems, since: expected.proof?.since};
		}
	}
};

const stampOf = async (folder: string): Promise<string> => {
	const {document, journal} = catalogFiles(folder);
	const stats = await Promise.all([document, journal].map(async file => guarded(file, 'read', async () => ifExists(nodeFileSystem.stat(file)))));
	return stats.map(one => one === undefined ? 'none' : `${one.ino} ${one.size} ${one.mtimeMs}`).join(' ');
};

type Expected = {
	/**
	Absent if the document says nothing of the history.
	*/
	proof: HistoryProof | undefined;
	/**
	Of the journal, oldest first.
	*/
	newer: readonly HistoryEvent[];
};

const readExpected = async (folder: string): Promise<Expected> => {
	const {document, journal} = catalogFiles(folder);
	const head = await createLinesDocument(document).readHead();
	const newer: Array<readonly HistoryEvent[]> = [];
	await readJournal(journal, {
		fs: nodeFileSystem,
		follow: ({document: {revision}}) => revision === head?.id.revision ? {after: revision} : undefined,
		onCommit({events}) {
			newer.push(events);
		},
	});
	return {proof: head?.history, newer: newer.flat()};
};

const compareFiles = async ({proof, newer}: Expected, place: HistoryPlace): Promise<string[]> => {
	const names = await historyNames(place);
	const months = proof?.months ?? [];
	const newest = months.at(-1)?.month ?? '';
	const problems: string[] = [];
	const tail: Array<{file: string; line: number; event: HistoryEvent}> = [];
	let start: string | undefined = '';
	let isBareAllowed = proof === undefined || proof.since !== undefined;
	for (const month of [...new Set([...months.map(one => one.month), ...names.map(name => monthOf(name))])].toSorted()) {
		const name = names.find(one => monthOf(one) === month);
		const known = months.find(one => one.month === month);
		const file = path.join(place.folder, name ?? (known?.summary === undefined ? `${month}.ndjson` : `${month}.summary.ndjson`));
		if (name === undefined) {
			const {events} = known!.summary ?? known!;
			if (events > 0) {
				problems.push(`${file} is missing; it had ${events} events.`);
			}

			start = known!.sum;
			continue;
		}

		const isOther = proof !== undefined && known === undefined && month < newest;
		const isLast = name === names.at(-1);
		const found = await checkFile(file, {
			known, start, isBareAllowed, isLast, place,
		});
		pushAll(problems, isOther ? [`${file}: no commit of this catalogue wrote it.`] : found.problems);
		pushAll(tail, isOther ? [] : found.beyond.map(one => ({...one, file})));
		isBareAllowed &&= found.hasBare;
		// If a file is the summary of another one, only the header knows how that one ended.
		start = known?.sum ?? (isSummaryName(name) ? undefined : found.end.sum);
	}

	return [...problems, ...proof === undefined ? [] : compareTail(tail, newer)];
};

type FileOptions = {
	known: MonthProof | undefined;
	start: string | undefined;
	isBareAllowed: boolean;
	isLast: boolean;
	place: HistoryPlace;
};

const mostPerFile = 20;

const checkFile = async (file: string, {known, start, isBareAllowed, isLast, place}: FileOptions) => {
	const chain = createChain(start, {isBareAllowed});
	const expected = known !== undefined && isSummaryName(file) ? known.summary : known;
	const problems: string[] = [];
	const beyond: Array<{line: number; event: HistoryEvent}> = [];
	let number = 0;
	let hasBare = false;
	let provedEnd: ChainEnd | undefined = expected?.events === 0 ? {events: 0, sum: start ?? ''} : undefined;
	const {bytes, sizeBytes} = await walkLines(file, place, text => {
		number++;
		const wrong = chain.take(text);
		if (wrong !== undefined) {
			problems.push(`${file}: line ${number} ${wrong}.`);
		}

		const end = chain.end();
		const event = parseEvent(text);
		if (expected !== undefined && end.events <= expected.events) {
			hasBare = chain.hasBare();
			provedEnd = end;
		} else if (event !== undefined) {
			beyond.push({line: number, event});
		}
	});
	const isCut = !isLast && bytes < sizeBytes;
	const faults = [...problems, ...isCut ? [`${file}: its last line is cut short.`] : []];
	const missing = expected === undefined ? 0 : expected.events - (provedEnd?.events ?? 0);
	if (missing > 0) {
		faults.push(`${file}: its end is missing; the catalogue knows of ${expected!.events} lines, the file ends with line ${provedEnd?.events ?? 0}.`);
	} else if (expected !== undefined && faults.length === 0 && provedEnd?.sum !== expected.sum) {
		faults.push(`${file}: its lines are not those that the catalogue knows of.`);
	}

	return {
		problems: faults.length > mostPerFile ? [...faults.slice(0, mostPerFile), `${file}: and ${faults.length - mostPerFile} more.`] : faults,
		beyond: isSummaryName(file) ? [] : beyond,
		hasBare,
		end: chain.end(),
	};
};

/**
What the files hold beyond the document must be what the journal has. Whole commits at the end may be missing: the next start writes them.
*/
const compareTail = (tail: ReadonlyArray<{file: string; line: number; event: HistoryEvent}>, newer: readonly HistoryEvent[]): string[] => {
	const other = tail.find(({event}, index) => JSON.stringify(event) !== JSON.stringify(newer[index]));
	if (other !== undefined) {
		return [`${other.file}: line ${other.line} is not what the journal has there.`];
	}

	const last = tail.at(-1);
	return last !== undefined && newer[tail.length]?.revision === last.event.revision
		? [`${last.file}: its end is missing; the journal has more events of the commit that line ${last.line} belongs to.`]
		: [];
};
