import * as z from 'zod';
import type {ErrorCode} from '../base/errors.js';
import type {ChangeCounts} from '../sync/events.js';
import {
	alertKinds,
	jobModes,
	jobStates,
	jobTriggers,
	libraryStates,
} from './kinds.js';

/*
Schemas of everything that a daemon tells. Types, the OpenAPI document and the checks of files and answers are made of them. Times are ISO instants.
*/

const instant = z.iso.datetime();
const count = z.int().nonnegative();

/**
These may come from another version of reelcat, with other kinds of changes and error codes.
*/
const changes = z.partialRecord(z.string(), count).meta({description: 'Number of changes by kind'}) as unknown as z.ZodType<ChangeCounts>;
const errorCode = z.string() as unknown as z.ZodType<ErrorCode>;

export const faultSchema = z.object({code: errorCode, message: z.string(), hint: z.string().optional()});
export type Fault = z.infer<typeof faultSchema>;

const libraryNameSchema = z.object({
	id: z.string(),
	title: z.string(),
	serverId: z.string().optional().meta({description: 'Id of its server in the catalogue'}),
	server: z.string().optional().meta({description: 'Name of its server'}),
});
export type LibraryName = z.infer<typeof libraryNameSchema>;

/**
One piece of work on one library. The API, `--json` and the queue file hold this object.
*/
export const jobSchema = z.object({
	id: z.string(),
	library: libraryNameSchema,
	mode: z.enum(jobModes),
	state: z.enum(jobStates),
	trigger: z.enum(jobTriggers),
	createdAt: instant,
	/**
	The job does not begin before this; set only while it is `waiting`.
	*/
	dueAt: instant.optional(),
	startedAt: instant.optional(),
	finishedAt: instant.optional(),
	attempts: count,
	/**
	Why the last attempt failed. It stays while the job waits or is parked.
	*/
	fault: faultSchema.optional(),
	/**
	A sentence: the result of the job, or the reason for its state.
	*/
	note: z.string().optional(),
	runId: z.string().optional(),
	changes: changes.optional(),
});
export type Job = z.infer<typeof jobSchema>;

const watchedLibrarySchema = libraryNameSchema.extend({
	type: z.string(),
	state: z.enum(libraryStates),
	items: count,
	/**
	When the whole library was last compared; touches do not count.
	*/
	lastRunAt: instant.optional(),
	lastMode: z.enum(jobModes).optional(),
	lastChangedAt: instant.optional(),
	lastChanges: changes.optional(),
	nextRunAt: instant.optional(),
	nextMode: z.enum(jobModes).optional(),
	/**
	Failed jobs in a row.
	*/
	failures: count,
	/**
	Number of items whose removal waits for a person.
	*/
	held: count,
});
export type WatchedLibrary = z.infer<typeof watchedLibrarySchema>;

const pushSchema = z.object({
	/**
	`polling`: the server sends no notifications to this token, so the schedule does everything.
	*/
	state: z.enum(['connected', 'connecting', 'polling', 'off']),
	via: z.enum(['websocket', 'sse']).optional(),
	since: instant,
	lastEventAt: instant.optional(),
	/**
	Why it is not connected, a sentence.
	*/
	reason: z.string().optional(),
});
export type PushState = z.infer<typeof pushSchema>;

const serverSchema = z.object({
	id: z.string(), name: z.string(), version: z.string().optional(), isReachable: z.boolean(), since: instant,
});

const progressSchema = z.object({
	jobId: z.string(),
	phase: z.string(),
	done: count,
	expected: count,
	/**
	From 0 to 1. It never falls while the job runs.
	*/
	share: z.number().optional(),
	ratePerSecond: z.number(),
	etaMs: z.number().optional(),
	lastTitle: z.string().optional(),
});
export type JobProgress = z.infer<typeof progressSchema>;

/**
Something that is wrong now. `subject` is a library id, a channel name or a folder; kind and subject together identify an alert.
*/
const alertSchema = z.object({
	kind: z.enum(alertKinds), subject: z.string(), since: instant, message: z.string(), hint: z.string().optional(),
});
export type Alert = z.infer<typeof alertSchema>;

const noteSchema = z.object({
	/**
	Grows, also over restarts of the process.
	*/
	id: count,
	at: instant,
	level: z.enum(['info', 'warn', 'error']),
	text: z.string(),
});
export type WatchNote = z.infer<typeof noteSchema>;

/**
Everything that is known about a daemon at one moment: the answer of `GET /api/v1/status` and `reelcat status --json`.
*/
export const statusSchema = z.object({
	schema: z.literal(1),
	version: z.string(),
	pid: count,
	startedAt: instant,
	now: instant,
	health: z.enum(['ok', 'degraded', 'failing']),
	/**
	Why the health is not `ok`, in sentences.
	*/
	reasons: z.array(z.string()),
	server: serverSchema.optional(),
	push: pushSchema,
	libraries: z.array(watchedLibrarySchema),
	/**
	First the jobs that have not ended, in the order in which they will run, then the ended ones, newest first.
	*/
	jobs: z.array(jobSchema),
	progress: progressSchema.optional(),
	alerts: z.array(alertSchema),
	notes: z.array(noteSchema).meta({description: 'Newest first'}),
	/**
	How many requests are sent to the server at a time, and why.
	*/
	load: z.object({limit: count, reason: z.string()}).optional(),
	/**
	Requests since the start of the daemon.
	*/
	requests: count,
	revision: count,
	/**
	End of the quiet hours. Until then the daemon works only on notifications and requests.
	*/
	quietUntil: instant.optional(),
	settings: z.object({
		interval: z.string(), fullEvery: z.string(), isAudited: z.boolean(), quietHours: z.string().optional(),
	}),
});
export type WatchStatus = z.infer<typeof statusSchema>;

/**
An event for subscribers. `status` replaces everything that was known; `catalog` says that something was committed.
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
export type WatchEvent = z.infer<typeof eventSchema>;

/**
`id` is what a client that comes back sends as `Last-Event-ID`. It grows, also over restarts of the process.
*/
export type NumberedEvent = {id: number; event: WatchEvent};

const acceptedLibrarySchema = libraryNameSchema.extend({removed: count});
export type AcceptedRemovals = z.infer<typeof acceptedLibrarySchema>;

/**
The answer of `POST /api/v1/accept`.
*/
export const acceptedSchema = z.object({libraries: z.array(acceptedLibrarySchema)});
