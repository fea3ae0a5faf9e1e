import type {
	Item,
	ListKind,
	MediaFile,
	Person,
	Tag,
} from '../catalog/types.js';
import type {PaceReason} from './governor.js';

/**
Read-only access to one Plex Media Server. Every method throws an `AppError` with a Plex code, never an error of the HTTP library.
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
	server: (options?: CallOptions) => Promise<ServerInfo>;
	sections: (options?: CallOptions) => Promise<Section[]>;
	/**
	One page of a section in `sort=id` order, with rows as they came. A `size` of 0 only counts.
	*/
	page: (request: PageRequest) => Promise<ListPage>;
	/**
	Full rows for at most 100 ratingKeys. Items that are gone or hidden are missing, and the order is not promised.
	*/
	details: (ratingKeys: readonly string[], options?: CallOptions) => Promise<unknown[]>;
	/**
	A picture as the server's transcoder makes it, to fill a box of this size without growing. What comes is not looked at: it may be anything.
	*/
	picture: (request: PictureRequest) => Promise<Uint8Array>;
	/**
	One page of collections, of playlists, or of the members of one of them, in the order of the server.
	*/
	list: (request: CallOptions & {of: ListSource; start: number; size: number}) => Promise<ListPage>;
	/**
	The rows below a show or a season, as in a list. What the server does not have is `not-found`.
	*/
	children: (ratingKey: string, options?: CallOptions) => Promise<unknown[]>;
	/**
	Number of requests (including retries) and received body bytes since the client was created, and the latest time that the server told.
	*/
	usage: () => {requests: number; bytes: number; serverSeconds?: number | undefined};
	close: () => void;
};

export type CallOptions = {
	signal?: AbortSignal | undefined;
	/**
	Part of something that has failed: what asking for less may avoid is not retried.
	*/
	isNarrowing?: boolean;
};

export type PictureRequest = CallOptions & {
	/**
	As an item has it: a path on the server, or an address elsewhere, which the server fetches itself.
	*/
	path: string;
	width: number;
	height: number;
};

export type ServerIdentity = {
	/**
	machineIdentifier; where a catalogue has been asked, the id that it keeps for this server (`joinCatalog`).
	*/
	id: string;
	version: string | undefined;
	isClaimed: boolean;
};

export type ServerInfo = ServerIdentity & {
	name: string;
	/**
	Given where `id` is the one that a catalogue keeps.
	*/
	machineIdentifier?: string;
};

export type Section = {
	/**
	The id of its library in the catalogue; the uuid, unless the catalogue is asked (`identifySections`).
	*/
	id: string;
	/**
	`machineIdentifier:key` on servers that do not send one.
	*/
	uuid: string;
	key: string;
	title: string;
	type: string;
	agent: string | undefined;
	scanner?: string;
	/**
	0 shown everywhere, 1 not on the home screen, 2 nor in searches.
	*/
	hidden?: number;
	language: string | undefined;
	locations: string[];
	isRefreshing: boolean;
	/**
	An opaque counter of up to 64 bits. Compare it for equality only.
	*/
	contentChangedAt: string | undefined;
	/**
	End of the last scan, and the last edit of the section itself. Compare them for equality only.
	*/
	scannedAt: string | undefined;
	updatedAt: string | undefined;
};

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
	`slim` asks for rows without heavy fields: keys, stamps, numbers, view state, versions and parts. Servers that do not support it send full rows.
	*/
	fields?: 'full' | 'slim';
	/**
	Only rows whose stamp is later than a server time. A server that does not know the filter may send every row.
	*/
	movedSince?: {stamp: typeof movedStamps[number]; seconds: number};
};

/**
The collections of a section, all video playlists, or what is in one of either.
*/
export type ListSource =
	| {lists: 'collection'; sectionKey: string}
	| {lists: 'playlist'}
	| {membersOf: ListKind; ratingKey: string};

export const movedStamps = ['updatedAt', 'addedAt', 'lastViewedAt'] as const;

export type ListPage = {
	rows: unknown[];
	/**
	The server's own time, in seconds since 1970, from the `Date` header.
	*/
	serverSeconds: number | undefined;
	total: number | undefined;
};

export type PaceEvent = {type: 'pace-changed'; limit: number; reason: PaceReason};

/**
Events of each HTTP call and of the pace, for screens and logs. `label` holds no query and no secret. `status` is the last status, absent when there was no answer. `isMended`: some text was not UTF-8 and was read as Latin-1.
*/
export type RequestEvent =
	| PaceEvent
	| {type: 'request-started'; requestId: number; label: string}
	| {type: 'request-retried'; requestId: number; label: string; attempt: number; waitMs: number; code: string}
	| {type: 'request-finished'; requestId: number; label: string; ok: boolean; code: string | undefined; status?: number; durationMs: number; bytes: number; isMended?: boolean};

/**
One wire row as catalogue records: the item and everything that it refers to.
*/
export type NormalizedItem = {
	item: Item;
	people: Person[];
	tags: Tag[];
	files: MediaFile[];
	/**
	Fields that are larger than what is read of one item, by the names of the server. What fits is in the item.
	*/
	cut: readonly string[];
	/**
	Values that cannot be right and are left out, in words: "the year 30828".
	*/
	junk: readonly string[];
	/**
	What the row says about its parents, in case no listing contains them.
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
	/**
	What is much later is left out.
	*/
	now?: Date;
};

export type Normalize = (row: unknown, context: NormalizeContext) => {ok: true; value: NormalizedItem} | {ok: false; problem: RowProblem};
