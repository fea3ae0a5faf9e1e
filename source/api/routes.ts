import * as z from 'zod';
import {AppError} from '../base/errors.js';
import {readImportHook, readPlexHook} from './hooks.js';
import {
	changeEntrySchema,
	itemEntrySchema,
	ok,
	type Route,
	type ApiPort,
} from './port.js';
import {pageRoutes} from './page-routes.js';
import {verbRoutes} from './verbs.js';

const limit = z.coerce.number().int().min(1).max(500).default(100);

const itemsQuery = z.strictObject({
	query: z.string().max(10_000).default('').meta({description: 'In the query language of docs/query.md; empty for everything'}),
	limit,
	offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
	cursor: z.string().regex(/^\d{1,10}$/v).transform(Number).optional().meta({description: 'The nextCursor of the page before; it counts more than offset'}),
});
const changesQuery = z.strictObject({since: z.iso.datetime({offset: true}), limit, cursor: z.string().max(500).optional()});

const taken = z.object({taken: z.boolean()});

const probeSchema = z.object({status: z.enum(['ok', 'unavailable'])});

const probe = (id: string, path: string, summary: string, isGood: (port: ApiPort) => boolean): Route => ({
	method: 'GET',
	id,
	path,
	summary,
	access: 'none',
	responses: {200: probeSchema, 503: probeSchema},
	handle: port => isGood(port) ? ok({status: 'ok'}) : {status: 503, body: {status: 'unavailable'}},
});

type WebhookOptions<Hook> = Pick<Route, 'id' | 'path' | 'summary' | 'bodyKind'> & {
	read: (payload: unknown) => Hook | undefined;
	take: (port: ApiPort, hook: Hook) => void;
	refused: () => AppError;
};

const webhook = <Hook>({read, take, refused, ...route}: WebhookOptions<Hook>): Route => ({
	...route,
	method: 'POST',
	access: 'hook',
	body: z.record(z.string(), z.unknown()),
	responses: {202: taken},
	// Sonarr sends one for each file that is imported or deleted.
	perMinute: 600,
	handle(port, {body}) {
		const hook = read(body);
		if (hook === undefined) {
			throw refused();
		}

		take(port, hook);
		return {status: 202, body: {taken: true}};
	},
});

export const routes: readonly Route[] = [
	...pageRoutes,
	probe('getHealth', '/healthz', 'Whether the daemon is alive', ({isHealthy}) => isHealthy()),
	probe('getReadiness', '/readyz', 'Whether every library has been looked at', ({isReady}) => isReady()),
	{
		method: 'GET',
		id: 'getMetrics',
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
		id: 'getOpenApi',
		path: '/api/v1/openapi.json',
		summary: 'This description',
		access: 'token',
		responses: {200: z.record(z.string(), z.unknown())},
		async handle({statusNow}) {
			const {openApi} = await import('./openapi.js');
			return ok(openApi(routes, statusNow().version));
		},
	},
	...verbRoutes,
	{
		method: 'GET',
		id: 'streamEvents',
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
		id: 'listItems',
		path: '/api/v1/items',
		summary: 'The items that a query finds, as "reelcat ls --json" gives them',
		access: 'token',
		query: itemsQuery,
		responses: {
			200: z.object({
				items: z.array(itemEntrySchema), total: z.int().nonnegative(), revision: z.int().nonnegative(), nextCursor: z.string().optional(),
			}),
		},
		async handle({queries}, {query}) {
			const {query: text, limit: most, offset, cursor = offset} = query as z.infer<typeof itemsQuery>;
			const found = await queries.items({text, limit: most, offset: cursor});
			const next = cursor + found.items.length;
			return ok({...found, ...found.items.length > 0 && next < found.total && {nextCursor: String(next)}});
		},
	},
	{
		method: 'GET',
		id: 'listChanges',
		path: '/api/v1/changes',
		summary: 'What has changed since a moment, oldest first',
		access: 'token',
		query: changesQuery,
		responses: {200: z.object({changes: z.array(changeEntrySchema), nextCursor: z.string().optional()})},
		async handle({queries}, {query}) {
			const {since, limit: most, cursor} = query as z.infer<typeof changesQuery>;
			const {entries, ...rest} = await queries.changes({since: new Date(since).toISOString(), limit: most, cursor});
			return ok({changes: entries, ...rest});
		},
	},
	webhook({
		id: 'takePlexHook',
		path: '/api/v1/hooks/plex',
		summary: 'A webhook of Plex: a new item is looked at',
		bodyKind: 'multipart',
		read: readPlexHook,
		take({onPlexHook}, hook) {
			onPlexHook(hook);
		},
		refused: () => new AppError('usage', 'This is no webhook of Plex.', {hint: 'Its field "payload" holds JSON with an "event".'}),
	}),
	webhook({
		id: 'takeArrHook',
		path: '/api/v1/hooks/arr',
		summary: 'A webhook of Sonarr or Radarr ("On Import", "On Upgrade"): its libraries are compared',
		read: readImportHook,
		take({onImportHook}, hook) {
			onImportHook(hook);
		},
		refused: () => new AppError('usage', 'This is no webhook of Sonarr or Radarr.', {hint: 'It holds JSON with an "eventType".'}),
	}),
];
