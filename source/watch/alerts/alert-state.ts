import * as z from 'zod';
import {alertKinds} from '../kinds.js';
import type {Alert} from '../types.js';

const openSchema = z.object({
	kind: z.enum(alertKinds),
	subject: z.string(),
	since: z.iso.datetime(),
	message: z.string(),
	hint: z.string().optional(),
	/**
	What must have moved on before it can be over, see `Finding`.
	*/
	mark: z.string().optional(),
});

/**
What must be remembered from one judgement to the next: plain JSON, so that a restart raises nothing anew.
*/
export const alertStateSchema = z.object({
	/**
	Of the process that judged last; what was timed ends with it.
	*/
	startedAt: z.string().optional(),
	judgedAt: z.iso.datetime().optional(),
	awaySince: z.iso.datetime().optional(),
	/**
	For how long the server has been seen to be away. Added up from judgement to judgement, since a machine that slept has not looked.
	*/
	awayMs: z.number().nonnegative(),
	open: z.array(openSchema),
});

export type AlertState = z.infer<typeof alertStateSchema>;
export type OpenAlert = AlertState['open'][number];

export const noAlerts: AlertState = {awayMs: 0, open: []};

/**
What is wrong now, the oldest first.
*/
export const openAlerts = ({open}: AlertState): Alert[] => open.map(({kind, subject, since, message, hint}) => ({
	kind, subject, since, message, ...(hint !== undefined && {hint}),
}));
