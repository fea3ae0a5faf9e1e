import type * as z from 'zod';
import type {changeKinds, historyEventSchema} from './history-schema.js';

export type ChangeKind = typeof changeKinds[number];

/**
One change that a sync found, oldest first in the history.
*/
export type HistoryEvent = z.infer<typeof historyEventSchema>;

/**
An event before its commit: the store gives it the revision.
*/
export type NewHistoryEvent = HistoryEvent extends infer Event ? Event extends HistoryEvent ? Omit<Event, 'revision'> : never : never;

export type ItemEvent = Extract<HistoryEvent, {itemId: string}>;
export type FieldsEvent = Extract<HistoryEvent, {after: unknown}>;
