import * as z from 'zod';
import {once} from '../base/once.js';
import {
	isArrival,
	isRemoval,
	type FieldsEvent,
	type HistoryEvent,
} from '../catalog/history.js';
import {fileSchema} from '../catalog/schema.js';
import type {Item, MediaFile} from '../catalog/types.js';
import type {GoneItem} from '../query/gone-items.js';

/**
Items and files by id at one moment. The maps are changed in place, since a catalogue is too large to copy at each step. They may still hold files that no item plays any more.
*/
export type CatalogState = {
	items: Map<string, Item>;
	files: Map<string, MediaFile>;
	/**
	Items that went with the undone first import of their library. Some had moved there from another library.
	*/
	begun?: Map<string, Item>;
};

/**
Finds the ids of the items that a query means: those of the catalogue, and those of these gone items.
*/
export type PastMatcher = (gone: readonly GoneItem[]) => Promise<ReadonlySet<string>>;

/**
Changes the state to what it was before the event. The event must be the last one that the state contains.
*/
export const undo = (state: CatalogState, event: HistoryEvent): void => {
	if ('after' in event) {
		change(state, event, event.before);
	} else if (isRemoval(event)) {
		putIn(state, event.before.item);
		putFiles(state, event.before.files);
	}

	for (const id of arrivals(state, event)) {
		if (event.kind === 'baseline') {
			state.begun ??= new Map();
			state.begun.set(id, state.items.get(id)!);
		}

		state.items.delete(id);
	}
};

/**
The ids of the items that an event brought. The first import of a library brings all of its items.
*/
const arrivals = ({items}: CatalogState, event: HistoryEvent): string[] => {
	if (event.kind === 'baseline') {
		return items.values().filter(({libraryId}) => libraryId === event.libraryId).map(({id}) => id).toArray();
	}

	return isArrival(event) ? [event.itemId] : [];
};

/**
Computes the state just before an instant. `items` and `files` are the current ones, at least those that the events concern. `newestFirst` are all events since the instant.
*/
export const stateBefore = (
	items: Iterable<Item>,
	files: Iterable<MediaFile>,
	newestFirst: Iterable<HistoryEvent>,
	instant: string,
): CatalogState => {
	const state: CatalogState = {items: new Map(), files: new Map()};
	for (const item of items) {
		putIn(state, item);
	}

	putFiles(state, files);
	for (const event of newestFirst) {
		if (event.at >= instant) {
			undo(state, event);
		}
	}

	return state;
};

const putIn = ({items}: CatalogState, item: Item) => {
	items.set(item.id, item);
};

const putFiles = ({files}: CatalogState, records: Iterable<MediaFile>) => {
	for (const file of records) {
		files.set(file.id, file);
	}
};

const change = (state: CatalogState, {itemId}: FieldsEvent, {files, ...fields}: FieldsEvent['before']) => {
	const [item, begun] = [state.items.get(itemId), state.begun?.get(itemId)];
	if (item !== undefined) {
		putIn(state, withFields(item, fields));
	} else if (begun !== undefined) {
		const before = withFields(begun, fields);
		(before.libraryId === begun.libraryId ? state.begun! : state.items).set(itemId, before);
	}

	putFiles(state, changedFiles(files));
};

const withFields = (item: Item, fields: Readonly<Record<string, unknown>>): Item => {
	const changed: Record<string, unknown> = {...item};
	for (const [name, value] of Object.entries(fields)) {
		if (value === null) {
			delete changed[name]; // eslint-disable-line @typescript-eslint/no-dynamic-delete -- fields are known by name only
		} else {
			changed[name] = value;
		}
	}

	return changed as Item;
};

const filesSchema = once(() => z.array(fileSchema()));

/**
Reads the file records from the pseudo field `files` of an event; none if the field holds something else.
*/
export const changedFiles = (files: unknown): MediaFile[] => filesSchema().safeParse(files).data ?? [];
