import * as z from 'zod';
import {faultSchema, type WatchStatus} from '../watch/types.js';
import type {Watcher} from '../watch/watcher.js';

export const errorSchema = z.object({error: faultSchema});

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
export type ItemEntry = z.infer<typeof itemEntrySchema>;

export const changeEntrySchema = z.object({
	revision: z.int().nonnegative(),
	at: z.iso.datetime(),
	kind: z.string(),
	runId: z.string(),
	libraryId: z.string(),
	itemId: z.string().optional(),
	type: z.string().optional(),
	title: z.string().optional(),
	reason: z.string().optional(),
	fields: z.array(z.string()).optional().meta({description: 'Names of the fields that differ'}),
});
export type ChangeEntry = z.infer<typeof changeEntrySchema>;

export type EntryPage<Entry> = {
	entries: Entry[];
	/**
	Asks for the next page; absent at the end.
	*/
	nextCursor?: string;
};

/**
What the API asks of the catalogue.
*/
export type ApiQueries = {
	/**
	@throws AppError 'usage' for a cursor that was not given by this process
	*/
	items: (query: {text: string | undefined; limit: number; cursor: string | undefined}) => Promise<EntryPage<ItemEntry>>;
	/**
	Oldest first.

	@throws AppError 'usage' for a cursor that cannot be one
	*/
	changes: (query: {since: string; limit: number; cursor: string | undefined}) => Promise<EntryPage<ChangeEntry>>;
};

/**
What is read of a Plex webhook. No more is trusted, because it comes from whoever knows the address.
*/
export type PlexHook = {
	event: string;
	serverId?: string | undefined;
	sectionKey?: string | undefined;
	sectionTitle?: string | undefined;
	ratingKey?: string | undefined;
};

/**
What is read of a webhook of Sonarr or Radarr.
*/
export type ImportHook = {
	eventType: string;
	kind: 'movie' | 'series' | 'other';
};

/**
Everything that stands behind the API.
*/
export type ApiPort = {
	watcher: Watcher;
	statusNow: () => WatchStatus;
	queries: ApiQueries;
	onPlexHook: (hook: PlexHook) => void;
	onImportHook: (hook: ImportHook) => void;
	/**
	Whether work goes on, or there is none.
	*/
	isHealthy: () => boolean;
	/**
	Whether every library was looked at.
	*/
	isReady: () => boolean;
};

/**
Who may call: `none` is for answers that tell nothing worth hiding, `hook` is for programs that can only be given an address and a password.
*/
export type RouteAccess = 'none' | 'token' | 'hook';

type RouteInput = {
	params: Readonly<Record<string, string>>;
	query: Readonly<Record<string, unknown>>;
	body: unknown;
};

export type RouteOutput = {status: number; body: unknown};

/**
One route, as data. The server, the OpenAPI document and the tests are made of it.
*/
export type Route = {
	method: 'GET' | 'POST' | 'DELETE';
	/**
	With `:id` for a variable part.
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
	By status. Errors are the same for all routes and are not listed.
	*/
	responses: Readonly<Record<number, z.ZodType | 'text' | 'events'>>;
	/**
	Calls of one client a minute; the limit of the whole API when absent.
	*/
	perMinute?: number;
	handle: (port: ApiPort, input: RouteInput) => Promise<RouteOutput> | RouteOutput;
};

export const ok = (body: unknown): RouteOutput => ({status: 200, body});
