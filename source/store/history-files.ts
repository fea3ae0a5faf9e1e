import path from 'node:path';
import {
	guarded,
	ifExists,
	type FileSystem,
	nodeFileSystem,
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

export const parseEvent = (line: string): HistoryEvent | undefined => {
	const event = parseJson(line) as Partial<HistoryEvent> | undefined;
	return typeof event?.revision === 'number' && typeof event.at === 'string' ? event as HistoryEvent : undefined;
};

/**
The events of one file in batches. Stops at a line that is no event: the writer is in the middle of it, and the next one to write repairs it.
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
				if (event === undefined) {
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

/**
Check that every line of every file is JSON. A reader takes the first other line for the end of what is being written, so damage in the middle would pass for a short history.

@returns the problems, in sentences.
*/
export const checkHistoryFiles = async (folder: string): Promise<string[]> => {
	const fs = nodeFileSystem;
	const names = await historyNames({folder, fs});
	const problems: string[] = [];
	for (const name of names) {
		problems.push(...await checkFile(path.join(folder, name), {fs, isNewest: name === names.at(-1)}));
	}

	return problems;
};

const checkFile = async (file: string, {fs, isNewest}: {fs: FileSystem; isNewest: boolean}): Promise<string[]> => {
	const handle = await guarded(file, 'read', async () => ifExists(fs.open(file, 'r')));
	if (handle === undefined) {
		// It was summed up meanwhile, under another name.
		return [];
	}

	try {
		const {size} = await handle.stat();
		let number = 0;
		let end = 0;
		for await (const {lines, endOffset} of readLines(handle)) {
			const broken = lines.findIndex(line => parseJson(line.toString('utf8')) === undefined);
			if (broken !== -1) {
				return [`${file}: line ${number + broken + 1} is not JSON; nothing after it in this file can be read.`];
			}

			number += lines.length;
			end = endOffset;
		}

		// Someone may be writing the newest file.
		return !isNewest && end < size ? [`${file}: its last line is cut short.`] : [];
	} finally {
		await handle.close();
	}
};
