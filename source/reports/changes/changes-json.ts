import * as z from 'zod';
import {defined} from '../../catalog/defined.js';
import {changeKinds} from '../../catalog/history-schema.js';
import {itemTypes} from '../../catalog/schema.js';
import {countChanges, type ChangeRow, type TimelineRow} from '../../history/changes.js';
import type {HistoryNote} from '../../history/history-notes.js';
import type {LibraryChanges} from './library-changes.js';

const count = z.int().nonnegative();

const fieldSchema = z.object({
	name: z.string().meta({description: 'As a person would call it, for instance resolution, files, watched'}),
	before: z.string().optional().meta({description: 'In words; absent where there was nothing'}),
	after: z.string().optional(),
});

const changeSchema = z.object({
	kind: z.enum(changeKinds),
	at: z.iso.datetime(),
	runId: z.string(),
	reason: z.string().optional(),
	fields: z.array(fieldSchema),
});

const itemFields = {
	itemId: z.string(),
	type: z.enum(itemTypes),
	title: z.string().meta({description: 'With the show and the number'}),
};

const noteSchema = z.object({
	kind: z.enum(['unknown-before', 'gap', 'held', 'unknown']).meta({
		description: 'unknown-before: nothing is known before `at`; gap: nobody looked between `from` and `to`; held: at `at` removals of `items` items were held back; unknown: nothing is known at all',
	}),
	at: z.iso.datetime().optional(),
	from: z.iso.datetime().optional(),
	to: z.iso.datetime().optional(),
	items: count.optional(),
});

const changeOfItem = changeSchema.extend(itemFields);

const librarySchema = z.object({
	id: z.string(),
	title: z.string(),
	counts: z.partialRecord(z.enum(changeKinds), count),
	notes: z.array(noteSchema),
	changes: z.array(changeOfItem).meta({description: 'Several changes of one item, of one kind, are one'}),
});

const eventSchema = changeSchema.extend({libraryId: z.string()});

/**
What `diff --json` prints. Additions come as new fields; any other change raises `schema`.
*/
export const changesJsonSchema = z.object({
	schema: z.literal(1),
	since: z.iso.datetime(),
	until: z.iso.datetime().meta({description: 'The period ends just before'}),
	run: z.string().optional().meta({description: 'Id of the run, when the changes of one were asked for'}),
	libraries: z.array(librarySchema),
}).meta({title: 'reelcat diff', description: 'The one object that `reelcat diff --json` writes to stdout.'});

/**
What `diff ITEM --json` prints.
*/
export const timelineJsonSchema = z.object({
	schema: z.literal(1),
	...itemFields,
	events: z.array(eventSchema).meta({description: 'Newest first'}),
}).meta({title: 'reelcat diff ITEM', description: 'The one object that `reelcat diff ITEM --json` writes to stdout.'});

export const diffJsonSchema = z.union([changesJsonSchema, timelineJsonSchema]).meta({title: 'reelcat diff'});

export type ChangesJson = z.infer<typeof changesJsonSchema>;
export type TimelineJson = z.infer<typeof timelineJsonSchema>;

export const changesJson = (libraries: readonly LibraryChanges[], {since, until, runId}: {since: string; until: string; runId?: string | undefined}): ChangesJson => defined({
	schema: 1 as const,
	since,
	until,
	run: runId,
	libraries: libraries.map(({id, title, groups, notes}) => ({
		id,
		title,
		counts: countChanges(groups),
		notes: notes.map(note => noteJson(note)),
		changes: groups.flatMap(({kind, rows}) => rows.map(row => ({...changeJson({...row, kind}), ...itemJson(row)}))),
	})),
});

export const timelineJson = ({itemId, type, title}: Pick<ChangeRow, 'itemId' | 'type' | 'title'>, rows: readonly TimelineRow[]): TimelineJson => ({
	schema: 1,
	itemId,
	type,
	title,
	events: rows.map(row => ({...changeJson(row), libraryId: row.libraryId})),
});

const changeJson = ({kind, at, runId, reason, fields}: ChangeRow & Pick<TimelineRow, 'kind'>) => defined({
	kind,
	at,
	runId,
	reason,
	fields: fields.map(({name, before, after}) => defined({name, before, after})),
});

const itemJson = ({itemId, type, title}: ChangeRow) => ({itemId, type, title});

const noteJson = ({kind, at, from, to, items}: HistoryNote) => defined({
	kind, at, from, to, items,
});
