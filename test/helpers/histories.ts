import fc from 'fast-check';
import {historyEventSchema, type HistoryEvent} from '../../source/catalog/history.js';
import {undo, type CatalogState} from '../../source/history/replay.js';
import type {Item, MediaFile} from '../../source/catalog/types.js';
import {canonicalJson} from '../../source/store/record-line.js';
import {makeItem} from '../query/_items.js';

export const emptyState = (): CatalogState => ({items: new Map(), files: new Map()});

const filesOf = ({versions}: Item) => versions.flatMap(({parts}) => parts.map(({fileId}) => fileId));

/**
The visible part of a state: its items, and the files that they play.
*/
export const visible = ({items, files}: CatalogState) => {
	const sorted = items.keys().toArray().toSorted().map(id => items.get(id)!);
	return canonicalJson(sorted.map(item => [item, filesOf(item).map(id => files.get(id))]));
};

const copy = ({items, files}: CatalogState): CatalogState => ({items: new Map(items), files: new Map(files)});

/**
An event that was undone, with the items that it had brought, which the event itself does not hold.
*/
type Undone = {event: HistoryEvent; items: readonly Item[]};

export const undoStep = (state: CatalogState, event: HistoryEvent): Undone => {
	const before = state.items.values().toArray();
	undo(state, event);
	return {event, items: before.filter(({id}) => !state.items.has(id))};
};

/**
Changes the state back to what it was before `undoStep`.
*/
export const redo = (state: CatalogState, {event, items}: Undone): void => {
	if ('after' in event) {
		undo(state, {...event, before: event.after, after: event.before});
	} else if (event.kind === 'removed') {
		state.items.delete(event.itemId);
	}

	for (const item of items) {
		state.items.set(item.id, item);
	}
};

/**
What may happen to a small catalogue: a number each for what, to which item, and how.
*/
export const steps = fc.array(fc.record({
	action: fc.constantFrom('add', 'remove', 'edit', 'forget', 'replace', 'watch', 'move', 'baseline', 'gap', 'held'),
	item: fc.nat({max: 5}),
	value: fc.nat({max: 9}),
}), {maxLength: 40});

type Step = typeof steps extends fc.Arbitrary<Array<infer One>> ? One : never;

const fileOf = (number: number, sizeBytes: number): MediaFile => ({
	id: `f${number}`, kind: 'file', serverId: 'server', path: `/films/${number}.mkv`, sizeBytes,
});

/**
Takes a catalogue through the steps, with the history that a sync would write.
*/
export const live = (all: readonly Step[]) => {
	const state = emptyState();
	const history: HistoryEvent[] = [];
	const states: CatalogState[] = [copy(state)];
	for (const [index, step] of all.entries()) {
		const event = happen(state, step, new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString(), index + 1);
		if (event === undefined) {
			continue;
		}

		history.push(historyEventSchema().parse(event));
		states.push(copy(state));
	}

	return {state, history, states};
};

const happen = (state: CatalogState, {action, item: number, value}: Step, at: string, revision: number): HistoryEvent | undefined => {
	const id = `i${number}`;
	const item = state.items.get(id);
	const libraryId = `lib${number % 2}`;
	const stamp = {
		at, revision, runId: 'run', libraryId,
	};
	const ofItem = {
		...stamp, itemId: id, type: 'movie' as const, title: id,
	};
	const change = (kind: 'edited' | 'replaced' | 'watched' | 'moved', fields: Partial<Item>, file?: MediaFile): HistoryEvent => {
		const before: Record<string, unknown> = {};
		const after: Record<string, unknown> = {};
		const next: Record<string, unknown> = {...item};
		for (const [name, now] of Object.entries(fields)) {
			before[name] = item![name as keyof Item] ?? null;
			after[name] = now ?? null;
			next[name] = now;
			if (now === undefined) {
				delete next[name]; // eslint-disable-line @typescript-eslint/no-dynamic-delete -- as the engine leaves absent fields out
			}
		}

		if (file !== undefined) {
			const known = state.files.get(file.id);
			before['files'] = known === undefined ? [] : [known];
			after['files'] = [file];
			state.files.set(file.id, file);
		}

		state.items.set(id, next as Item);
		return {
			...ofItem, kind, before, after,
		};
	};

	if (action === 'gap') {
		return {
			...stamp, kind: 'gap', from: at, to: at,
		};
	}

	if (action === 'held') {
		return {...stamp, kind: 'held', items: 1};
	}

	if (action === 'baseline') {
		// A first import finds an empty library and leaves one with items.
		if (state.items.values().some(other => other.libraryId === libraryId)) {
			return undefined;
		}

		for (const each of [`i${number}`, `i${(number + 2) % 6}`]) {
			state.items.set(each, state.items.get(each) ?? makeItem(each, {libraryId}));
		}

		return {...stamp, kind: 'baseline', items: 2};
	}

	if (action === 'add') {
		if (item !== undefined) {
			return undefined;
		}

		state.files.set(`f${value}`, state.files.get(`f${value}`) ?? fileOf(value, value));
		state.items.set(id, makeItem(id, {libraryId, versions: [{id: 'm', parts: [{fileId: `f${value}`}]}]}));
		return {...ofItem, kind: value % 2 === 0 ? 'added' : 'restored'};
	}

	if (item === undefined) {
		return undefined;
	}

	switch (action) {
		case 'remove': {
			state.items.delete(id);
			return {...ofItem, kind: 'removed', before: {item, files: filesOf(item).map(fileId => state.files.get(fileId)!)}};
		}

		case 'edit': {
			return change('edited', {title: `Title ${value}`, year: 2000 + value});
		}

		case 'forget': {
			return change('edited', {year: undefined});
		}

		case 'watch': {
			return change('watched', {viewState: {viewCount: value}});
		}

		case 'move': {
			return change('moved', {libraryId: `lib${value % 2}`, ratingKey: String(value)});
		}

		case 'replace': {
			return change('replaced', {versions: [{id: 'm', parts: [{fileId: `f${value}`}]}]}, fileOf(value, revision));
		}
	}
};
