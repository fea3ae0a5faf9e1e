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
What a daemon tells, as schemas: the types, the OpenAPI document and the checks of files and answers are made of these. Dates are ISO instants.
*/

const instant = z.iso.datetime();
const count = z.int().nonnegative();

/**
Another version of reelcat may know other kinds of changes and other error codes.
*/
const changes = z.partialRecord(z.string(), count).meta({description: 'Number of changes by kind'}) as unknown as z.ZodType<ChangeCounts>;
const errorCode = z.string() as unknown as z.ZodType<ErrorCode>;

/**
Why something failed.
*/
export const faultSchema = z.object({code: errorCode, message: z.string(), hint: z.string().optional()});
export type Fault = z.infer<typeof faultSchema>;

const libraryNameSchema = z.object({
	/**
	As in the catalogue: uuid, or `serverId:key`.
	*/
	id: z.string(),
	title: z.string(),
});
export type LibraryName = z.infer<typeof libraryNameSchema>;

/**
One piece of work on one library. The API, `--json` and the file of the queue hold this object.
*/
export const jobSchema = z.object({
	id: z.string(),
	library: libraryNameSchema,
	mode: z.enum(jobModes),
	state: z.enum(jobStates),
	trigger: z.enum(jobTriggers),
	createdAt: instant,
	/**
	The job does not begin before this; only while it is `waiting`.
	*/
	dueAt: instant.optional(),
	startedAt: instant.optional(),
	finishedAt: instant.optional(),
	/**
	How often the job was begun.
	*/
	attempts: count,
	/**
	Of the last attempt that failed. It stays while the job waits or is parked.
	*/
	fault: faultSchema.optional(),
	/**
	A sentence: what came out of the job, or why it is where it is.
	*/
	note: z.string().optional(),
	/**
	The run that did the job, see `reelcat runs`.
	*/
	runId: z.string().optional(),
	changes: changes.optional(),
});
export type Job = z.infer<typeof jobSchema>;

/**
How a library of the catalogue is doing under watch.
*/
const watchedLibrarySchema = libraryNameSchema.extend({
	type: z.string(),
	state: z.enum(libraryStates),
	items: count,
	/**
	Of the last job that compared the whole library; touches do not count.
	*/
	lastRunAt: instant.optional(),
	lastMode: z.enum(jobModes).optional(),
	lastChangedAt: instant.optional(),
	lastChanges: changes.optional(),
	nextRunAt: instant.optional(),
	nextMode: z.enum(jobModes).optional(),
	/**
	In a row.
	*/
	failures: count,
	/**
	Items whose removal waits for a person.
	*/
	held: count,
});
export type WatchedLibrary = z.infer<typeof watchedLibrarySchema>;

const pushSchema = z.object({
	/**
	`polling`: the server sends no notifications to this token, or none can be had, so the schedule does everything.
	*/
	state: z.enum(['connected', 'connecting', 'polling', 'off']),
	via: z.enum(['websocket', 'sse']).optional(),
	since: instant,
	lastEventAt: instant.optional(),
	/**
	Why it is not connected, as a sentence.
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
	ratePerSecond: z.number(),
	etaMs: z.number().optional(),
	lastTitle: z.string().optional(),
});
export type JobProgress = z.infer<typeof progressSchema>;

/**
Something that is wrong now. `subject` is a library id, a channel name or a folder; kind and subject tell one alert from another.
*/
const alertSchema = z.object({
	kind: z.enum(alertKinds), subject: z.string(), since: instant, message: z.string(), hint: z.string().optional(),
});
export type Alert = z.infer<typeof alertSchema>;

const noteSchema = z.object({
	/**
	Counts up, also over restarts of the process.
	*/
	id: count,
	at: instant,
	level: z.enum(['info', 'warn', 'error']),
	text: z.string(),
});
export type WatchNote = z.infer<typeof noteSchema>;

/**
Everything that is known about a daemon at one moment: what `GET /api/v1/status` and `reelcat status --json` tell.
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
	First those that have not ended, in the order in which they will run, then the ended ones, newest first.
	*/
	jobs: z.array(jobSchema),
	progress: progressSchema.optional(),
	alerts: z.array(alertSchema),
	notes: z.array(noteSchema).meta({description: 'Newest first'}),
	/**
	How many requests the server is given at a time, and why.
	*/
	load: z.object({limit: count, reason: z.string()}).optional(),
	/**
	Sent since the start of the daemon.
	*/
	requests: count,
	revision: count,
	/**
	Until then only notifications are worked on.
	*/
	quietUntil: instant.optional(),
	settings: z.object({
		interval: z.string(), fullEvery: z.string(), isAudited: z.boolean(), quietHours: z.string().optional(),
	}),
});
export type WatchStatus = z.infer<typeof statusSchema>;

/**
News of a daemon for whoever looks on. `status` replaces everything that was known; `catalog` says that something was committed.
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

export type NumberedEvent = {
	/**
	Whoever comes back says it with `Last-Event-ID`. It counts up, also over restarts of the process.
	*/
	id: number;
	event: WatchEvent;
};

const acceptedLibrarySchema = libraryNameSchema.extend({removed: count});
export type AcceptedRemovals = z.infer<typeof acceptedLibrarySchema>;

/**
What `POST /api/v1/accept` answers.
*/
export const acceptedSchema = z.object({libraries: z.array(acceptedLibrarySchema)});
