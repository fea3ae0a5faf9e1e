import type {IncomingHttpHeaders} from 'node:http';
import * as z from 'zod';
import {faultSchema, type WatchStatus} from '../watch/types.js';
import type {Watcher} from '../watch/watcher.js';

/**
By this the daemon knows `reelcat status` and the app from other programs on the same machine. It is no proof, and opens nothing.
*/
export const ownUserAgent = 'reelcat';

const spanSchema = z.object({start: z.int().nonnegative(), end: z.int().nonnegative()});

/**
The part of a query that is wrong, in UTF-16 units; `end` is behind its last one.
*/
export type ErrorSpan = z.infer<typeof spanSchema>;

export const errorSchema = z.object({
	error: faultSchema.extend({
		span: spanSchema.optional().meta({description: 'Of a wrong query, the part that is wrong, in UTF-16 units'}),
	}),
});

/**
Absent for a library that is no longer in the catalogue.
*/
const serverFields = {
	serverId: z.string().optional().meta({description: 'Id of the server in the catalogue'}),
	server: z.string().optional().meta({description: 'Name of the server'}),
};

export const itemEntrySchema = z.object({
	id: z.string(),
	type: z.string(),
	placeholder: z.boolean().optional().meta({description: 'The server did not deliver it, but its episodes need it'}),
	libraryId: z.string(),
	...serverFields,
	ratingKey: z.string().optional(),
	title: z.string(),
	editionTitle: z.string().optional(),
	year: z.number().optional(),
	releaseDate: z.string().optional(),
	seasonNumber: z.number().optional(),
	episodeNumber: z.number().optional(),
	durationMs: z.number().optional(),
	resolution: z.string().optional(),
	isTrashed: z.boolean(),
	isMissing: z.boolean(),
	isWithoutFile: z.boolean(),
});
export type ItemEntry = z.infer<typeof itemEntrySchema>;

export const changeEntrySchema = z.object({
	revision: z.int().nonnegative(),
	at: z.iso.datetime(),
	kind: z.string(),
	runId: z.string(),
	libraryId: z.string(),
	...serverFields,
	itemId: z.string().optional(),
	type: z.string().optional(),
	title: z.string().optional(),
	reason: z.string().optional(),
	fields: z.array(z.string()).optional().meta({description: 'Names of the fields that differ'}),
});
export type ChangeEntry = z.infer<typeof changeEntrySchema>;

/**
`nextCursor` asks for the next page; it is absent at the end.
*/
export type EntryPage<Entry> = {entries: Entry[]; nextCursor?: string};

type PageQuery = {limit: number; cursor: string | undefined};

/**
`total` is the number of all items that match, and `revision` that of the catalogue: when it is another one than before, places may have moved.
*/
export type ItemPage = {items: ItemEntry[]; total: number; revision: number};

/**
The catalogue as the API reads it.
*/
export type ApiQueries = {
	/**
	In the order of the query; without words and without an order of its own, by title.

	@throws AppError 'usage' for a query that is wrong
	*/
	items: (query: {text: string; limit: number; offset: number}) => Promise<ItemPage>;
	/**
	Oldest first.

	@throws AppError 'usage' for a cursor that is none
	*/
	changes: (query: PageQuery & {since: string}) => Promise<EntryPage<ChangeEntry>>;
};

/**
The parts of a Plex webhook that are read. We trust no more, because anybody who knows the address may have sent it.
*/
export type PlexHook = {event: string} & Partial<Record<'serverId' | 'sectionKey' | 'sectionTitle' | 'ratingKey', string | undefined>>;

/**
The parts of a Sonarr or Radarr webhook that are read.
*/
export type ImportHook = {eventType: string; kind: 'movie' | 'series' | 'other'};

/**
The catalogue as a page for a browser.
*/
export type ApiPage = {
	/**
	The revision of the catalogue.
	*/
	revision: () => number;
	/**
	One HTML document, compressed with gzip, and a tag that is another one for other bytes. It may be one revision behind while the next is made.
	*/
	document: () => Promise<{gzipped: Uint8Array; tag: string}>;
	/**
	The poster of an item with its media type; undefined where there is none.
	*/
	poster: (id: string, signal: AbortSignal) => Promise<{bytes: Uint8Array; type: string} | undefined>;
};

/**
What the routes use: the daemon and the catalogue.
*/
export type ApiPort = {
	watcher: Watcher;
	statusNow: () => WatchStatus;
	queries: ApiQueries;
	page: ApiPage;
	onPlexHook: (hook: PlexHook) => void;
	onImportHook: (hook: ImportHook) => void;
	isHealthy: () => boolean;
	isReady: () => boolean;
};

/**
`none`: anybody may call, since the answer holds nothing worth hiding. `hook`: the token may also be a password, for programs that know only an address. `page`: a browser may call from our own page, with the token as a password, or without one where the page is public.
*/
export type RouteAccess = 'none' | 'token' | 'hook' | 'page';

type RouteInput = {
	params: Readonly<Record<string, string>>;
	query: Readonly<Record<string, unknown>>;
	body: unknown;
	headers: IncomingHttpHeaders;
	/**
	Aborted when the client has left.
	*/
	signal: AbortSignal;
};

/**
Bytes are sent as they are, with the media type in `headers`.
*/
export type RouteOutput = {status: number; body: unknown; headers?: Readonly<Record<string, string>>};

/**
A route as data. The server, the OpenAPI document and the tests are made of it.
*/
export type Route = {
	method: 'GET' | 'POST' | 'DELETE';
	/**
	How programs that are made from the OpenAPI document call it.
	*/
	id: string;
	/**
	May hold `:id`.
	*/
	path: string;
	summary: string;
	access: RouteAccess;
	params?: z.ZodType;
	query?: z.ZodType;
	body?: z.ZodType;
	/**
	In `multipart` the JSON is in the field `payload`.
	*/
	bodyKind?: 'json' | 'multipart';
	/**
	By status. Errors are the same for all routes and not listed.
	*/
	responses: Readonly<Record<number, z.ZodType | 'text' | 'events' | 'page' | 'picture'>>;
	/**
	Calls per client and minute; absent, the limit of the whole API holds.
	*/
	perMinute?: number;
	handle: (port: ApiPort, input: RouteInput) => Promise<RouteOutput> | RouteOutput;
};

export const ok = (body: unknown): RouteOutput => ({status: 200, body});
