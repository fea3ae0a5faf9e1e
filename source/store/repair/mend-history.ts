import {Buffer} from 'node:buffer';
import path from 'node:path';
import type {
	CatalogHeader,
	Item,
	MediaFile,
	Tombstone,
} from '../../catalog/types.js';
import {tombstoneId} from '../../catalog/identity.js';
import {
	historyEventSchema,
	isRemoval,
	type HistoryEvent,
	type RemovalEvent,
} from '../../catalog/history.js';
import {fileIdsOf} from '../../catalog/item.js';
import {changedFiles} from '../../history/replay.js';
import type {CatalogData} from '../catalog-data.js';
import {
	createHistoryTrail,
	type HistoryTrail,
	isContradicted,
	valueDigest,
} from '../check-history.js';
import {
	historyNames,
	type HistoryPlace,
	parseEvent,
	readProof,
} from '../history-files.js';
import {createChain, walkLines} from '../history-proof.js';
import {lineFacts, recordLine} from '../record-line.js';
import type {TellFinding} from './mend-records.js';

export type HistoryMonth = {
	name: string;
	events: HistoryEvent[];
	/**
	Other events than in the file, or in another order.
	*/
	isChanged: boolean;
	hasBare: boolean;
};

type MendOptions = HistoryPlace & {
	data: CatalogData;
	/**
	Events of the journal.
	*/
	newer: readonly HistoryEvent[];
	/**
	The revision of what is added.
	*/
	revision: number;
	at: string;
	/**
	Names of files that no commit wrote.
	*/
	foreign: ReadonlySet<string>;
	report: TellFinding;
};

/**
Leaves out of the files what cannot have been written, adds what the journal has, and adds events that lead from what the history says to what the catalogue has. Changes tombstones in `data`.

@returns the months, and the events to add behind them
*/
export const mendHistory = async (options: MendOptions): Promise<{months: HistoryMonth[]; added: HistoryEvent[]}> => {
	const {data, newer, report} = options;
	const names = await historyNames(options);
	const months: HistoryMonth[] = [];
	for (const name of names) {
		if (!options.foreign.has(name)) {
			months.push(await readMonth(name, options));
		}
	}

	const known = new Set(months.flatMap(({events}) => events.filter(({revision}) => revision >= (newer[0]?.revision ?? Infinity)).map(event => JSON.stringify(event))));
	const added = newer.filter(event => !known.has(JSON.stringify(event)));
	const trail = createHistoryTrail();
	const isRewound = rewoundBy(data.header.rewinds);
	for (const month of months) {
		const sound = month.events.filter(event => isRewound(event) || trail.take(event).length === 0);
		if (!(sound.length < month.events.length)) {
			continue;
		}

		report(`${path.join(options.folder, month.name)}: ${month.events.length - sound.length} events cannot have happened, and are left out.`);
		month.events = sound;
		month.isChanged = true;
	}

	const soundAdded = added.filter(event => trail.take(event).length === 0);
	return {months, added: [...soundAdded, ...reconcile(options, months, soundAdded, trail)]};
};

export const rewoundBy = (rewinds: CatalogHeader['rewinds']) => ({revision}: HistoryEvent): boolean =>
	(rewinds ?? []).some(rewind => revision > rewind.toRevision && revision < rewind.revision);

const readMonth = async (name: string, place: HistoryPlace): Promise<HistoryMonth> => {
	const chain = createChain(undefined, {isBareAllowed: true});
	const lines: Array<{line: number; event: HistoryEvent; text: string}> = [];
	let count = 0;
	let isFaulty = false;
	const {bytes, sizeBytes} = await walkLines(path.join(place.folder, name), place, text => {
		count++;
		const wrong = chain.take(text);
		isFaulty ||= wrong !== undefined;
		const proof = readProof(text);
		const event = parseEvent(text);
		const isAltered = wrong === 'is not as it was written' || wrong === 'has no checksum';
		if (event !== undefined && !isAltered && historyEventSchema().safeParse(event).success) {
			lines.push({line: proof?.line ?? count, event, text});
		}
	});
	const sorted = lines.toSorted((left, right) => left.line - right.line);
	const events = sorted.filter(({text}, index) => text !== sorted[index - 1]?.text || readProof(text) === undefined);
	return {
		name,
		events: events.map(({event}) => event),
		isChanged: isFaulty || events.length < count || bytes < sizeBytes || events.some((one, index) => one !== lines[index]),
		hasBare: chain.hasBare(),
	};
};

/**
Events that lead from the last state in the history to the state in the catalogue, and tombstones that agree with both.
*/
const reconcile = ({data: {table}, revision, at, report}: MendOptions, months: readonly HistoryMonth[], added: readonly HistoryEvent[], {lasts, files}: HistoryTrail): HistoryEvent[] => {
	const items: Item[] = [];
	const tombstones = new Map<string, Tombstone>();
	for (const line of table.lines()) {
		const {kind} = lineFacts(line)!;
		if (kind === 'item') {
			items.push(JSON.parse(line.toString('utf8')) as Item);
		} else if (kind === 'tombstone') {
			const tombstone = JSON.parse(line.toString('utf8')) as Tombstone;
			tombstones.set(tombstone.itemId, tombstone);
		}
	}

	const stored = new Set(items.map(({id}) => id));
	const unknown = new Set([...lasts].filter(([id, {isThere}]) => isThere && !stored.has(id) && !tombstones.has(id)).map(([id]) => id));
	if (unknown.size > 0) {
		report(`The history tells of ${unknown.size} items that the catalogue does not have; their events are left out.`);
		for (const month of months) {
			const events = month.events.filter(event => !('itemId' in event && unknown.has(event.itemId)));
			month.isChanged ||= events.length < month.events.length;
			month.events = events;
		}
	}

	const past = latest([...months.map(({events}) => events), added]);
	const stampOf = ({libraryId, id, type, title}: Item) => ({
		at, revision, runId: 'repair', libraryId, reason: 'repaired', itemId: id, type, title,
	});
	const put = (record: Tombstone) => {
		table.put(Buffer.from(recordLine(record)));
	};

	const events: HistoryEvent[] = [];
	for (const item of items) {
		const tombstone = tombstones.get(item.id);
		if (tombstone !== undefined) {
			table.remove(tombstone.id);
			report(`${item.id}: its tombstone is taken out, because the catalogue has the item.`);
		}

		const last = lasts.get(item.id);
		if (last?.isThere === false) {
			events.push({...stampOf(item), kind: 'restored'});
			report(`${item.id}: the history did not say that it came back.`);
			continue;
		}

		const names = [...last?.fields ?? []].filter(([name, digest]) => valueDigest(item[name as keyof Item]) !== digest).map(([name]) => name);
		const changed = fileIdsOf(item).map(id => table.get(id)).filter((file): file is MediaFile => file?.kind === 'file' && files.has(file.id) && files.get(file.id) !== valueDigest(file));
		if (names.length + changed.length === 0) {
			continue;
		}

		const fields = past.fields.get(item.id);
		events.push({
			...stampOf(item),
			kind: 'refreshed',
			before: {...Object.fromEntries(names.map(name => [name, fields?.get(name) ?? null])), ...(changed.length > 0 && {files: changed.flatMap(({id}) => past.files.get(id) ?? [])})},
			after: {...Object.fromEntries(names.map(name => [name, item[name as keyof Item] ?? null])), ...(changed.length > 0 && {files: changed})},
		});
		report(`${item.id}: the history did not say how ${[...names, ...(changed.length > 0 ? ['its files'] : [])].join(', ')} came about.`);
	}

	for (const tombstone of tombstones.values()) {
		const last = lasts.get(tombstone.itemId);
		const removal = past.removals.get(tombstone.itemId);
		if (last?.isThere === true && !stored.has(tombstone.itemId)) {
			events.push({
				...stampOf(tombstone.item), at: tombstone.removedAt, kind: 'removed', before: {item: tombstone.item, files: tombstone.files},
			});
			report(`${tombstone.itemId}: the history did not say that it was removed.`);
		} else if (removal !== undefined && last?.removed !== undefined && isContradicted(tombstone, last.removed)) {
			put({
				...tombstone, removedAt: removal.at, item: removal.before.item, files: removal.before.files,
			});
			report(`${tombstone.itemId}: its tombstone is made anew from the history.`);
		}
	}

	for (const [itemId, {isThere}] of lasts) {
		const removal = past.removals.get(itemId);
		if (isThere || removal === undefined || stored.has(itemId) || tombstones.has(itemId)) {
			continue;
		}

		const {item, files: itsFiles} = removal.before;
		put({
			id: tombstoneId(itemId), kind: 'tombstone', itemId, serverId: item.serverId, libraryId: item.libraryId, removedAt: removal.at, runId: removal.runId, reason: 'gone', item, files: itsFiles,
		});
		report(`${itemId}: its tombstone is made anew from the history.`);
	}

	return events;
};

/**
The last values, files and removals that the events tell of.
*/
const latest = (batches: ReadonlyArray<readonly HistoryEvent[]>) => {
	const fields = new Map<string, Map<string, unknown>>();
	const files = new Map<string, MediaFile>();
	const removals = new Map<string, RemovalEvent>();
	for (const event of batches.flat()) {
		if ('after' in event) {
			const known = fields.get(event.itemId) ?? new Map<string, unknown>();
			fields.set(event.itemId, known);
			for (const [name, value] of Object.entries(event.after)) {
				known.set(name, value);
			}

			for (const file of changedFiles(event.after['files'])) {
				files.set(file.id, file);
			}
		} else if (isRemoval(event)) {
			removals.set(event.itemId, event);
		}
	}

	return {fields, files, removals};
};
