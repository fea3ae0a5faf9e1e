import {isDeepStrictEqual} from 'node:util';
import {plural} from '../base/text/format.js';
import type {Resolver} from '../catalog/fields/field.js';
import type {HistoryEvent, ListEvent} from '../catalog/history.js';
import type {Collection, ItemList, ListKind} from '../catalog/types.js';
import type {ChangedField, ChangeRow} from './change-row.js';

type ListFields = Partial<Omit<Collection, 'kind'>>;

/**
Fields whose change is a change of the list. The others, such as its poster, Plex makes by itself.
*/
const toldFields = ['title', 'titleSort', 'summary', 'order', 'smart', 'filter', 'ratingKey', 'items'] as const satisfies Array<keyof ListFields>;

/**
What differs between two states of a collection or playlist that is told; null stands for a field that is absent. Undefined if nothing does.
*/
export const diffLists = (before: ItemList, after: ItemList): {past: Record<string, unknown>; present: Record<string, unknown>} | undefined => {
	const [left, right]: ListFields[] = [before, after];
	const names = toldFields.filter(name => !isDeepStrictEqual(left![name], right![name]));
	const pick = (fields: ListFields) => Object.fromEntries(names.map(name => [name, fields[name] ?? null]));
	return names.length === 0 ? undefined : {past: pick(left!), present: pick(right!)};
};

/**
The told fields of a list that comes or goes.
*/
export const listFieldsOf = (list: ItemList): Record<string, unknown> => {
	const fields: ListFields = list;
	return Object.fromEntries(toldFields.filter(name => fields[name] !== undefined).map(name => [name, fields[name]]));
};

export const kindOfList = ({kind}: Pick<ListEvent, 'kind'>): ListKind => kind.startsWith('collection') ? 'collection' : 'playlist';

/**
Ids of the members that the event is about.
*/
export const membersTold = (event: ListEvent): string[] => {
	const [before, after] = [membersOf(pastOf(event)), membersOf(presentOf(event))];
	return [...without(before, after), ...without(after, before)];
};

const pastOf = (event: ListEvent): ListFields => 'past' in event ? event.past : {};
const presentOf = (event: ListEvent): ListFields => 'present' in event ? event.present : {};
const membersOf = ({items}: ListFields): readonly string[] => items ?? [];

/**
The members of the one that are not in the other; a playlist may have a member several times.
*/
const without = (members: readonly string[], others: readonly string[]): string[] => {
	const left = new Map<string, number>();
	for (const id of others) {
		left.set(id, (left.get(id) ?? 0) + 1);
	}

	return members.filter(id => {
		const count = left.get(id) ?? 0;
		left.set(id, count - 1);
		return count <= 0;
	});
};

type Track = {wasThere: boolean; last: ListEvent; past: ListFields; present: ListFields};

type ListChange = {libraryId: string; kind: ListEvent['kind']; row: ChangeRow};

/**
The changes of collections and playlists in a period: several changes of one are one, and what ends as it began is left out.
*/
export const listChanges = (events: Iterable<HistoryEvent>, known: Pick<Resolver, 'name'>): ListChange[] => {
	const tracks = new Map<string, Track>();
	for (const event of events) {
		if (!('listId' in event)) {
			continue;
		}

		const {wasThere = 'past' in event, past = {}, present = {}} = tracks.get(event.listId) ?? {};
		tracks.set(event.listId, {
			wasThere, last: event, past: {...pastOf(event), ...past}, present: {...present, ...presentOf(event)},
		});
	}

	return Array.from(tracks.values(), track => netChange(track, known)).filter(change => change !== undefined);
};

const netChange = ({wasThere, last, past, present}: Track, known: Pick<Resolver, 'name'>): ListChange | undefined => {
	const isThere = 'present' in last;
	const list = kindOfList(last);
	const kind = wasThere ? (isThere ? 'changed' : 'removed') : 'added';
	const fields = kind === 'changed' ? changedFields(past, present, known) : presenceFields(kind === 'added' ? present : past, kind);
	return (wasThere || isThere) && (kind !== 'changed' || fields.length > 0)
		? {
			libraryId: last.libraryId,
			kind: `${list}-${kind}`,
			row: {
				itemId: last.listId, type: list, title: last.title, at: last.at, runId: last.runId, reason: last.reason, fields,
			},
		}
		: undefined;
};

const presenceFields = ({items = []}: ListFields, kind: 'added' | 'removed'): ChangedField[] => {
	const text = plural(items.length, 'item');
	return [{name: 'items', before: kind === 'removed' ? text : undefined, after: kind === 'added' ? text : undefined}];
};

const changedFields = (past: ListFields, present: ListFields, known: Pick<Resolver, 'name'>): ChangedField[] => {
	// The history has null for a field that is absent.
	const text = (value: unknown) => typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
	const fields = toldFields.filter(name => name !== 'items').filter(name => name !== 'ratingKey')
		.map(name => ({name: fieldWords.get(name) ?? name, before: text(past[name]), after: text(present[name])}))
		.filter(({before, after}) => before !== after);
	const [before, after] = [membersOf(past), membersOf(present)];
	const names = (ids: readonly string[]) => ids.length === 0 ? undefined : ids.map(id => known.name(id) ?? id).join(', ');
	const [gone, come] = [names(without(before, after)), names(without(after, before))];
	if (gone !== undefined || come !== undefined) {
		fields.push({name: 'items', before: gone, after: come});
	} else if (!isDeepStrictEqual(before, after)) {
		fields.push({name: 'order of items', before: undefined, after: 'changed'});
	}

	// It was made anew, and nothing else differs.
	return fields.length === 0 && past.ratingKey !== present.ratingKey ? [{name: 'ratingKey', before: past.ratingKey, after: present.ratingKey}] : fields;
};

const fieldWords = new Map<string, string>([['titleSort', 'sort title']]);
