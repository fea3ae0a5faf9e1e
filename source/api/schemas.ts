import * as z from 'zod';
import {
	alertKinds,
	jobModes,
	jobStates,
	jobTriggers,
	libraryStates,
} from '../watch/types.js';

const instant = z.iso.datetime();
const count = z.int().nonnegative();
const changes = z.partialRecord(z.string(), count).meta({description: 'Number of changes by kind'});

export const faultSchema = z.object({code: z.string(), message: z.string(), hint: z.string().optional()});

export const errorSchema = z.object({error: faultSchema});

export const jobSchema = z.object({
	id: z.string(),
	library: z.object({id: z.string(), title: z.string()}),
	mode: z.enum(jobModes),
	state: z.enum(jobStates),
	trigger: z.enum(jobTriggers),
	createdAt: instant,
	dueAt: instant.optional(),
	startedAt: instant.optional(),
	finishedAt: instant.optional(),
	attempts: count,
	fault: faultSchema.optional(),
	note: z.string().optional(),
	runId: z.string().optional(),
	changes: changes.optional(),
});

const librarySchema = z.object({
	id: z.string(),
	title: z.string(),
	type: z.string(),
	state: z.enum(libraryStates),
	items: count,
	lastRunAt: instant.optional(),
	lastMode: z.enum(jobModes).optional(),
	lastChangedAt: instant.optional(),
	lastChanges: changes.optional(),
	nextRunAt: instant.optional(),
	nextMode: z.enum(jobModes).optional(),
	failures: count,
	held: count,
});

const pushSchema = z.object({
	state: z.enum(['connected', 'connecting', 'polling', 'off']),
	via: z.enum(['websocket', 'sse']).optional(),
	since: instant,
	lastEventAt: instant.optional(),
	reason: z.string().optional(),
});

const serverSchema = z.object({
	id: z.string(), name: z.string(), version: z.string().optional(), isReachable: z.boolean(), since: instant,
});

const progressSchema = z.object({
	jobId: z.string(),
	phase: z.string(),
	done: count,
	expected: count,
	ratePerSecond: z.number(),
	etaMs: z.number().optional(),
	lastTitle: z.string().optional(),
});

const alertSchema = z.object({
	kind: z.enum(alertKinds), subject: z.string(), since: instant, message: z.string(), hint: z.string().optional(),
});

const noteSchema = z.object({
	id: count, at: instant, level: z.enum(['info', 'warn', 'error']), text: z.string(),
});

/**
What `GET /api/v1/status` and `reelcat status --json` tell.
*/
export const statusSchema = z.object({
	schema: z.literal(1),
	version: z.string(),
	pid: count,
	startedAt: instant,
	now: instant,
	health: z.enum(['ok', 'degraded', 'failing']),
	reasons: z.array(z.string()),
	server: serverSchema.optional(),
	push: pushSchema,
	libraries: z.array(librarySchema),
	jobs: z.array(jobSchema),
	progress: progressSchema.optional(),
	alerts: z.array(alertSchema),
	notes: z.array(noteSchema).meta({description: 'Newest first'}),
	load: z.object({limit: count, reason: z.string()}).optional(),
	requests: count,
	revision: count,
	quietUntil: instant.optional(),
	settings: z.object({
		interval: z.string(), fullEvery: z.string(), isAudited: z.boolean(), quietHours: z.string().optional(),
	}),
});

const acceptedLibrary = z.object({id: z.string(), title: z.string(), removed: count});

/**
What `POST /api/v1/accept` answers.
*/
export const acceptedSchema = z.object({libraries: z.array(acceptedLibrary)});

export const itemEntrySchema = z.object({
	id: z.string(),
	type: z.string(),
	libraryId: z.string(),
	ratingKey: z.string().optional(),
	title: z.string(),
	editionTitle: z.string().optional(),
	year: z.number().optional(),
	releaseDate: z.string().optional(),
	seasonNumber: z.number().optional(),
	episodeNumber: z.number().optional(),
	durationMs: z.number().optional(),
	resolution: z.string().optional(),
});

export const changeEntrySchema = z.object({
	revision: count,
	at: instant,
	kind: z.string(),
	runId: z.string(),
	libraryId: z.string(),
	itemId: z.string().optional(),
	type: z.string().optional(),
	title: z.string().optional(),
	reason: z.string().optional(),
	fields: z.array(z.string()).optional().meta({description: 'Names of the fields that differ'}),
});

/**
What comes as server-sent events; the number of an event is its `id`.
*/
export const eventSchema = z.discriminatedUnion('type', [
	z.object({type: z.literal('status'), status: statusSchema}),
	z.object({type: z.literal('job'), job: jobSchema}),
	z.object({type: z.literal('progress'), progress: progressSchema}),
	z.object({type: z.literal('alert'), alert: alertSchema, isRecovered: z.boolean()}),
	z.object({type: z.literal('note'), note: noteSchema}),
	z.object({
		type: z.literal('catalog'), revision: count, changes, libraryId: z.string(),
	}),
]);

export const jobsSchema = z.object({jobs: z.array(jobSchema)});

const refreshedJob = z.object({
	id: z.string(), library: z.string(), mode: z.string(), state: z.string(),
});

export const refreshedSchema = z.object({jobs: z.array(refreshedJob)});
