import * as z from 'zod';
import {changeKinds} from '../../catalog/history-schema.js';
import type {ErrorCode} from '../../base/errors.js';
import {
	type Job,
	jobModes,
	jobStates,
	jobTriggers,
} from '../types.js';

/**
A `Job` as JSON.
*/
export const jobSchema: z.ZodType<Job> = z.object({
	id: z.string().min(1),
	library: z.object({id: z.string(), title: z.string()}),
	mode: z.enum(jobModes),
	state: z.enum(jobStates),
	trigger: z.enum(jobTriggers),
	createdAt: z.iso.datetime(),
	dueAt: z.iso.datetime().optional(),
	startedAt: z.iso.datetime().optional(),
	finishedAt: z.iso.datetime().optional(),
	attempts: z.int().nonnegative(),
	fault: z.object({
		// One that this version does not know is a fault none the less.
		code: z.custom<ErrorCode>(value => typeof value === 'string'),
		message: z.string(),
		hint: z.string().optional(),
	}).optional(),
	note: z.string().optional(),
	runId: z.string().optional(),
	changes: z.partialRecord(z.enum(changeKinds), z.int().nonnegative()).optional(),
});
