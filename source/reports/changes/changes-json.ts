import * as z from 'zod';
import {changeKinds, listKinds, itemTypes} from '../../catalog/kinds.js';
import {
	countChanges,
	type ChangeGroup,
	type TimelineRow,
} from '../../history/changes.js';
import type {ChangeRow} from '../../history/change-row.js';
import type {HistoryNote, Period} from '../../history/load-changes.js';
import {countSchema, jsonSchema, pickFields} from '../printers/data.js';
import {serverFieldsOfReport} from '../printers/server-column.js';

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
	itemId: z.string().meta({description: 'Of a change of a collection or playlist, the id of that'}),
	type: z.enum([...itemTypes, ...listKinds]),
	title: z.string().meta({description: 'With the show and the number'}),
};

const noteSchema = z.object({
	kind: z.enum(['unknown-before', 'gap', 'held', 'made-anew', 'unknown']).meta({
		description: 'unknown-before: nothing is known before `at`; gap: nobody looked between `from` and `to`; held: at `at` removals of `items` items were held back; made-anew: the library was deleted on the server and made anew at `at`, and its items were recognised; unknown: nothing is known at all',
	}),
	at: z.iso.datetime().optional(),
	from: z.iso.datetime().optional(),
	to: z.iso.datetime().optional(),
	items: countSchema.optional(),
});

const changeOfItem = changeSchema.extend(itemFields);

const librarySchema = z.object({
	id: z.string(),
	title: z.string(),
	...serverFieldsOfReport,
	counts: z.partialRecord(z.enum(changeKinds), countSchema),
	notes: z.array(noteSchema),
	changes: z.array(changeOfItem).meta({description: 'Several changes of one item, of one kind, are one'}),
});

const eventSchema = changeSchema.extend({libraryId: z.string()});

export const changesJsonSchema = jsonSchema('diff', {
	since: z.iso.datetime(),
	until: z.iso.datetime().meta({description: 'The period ends just before'}),
	run: z.string().optional().meta({description: 'Id of the run, when the changes of one were asked for'}),
	libraries: z.array(librarySchema),
});

export const timelineJsonSchema = jsonSchema('diff ITEM', {
	...itemFields,
	...serverFieldsOfReport,
	events: z.array(eventSchema).meta({description: 'Newest first'}),
});

export const diffJsonSchema = z.union([changesJsonSchema, timelineJsonSchema]).meta({title: 'reelcat diff'});

/**
The changes of one library, and what else there is to say about it.
*/
export type LibraryChanges = {
	id: string;
	title: string;
	serverId?: string | undefined;
	server?: string | undefined;
	/**
	Its title, with the server where there are several, for headings of the table and of the screen.
	*/
	printed: string;
	placed: string;
	groups: readonly ChangeGroup[];
	notes: readonly HistoryNote[];
};

export const changesJson = (libraries: readonly LibraryChanges[], {since, until, runId}: Period) => ({
	schema: 1,
	since,
	until,
	run: runId,
	libraries: libraries.map(({id, title, serverId, server, groups, notes}) => ({
		id,
		title,
		serverId,
		server,
		counts: countChanges(groups),
		notes: notes.map(note => pickFields(noteSchema, note)),
		changes: groups.flatMap(({kind, rows}) => rows.map(row => pickFields(changeOfItem, {...row, kind, fields: fieldsJson(row)}))),
	})),
});

export const timelineJson = (item: Pick<ChangeRow, keyof typeof itemFields> & {serverId?: string; server?: string}, rows: readonly TimelineRow[]) => pickFields(timelineJsonSchema, {
	...item, schema: 1, events: rows.map(row => pickFields(eventSchema, {...row, fields: fieldsJson(row)})),
});

const fieldsJson = ({fields}: ChangeRow) => fields.map(field => pickFields(fieldSchema, field));
