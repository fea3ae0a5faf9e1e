import {isDeepStrictEqual} from 'node:util';
import {
	arrivalKinds,
	isRemoval,
	removalKinds,
	type ChangeKind,
	type FieldsEvent,
	type HistoryEvent,
	type ItemEvent,
} from '../catalog/history.js';
import {bestVersion, resolutionRank} from '../catalog/quality.js';
import type {
	Item,
	ItemType,
	MediaFile,
	Version,
} from '../catalog/types.js';
import {kindOrder} from './changes-line.js';
import {changedFiles} from './replay.js';

/**
All changes of one kind to one item in a period, merged into one.
*/
export type NetChange = {
	kind: ChangeKind;
	/**
	The last event of that kind.
	*/
	event: ItemEvent;
	/**
	Fields of the item at the start and at the end of the period. `files` holds the file records that differ.
	*/
	before: Fields;
	after: Fields;
	/**
	The item was removed and restored within the period, which is worth showing only if something differs.
	*/
	isReturn: boolean;
};

export type Fields = Readonly<Record<string, unknown>>;

const quietFields: ReadonlySet<string> = new Set([
	'ratingKey', 'updatedAt', 'addedAt', 'images', 'lockedFields', 'fingerprints', 'firstSeenAt', 'missingSince', 'placeholder',
]);

/**
Whether a field is a timestamp or mark that moves along with every change. Such fields are shown only if a change consists of nothing else.
*/
export const isQuietField = (name: string): boolean => quietFields.has(name);

type Track = {
	wasThere: boolean;
	isThere: boolean;
	/**
	The item as it was at the start; set when it is removed within the period.
	*/
	start: Fields | undefined;
	lastOf: Map<ChangeKind, ItemEvent>;
	changes: ReturnType<typeof createFieldChanges>;
};

/**
Merges several changes of one item: the first `before` and the last `after` count. An item that ends as it began is left out, and so is one that was there neither at the start nor at the end. `itemAtEnd` looks up items that arrived in the period.
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
A new first import of a library replaces everything that was known about it, so its earlier changes are dropped.
*/
const forget = (tracks: Map<string, Track>, libraryId: string) => {
	for (const [id, {lastOf}] of tracks) {
		if (lastOf.values().some(event => event.libraryId === libraryId)) {
			tracks.delete(id);
		}
	}
};

const startTrack = (first: ItemEvent): Track => ({
	wasThere: !arrivalKinds.has(first.kind), isThere: true, start: undefined, lastOf: new Map(), changes: createFieldChanges(),
});

const follow = (track: Track, event: ItemEvent) => {
	track.lastOf.set(event.kind, event);
	if (isRemoval(event)) {
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
		const event = latest(lastOf, arrivalKinds);
		const {versions} = itemAtEnd() ?? {};
		return isThere && event !== undefined
			? [{
				kind: event.kind, event, before: {}, after: {versions}, isReturn: false,
			}]
			: [];
	}

	if (!isThere) {
		const event = latest(lastOf, removalKinds)!;
		const {versions, files} = start!;
		return [{
			kind: event.kind, event, before: {versions, files}, after: {}, isReturn: false,
		}];
	}

	return start === undefined ? changedOnly(track) : returned(lastOf, start, itemAtEnd());
};

const latest = (lastOf: Track['lastOf'], kinds: ReadonlySet<string>): ItemEvent | undefined => lastOf.values()
	.filter(({kind}) => kinds.has(kind))
	.toArray()
	.toSorted((left, right) => left.revision - right.revision)
	.at(-1);

const returned = (lastOf: Track['lastOf'], {files, ...start}: Fields, end: Item | undefined): NetChange[] => {
	const event = lastOf.get('restored') ?? latest(lastOf, arrivalKinds);
	if (event === undefined || end === undefined) {
		return [];
	}

	const now: Fields = end;
	const differing = Object.keys({...start, ...now}).filter(name => !isQuietField(name) && !isDeepStrictEqual(start[name] ?? null, now[name] ?? null));
	// The versions are always included, since another file may have the same name.
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
		// View states of two viewers are two separate changes of one field.
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
Whether anything differs. If the changes touched more than quiet fields, a difference in quiet fields alone does not count: it is the rest of a change that was taken back.
*/
const isWorthTelling = (changes: readonly FieldChange[]) => {
	const loud = changes.filter(({name}) => !isQuietField(name));
	return (loud.length === 0 ? changes : loud).some(({before, after}) => !isDeepStrictEqual(before, after));
};

/**
If something poorer followed an upgrade, it counts as a replacement.
*/
const kindOf = ({kind}: FieldChange, all: readonly FieldChange[]): ChangeKind => {
	const versions = all.find(({name}) => name === 'versions');
	const isTakenBack = versions?.kinds.has('replaced') === true && rankOf(versions.after) <= rankOf(versions.before);
	return kind === 'upgraded' && isTakenBack ? 'replaced' : kind;
};

const rankOf = (versions: unknown) => resolutionRank(bestVersion(Array.isArray(versions) ? versions as Version[] : [])?.resolution) ?? 0;

export type ChangeFilter = {
	libraryIds?: readonly string[] | undefined;
	type?: ItemType | undefined;
	kinds?: readonly ChangeKind[] | undefined;
};

/**
Whether a change passes the filter. A move to another library counts in both libraries.
*/
export const isAsked = ({kind, event, before}: NetChange, {libraryIds, type, kinds}: ChangeFilter): boolean =>
	(libraryIds === undefined || libraryIds.some(id => id === event.libraryId || id === before['libraryId']))
	&& (type === undefined || event.type === type)
	&& (kinds === undefined || kinds.includes(kind));

type Open = {name: string; before: unknown; after: unknown; kinds: Set<ChangeKind>};

/**
`kind` is the strongest of `kinds`.
*/
type FieldChange = Open & {kind: ChangeKind};

/**
If several kinds of change touched a field, the first of them in this list is shown.
*/
const strength = ['rematched', 'upgraded', 'replaced', 'version-added', 'version-removed', 'moved', 'edited', 'readded', 'watched', 'viewer', 'refreshed'] as const satisfies readonly ChangeKind[];

/**
Collects the changes of one item, merged for each field, and for each file in the pseudo field `files`.
*/
const createFieldChanges = () => {
	const open = new Map<string, Open>();
	const closed: Open[] = [];

	const addField = (name: string, kind: ChangeKind, {before, after}: {before: unknown; after: unknown}) => {
		const known = open.get(name);
		// The difference between the marks of two viewers is no change that anyone made, so the two are not merged.
		const isOfViewer = kind === 'viewer';
		if (known?.kinds.has('viewer') === isOfViewer) {
			known.after = after;
			known.kinds.add(kind);
			return;
		}

		if (known !== undefined) {
			closed.push(known);
		}

		open.set(name, {
			name, before, after, kinds: new Set([kind]),
		});
	};

	const addFiles = (kind: ChangeKind, before: readonly MediaFile[], after: readonly MediaFile[]) => {
		const known = open.get('files') ?? {
			name: 'files', before: [], after: [], kinds: new Set<ChangeKind>(),
		};
		const firsts = known.before as MediaFile[];
		const lasts = known.after as MediaFile[];
		const mentioned = new Set([...firsts, ...lasts].map(({id}) => id));
		const isNew = ({id}: MediaFile) => !mentioned.has(id);
		const isReplaced = ({id}: MediaFile) => before.some(file => file.id === id) || after.some(file => file.id === id);
		known.before = [...firsts, ...before.filter(file => isNew(file))];
		known.after = [...lasts.filter(file => !isReplaced(file)), ...after];
		known.kinds.add(kind);
		open.set('files', known);
	};

	return {
		add({kind, before, after}: FieldsEvent) {
			for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
				if (name === 'files') {
					addFiles(kind, changedFiles(before['files']), changedFiles(after['files']));
				} else {
					addField(name, kind, {before: before[name] ?? null, after: after[name] ?? null});
				}
			}
		},
		/**
		The changed fields as they were before all changes.
		*/
		firstBefore() {
			const first: Record<string, unknown> = {};
			for (const {name, before} of [...open.values(), ...closed.toReversed()]) {
				if (name !== 'files') {
					first[name] = before;
				}
			}

			return first;
		},
		clear() {
			open.clear();
			closed.length = 0;
		},
		all: () => [...closed, ...open.values()].map((change): FieldChange => ({...change, kind: strength.find(kind => change.kinds.has(kind)) ?? 'refreshed'})),
	};
};
