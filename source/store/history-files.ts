import path from 'node:path';
import {
	fileError,
	guarded,
	ifExists,
	type FileSystem,
} from '../base/file-system.js';
import type {HistoryQuery} from '../catalog/catalog-store.js';
import type {HistoryEvent} from '../catalog/history.js';
import type {CatalogHeader} from '../catalog/types.js';
import {parseJson} from './document-format.js';
import {readLines} from './line-reader.js';

/**
Where the history lies: a file of events for each month, one JSON object a line, oldest first. The journal decides which events exist; these files take them over.
*/
export type HistoryPlace = {
	folder: string;
	fs: FileSystem;
};

const namePattern = /^(?<month>\d{4}-\d\d)(?:\.summary)?\.ndjson$/v;

export const monthOf = (name: string): string => namePattern.exec(name)?.groups!['month'] ?? '';

/**
Names of the files, oldest month first. If a month has a summary, that is its file.
*/
export const historyNames = async ({folder, fs}: HistoryPlace): Promise<string[]> => {
	const entries = await guarded(folder, 'read', async () => ifExists(fs.readdir(folder)));
	const byMonth = new Map<string, string>();
	for (const name of (entries ?? []).filter(entry => namePattern.test(entry)).toSorted()) {
		// `2024-01.ndjson` sorts before `2024-01.summary.ndjson`.
		byMonth.set(monthOf(name), name);
	}

	return byMonth.values().toArray();
};

export const isSummaryName = (name: string): boolean => name.endsWith('.summary.ndjson');

const proofPattern = /,"line":(?<line>\d{1,15})(?:,"follows":"(?<follows>[\da-f]{16})")?,"sum":"(?<sum>[\da-f]{16})"\}$/v;

// The length of the last field of a line, its `sum`, with the brace after it.
export const sumBytes = 26;

/**
What a line of a history file says of itself behind the event, and where the event ends; see `encodeEvents`. Lines of older reelcats say nothing.
*/
export const readProof = (text: string): {line: number; follows: string | undefined; sum: string; eventEnd: number} | undefined => {
	const match = proofPattern.exec(text.slice(-120));
	return match === null
		? undefined
		: {
			line: Number(match.groups!['line']), follows: match.groups!['follows'], sum: match.groups!['sum']!, eventEnd: text.length - match[0].length,
		};
};

export const parseEvent = (text: string): HistoryEvent | undefined => {
	const end = readProof(text)?.eventEnd;
	const event = parseJson(end === undefined ? text : `${text.slice(0, end)}}`) as Partial<HistoryEvent> | undefined;
	return typeof event?.revision === 'number' && typeof event.at === 'string' ? event as HistoryEvent : undefined;
};

/**
The events of one file in batches. Leaves out a line that is no event, which is damage that `verify` names; what a writer has not ended has no line break and is no line yet.
*/
export async function * readHistoryFile(name: string, {folder, fs}: HistoryPlace): AsyncGenerator<HistoryEvent[]> {
	const file = path.join(folder, name);
	const handle = await guarded(file, 'read', async () => ifExists(fs.open(file, 'r')));
	if (handle === undefined) {
		return;
	}

	try {
		for await (const {lines} of readLines(handle)) {
			const events: HistoryEvent[] = [];
			for (const line of lines) {
				const event = parseEvent(line.toString('utf8'));
				if (event !== undefined) {
					events.push(event);
				}
			}

			yield events;
		}
	} catch (error) {
		throw fileError(error, file, 'read');
	} finally {
		await guarded(file, 'read', async () => handle.close());
	}
}

/**
The events that a query asks for, oldest first. `newer` returns events that the files may lack.
*/
export async function * readHistoryEvents(place: HistoryPlace, {since = '', until = '~'}: HistoryQuery, newer: () => Promise<readonly HistoryEvent[]>): AsyncGenerator<HistoryEvent[]> {
	const isWanted = ({at}: HistoryEvent) => at >= since && at < until;
	let last = 0;
	for (const name of await historyNames(place)) {
		if (monthOf(name) < since.slice(0, 7)) {
			continue;
		}

		for await (const events of readHistoryFile(name, place)) {
			last = events.at(-1)?.revision ?? last;
			yield events.filter(event => isWanted(event));
		}
	}

	const rest = await newer();
	yield rest.filter(event => event.revision > last && isWanted(event));
}

export const lastRevision = async (place: HistoryPlace): Promise<number> => {
	const names = await historyNames(place);
	for (const name of names.toReversed()) {
		let last = 0;
		for await (const events of readHistoryFile(name, place)) {
			last = events.at(-1)?.revision ?? last;
		}

		if (last > 0) {
			return last;
		}
	}

	return 0;
};

/**
Leave out the events between a backup and its restoration: they do not hold for the restored catalogue, but stay in the files.
*/
export async function * withoutRewound(batches: AsyncIterable<HistoryEvent[]>, rewinds: () => CatalogHeader['rewinds']): AsyncGenerator<HistoryEvent[]> {
	for await (const events of batches) {
		const known = rewinds() ?? [];
		yield known.length === 0
			? events
			: events.filter(({revision}) => known.every(rewind => revision <= rewind.toRevision || revision >= rewind.revision));
	}
}
