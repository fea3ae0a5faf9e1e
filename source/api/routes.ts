import * as z from 'zod';
import {AppError} from '../base/errors.js';
import {jobActions, jobStates, type Job} from '../watch/types.js';
import {readImportHook, readPlexHook} from './hooks.js';
import type {ApiPort} from './port.js';
import {
	acceptedSchema,
	changeEntrySchema,
	itemEntrySchema,
	jobSchema,
	jobsSchema,
	refreshedSchema,
	statusSchema,
} from './schemas.js';

/**
Who may call: `none` tells nothing worth hiding, `hook` is for programs that can only be given an address and a password.
*/
export type RouteAccess = 'none' | 'token' | 'hook';

export type RouteInput = {
	params: Readonly<Record<string, string>>;
	query: Readonly<Record<string, unknown>>;
	body: unknown;
};

export type RouteOutput = {status: number; body: unknown};

/**
One route, as data: the server, the OpenAPI document and the tests are made of it.
*/
export type Route = {
	method: 'GET' | 'POST' | 'DELETE';
	/**
	With `:id` for what is in the path.
	*/
	path: string;
	summary: string;
	access: RouteAccess;
	params?: z.ZodType;
	query?: z.ZodType;
	body?: z.ZodType;
	/**
	`multipart` has its JSON in the field `payload`.
	*/
	bodyKind?: 'json' | 'multipart';
	/**
	By status; of an error it is always the same.
	*/
	responses: Readonly<Record<number, z.ZodType | 'text' | 'events'>>;
	/**
	Calls of one client a minute; of the whole API where there is none.
	*/
	perMinute?: number;
	handle: (port: ApiPort, input: RouteInput) => Promise<RouteOutput> | RouteOutput;
};

const idParameters = z.strictObject({id: z.string().max(100)});

const pageQuery = {
	limit: z.coerce.number().int().min(1).max(500).default(100),
	cursor: z.string().max(500).optional(),
};

const refreshBody = z.strictObject({
	library: z.string().min(1).max(500).optional().meta({description: 'Title, key or id; all libraries when absent'}),
	mode: z.enum(['incremental', 'full']).optional(),
}).nullish();

const acceptBody = z.strictObject({library: z.string().min(1).max(500).optional()}).nullish();

const itemsQuery = z.strictObject({query: z.string().max(200).optional(), ...pageQuery});
const changesQuery = z.strictObject({since: z.iso.datetime({offset: true}), ...pageQuery});
const jobsQuery = z.strictObject({state: z.enum(jobStates).optional()});
const actionBody = z.strictObject({action: z.enum(jobActions)});

const taken = z.object({taken: z.boolean()});

const ok = (body: unknown): RouteOutput => ({status: 200, body});

const probe = (isGood: boolean): RouteOutput => ({status: isGood ? 200 : 503, body: {status: isGood ? 'ok' : 'unavailable'}});

const probeSchema = z.object({status: z.enum(['ok', 'unavailable'])});

export const routes: readonly Route[] = [
	{
		method: 'GET',
		path: '/healthz',
		summary: 'Whether the daemon is alive',
		access: 'none',
		responses: {200: probeSchema, 503: probeSchema},
		handle: ({isHealthy}) => probe(isHealthy()),
	},
	{
		method: 'GET',
		path: '/readyz',
		summary: 'Whether every library has been looked at',
		access: 'none',
		responses: {200: probeSchema, 503: probeSchema},
		handle: ({isReady}) => probe(isReady()),
	},
	{
		method: 'GET',
		path: '/metrics',
		summary: 'Figures for Prometheus',
		access: 'token',
		responses: {200: 'text'},
		async handle({statusNow}) {
			const {metricsText} = await import('./metrics.js');
			return ok(await metricsText(statusNow()));
		},
	},
	{
		method: 'GET',
		path: '/api/v1/openapi.json',
		summary: 'This description',
		access: 'token',
		responses: {200: z.record(z.string(), z.unknown())},
		async handle({statusNow}) {
			const {openApi} = await import('./openapi.js');
			return ok(openApi(routes, statusNow().version));
		},
	},
	{
		method: 'GET',
		path: '/api/v1/status',
		summary: 'Everything that is known of the daemon now',
		access: 'token',
		responses: {200: statusSchema},
		handle: ({statusNow}) => ok(statusNow()),
	},
	{
		method: 'POST',
		path: '/api/v1/refresh',
		summary: 'Compare one library, or all; the same call twice gives the same jobs as long as they have not ended',
		access: 'token',
		body: refreshBody,
		responses: {202: refreshedSchema},
		perMinute: 30,
		async handle({watcher}, {body}) {
			const jobs = await watcher.refresh(body as z.infer<typeof refreshBody> ?? {});
			return {
				status: 202,
				body: {
					jobs: jobs.map(({id, library, mode, state}) => ({
						id, library: library.title, mode, state,
					})),
				},
			};
		},
	},
	{
		method: 'POST',
		path: '/api/v1/accept',
		summary: 'What is held is really gone: remove it, in one library or in all',
		access: 'token',
		body: acceptBody,
		responses: {200: acceptedSchema},
		perMinute: 30,
		async handle({watcher}, {body}) {
			const libraries = await watcher.accept(body as z.infer<typeof acceptBody> ?? {});
			return ok({libraries});
		},
	},
	{
		method: 'GET',
		path: '/api/v1/jobs',
		summary: 'What is to be done, and what was done, newest first',
		access: 'token',
		query: jobsQuery,
		responses: {200: jobsSchema},
		async handle({watcher}, {query: {state}}) {
			const jobs = await watcher.jobs();
			return ok({jobs: jobs.filter(job => state === undefined || job.state === state)});
		},
	},
	{
		method: 'GET',
		path: '/api/v1/jobs/:id',
		summary: 'One job',
		access: 'token',
		params: idParameters,
		responses: {200: jobSchema},
		handle: async ({watcher}, {params}) => ok(await watcher.job(params['id']!)),
	},
	{
		method: 'DELETE',
		path: '/api/v1/jobs/:id',
		summary: 'Cancel a job; one that runs ends soon, and keeps what was committed',
		access: 'token',
		params: idParameters,
		responses: {200: jobSchema},
		handle: async ({watcher}, {params}) => ok(await watcher.act(params['id']!, 'cancel')),
	},
	{
		method: 'POST',
		path: '/api/v1/jobs/:id/actions',
		summary: 'Pause, resume, cancel, retry, run now or move a job',
		access: 'token',
		params: idParameters,
		body: actionBody,
		responses: {200: jobSchema},
		async handle({watcher}, {params, body}) {
			const {action} = body as z.infer<typeof actionBody>;
			const job: Job = await watcher.act(params['id']!, action);
			return ok(job);
		},
	},
	{
		method: 'GET',
		path: '/api/v1/events',
		summary: 'News as server-sent events; "Last-Event-ID" goes on after one',
		access: 'token',
		responses: {200: 'events'},
		handle() {
			throw new TypeError('A stream is not answered at once.');
		},
	},
	{
		method: 'GET',
		path: '/api/v1/items',
		summary: 'The items of the catalogue; every word of the query occurs in the title, edition or year',
		access: 'token',
		query: itemsQuery,
		responses: {200: z.object({items: z.array(itemEntrySchema), nextCursor: z.string().optional()})},
		async handle({queries}, {query}) {
			const {query: text, limit, cursor} = query as z.infer<typeof itemsQuery>;
			const {entries, ...rest} = await queries.items({text, limit, cursor});
			return ok({items: entries, ...rest});
		},
	},
	{
		method: 'GET',
		path: '/api/v1/changes',
		summary: 'What has changed since a moment, oldest first',
		access: 'token',
		query: changesQuery,
		responses: {200: z.object({changes: z.array(changeEntrySchema), nextCursor: z.string().optional()})},
		async handle({queries}, {query}) {
			const {since, limit, cursor} = query as z.infer<typeof changesQuery>;
			const {entries, ...rest} = await queries.changes({since: new Date(since).toISOString(), limit, cursor});
			return ok({changes: entries, ...rest});
		},
	},
	{
		method: 'POST',
		path: '/api/v1/hooks/plex',
		summary: 'A webhook of Plex: a new item is looked at',
		access: 'hook',
		body: z.record(z.string(), z.unknown()),
		bodyKind: 'multipart',
		responses: {202: taken},
		perMinute: 120,
		handle({onPlexHook}, {body}) {
			const hook = readPlexHook(body);
			if (hook === undefined) {
				throw new AppError('usage', 'This is no webhook of Plex.', {hint: 'Its field "payload" holds JSON with an "event".'});
			}

			onPlexHook(hook);
			return {status: 202, body: {taken: true}};
		},
	},
	{
		method: 'POST',
		path: '/api/v1/hooks/arr',
		summary: 'A webhook of Sonarr or Radarr ("On Import", "On Upgrade"): its libraries are compared',
		access: 'hook',
		body: z.record(z.string(), z.unknown()),
		responses: {202: taken},
		perMinute: 120,
		handle({onImportHook}, {body}) {
			const hook = readImportHook(body);
			if (hook === undefined) {
				throw new AppError('usage', 'This is no webhook of Sonarr or Radarr.', {hint: 'It holds JSON with an "eventType".'});
			}

			onImportHook(hook);
			return {status: 202, body: {taken: true}};
		},
	},
];

export {errorSchema} from './schemas.js';
