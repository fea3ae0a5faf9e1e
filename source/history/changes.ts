import {isDeepStrictEqual} from 'node:util';
import {compareText} from '../base/text/compare.js';
import {changeKinds} from '../catalog/kinds.js';
import {
	arrivalKinds,
	isRemoval,
	removalKinds,
	type ChangeKind,
	type HistoryEvent,
	type ItemEvent,
} from '../catalog/history.js';
import type {Item, MediaFile} from '../catalog/types.js';
import {fold} from '../query/fold.js';
import type {Resolver} from '../catalog/fields/field.js';
import {itemFacts} from '../query/item-facts.js';
import {clean} from '../base/text/clean.js';
import {plural} from '../base/text/format.js';
import {partGap, truncate} from '../base/text/width.js';
import type {ChangedField, ChangeRow} from './change-row.js';
import {kindOrder} from './changes-line.js';
import {listChanges} from './list-changes.js';
import {
	isAsked,
	isQuietField,
	netChanges,
	type ChangeFilter,
	type Fields,
	type NetChange,
} from './net-changes.js';

export type ChangeGroup = {
	libraryId: string;
	kind: ChangeKind;
	rows: ChangeRow[];
};

export type ChangesOptions = ChangeFilter & {
	/**
	Whether `quietKinds` are shown, too.
	*/
	isAll?: boolean;
	/**
	The servers of which playlists are shown besides, where `libraryIds` says which libraries.
	*/
	serverIds?: readonly string[];
};

/**
Kinds that are kept, so that the past can be rebuilt, but shown only on request.
*/
const quietKinds: ReadonlySet<ChangeKind> = new Set(['refreshed', 'viewer']);

/**
Looks up what the events refer to, as it was at the end of the period.
*/
export type KnownItems = Resolver & {item: (id: string) => Item | undefined};

/**
The changes of a period by library and kind. Several changes of one item become one. `events` are the events of the period, oldest first.
*/
export const changes = (events: Iterable<HistoryEvent>, {isAll = false, serverIds = [], ...filter}: ChangesOptions, known: KnownItems): ChangeGroup[] => {
	const groups = new Map<string, ChangeGroup>();
	const isTold = isAll || filter.kinds !== undefined ? () => true : (kind: ChangeKind) => !quietKinds.has(kind);
	for (const change of netChanges(events, known.item)) {
		const {kind, event: {libraryId}} = change;
		const row = isTold(kind) && isAsked(change, filter) ? rowOf(change, known) : undefined;
		if (row !== undefined && !(change.isReturn && row.fields.length === 0)) {
			groupIn(groups, libraryId, kind).rows.push(row);
		}
	}

	for (const {libraryId, kind, row} of listChanges(events, known)) {
		if (filter.type === undefined && (filter.kinds?.includes(kind) ?? true) && (filter.libraryIds === undefined || [...filter.libraryIds, ...serverIds].includes(libraryId))) {
			groupIn(groups, libraryId, kind).rows.push(row);
		}
	}

	return inOrder(groups.values());
};

/**
Joins the changes of several sets of items.
*/
export const joinChanges = (parts: Iterable<readonly ChangeGroup[]>): ChangeGroup[] => {
	const groups = new Map<string, ChangeGroup>();
	for (const {libraryId, kind, rows} of [...parts].flat()) {
		const group = groupIn(groups, libraryId, kind);
		for (const row of rows) {
			group.rows.push(row);
		}
	}

	return inOrder(groups.values());
};

const groupIn = (groups: Map<string, ChangeGroup>, libraryId: string, kind: ChangeKind): ChangeGroup => {
	const key = JSON.stringify([libraryId, kind]);
	const group = groups.get(key) ?? {libraryId, kind, rows: []};
	groups.set(key, group);
	return group;
};

const inOrder = (groups: Iterable<ChangeGroup>): ChangeGroup[] => Array.from(groups, group => ({...group, rows: byTime(group.rows)}))
	.toSorted((left, right) => kindOrder.indexOf(left.kind) - kindOrder.indexOf(right.kind));

/**
One run may bring tens of thousands of changes with the same time, so the sort keys are computed once for each row.
*/
const byTime = (rows: readonly ChangeRow[]): ChangeRow[] => rows
	.map(row => ({row, atMs: Date.parse(row.at), title: fold(row.title)}))
	.toSorted((left, right) => left.atMs === right.atMs ? compareText(left.title, right.title) : left.atMs - right.atMs)
	.map(({row}) => row);

/**
The number of changes by kind, for `changesLine`.
*/
export const countChanges = (groups: readonly ChangeGroup[]): Partial<Record<ChangeKind, number>> => {
	const counts: Partial<Record<ChangeKind, number>> = {};
	for (const {kind, rows} of groups) {
		counts[kind] = (counts[kind] ?? 0) + rows.length;
	}

	return counts;
};

export type TimelineRow = ChangeRow & {kind: ChangeKind; libraryId: string};

/**
Everything that happened to one item, newest first, one row for each event.
*/
export const timeline = (itemId: string, events: Iterable<HistoryEvent>, known: Resolver): TimelineRow[] => {
	const rows: TimelineRow[] = [];
	for (const event of events) {
		if ('itemId' in event && event.itemId === itemId) {
			rows.unshift({...rowOf({...sides(event), kind: event.kind, event}, known), kind: event.kind, libraryId: event.libraryId});
		}
	}

	return rows;
};

const sides = (event: ItemEvent): {before: Fields; after: Fields} => {
	if ('after' in event) {
		return event;
	}

	const before = isRemoval(event) ? {versions: event.before.item.versions, files: event.before.files} : {};
	return {before, after: {}};
};

type Told = Pick<NetChange, 'kind' | 'event' | 'before' | 'after'> & {isReturn?: boolean};

const rowOf = ({kind, event, before, after, isReturn = false}: Told, known: Resolver): ChangeRow => ({
	itemId: event.itemId,
	type: event.type,
	title: event.title,
	at: event.at,
	runId: event.runId,
	reason: event.reason,
	fields: changedFields(before, after, {known, kind}).filter(({name}) => isReturn || !presenceKinds.has(kind) || ofPresence.has(name)),
});

/**
If an item came or went, show only these of its fields.
*/
const ofPresence = new Set(['resolution', 'dynamic range', 'files', 'folder']);
const listPresenceKinds: ReadonlySet<ChangeKind> = new Set(['collection-added', 'collection-removed', 'playlist-added', 'playlist-removed']);
const presenceKinds: ReadonlySet<string> = new Set(changeKinds.filter(kind => arrivalKinds.has(kind) || removalKinds.has(kind) || listPresenceKinds.has(kind)));

const changedFields = (before: Fields, after: Fields, {known, kind}: {known: Resolver; kind: ChangeKind}): ChangedField[] => {
	const loud = Object.keys({...before, ...after}).filter(name => kind === 'refreshed' || !isQuietField(name) || (kind === 'readded' && name === 'ratingKey'));
	// An edit may do nothing but lock or release fields, and then that is what it changed.
	const names = new Set(kind === 'edited' && loud.length === 0 ? ['lockedFields'] : loud);
	const then = new Map(itemFacts(before, names, withFiles(known, before)));
	const now = new Map(itemFacts(after, names, withFiles(known, after)));
	const fields: ChangedField[] = [];
	for (const name of new Set([...now.keys(), ...then.keys()])) {
		const [past = '', present = ''] = [then.get(name), now.get(name)];
		if (past !== present) {
			fields.push({name, before: past === '' ? undefined : past, after: present === '' ? undefined : present});
		}
	}

	return fields.length === 0 && !presenceKinds.has(kind) ? exactFields(before, after, names) : fields;
};

/**
What differs although it reads the same: sizes that are rounded alike, and fields that have no words of their own.
*/
const exactFields = (before: Fields, after: Fields, names: ReadonlySet<string>): ChangedField[] => {
	const bytes = ({files}: Fields) => ((files ?? []) as MediaFile[]).map(({sizeBytes}) => sizeBytes === undefined ? undefined : plural(sizeBytes, 'byte')).filter(text => text !== undefined).join('; ');
	const [past, present] = [bytes(before), bytes(after)];
	if (past !== present && past !== '' && present !== '') {
		return [{name: 'size', before: past, after: present}];
	}

	return [...names]
		.filter(name => name !== 'files' && !isDeepStrictEqual(before[name] ?? null, after[name] ?? null))
		.map(name => ({name, before: undefined, after: 'changed'}));
};

const withFiles = ({name, file}: Resolver, {files}: Fields): Resolver => {
	const own = new Map(((files ?? []) as MediaFile[]).map(record => [record.id, record]));
	return {name, file: id => own.get(id) ?? file(id)};
};

const longest = 60;
// These fields change along with another field that says more.
const secondary = new Set(['last watched', 'rated']);

/**
Describes each change of a field of an item; cleaned.
*/
export const changeParts = ({fields, reason}: ChangeRow, kind: ChangeGroup['kind']): string[] => {
	const telling = fields.filter(({name}) => !secondary.has(name) && !(name === 'folder' && presenceKinds.has(kind)));
	const parts = (telling.length === 0 ? fields : telling).map(field => fieldWords(field, presenceKinds.has(kind)));
	return reason === undefined ? parts : [...parts.slice(0, -1), [...parts.slice(-1), `(${reason})`].join(' ')];
};

/**
The same on one line.
*/
export const changeWords = (row: ChangeRow, kind: ChangeGroup['kind']): string => changeParts(row, kind).join(partGap);

const fieldWords = ({name, before, after}: ChangedField, isOneSided: boolean) => isOneSided && (before === undefined || after === undefined)
	? short(before ?? after)
	: `${name} ${short(before)} → ${short(after)}`;

// A part of a line has no gap of parts in it.
const short = (text = '–') => truncate(clean(text).replaceAll(partGap, ', '), longest);
