import {isDeepStrictEqual} from 'node:util';
import {bestVersion, resolutionRank} from '../catalog/quality.js';
import type {ChangeKind, HistoryEvent, ItemEvent} from '../catalog/history.js';
import type {Item, ItemType, Version} from '../catalog/types.js';
import {createFieldChanges, type FieldChange, type FieldChanges} from './field-changes.js';
import {kindOrder} from './change-kinds.js';
import {isQuietField} from './quiet-fields.js';

/**
What became of an item in a period, of one kind.
*/
export type NetChange = {
	kind: ChangeKind;
	/**
	The last event of that kind.
	*/
	event: ItemEvent;
	/**
	Fields of the item, and the file records that differ under `files`; what it was at the start, and is at the end.
	*/
	before: Fields;
	after: Fields;
	/**
	Removed and restored within the period: worth telling only if something differs.
	*/
	isReturn: boolean;
};

export type Fields = Readonly<Record<string, unknown>>;

type Track = {
	wasThere: boolean;
	isThere: boolean;
	/**
	As the item was at the start, once it was removed in the period.
	*/
	start: Fields | undefined;
	lastOf: Map<ChangeKind, ItemEvent>;
	changes: FieldChanges;
};

/**
Several changes of one item drawn together: the first before, the last after. What ends as it began is left out, and so is what was there at neither end.

`itemAtEnd` is asked for items that arrived in the period.
*/
export const netChanges = (events: Iterable<HistoryEvent>, itemAtEnd: (id: string) => Item | undefined): NetChange[] => {
	const tracks = new Map<string, Track>();
	for (const event of events) {
		if ('itemId' in event) {
			const track = tracks.get(event.itemId) ?? startTrack(event);
			tracks.set(event.itemId, track);
			follow(track, event);
		} else if (event.kind === 'baseline') {
			forget(tracks, event.libraryId);
		}
	}

	return Array.from(tracks, ([id, track]) => endTrack(track, () => itemAtEnd(id))).flat();
};

/**
A library that was counted anew holds what it holds, whatever became of it before.
*/
const forget = (tracks: Map<string, Track>, libraryId: string) => {
	for (const [id, {lastOf}] of tracks) {
		if (lastOf.values().some(event => event.libraryId === libraryId)) {
			tracks.delete(id);
		}
	}
};

const arrivalKinds: ReadonlySet<ChangeKind> = new Set(['added', 'restored']);

const startTrack = (first: ItemEvent): Track => ({
	wasThere: !arrivalKinds.has(first.kind), isThere: true, start: undefined, lastOf: new Map(), changes: createFieldChanges(),
});

const follow = (track: Track, event: ItemEvent) => {
	track.lastOf.set(event.kind, event);
	if (event.kind === 'removed') {
		track.start ??= track.wasThere ? {...event.before.item, ...track.changes.firstBefore(), files: event.before.files} : undefined;
		track.isThere = false;
		track.changes.clear();
	} else if ('after' in event) {
		track.changes.add(event);
	} else {
		track.isThere = true;
		track.changes.clear();
	}
};

const endTrack = (track: Track, itemAtEnd: () => Item | undefined): NetChange[] => {
	const {wasThere, isThere, start, lastOf} = track;
	if (!wasThere) {
		const event = [lastOf.get('added'), lastOf.get('restored')].filter(arrival => arrival !== undefined).toSorted(byRevision).at(-1);
		const {versions} = itemAtEnd() ?? {};
		return isThere && event !== undefined
			? [{
				kind: event.kind, event, before: {}, after: {versions}, isReturn: false,
			}]
			: [];
	}

	if (!isThere) {
		const event = lastOf.get('removed')!;
		const {versions, files} = start!;
		return [{
			kind: 'removed', event, before: {versions, files}, after: {}, isReturn: false,
		}];
	}

	return start === undefined ? changedOnly(track) : returned(lastOf, start, itemAtEnd());
};

const byRevision = (left: ItemEvent, right: ItemEvent) => left.revision - right.revision;

const returned = (lastOf: Track['lastOf'], {files, ...start}: Fields, end: Item | undefined): NetChange[] => {
	const event = lastOf.get('restored') ?? lastOf.get('added');
	if (event === undefined || end === undefined) {
		return [];
	}

	const now: Fields = end;
	const differing = Object.keys({...start, ...now}).filter(name => !isQuietField(name) && !isDeepStrictEqual(start[name] ?? null, now[name] ?? null));
	// With the versions, since a file may be another one under the same name.
	const names = new Set([...differing, 'versions']);
	const pick = (fields: Fields) => Object.fromEntries(Array.from(names, name => [name, fields[name] ?? null]));
	return [{
		kind: 'restored', event, before: {...pick(start), files}, after: pick(now), isReturn: true,
	}];
};

const changedOnly = ({changes, lastOf}: Track): NetChange[] => {
	const all = changes.all();
	const rows: NetChange[] = [];
	for (const kind of kindOrder) {
		const event = lastOf.get(kind);
		// View states of two viewers are two changes of one field.
		for (const layer of layers(all.filter(change => kindOf(change, all) === kind))) {
			if (event !== undefined && isWorthTelling(layer)) {
				rows.push({
					kind, event, before: record(layer, 'before'), after: record(layer, 'after'), isReturn: false,
				});
			}
		}
	}

	return rows;
};

const layers = (changes: readonly FieldChange[]): FieldChange[][] => {
	const byCount: FieldChange[][] = [];
	const seen = new Map<string, number>();
	for (const change of changes) {
		const count = seen.get(change.name) ?? 0;
		seen.set(change.name, count + 1);
		byCount[count] = [...byCount[count] ?? [], change];
	}

	return byCount;
};

const record = (changes: readonly FieldChange[], side: 'before' | 'after'): Fields =>
	Object.fromEntries(changes.map(change => [change.name, change[side]]));

/**
A change of nothing but stamps is told where it came as such, not where it is what is left of a change that was taken back.
*/
const isWorthTelling = (changes: readonly FieldChange[]) => {
	const loud = changes.filter(({name}) => !isQuietField(name));
	return (loud.length === 0 ? changes : loud).some(({before, after}) => !isDeepStrictEqual(before, after));
};

/**
An upgrade that was followed by something poorer is no upgrade.
*/
const kindOf = ({kind}: FieldChange, all: readonly FieldChange[]): ChangeKind => {
	const versions = all.find(({name}) => name === 'versions');
	const isTakenBack = versions?.kinds.has('replaced') === true && rankOf(versions.after) <= rankOf(versions.before);
	return kind === 'upgraded' && isTakenBack ? 'replaced' : kind;
};

const rankOf = (versions: unknown) => resolutionRank(bestVersion(asVersions(versions))?.resolution) ?? 0;

/**
The versions in a field of an event.
*/
export const asVersions = (versions: unknown): readonly Version[] => Array.isArray(versions) ? versions as Version[] : [];

export type ChangeFilter = {
	libraryIds?: readonly string[] | undefined;
	type?: ItemType | undefined;
	kinds?: readonly ChangeKind[] | undefined;
};

/**
A change of library is a change in both libraries.
*/
export const isAsked = ({kind, event, before}: NetChange, {libraryIds, type, kinds}: ChangeFilter): boolean =>
	(libraryIds === undefined || libraryIds.some(id => id === event.libraryId || id === before['libraryId']))
	&& (type === undefined || event.type === type)
	&& (kinds === undefined || kinds.includes(kind));
