import type {
	Item,
	MediaFile,
	Person,
	Tag,
} from '../catalog/types.js';
import type {PaceReason} from './governor.js';

/**
Read-only access to one Plex Media Server. Every method throws `AppError` with a Plex code, never an error of the HTTP library.
*/
export type PlexClient = {
	/**
	Origin and path prefix, without a trailing slash.
	*/
	readonly baseUrl: string;
	/**
	`GET /identity`, sent without the token: proves that this is Plex before anything secret is sent.
	*/
	identity: (options?: CallOptions) => Promise<ServerIdentity>;
	/**
	`GET /`, needs the token.
	*/
	server: (options?: CallOptions) => Promise<ServerInfo>;
	sections: (options?: CallOptions) => Promise<Section[]>;
	/**
	One page of a section in `sort=id` order, rows as they came. A `size` of 0 only counts.
	*/
	page: (request: PageRequest) => Promise<ListPage>;
	/**
	Full rows for at most 100 ratingKeys. What the server leaves out is gone or hidden; the order is not promised.
	*/
	details: (ratingKeys: readonly string[], options?: CallOptions) => Promise<unknown[]>;
	/**
	Requests that were sent (retries included) and body bytes that were received since the client was made.
	*/
	usage: () => {requests: number; bytes: number};
	close: () => void;
};

export type CallOptions = {signal?: AbortSignal};

export type ServerIdentity = {
	/**
	machineIdentifier
	*/
	id: string;
	version: string | undefined;
	isClaimed: boolean;
};

export type ServerInfo = ServerIdentity & {name: string};

export type Section = {
	/**
	uuid, or `serverId:key` on servers that do not send one
	*/
	id: string;
	key: string;
	title: string;
	type: string;
	agent: string | undefined;
	language: string | undefined;
	locations: string[];
	isRefreshing: boolean;
	/**
	An opaque counter of up to 64 bits, to compare for equality only.
	*/
	contentChangedAt: string | undefined;
	/**
	End of the last scan, and the last edit of the section itself, as the server says them; to compare for equality only.
	*/
	scannedAt: string | undefined;
	updatedAt: string | undefined;
};

/**
Plex's numbers for the item types in a listing.
*/
export const plexTypes = {
	movie: 1,
	show: 2,
	season: 3,
	episode: 4,
} as const;

export type PageRequest = CallOptions & {
	sectionKey: string;
	type: keyof typeof plexTypes;
	start: number;
	size: number;
	/**
	`slim` asks for rows without heavy fields: keys, stamps, numbers, view state, versions and parts. Servers that do not honour it send full rows.
	@default 'full'
	*/
	fields?: 'full' | 'slim';
	/**
	Only rows whose stamp lies after a time of the server. A server that does not know the filter may send every row.
	*/
	movedSince?: {stamp: MovedStamp; seconds: number};
};

export const movedStamps = ['updatedAt', 'addedAt', 'lastViewedAt'] as const;
export type MovedStamp = typeof movedStamps[number];

export type ListPage = {
	rows: unknown[];
	/**
	The server's own time, in seconds since 1970, from the `Date` header.
	*/
	serverSeconds: number | undefined;
	/**
	Absent when the server did not say.
	*/
	total: number | undefined;
};

/**
Another number of requests at a time, or another reason for it.
*/
export type PaceEvent = {type: 'pace-changed'; limit: number; reason: PaceReason};

/**
News of each HTTP call, and of how many there are at a time, for screens and logs. `label` has no query and no secret; `status` is that of the last answer, absent when none came.
*/
export type RequestEvent =
	| PaceEvent
	| {type: 'request-started'; requestId: number; label: string}
	| {type: 'request-retried'; requestId: number; label: string; attempt: number; waitMs: number; code: string}
	| {type: 'request-finished'; requestId: number; label: string; ok: boolean; code: string | undefined; status?: number; durationMs: number; bytes: number};

/**
One row of the wire turned into catalogue records: the item and what it refers to.
*/
export type NormalizedItem = {
	item: Item;
	people: Person[];
	tags: Tag[];
	files: MediaFile[];
	/**
	What the row says of its parents, for those that no listing has.
	*/
	parents: {
		show: ParentHint | undefined;
		season: ParentHint | undefined;
	};
};

export type ParentHint = {
	id: string;
	ratingKey: string | undefined;
	title: string | undefined;
	number: number | undefined;
};

/**
Why a row cannot be kept, with enough to find it on the server.
*/
export type RowProblem = {
	ratingKey: string | undefined;
	title: string | undefined;
	code: 'malformed';
	message: string;
	hint: string;
};

export type NormalizeContext = {
	serverId: string;
	libraryId: string;
};

export type Normalize = (row: unknown, context: NormalizeContext) => {ok: true; value: NormalizedItem} | {ok: false; problem: RowProblem};
