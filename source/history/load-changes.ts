import type {HistoryEvent} from '../catalog/history.js';
import type {CatalogRecord, Item, MediaFile} from '../catalog/types.js';
import {relatedIds} from '../query/related.js';
import type {CatalogStore, HistoryQuery} from '../catalog/catalog-store.js';
import {nextTurn} from '../base/turns.js';
import {stateBefore} from './replay.js';
import {referencedIds} from './change-references.js';
import {
	changes,
	joinChanges,
	timeline,
	type ChangeGroup,
	type ChangesOptions,
	type KnownItems,
	type TimelineRow,
} from './changes.js';
import {historyNotes, type HistoryNote} from './history-notes.js';

/**
From `since` up to, and without, `until`; or what one run did.
*/
export type Period = {
	since: string;
	until: string;
	runId?: string | undefined;
};

export type LoadedChanges = {
	groups: ChangeGroup[];
	notes: HistoryNote[];
};

type Reading = Pick<CatalogStore, 'header' | 'history' | 'getMany'>;

export const readHistory = async (store: Pick<CatalogStore, 'history'>, query: HistoryQuery = {}): Promise<HistoryEvent[]> => {
	const events: HistoryEvent[] = [];
	for await (const batch of store.history(query)) {
		for (const event of batch) {
			events.push(event);
		}
	}

	return events;
};

/**
What has changed in a period, and what must be said besides.
*/
export const loadChanges = async (store: Reading, {since, until, runId}: Period, options: ChangesOptions): Promise<LoadedChanges> => {
	const all = await readHistory(store, {since});
	const isWithin = (event: HistoryEvent) => runId === undefined ? event.at < until : event.runId === runId;
	const events = all.filter(event => isWithin(event));
	const later = all.slice(all.findLastIndex(event => isWithin(event)) + 1);
	const libraryIds = options.libraryIds ?? store.header().libraries.map(({id}) => id);
	return {
		groups: await changesInTurns(events, options, await lookUp(store, events, later)),
		notes: historyNotes({
			since,
			until,
			libraryIds,
			events: runId === undefined ? all : events,
			knownBefore: runId === undefined ? await knownBefore(store, since, libraryIds) : new Set(libraryIds),
		}),
	};
};

const itemsPerTurn = 300;

/**
A refresh of all metadata changes every item at once, and a screen may be up.
*/
const changesInTurns = async (events: readonly HistoryEvent[], options: ChangesOptions, known: KnownItems): Promise<ChangeGroup[]> => {
	const ids = [...new Set(events.filter(event => 'itemId' in event).map(({itemId}) => itemId))];
	const turnOf = new Map(ids.map((id, index) => [id, Math.floor(index / itemsPerTurn)]));
	const turns: HistoryEvent[][] = Array.from({length: Math.ceil(ids.length / itemsPerTurn)}, () => []);
	for (const event of events) {
		if ('itemId' in event) {
			turns[turnOf.get(event.itemId)!]!.push(event);
		} else {
			// It is about all items of its library.
			for (const turn of turns) {
				turn.push(event);
			}
		}
	}

	const parts: ChangeGroup[][] = [];
	for (const turn of turns) {
		parts.push(changes(turn, options, known));
		await nextTurn();
	}

	return joinChanges(parts);
};

export type LoadedTimeline = {
	rows: TimelineRow[];
	/**
	When the first import of each library ended; nothing is known before.
	*/
	begun: ReadonlyMap<string, string>;
};

/**
Everything that happened to one item, newest first.
*/
export const loadTimeline = async (store: Reading, itemId: string, since = ''): Promise<LoadedTimeline> => {
	const events: HistoryEvent[] = [];
	const begun = new Map<string, string>();
	for await (const batch of store.history()) {
		for (const event of batch) {
			if (event.kind === 'baseline') {
				begun.set(event.libraryId, event.at);
			} else if ('itemId' in event && event.itemId === itemId && event.at >= since) {
				events.push(event);
			}
		}
	}

	return {rows: timeline(itemId, events, await lookUp(store, events, [])), begun};
};

/**
Libraries whose first import ended before a moment. What is not among them is unknown at that moment.
*/
export const knownBefore = async (store: Pick<CatalogStore, 'history'>, instant: string, libraryIds: readonly string[]): Promise<Set<string>> => {
	const known = new Set<string>();
	for await (const batch of store.history({until: instant})) {
		for (const {kind, libraryId} of batch) {
			if (kind === 'baseline') {
				known.add(libraryId);
			}
		}

		if (libraryIds.every(id => known.has(id))) {
			break;
		}
	}

	return known;
};

/**
What the events refer to, as it was before `later`.
*/
const lookUp = async (store: Reading, events: readonly HistoryEvent[], later: readonly HistoryEvent[]): Promise<KnownItems> => {
	const records = new Map<string, CatalogRecord>();
	const take = async (ids: Iterable<string>) => {
		const wanted = [...ids].filter(id => !records.has(id));
		for (let start = 0; start < wanted.length; start += itemsPerTurn) {
			for (const record of await store.getMany(wanted.slice(start, start + itemsPerTurn))) {
				records.set(record.id, record);
			}

			await nextTurn();
		}
	};

	await take(referencedIds(events));
	await take(records.values().filter(record => record.kind === 'item').flatMap(item => relatedIds(item)));
	const state = stateBefore(ofKind<Item>(records, 'item'), ofKind<MediaFile>(records, 'file'), later.toReversed(), '');
	await take(state.items.values().flatMap(item => relatedIds(item)));
	const titles = new Map(store.header().libraries.map(({id, title}) => [id, title]));
	return {
		name: id => titles.get(id) ?? nameOf(records.get(id)),
		file: id => state.files.get(id) ?? fileOf(records.get(id)),
		item: id => state.items.get(id),
	};
};

const ofKind = <Wanted extends CatalogRecord>(records: ReadonlyMap<string, CatalogRecord>, kind: Wanted['kind']) =>
	records.values().filter((record): record is Wanted => record.kind === kind);

const fileOf = (record: CatalogRecord | undefined) => record?.kind === 'file' ? record : undefined;

const nameOf = (record: CatalogRecord | undefined) => {
	if (record?.kind === 'item') {
		return record.title;
	}

	return record?.kind === 'person' || record?.kind === 'tag' ? record.name : undefined;
};
