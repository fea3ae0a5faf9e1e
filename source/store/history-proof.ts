import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import path from 'node:path';
import {guarded} from '../base/file-system.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {HistoryProof} from './document-format.js';
import {
	historyNames,
	type HistoryPlace,
	isSummaryName,
	monthOf,
	parseEvent,
	readProof,
	sumBytes,
} from './history-files.js';
import {type LineBytes, readLines} from './line-reader.js';

export type MonthProof = HistoryProof['months'][number];

/**
How many lines a file has, and the digest that the next line goes on from.
*/
export type ChainEnd = {
	events: number;
	sum: string;
};

const digest = (sum: string, text: string) => hash('sha256', sum + text, 'hex').slice(0, 16);

/**
The lines of events that follow `end`. Each line has its number and a digest of itself and of everything before it, also in earlier files; the first line of a file has the digest that it goes on from.
*/
export const encodeEvents = (events: readonly HistoryEvent[], {events: count, sum: start}: ChainEnd): {bytes: LineBytes; end: ChainEnd} => {
	let line = count;
	let sum = start;
	const lines: string[] = [];
	for (const event of events) {
		line++;
		const follows = line === 1 && sum !== '' ? `,"follows":"${sum}"` : '';
		const text = `${JSON.stringify(event).slice(0, -1)},"line":${line}${follows}`;
		sum = digest(sum, text);
		lines.push(`${text},"sum":"${sum}"}\n`);
	}

	return {bytes: Buffer.from(lines.join('')), end: {events: line, sum}};
};

/**
Takes the lines of one file, one by one, and says what is wrong with each. After a wrong line it goes on from what that line says, so that one fault is told once.

`start` is the digest of everything before the file, if it is known.
*/
export const createChain = (start: string | undefined, {isBareAllowed}: {isBareAllowed: boolean}) => {
	let sum = start ?? '';
	let line = 0;
	let hasProved = !isBareAllowed;
	let hasBare = false;
	// What a line without its checksum had as its digest cannot be known, so the next line cannot be compared.
	let isUnknown = false;
	let follows: string | undefined;

	const bare = (text: string): string | undefined => {
		hasBare = true;
		line++;
		sum = digest(sum, text);
		isUnknown = hasProved;
		return hasProved ? 'has no checksum' : undefined;
	};

	const proved = (text: string, proof: NonNullable<ReturnType<typeof readProof>>): string | undefined => {
		const next = line + 1;
		hasProved = true;
		if (proof.line < next) {
			return `was written as line ${proof.line}: it stands there twice, or in another place`;
		}

		({line} = proof);
		const from = proof.follows ?? (line === 1 ? '' : sum);
		follows ??= line === 1 ? from : undefined;
		const isSame = isUnknown || digest(from, text.slice(0, -sumBytes)) === proof.sum;
		isUnknown = false;
		sum = proof.sum;
		if (line > next) {
			return `was written as line ${line}: ${line === next + 1 ? `line ${next} is missing` : `lines ${next} to ${line - 1} are missing`}`;
		}

		if (!isSame) {
			return 'is not as it was written';
		}

		return line === 1 && start !== undefined && from !== start ? 'does not follow what stood before this file' : undefined;
	};

	return {
		/**
		@returns what is wrong with the line; completes "line 7 …"
		*/
		take(text: string): string | undefined {
			const proof = readProof(text);
			const wrong = proof === undefined ? bare(text) : proved(text, proof);
			return parseEvent(text) === undefined ? 'is not an event' : wrong;
		},
		end: (): ChainEnd => ({events: line, sum}),
		hasBare: () => hasBare,
		/**
		The digest that the first line says to go on from.
		*/
		follows: () => follows,
	};
};

export type HistoryChain = ReturnType<typeof createChain>;

/**
Hands all whole lines of a file to `take`, with what the file has after each.

@returns the number of bytes up to the end of the last whole line, and the size of the file
*/
export const walkLines = async (file: string, {fs}: Pick<HistoryPlace, 'fs'>, take: (text: string) => void): Promise<{bytes: number; sizeBytes: number}> => guarded(file, 'read', async () => {
	const handle = await fs.open(file, 'r');
	try {
		const {size} = await handle.stat();
		let bytes = 0;
		for await (const {lines, endOffset} of readLines(handle)) {
			for (const line of lines) {
				take(line.toString('utf8'));
			}

			bytes = endOffset;
		}

		return {bytes, sizeBytes: size};
	} finally {
		await handle.close();
	}
});

/**
What the files hold now, for a catalogue that does not say what they should hold: an older reelcat wrote it, or it comes from a backup.
*/
export const readMonths = async (place: HistoryPlace): Promise<{months: MonthProof[]; hasBare: boolean}> => {
	const months: MonthProof[] = [];
	let hasBare = false;
	for (const name of await historyNames(place)) {
		const before = months.at(-1);
		const chain = createChain(before?.sum ?? '', {isBareAllowed: true});
		const {bytes} = await walkLines(path.join(place.folder, name), place, text => {
			chain.take(text);
		});
		hasBare ||= chain.hasBare();
		if (before?.summary !== undefined) {
			// The month after a summary goes on from what the summary replaced.
			before.sum = chain.follows() ?? before.sum;
		}

		const end = chain.end();
		months.push({
			month: monthOf(name), ...end, bytes, ...(isSummaryName(name) && {summary: end}),
		});
	}

	return {months, hasBare};
};
