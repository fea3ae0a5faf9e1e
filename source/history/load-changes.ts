import type {CatalogStore, HistoryQuery} from '../catalog/catalog-store.js';
import {isArrival, isRemoval, type HistoryEvent} from '../catalog/history.js';
import type {CatalogRecord, Item, MediaFile} from '../catalog/types.js';
import {tombstoneId} from '../catalog/identity.js';
import {nextTurn} from '../base/turns.js';
import {relatedIds} from '../query/related.js';
import type {GoneItem} from '../query/gone-items.js';
import {
	changes,
	joinChanges,
	timeline,
	type ChangeGroup,
	type ChangesOptions,
	type KnownItems,
	type TimelineRow,
} from './changes.js';
import {membersTold} from './list-changes.js';
import {stateBefore, type PastMatcher} from './replay.js';

/**
From `since` up to `until`, which is not included. With `runId`, only what that run did.
*/
export type Period = {
	since: string;
	until: string;
	runId?: string | undefined;
};

/**
Something to say about a period besides its changes, so that nobody takes missing data for "no changes".
*/
export type HistoryNote = {
	libraryId: string;
	kind: 'unknown-before' | 'gap' | 'held' | 'made-anew' | 'unknown';
	/**
	The end of the first import, or the moment when removals were held; absent if nothing is known about the library.
	*/
	at?: string;
	from?: string;
	to?: string;
	items?: number;
};

type Reading = Pick<CatalogStore, 'header' | 'history' | 'getMany'>;

/**
Reads all events of a period at once, oldest first.
*/
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
Finds the changes of a period, and the notes that belong to it. With `matching`, only changes of items that it finds.
*/
export const loadChanges = async (store: Reading, period: Period, {matching, ...options}: ChangesOptions & {matching?: PastMatcher | undefined}): Promise<{groups: ChangeGroup[]; notes: HistoryNote[]}> => {
	const {since, until, runId} = period;
	const all = await readHistory(store, {since});
	const isWithin = (event: HistoryEvent) => runId === undefined ? event.at < until : event.runId === runId;
	const events = all.filter(event => isWithin(event));
	const later = all.slice(all.findLastIndex(event => isWithin(event)) + 1);
	const libraryIds = options.libraryIds ?? store.header().libraries.map(({id}) => id);
	const groups = await changesInTurns(events, options, await lookUp(store, events, later));
	return {
		groups: matching === undefined ? groups : onlyOf(groups, await matching(goneIn(events))),
		notes: runId === undefined
			? historyNotes(period, all, libraryIds, await knownBefore(store, since, libraryIds))
			: historyNotes(period, events, libraryIds, new Set(libraryIds)),
	};
};

/**
The items that were removed, as they were the last time.
*/
const goneIn = (events: readonly HistoryEvent[]): GoneItem[] =>
	new Map(events.filter(event => isRemoval(event)).map(({itemId, before}) => [itemId, before])).values().toArray();

const onlyOf = (groups: readonly ChangeGroup[], ids: ReadonlySet<string>): ChangeGroup[] => groups
	.map(group => ({...group, rows: group.rows.filter(({itemId}) => ids.has(itemId))}))
	.filter(({rows}) => rows.length > 0);

/**
The item, collection or playlist that an event is about.
*/
const subjectOf = (event: HistoryEvent): string | undefined => 'itemId' in event ? event.itemId : ('listId' in event ? event.listId : undefined);

const itemsPerTurn = 300;

/**
Works on a few hundred items per turn of the event loop: a refresh of all metadata changes every item at once, and a screen may be open.
*/
const changesInTurns = async (events: readonly HistoryEvent[], options: ChangesOptions, known: KnownItems): Promise<ChangeGroup[]> => {
	const ids = [...new Set(events.map(event => subjectOf(event)).filter(id => id !== undefined))];
	const turnOf = new Map(ids.map((id, index) => [id, Math.floor(index / itemsPerTurn)]));
	const turns: HistoryEvent[][] = Array.from({length: Math.ceil(ids.length / itemsPerTurn)}, () => []);
	for (const event of events) {
		const subject = subjectOf(event);
		if (subject === undefined) {
			// The event concerns all items of its library.
			for (const turn of turns) {
				turn.push(event);
			}
		} else {
			turns[turnOf.get(subject)!]!.push(event);
		}
	}

	const parts: ChangeGroup[][] = [];
	for (const turn of turns) {
		parts.push(changes(turn, options, known));
		await nextTurn();
	}

	return joinChanges(parts);
};

/**
Finds everything that happened to one item, newest first. Events before `since` are left out. `begun` has the instant when the first import of each library ended; nothing is known about the time before.
*/
export const loadTimeline = async (store: Reading, itemId: string, since = ''): Promise<{rows: TimelineRow[]; begun: ReadonlyMap<string, string>}> => {
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
Finds the libraries whose first import ended before an instant. Nothing is known about the others at that instant.
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
Looks up what the events refer to, as it was before the events of `later`.
*/
const lookUp = async (store: Reading, events: readonly HistoryEvent[], later: readonly HistoryEvent[]): Promise<KnownItems> => {
	const records = new Map<string, CatalogRecord>();
	const gone = new Map<string, string>();
	const take = async (ids: Iterable<string>) => {
		const wanted = [...ids].filter(id => !records.has(id));
		for (let start = 0; start < wanted.length; start += itemsPerTurn) {
			const part = wanted.slice(start, start + itemsPerTurn);
			for (const record of await store.getMany(part)) {
				records.set(record.id, record);
			}

			// A season may be gone since, and is still named where an episode left it.
			for (const record of await store.getMany(part.filter(id => !records.has(id)).map(id => tombstoneId(id)), {kind: 'tombstone'})) {
				if (record.kind === 'tombstone') {
					gone.set(record.itemId, record.item.title);
				}
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
		name: id => titles.get(id) ?? nameOf(records.get(id)) ?? gone.get(id),
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

/**
The ids of everything that the changes show: items that arrived, and records that the changed fields refer to.
*/
const referencedIds = (events: readonly HistoryEvent[]): string[] => {
	const arrived = new Set(events.flatMap(event => isArrival(event) ? [event.itemId] : []));
	const ids = new Set(arrived);
	for (const event of events) {
		for (const id of 'listId' in event ? membersTold(event) : []) {
			ids.add(id);
		}

		for (const fields of snapshots(event, arrived)) {
			const present = Object.entries(fields).filter(([, value]) => value !== null);
			for (const id of relatedIds({...noReferences, ...Object.fromEntries(present)} as Item)) {
				ids.add(id);
			}
		}
	}

	return [...ids];
};

const snapshots = (event: HistoryEvent, arrived: ReadonlySet<string>): Array<Record<string, unknown>> => {
	if ('after' in event) {
		return [event.before, event.after];
	}

	return isRemoval(event) && arrived.has(event.itemId) ? [event.before.item] : [];
};

const noReferences: Pick<Item, 'genres' | 'countries' | 'studios' | 'collections' | 'labels' | 'directors' | 'writers' | 'producers' | 'cast' | 'versions'> = {
	genres: [], countries: [], studios: [], collections: [], labels: [], directors: [], writers: [], producers: [], cast: [], versions: [],
};

/**
`events` also has the events after the period, because a gap is recorded only when it has ended. `known` are the libraries whose first import ended before the period.
*/
const historyNotes = ({since, until}: Period, events: Iterable<HistoryEvent>, libraryIds: readonly string[], known: ReadonlySet<string>): HistoryNote[] => {
	const notes: HistoryNote[] = [];
	const begun = new Set(known);
	for (const event of events) {
		const {libraryId, at} = event;
		if (!libraryIds.includes(libraryId)) {
			continue;
		}

		if (event.kind === 'baseline') {
			begun.add(libraryId);
			notes.push({libraryId, kind: 'unknown-before', at});
		} else if (event.kind === 'gap' && event.from < until && event.to > since) {
			notes.push({
				libraryId, kind: 'gap', at, from: event.from, to: event.to,
			});
		} else if (event.kind === 'made-anew' && at < until) {
			notes.push({libraryId, kind: 'made-anew', at});
		} else if (event.kind === 'held' && at < until) {
			notes.push({
				libraryId, kind: 'held', at, items: event.items,
			});
		}
	}

	return [...notes, ...libraryIds.filter(id => !begun.has(id)).map(libraryId => ({libraryId, kind: 'unknown' as const}))];
};
