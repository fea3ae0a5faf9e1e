import * as z from 'zod';
import {jobActions, jobStates} from '../watch/kinds.js';
import {acceptedSchema, jobSchema, statusSchema} from '../watch/types.js';
import type {Watcher} from '../watch/watcher.js';
import type {ApiPort, Route} from './port.js';

/**
A verb of a `Watcher` as a route. A client checks the answer by the same schema.
*/
type VerbRoute<Answer extends z.ZodType = z.ZodType> = Route & {answer: Answer};

type VerbOptions<Answer extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = Pick<Route, 'method' | 'id' | 'path' | 'summary' | 'perMinute'> & {
	answer: Answer;
	status?: 200 | 202;
	query?: Query;
	body?: Body;
	run: (port: Pick<ApiPort, 'watcher' | 'statusNow'>, input: {id: string; query: z.infer<Query>; body: z.infer<Body>}) => Promise<z.infer<Answer>>;
};

const idParameters = z.strictObject({id: z.string().max(100)});

const verb = <Answer extends z.ZodType, Query extends z.ZodType = z.ZodUnknown, Body extends z.ZodType = z.ZodUnknown>(
	{run, answer, status = 200, ...route}: VerbOptions<Answer, Query, Body>,
): VerbRoute<Answer> => ({
	...route,
	access: 'token',
	answer,
	...(route.path.includes(':id') && {params: idParameters}),
	responses: {[status]: answer},
	handle: async (port, {params, query, body}) => ({
		status,
		body: await run(port, {id: params['id'] ?? '', query: query as z.infer<Query>, body: body as z.infer<Body>}),
	}),
});

const readStatus = verb({
	method: 'GET',
	id: 'getStatus',
	path: '/api/v1/status',
	summary: 'Everything that is known of the daemon now',
	answer: statusSchema,
	run: async ({statusNow}) => statusNow(),
});

const libraryRequest = {
	library: z.string().min(1).max(500).optional().meta({description: 'Title, key or id, perhaps with the server as in Films@Barn; all libraries of the server when absent'}),
	server: z.string().min(1).max(500).optional().meta({description: 'Name or beginning of the id of the server; that of the daemon when absent'}),
};

const refreshBody = z.strictObject({
	...libraryRequest,
	mode: z.enum(['incremental', 'full']).optional(),
}).nullish();

const refreshedJob = z.object({
	id: z.string(), library: z.string(), serverId: z.string().optional(), server: z.string().optional(), mode: z.string(), state: z.string(),
});

const refresh = verb({
	method: 'POST',
	id: 'refreshLibraries',
	path: '/api/v1/refresh',
	summary: 'Compare one library, or all; a second call gives the same jobs until they begin',
	body: refreshBody,
	answer: z.object({jobs: z.array(refreshedJob)}),
	status: 202,
	perMinute: 30,
	async run({watcher}, {body}) {
		const jobs = await watcher.refresh(body ?? {});
		return {
			jobs: jobs.map(({id, library, mode, state}) => ({
				id, library: library.title, serverId: library.serverId, server: library.server, mode, state,
			})),
		};
	},
});

const accept = verb({
	method: 'POST',
	id: 'acceptRemovals',
	path: '/api/v1/accept',
	summary: 'Accept held removals, in one library or in all',
	body: z.strictObject(libraryRequest).nullish(),
	answer: acceptedSchema,
	perMinute: 30,
	run: async ({watcher}, {body}) => ({libraries: await watcher.accept(body ?? {})}),
});

const listJobs = verb({
	method: 'GET',
	id: 'listJobs',
	path: '/api/v1/jobs',
	summary: 'The jobs to do in their order, then those that have ended, newest first',
	query: z.strictObject({state: z.enum(jobStates).optional()}),
	answer: z.object({jobs: z.array(jobSchema)}),
	async run({watcher}, {query: {state}}) {
		const jobs = await watcher.jobs();
		return {jobs: jobs.filter(job => state === undefined || job.state === state)};
	},
});

const readJob = verb({
	method: 'GET',
	id: 'getJob',
	path: '/api/v1/jobs/:id',
	summary: 'One job',
	answer: jobSchema,
	run: async ({watcher}, {id}) => watcher.job(id),
});

const cancelJob = verb({
	method: 'DELETE',
	id: 'cancelJob',
	path: '/api/v1/jobs/:id',
	summary: 'Cancel a job; one that runs ends soon, and keeps what was committed',
	answer: jobSchema,
	run: async ({watcher}, {id}) => watcher.act(id, 'cancel'),
});

const act = verb({
	method: 'POST',
	id: 'actOnJob',
	path: '/api/v1/jobs/:id/actions',
	summary: 'Pause, resume, cancel, retry, run now or move a job',
	body: z.strictObject({action: z.enum(jobActions)}),
	answer: jobSchema,
	run: async ({watcher}, {id, body: {action}}) => watcher.act(id, action),
});

export const verbRoutes: readonly Route[] = [readStatus, refresh, accept, listJobs, readJob, cancelJob, act];

export type CallRoute = <Answer extends z.ZodType>(route: VerbRoute<Answer>, input?: {id?: string; body?: unknown}) => Promise<z.infer<Answer>>;

/**
The same verbs for a client.
*/
export const remoteVerbs = (call: CallRoute): Omit<Watcher, 'subscribe'> => ({
	status: async () => call(readStatus),
	async refresh(body) {
		const {jobs} = await call(refresh, {body});
		return Promise.all(jobs.map(async ({id}) => call(readJob, {id})));
	},
	async accept(body) {
		const {libraries} = await call(accept, {body});
		return libraries;
	},
	async jobs() {
		const {jobs} = await call(listJobs);
		return jobs;
	},
	job: async id => call(readJob, {id}),
	act: async (id, action) => action === 'cancel' ? call(cancelJob, {id}) : call(act, {id, body: {action}}),
});
