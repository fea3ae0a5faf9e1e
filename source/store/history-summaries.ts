import path from 'node:path';
import {durableWrite} from '../base/durable-write.js';
import {guarded, ifExists} from '../base/file-system.js';
import type {HistoryEvent} from '../catalog/history.js';
import {summariseHistory} from '../history/summarise-history.js';
import {
	historyNames,
	type HistoryPlace,
	isSummaryName,
	parseEvent,
} from './history-files.js';
import {
	createChain,
	encodeEvents,
	type MonthProof,
	walkLines,
} from './history-proof.js';
import {monthFile} from './history-recovery.js';

type SummariseOptions = HistoryPlace & {
	/**
	Months before this one are summed up.
	*/
	before: string;
	/**
	What the files hold.
	*/
	months: readonly MonthProof[];
	/**
	Writes what the summaries will hold into the document, before they replace anything.
	*/
	announce: (months: MonthProof[]) => Promise<void>;
};

/**
Sums up old months, each once; the newest file stays as it is, and so does a file that does not hold what it should.
*/
export const summariseMonths = async ({before, months, announce, ...place}: SummariseOptions): Promise<void> => {
	const {folder, fs} = place;
	// If a month has a summary, this is its file.
	const names = await historyNames(place);
	const full = new Set(names.filter(name => !isSummaryName(name)));
	const next = [...months];
	for (const [index, proof] of months.entries()) {
		const isDue = proof.month < before && proof.summary === undefined && index < months.length - 1;
		const summary = isDue && full.has(`${proof.month}.ndjson`) ? await summaryOf(proof, months[index - 1], place) : undefined;
		next[index] = summary === undefined ? proof : {...proof, summary: summary.end};
	}

	if (next.some((proof, index) => proof !== months[index])) {
		await announce(next);
	}

	for (const [index, proof] of next.entries()) {
		if (proof.summary === undefined) {
			continue;
		}

		if (full.has(`${proof.month}.ndjson`)) {
			const summary = await summaryOf(proof, next[index - 1], place);
			if (summary === undefined) {
				continue;
			}

			await durableWrite(path.join(folder, `${proof.month}.summary.ndjson`), [summary.bytes], {fs});
		}

		// The full file may also be left over from a process that was stopped here.
		const file = monthFile(place, proof.month);
		await guarded(file, 'removed', async () => ifExists(fs.unlink(file)));
	}
};

/**
@returns undefined if the file does not hold what it should
*/
const summaryOf = async (proof: MonthProof, before: MonthProof | undefined, place: HistoryPlace) => {
	const events: HistoryEvent[] = [];
	const chain = createChain(before?.sum ?? '', {isBareAllowed: true});
	let isWhole = true;
	await walkLines(monthFile(place, proof.month), place, text => {
		isWhole = chain.take(text) === undefined && isWhole;
		const event = parseEvent(text);
		if (event !== undefined) {
			events.push(event);
		}
	});
	return isWhole && chain.end().sum === proof.sum
		? encodeEvents(summariseHistory(events), {events: 0, sum: before?.sum ?? ''})
		: undefined;
};
