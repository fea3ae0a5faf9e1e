import * as z from 'zod';
import {once} from '../base/once.js';
import {type changeKinds, itemTypes} from './kinds.js';
import {fileSchema, itemSchema} from './schema.js';

export const historyEventSchema = once(() => {
	const stamp = {
		at: z.iso.datetime(),
		revision: z.int().nonnegative().meta({description: 'Of the commit that it belongs to'}),
		runId: z.string(),
		libraryId: z.string().meta({description: 'Of a playlist, which belongs to no library, the id of its server'}),
		reason: z.string().optional().meta({description: 'Why, in words; for instance how an item was recognised'}),
	};

	const snapshot = z.object({item: itemSchema(), files: z.array(fileSchema())});

	const itemStamp = {
		...stamp,
		itemId: z.string(),
		type: z.enum(itemTypes),
		title: z.string().meta({description: 'With the show and the number, as a person would call it'}),
	};

	// Of the item; null stands for a field that is absent. `files` holds the records of the files that differ.
	const fields = z.record(z.string(), z.unknown());

	const listStamp = {
		...stamp,
		listId: z.string().meta({description: 'Id of the collection or playlist'}),
		title: z.string(),
	};

	return z.discriminatedUnion('kind', [
		z.object({...itemStamp, kind: z.enum(['added', 'restored', 'split'])}),
		z.object({...itemStamp, kind: z.enum(['removed', 'merged']), before: snapshot}),
		z.object({
			...itemStamp,
			kind: z.enum(['upgraded', 'replaced', 'version-added', 'version-removed', 'moved', 'rematched', 'edited', 'readded', 'watched', 'refreshed', 'viewer']),
			before: fields,
			after: fields,
			merged: z.int().positive().optional().meta({description: 'How many changes of a month long ago stand together here'}),
		}),
		z.object({...listStamp, kind: z.enum(['collection-added', 'playlist-added']), present: fields}),
		z.object({...listStamp, kind: z.enum(['collection-removed', 'playlist-removed']), past: fields}),
		z.object({
			...listStamp, kind: z.enum(['collection-changed', 'playlist-changed']), past: fields, present: fields,
		}),
		z.object({...stamp, kind: z.literal('baseline'), items: z.int().nonnegative()}).meta({description: 'The first import of a library ended: nothing is known of it before'}),
		z.object({
			...stamp, kind: z.literal('gap'), from: z.iso.datetime(), to: z.iso.datetime(),
		}).meta({description: 'Nobody looked between two moments: what happened there is known by its result only'}),
		z.object({...stamp, kind: z.literal('made-anew')}).meta({description: 'The library was deleted on the server and made anew; its items were recognised'}),
		z.object({...stamp, kind: z.literal('held'), items: z.int().nonnegative()}).meta({description: 'Removals were held back'}),
	]).meta({description: 'One line of the history'});
});

export type ChangeKind = typeof changeKinds[number];

export type HistoryEvent = z.infer<ReturnType<typeof historyEventSchema>>;

/**
An event before its commit; the store adds the revision.
*/
export type NewHistoryEvent = HistoryEvent extends infer Event ? Event extends HistoryEvent ? Omit<Event, 'revision'> : never : never;

export type ItemEvent = Extract<HistoryEvent, {itemId: string}>;
/**
Something happened to a collection or a playlist. What they were before is `past`, and what they are afterwards is `present`.
*/
export type ListEvent = Extract<HistoryEvent, {listId: string}>;

export type FieldsEvent = Extract<HistoryEvent, {after: unknown}>;

/**
The item was not there before.
*/
export type ArrivalEvent = Extract<HistoryEvent, {kind: 'added' | 'restored' | 'split'}>;

/**
The item is not there afterwards.
*/
export type RemovalEvent = Extract<HistoryEvent, {kind: 'removed' | 'merged'}>;

export const arrivalKinds: ReadonlySet<string> = new Set(['added', 'restored', 'split'] satisfies Array<ArrivalEvent['kind']>);
export const removalKinds: ReadonlySet<string> = new Set(['removed', 'merged'] satisfies Array<RemovalEvent['kind']>);

export const isArrival = (event: HistoryEvent): event is ArrivalEvent => arrivalKinds.has(event.kind);
export const isRemoval = (event: HistoryEvent): event is RemovalEvent => removalKinds.has(event.kind);
